import Foundation
import Testing
import Verification

@testable import FileFormats

/// Coefficients that healpy wrote (`Fixtures/generators/map_tools.py`).
@Suite("Coefficients of healpy")
struct AlmFileFixtureTests {
  /// a_lm = l + m/16 − i m l/32, exact in float32. Blind to: the order of fields.
  @Test("Every coefficient of a float32 file with mmax < lmax")
  func everyCoefficient() throws {
    let file = try AlmFile(contentsOf: FixtureStore.url("formats/tools_alm_mmax.fits"))
    #expect(file.lmax == 8)
    #expect(file.mmax == 5)
    #expect(file.unit == nil)
    #expect(file.warnings.isEmpty)
    let values = try #require(file.fields[.t])
    var place = 0
    for m in 0...5 {
      for l in m...8 {
        #expect(values[place] == Double(l) + Double(m) / 16)
        #expect(values[place + 1] == -Double(m * l) / 32)
        place += 2
      }
    }
    #expect(values.count == place)
  }

  @Test("Which tables are which fields")
  func fields() throws {
    let three = try AlmFile(contentsOf: FixtureStore.url("formats/tools_alm_teb.fits"))
    let two = try AlmFile(contentsOf: FixtureStore.url("formats/tools_alm_eb.fits"))
    let one = try AlmFile(contentsOf: FixtureStore.url("formats/tools_alm_t.fits"))
    #expect(Set(three.fields.keys) == [.t, .e, .b])
    #expect(Set(two.fields.keys) == [.e, .b])
    #expect(two.warnings.count == 1)
    #expect(one.fields[.t] == three.fields[.t])
    #expect(two.fields[.e] == three.fields[.e])
    #expect(two.fields[.b] == three.fields[.b])
    #expect(three.fields[.e] != three.fields[.b])
  }

  /// What is written is read back without a change, names and metadata included.
  @Test("Written and read again", arguments: [[AlmFile.Field.t], [.e, .b], [.t, .e, .b]])
  func roundTrip(_ fields: [AlmFile.Field]) throws {
    var numbers = TestNumbers(seed: 5)
    var values: [AlmFile.Field: [Double]] = [:]
    for field in fields {
      values[field] = (0..<2 * AlmFile.count(lmax: 6, mmax: 4)).map { place in
        place < 14 && place % 2 == 1 ? 0 : numbers.normal()
      }
      for (l, m) in [(0, 0), (1, 0), (1, 1)] where field != .t {
        values[field]?[2 * AlmFile.place(l: l, m: m, lmax: 6)] = 0
        values[field]?[2 * AlmFile.place(l: l, m: m, lmax: 6) + 1] = 0
      }
    }
    let file = AlmFile(lmax: 6, mmax: 4, fields: values, unit: "uK", coordinateSystem: "G")
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("alm.fits")
      try file.write(to: url)
      let read = try AlmFile(contentsOf: url)
      #expect(read.fields == file.fields)
      #expect(read.lmax == 6 && read.mmax == 4)
      #expect(read.unit == "uK")
      #expect(read.coordinateSystem == "G")
      #expect(read.warnings.isEmpty)
    }
  }
}

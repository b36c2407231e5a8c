import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyMaps

/// Values are exact: each is a small formula of the pixel number, stored without rounding or
/// rounded once by NumPy, and converted to muK by one multiplication that the tests repeat.
@Suite("Maps written by healpy and astropy")
struct HealpixMapFixtureTests {
  private func map(_ name: String) throws -> HealpixMapFile {
    try HealpixMapFile(contentsOf: FixtureStore.url("formats/\(name)"))
  }

  /// Rows of 1024 float32, RING; UNSEEN rounded to float32 and NaN both become NaN. The compressed
  /// file reads alike.
  @Test("Temperature", arguments: ["t_nside16.fits", "t_nside16.fits.gz"])
  func temperature(name: String) throws {
    let file = try map(name)
    #expect(file.nside == 16)
    #expect(file.ordering == .ring)
    #expect(file.columns.map(\.name) == ["T"])
    #expect(file.coordinateSystem == nil)
    #expect(file.polarisationConvention == nil)
    #expect(file.warnings == [])
    let column = file.columns[0]
    #expect(column.unit == "uK")
    #expect(column.storedUnit == "uK")
    #expect(column.storedType == .float32)
    #expect(column.observedCount == 3069)
    for pixel in 0..<3072 {
      let isObserved = !(5...7).contains(pixel)
      #expect(column.observed[pixel] == isObserved)
      if isObserved { #expect(column.values[pixel] == Double(pixel) / 4 - 100) }
    }
  }

  /// Three float64 columns in NESTED order, K_CMB to muK; column look-up ignores case.
  @Test("Polarisation, nested")
  func polarisation() throws {
    let file = try map("tqu_nside4_nested.fits")
    #expect(file.ordering == .nested)
    #expect(file.coordinateSystem == "G")
    #expect(file.polarisationConvention == "COSMO")
    #expect(file.columns.map(\.name) == ["TEMPERATURE", "Q_POLARISATION", "U_POLARISATION"])
    let (t, q) = (file.columns[0], try file.column(named: "q_Polarisation"))
    let u = try file.column(named: "U_POLARISATION")
    #expect(q.storedUnit == "K_CMB")
    #expect(q.unit == FitsUnit.microkelvin)
    #expect(q.storedType == .float64)
    #expect(t.observedCount == 192)
    for pixel in 0..<192 {
      let p = Double(pixel)
      #expect(t.values[pixel] == (p - 50) * 1e-6 * 1e6)
      #expect(pixel == 9 ? q.values[pixel].isNaN : q.values[pixel] == (p + 0.5) * 1e-6 * 1e6)
      #expect(pixel == 10 ? u.values[pixel].isNaN : u.values[pixel] == -p * 1e-6 * 1e6)
    }
  }

  /// A partial-sky table: pixels that it does not list are unobserved.
  @Test("Partial sky")
  func partialSky() throws {
    let file = try map("tq_nside8_partial.fits")
    #expect(file.nside == 8)
    #expect(file.columns.map(\.name) == ["Q_POLARISATION", "U_POLARISATION"])
    for pixel in 0..<768 {
      for (column, factor) in zip(file.columns, [2.0, -1.0]) {
        let value = column.values[pixel]
        #expect(pixel % 3 == 0 ? value == factor * Double(pixel) : value.isNaN)
      }
    }
    #expect(file.columns[0].unit == nil)
  }

  /// A table after an image, of scaled integers, bytes, logicals, nulls and text, without ORDERING.
  @Test("Column types")
  func columnTypes() throws {
    let file = try map("columns_nside2.fits")
    #expect(file.columns.map(\.name) == ["SCALED", "BYTE", "LONG", "MASK", "NULLS"])
    #expect(file.columns.map(\.storedType) == [.float32, .uint8, .int64, .bool, .int32])
    for pixel in 0..<48 {
      let p = Double(pixel)
      #expect(file.columns[0].values[pixel] == (p * 0.5 + 10) * 1e3)
      #expect(file.columns[1].values[pixel] == p)
      #expect(file.columns[2].values[pixel] == p - 0x1p40)
      #expect(file.columns[3].values[pixel] == (pixel % 2 == 0 ? 1 : 0))
      let isNull = pixel == 4
      #expect(file.columns[4].observed[pixel] == !isNull)
      if !isNull { #expect(file.columns[4].values[pixel] == p) }
    }
    #expect(file.columns[2].unit == "counts")
    #expect(file.warnings.count == 4)
    for part in ["LABEL", "ORDERING", "counts", "1 values are null (TNULL)"] {
      #expect(file.warnings.contains { $0.contains(part) }, "no warning about \(part)")
    }
  }
}

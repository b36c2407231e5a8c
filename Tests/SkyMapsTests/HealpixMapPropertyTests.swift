import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyMaps

@Suite("Writing maps")
struct HealpixMapPropertyTests {
  private func sample(nside: Int, ordering: HealpixMapFile.Ordering, seed: UInt64)
    -> HealpixMapFile
  {
    var numbers = TestNumbers(seed: seed)
    let columns = ["TEMPERATURE", "Q_POLARISATION"].map { name in
      var values = numbers.normals(12 * nside * nside)
      values[3] = .nan
      return HealpixMapFile.Column(name: name, values: values)
    }
    return HealpixMapFile(
      nside: nside, ordering: ordering, columns: columns, coordinateSystem: "C",
      polarisationConvention: "IAU")
  }

  /// Reading returns what was written: bit for bit in float64, rounded once in float32. Nside 16
  /// has rows of 1024 values, 2 and 3 have one value per row. The path has all of CFITSIO's special
  /// signs. Blind to: faults common to both directions (Fixtures/generators/check_written_files.py
  /// has healpy read such files).
  @Test("Round trip", arguments: [2, 3, 16], [true, false])
  func roundTrip(nside: Int, isDouble: Bool) throws {
    let ordering = nside == 3 ? HealpixMapFile.Ordering.ring : .nested
    let map = sample(nside: nside, ordering: ordering, seed: 5)
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("!a[1]+2(x){y}.fits")
      for _ in 0..<2 { try map.write(to: url, precision: isDouble ? .float64 : .float32) }
      #expect(try names(in: folder) == [url.lastPathComponent])
      let read = try HealpixMapFile(contentsOf: url)
      #expect(read.nside == nside)
      #expect(read.ordering == ordering)
      #expect(read.coordinateSystem == "C")
      #expect(read.polarisationConvention == "IAU")
      #expect(read.warnings == [])
      #expect(read.columns.map(\.name) == map.columns.map(\.name))
      for (a, b) in zip(read.columns, map.columns) {
        #expect(a.unit == "uK")
        #expect(a.storedType == (isDouble ? .float64 : .float32))
        #expect(a.observed == b.observed)
        for (x, y) in zip(a.values, b.values) where !y.isNaN {
          #expect(x == (isDouble ? y : Double(Float(y))))
        }
      }
    }
  }

  /// The same maps give the same bytes; another value gives others (negative control).
  @Test("Reproducible bytes")
  func reproducibleBytes() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.fits")
      let files = try [5, 5, 6].map { (seed: UInt64) in
        try sample(nside: 2, ordering: .ring, seed: seed).write(to: url)
        return try Data(contentsOf: url)
      }
      #expect(files[0] == files[1])
      #expect(files[0] != files[2])
      #expect(files[0].count % 2880 == 0)
    }
  }

  /// new[p] = old[source(p)], checked with a rotation, which is not its own inverse: the inverse
  /// rotation (negative control) gives another map.
  @Test("Reordering")
  func reordering() throws {
    let map = HealpixMapFile(
      nside: 2, ordering: .nested,
      columns: [HealpixMapFile.Column(name: "T", values: (0..<48).map { Double($0) })])
    let moved = map.reordered(to: .ring) { ($0 + 1) % 48 }
    #expect(moved.ordering == .ring)
    #expect(moved.columns[0].values == (0..<48).map { Double(($0 + 1) % 48) })
    let back = map.reordered(to: .ring) { ($0 + 47) % 48 }
    #expect(back.columns[0].values != moved.columns[0].values)
  }

  /// healpy's tolerance around UNSEEN, 1e-5 relative, from both sides.
  @Test("The mark of unobserved pixels")
  func unseen() {
    for factor in [1, 1 + 0.9e-5, 1 - 0.9e-5, Double(Float(-1.6375e30)) / -1.6375e30] {
      #expect(HealpixMapFile.isUnseen(-1.6375e30 * factor))
    }
    for value in [1.6375e30, -1.6375e30 * (1 + 1.1e-5), -1.63e30, 0, .infinity, -.infinity] {
      #expect(!HealpixMapFile.isUnseen(value))
    }
    #expect(HealpixMapFile.isUnseen(.nan))
  }

  @Test("Units")
  func units() {
    let factors = [
      "K": 1e6, "K_CMB": 1e6, "Kcmb": 1e6, "KCMB": 1e6, "mK": 1e3, "mK_CMB": 1e3, "uK": 1,
      "muK": 1, "uK_CMB": 1, "uKcmb": 1, "\u{b5}K": 1, "K_THERMO": 1e6,
      "mK,thermodynamic": 1e3, "mK, thermodynamic": 1e3, "K thermodynamic temperature": 1e6,
      "microKelvin": 1, "micro-K": 1, "Micro-Kelvin": 1, "microK_CMB": 1, "uKelvin": 1,
      "milliK": 1e3, "milliKelvin": 1e3, "mKelvin": 1e3, "Kelvin": 1e6, "kelvin": 1e6,
      "Kelvin_CMB": 1e6, "K_{CMB}": 1e6, "K (CMB)": 1e6, "K(CMB)": 1e6, "uK_{CMB}": 1,
      "mK_CMB ": 1e3, "\\mu K_{CMB}": 1,
    ]
    for (unit, factor) in factors {
      #expect(FitsUnit.microkelvinFactor(of: unit) == factor, "unit \(unit)")
    }
    for unit in [
      "MK", "MJy/sr", "counts", "K^2", "", "unknown", "nK", "m", "MKelvin", "K/s", "CMB", "K^-1",
      "uK^2", "Kerr",
    ] {
      #expect(FitsUnit(unit) == .other, "unit \(unit)")
    }
    for unit in [
      "K_RJ", "mK_RJ", "uK_{RJ}", "K (RJ)", "mK,antenna", "K brightness temperature", "K_A",
      "K_Rayleigh-Jeans", "microKelvin_RJ",
    ] {
      #expect(FitsUnit(unit) == .brightnessTemperature, "unit \(unit)")
      #expect(FitsUnit.microkelvinFactor(of: unit) == nil)
    }
  }

  /// Many tasks at once read the same values as one.
  @Test("Many threads")
  func manyThreads() async throws {
    let url = FixtureStore.url("formats/tqu_nside4_nested.fits")
    let expected = try HealpixMapFile(contentsOf: url).columns[0].values
    try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<64 {
        group.addTask { try HealpixMapFile(contentsOf: url).columns[0].values }
      }
      for try await values in group { #expect(values == expected) }
    }
  }
}

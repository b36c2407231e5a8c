import FileFormats
import Foundation
import SphereGrids
import Testing
import Verification

@testable import SkyMaps

/// Maps of T, Q and U as healpy writes them (`Fixtures/generators/formats.py`).
@Suite("Maps of T, Q and U")
struct SkyMapTests {
  /// The fixture's formulas hold for NESTED numbers: T = (n − 50), Q = n + 1/2, U = −n in muK, the
  /// file is in K, so each value carries two roundings. Q at n = 9 and U at n = 10 are unobserved.
  @Test("NESTED, in K, T Q U")
  func nested() throws {
    let map = try SkyMap(contentsOf: FixtureStore.url("formats/tqu_nside4_nested.fits"))
    let grid = try HealpixGrid(nside: 4)
    let numbers = try (0..<192).map { try grid.nestedPixel(ring: $0) }
    #expect(map.nside == 4)
    #expect(map.unit == "uK")
    #expect(map.coordinateSystem == "G")
    let temperature = try map.requireTemperature()
    let polarisation = try map.requirePolarisation()
    for (pixel, n) in numbers.enumerated() {
      let found = [temperature[pixel], polarisation.q[pixel], polarisation.u[pixel]]
      let expected = [Double(n) - 50, Double(n) + 0.5, -Double(n)]
      for (k, (x, y)) in zip(found, expected).enumerated() {
        if (k, n) == (1, 9) || (k, n) == (2, 10) {
          #expect(x.isNaN)
        } else {
          #expect(abs(x - y) <= 2 * abs(y) * Double.ulpOfOne, "field \(k), NESTED \(n)")
        }
      }
      #expect(map.observed[pixel] == (n != 9 && n != 10))
    }
    #expect(map.maskedCount == 2)
    // Negative control: the numbers are not in RING order in the file.
    #expect(numbers != Array(0..<192))
  }

  @Test("Partial sky, Q and U only")
  func partial() throws {
    let map = try SkyMap(contentsOf: FixtureStore.url("formats/tq_nside8_partial.fits"))
    let polarisation = try map.requirePolarisation()
    #expect(map.temperature == nil)
    for pixel in 0..<768 {
      #expect(polarisation.q[pixel].isNaN == (pixel % 3 != 0))
      if pixel % 3 == 0 {
        #expect(polarisation.q[pixel] == Double(2 * pixel))
        #expect(polarisation.u[pixel] == -Double(pixel))
      }
    }
    #expect(throws: FitsError.self) { try map.requireTemperature() }
  }

  @Test("Temperature only; what is missing is named")
  func temperature() throws {
    let map = try SkyMap(contentsOf: FixtureStore.url("formats/t_nside16.fits"))
    #expect(map.maskedCount == 3)
    #expect(map.polarisation == nil)
    do {
      _ = try map.requirePolarisation()
      Issue.record("T has no Q")
    } catch {
      #expect(error.description.contains("t_nside16.fits"))
      #expect(error.description.contains("Q_POLARISATION"))
    }
  }

  /// Where the weight is 0 every field is unobserved; all other values, weights below 1 included,
  /// stay as they were.
  @Test("A mask takes pixels out of every field")
  func mask() throws {
    var numbers = TestNumbers(seed: 32)
    let (t, q, u) = (numbers.normals(12), numbers.normals(12), numbers.normals(12))
    var map = SkyMap(nside: 1, temperature: t, polarisation: .init(q: q, u: u))
    let weights = (0..<12).map { $0 % 3 == 0 ? 0 : $0 % 3 == 1 ? 0.25 : 1 }
    map.apply(try SkyMask(nside: 1, weights: weights))
    #expect(map.observed == weights.map { $0 > 0 } && map.maskedCount == 4)
    for (found, values) in zip(map.fields.map(\.values), [t, q, u]) {
      for pixel in 0..<12 {
        #expect(weights[pixel] == 0 ? found[pixel].isNaN : found[pixel] == values[pixel])
      }
    }
  }

  /// Coefficients go up to the degrees of the largest map.
  @Test("The largest resolution and the largest degree")
  func largest() {
    #expect(AlmFile.largestDegree == 3 * HealpixMapFile.largestNside - 1)
  }

  /// Values, masks and the sign of U survive writing and reading.
  @Test("Written and read again")
  func roundTrip() throws {
    var numbers = TestNumbers(seed: 31)
    var q = numbers.normals(48)
    q[5] = .nan
    let map = SkyMap(
      nside: 2, temperature: numbers.normals(48),
      polarisation: .init(q: q, u: numbers.normals(48)), coordinateSystem: "C")
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-tests-\(UUID().uuidString).fits")
    defer { try? FileManager.default.removeItem(at: url) }
    try map.mapFile.write(to: url, precision: .float64)
    let read = try SkyMap(contentsOf: url)
    #expect(read.temperature == map.temperature)
    #expect(read.polarisation?.u == map.polarisation?.u)
    #expect(read.observed == map.observed)
    #expect(read.coordinateSystem == "C")
    #expect(read.warnings.isEmpty)
    #expect(try HealpixMapFile(contentsOf: url).polarisationConvention == "COSMO")
  }
}

import FileFormats
import Foundation
import Testing

@testable import SkyMaps

@Suite("Noise maps")
struct NoiseMapTests {
  private let nside = 2
  private var values: [Double] { (0..<48).map { 0.5 + Double($0) / 16 } }

  private func written(
    _ values: [Double], unit: String?, _ body: (URL) throws -> Void
  ) throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).fits")
    defer { try? FileManager.default.removeItem(at: url) }
    try HealpixMapFile(
      nside: nside, columns: [.init(name: "RMS", values: values, unit: unit)]
    ).write(to: url)
    try body(url)
  }

  /// Values and units: K becomes uK, and what the mask hides is 0 whatever stands there.
  @Test("Reads files", arguments: [("uK", 1.0), ("K_CMB", 1e6)])
  func reads(unit: String, factor: Double) throws {
    var stored = values
    stored[7] = .nan
    var weights = [Double](repeating: 1, count: 48)
    weights[7] = 0
    let mask = try SkyMask(nside: nside, weights: weights)
    try written(stored, unit: unit) { url in
      let map = try NoiseMapFile(contentsOf: url, nside: nside, mask: mask).map
      #expect(map.deviations[7] == 0)
      #expect(map.deviations[8] == Float(factor * values[8]))
      let square = values.enumerated().reduce(0.0) {
        $0 + ($1.offset == 7 ? 0 : $1.element * $1.element)
      }
      #expect(abs(map.rms(mask: mask) / (factor * (square / 47).squareRoot()) - 1) < 1e-6)
      #expect(throws: NoiseMapFileError.self) {
        try NoiseMapFile(contentsOf: url, nside: nside, mask: nil)
      }
      #expect(throws: NoiseMapFileError.self) {
        try NoiseMapFile(contentsOf: url, nside: 4, mask: nil)
      }
    }
  }

  /// Pixels without noise, variances, and numbers that are no deviation.
  @Test("Refusals")
  func refusals() throws {
    var zeros = values
    zeros[3] = 0
    try written(zeros, unit: "uK") { url in
      let error = #expect(throws: NoiseMapFileError.self) {
        try NoiseMapFile(contentsOf: url, nside: nside, mask: nil)
      }
      #expect(error?.fault == .noNoise(pixel: 3, count: 1))
    }
    try written(values, unit: "K_CMB^2") { url in
      let error = #expect(throws: NoiseMapFileError.self) {
        try NoiseMapFile(contentsOf: url, nside: nside, mask: nil)
      }
      #expect(error?.fault == .unit(found: "K_CMB^2"))
    }
    #expect(throws: NoiseMapError.notADeviation(pixel: 1, found: -1)) {
      try NoiseMap(nside: 1, deviations: [1, -1] + [Float](repeating: 1, count: 10))
    }
    #expect(throws: NoiseMapError.pixelCount(found: 3, nside: 1)) {
      try NoiseMap(nside: 1, deviations: [1, 1, 1])
    }
    let other = try NoiseMap(nside: 1, deviations: [Float](repeating: 1, count: 12))
    #expect(throws: NoiseMapError.nsideMismatch(found: 1, expected: 2)) {
      try other.validate(nside: 2, mask: nil)
    }
  }

  @Test("In JSON")
  func json() throws {
    let map = try NoiseMap(nside: nside, deviations: values.map { Float($0) })
    let data = try JSONEncoder().encode(map)
    #expect(try JSONDecoder().decode(NoiseMap.self, from: data) == map)
    let wrong = String(decoding: data, as: UTF8.self)
      .replacingOccurrences(of: "\"nside\":2", with: "\"nside\":1")
    #expect(throws: NoiseMapError.pixelCount(found: 48, nside: 1)) {
      try JSONDecoder().decode(NoiseMap.self, from: Data(wrong.utf8))
    }
  }
}

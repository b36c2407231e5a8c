import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyMaps

@Suite("What is not a mask")
struct SkyMaskErrorTests {
  @Test("Weights")
  func weights() {
    #expect(throws: SkyMaskError.pixelCount(found: 11, nside: 1)) {
      try SkyMask(nside: 1, weights: [Double](repeating: 1, count: 11))
    }
    #expect(throws: SkyMaskError.pixelCount(found: 0, nside: 0)) {
      try SkyMask(nside: 0, weights: [])
    }
    for bad in [-0x1p-53, 1.0.nextUp, .infinity] {
      var weights = [Double](repeating: 1, count: 12)
      weights[5] = bad
      #expect(throws: SkyMaskError.weightOutside(pixel: 5, found: bad)) {
        try SkyMask(nside: 1, weights: weights)
      }
    }
    #expect(throws: SkyMaskError.self) {
      try SkyMask(nside: 1, weights: [Double](repeating: .nan, count: 12))
    }
    #expect(throws: SkyMaskError.allMasked) {
      try SkyMask(nside: 1, weights: [Double](repeating: 0, count: 12))
    }
  }

  @Test("Caps", arguments: [0, -0.1, 1.0.nextUp, .nan, .infinity])
  func caps(skyFraction: Double) throws {
    do {
      _ = try SkyMask.cap(nside: 4, skyFraction: skyFraction)
      Issue.record("\(skyFraction) was accepted")
    } catch let error as SkyMaskError {
      guard case .skyFraction(let found) = error else {
        Issue.record("found \(error)")
        return
      }
      #expect(found == skyFraction || skyFraction.isNaN)
    }
    // A cap smaller than the distance to the next centre observes nothing.
    #expect(throws: SkyMaskError.allMasked) { try SkyMask.cap(nside: 1, skyFraction: 1e-6) }
  }

  @Test("Two resolutions, and maps without data")
  func mismatch() throws {
    let (one, two) = (try SkyMask.fullSky(nside: 1), try SkyMask.fullSky(nside: 2))
    let expected = SkyMaskError.nsideMismatch(found: 1, expected: 2)
    #expect(throws: expected) { try one.overlap(with: two) }
    #expect(throws: expected) { try one.intersection(with: two) }
    #expect(throws: expected) { try one.requireSameResolution(2) }
    #expect(throws: SkyMaskError.pixelCount(found: 48, nside: 1)) {
      try one.intersection(withDataOf: two.weights)
    }
    #expect(throws: SkyMaskError.allMasked) {
      try one.intersection(withDataOf: [Double](repeating: .nan, count: 12))
    }
  }

  /// Beyond 0 and 1 by 1e-5 is rounding, clipped and said; farther is refused, from both sides.
  @Test(
    "Rounding at the ends",
    arguments: [(1 + 0.9e-5, true), (1 + 1.1e-5, false), (-0.9e-5, true), (-1.1e-5, false)])
  func rounding(weight: Double, isAccepted: Bool) throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-mask-\(UUID().uuidString).fits")
    defer { try? FileManager.default.removeItem(at: url) }
    var values = [Double](repeating: 0.5, count: 12)
    values[4] = weight
    try HealpixMapFile(
      nside: 1, columns: [HealpixMapFile.Column(name: "MASK", values: values, unit: nil)]
    ).write(to: url, precision: .float64)
    do {
      let file = try SkyMaskFile(contentsOf: url)
      #expect(isAccepted)
      #expect(file.mask.weights[4] == (weight > 1 ? 1 : 0))
      #expect(file.mask.weights[5] == 0.5)
      #expect(file.warnings.count == 1 && file.warnings[0].hasPrefix("1 weights beyond 0 or 1"))
    } catch let error as SkyMaskFileError {
      #expect(!isAccepted)
      #expect(error.fault == .weightOutside(pixel: 4, found: weight))
    }
  }

  /// A temperature map is no mask, and the message names the file and the pixel.
  @Test("Files")
  func files() throws {
    let url = FixtureStore.url("formats/t_nside16.fits")
    do {
      _ = try SkyMask(contentsOf: url)
      Issue.record("a map was taken for a mask")
    } catch let error as SkyMaskFileError {
      guard case .weightOutside = error.fault else {
        Issue.record("found \(error)")
        return
      }
      #expect(error.description.contains("t_nside16.fits: pixel"))
    }
    #expect {
      try SkyMask(contentsOf: url, nside: 8)
    } throws: { error in
      (error as? SkyMaskFileError)?.fault == .nsideMismatch(found: 16, expected: 8)
    }
    #expect(throws: FileError.self) { try SkyMask(contentsOf: url.appendingPathExtension("none")) }
    #expect(throws: FitsError.self) {
      try SkyMask(contentsOf: FixtureStore.url("formats/image.fits"))
    }
  }
}

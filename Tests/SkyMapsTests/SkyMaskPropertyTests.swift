import Foundation
import SphereGrids
import Testing
import Verification

@testable import SkyMaps

@Suite("Masks")
struct SkyMaskPropertyTests {
  /// The published masks have these numbers of pixels (from the published mask files). Blind to:
  /// which pixels; the definition below sees those.
  @Test(
    "Pixels of the published caps",
    arguments: [(1.0, 3072), (0.5, 1536), (0.2, 611), (0.1, 310), (0.05, 152)])
  func publishedCounts(skyFraction: Double, count: Int) throws {
    let mask = try SkyMask.cap(nside: 16, skyFraction: skyFraction)
    #expect(mask.observedPixels.count == count)
    #expect(mask.skyFraction == Double(count) / 3072)
    #expect(mask.isFullSky == (skyFraction == 1))
    // Negative control: the cap of angular radius 2π f_sky, an area taken for an angle.
    let wrong = try HealpixGrid(nside: 16).disc(
      centre: SkyMask.publishedCentre, radius: 2 * .pi * skyFraction)
    #expect(skyFraction == 1 || wrong.count != count)
  }

  /// w_p = 1 exactly where the pixel's centre is within arccos(1 − 2 f), by the scalar product of
  /// unit vectors: cos d ≥ 1 − 2 f. A centre within 8 u of the rim may be on either side.
  @Test("A cap by its definition", arguments: [1, 3, 8, 16], [0.07, 0.31, 0.5, 0.83])
  func definition(nside: Int, skyFraction: Double) throws {
    let grid = try HealpixGrid(nside: nside)
    let centre = Direction(theta: 0.7, phi: -2.1)
    let mask = try SkyMask.cap(nside: nside, skyFraction: skyFraction, centre: centre)
    var control = 0
    for pixel in 0..<grid.pointCount {
      let at = try grid.centre(of: pixel)
      let cosine =
        cos(at.theta) * cos(centre.theta)
        + sin(at.theta) * sin(centre.theta) * cos(at.phi - centre.phi)
      if abs(cosine - (1 - 2 * skyFraction)) <= 8 * 0x1p-53 { continue }
      #expect(mask.observed[pixel] == (cosine > 1 - 2 * skyFraction), "pixel \(pixel)")
      // Negative control: the opposite cap.
      control += mask.observed[pixel] == (-cosine > 1 - 2 * skyFraction) ? 0 : 1
    }
    #expect(control > 0)
  }

  /// Overlap and intersection on three pixels of twelve, by hand.
  @Test("Overlap and intersection")
  func overlap() throws {
    func mask(_ pixels: [Int: Double]) throws -> SkyMask {
      try SkyMask(nside: 1, weights: (0..<12).map { pixels[$0] ?? 0 })
    }
    let (a, b) = (try mask([0: 1, 1: 0.5, 2: 1]), try mask([1: 0.5, 2: 1, 7: 1]))
    #expect(try a.overlap(with: b) == 0.5)
    #expect(try a.overlap(with: a) == 1)
    #expect(try a.overlap(with: try mask([5: 1])) == 0)
    #expect(try a.intersection(with: b) == mask([1: 0.25, 2: 1]))
    var map = [Double](repeating: 3, count: 12)
    map[2] = .nan
    map[1] = Double(Float(HealpixMapFile.unseen))
    #expect(try a.intersection(withDataOf: map) == mask([0: 1]))
    #expect(a.observedPixels == [0, 1, 2] && a.skyFraction == 0.25)
  }

  /// What is written is read again: weights that float32 holds, exactly; NESTED files in RING
  /// order.
  @Test("Masks in files")
  func files() throws {
    var numbers = TestNumbers(seed: 61)
    let weights = (0..<192).map { _ in
      max(0, (numbers.uniform(-64, 256)).rounded() / 256)
    }
    let mask = try SkyMask(nside: 4, weights: weights)
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-mask-\(UUID().uuidString).fits")
    defer { try? FileManager.default.removeItem(at: url) }
    try mask.mapFile.write(to: url)
    #expect(try SkyMask(contentsOf: url) == mask)
    #expect(try SkyMask(contentsOf: url, nside: 4) == mask)

    let grid = try HealpixGrid(nside: 4)
    let rings = try (0..<192).map { try grid.ringPixel(nested: $0) }
    try mask.mapFile.reordered(to: .nested) { rings[$0] }.write(to: url)
    #expect(try SkyMask(contentsOf: url) == mask)
    // Negative control: the numbers of the file taken as they are.
    #expect(rings.map { weights[$0] } != weights)
  }

  /// Pixels without data in a mask file are not observed.
  @Test("UNSEEN pixels of a mask file")
  func unseen() throws {
    var values = [Double](repeating: 1, count: 12)
    values[3] = .nan
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-mask-\(UUID().uuidString).fits")
    defer { try? FileManager.default.removeItem(at: url) }
    try HealpixMapFile(
      nside: 1, columns: [HealpixMapFile.Column(name: "MASK", values: values, unit: nil)]
    ).write(to: url)
    let mask = try SkyMask(contentsOf: url)
    #expect(mask.observedPixels == [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11])
  }
}

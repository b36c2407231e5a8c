import FileFormats
import Foundation
import SkyMaps
import SphereGrids
import Testing
import Verification

@testable import MapTools

/// Against numpy, which takes the nearest of all pixels of weight 0 (`mask_tools.py`).
@Suite("Apodised masks")
struct MaskApodisationDefinitionTests {
  private let tensors: NamedTensors

  init() throws {
    let name = "tools/masks.safetensors"
    tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
  }

  /// numpy's 1 − cos θ carries an error of u, which is 1e-13 of the smallest that occurs (7 degrees
  /// between neighbours at nside 8); `smooth` has the bound of transforms.
  @Test("c1, c2, smooth", arguments: [("c1", 25.0), ("c2", 25), ("smooth", 6)])
  func kinds(kind: String, degrees: Double) throws {
    let mask = try SkyMask(nside: 8, weights: try tensors.tensor("mask").doubles())
    let method = try #require(MaskApodisation.Method(rawValue: kind))
    let width = degrees * .pi / 180
    let found = try MaskApodisation(width: width, method: method).apply(mask).weights
    let expected = try tensors.tensor(kind).doubles()
    #expect(relativeError(found, expected) <= 1e-12)
    // Nothing is added, and pixels of weight 0 stay.
    for (new, old) in zip(found, mask.weights) { #expect(new <= old && (old > 0 || new == 0)) }
    // Negative control: another width.
    let wider = try MaskApodisation(width: 1.1 * width, method: method).apply(mask).weights
    #expect(relativeError(wider, expected) > 1e-3)
  }

  /// The nearest pixel of weight 0 is found though only those with neighbours above 0 are looked
  /// at.
  @Test("Distances by definition", arguments: [4, 7])
  func distances(nside: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    var numbers = TestNumbers(seed: UInt64(nside))
    for share in [0.02, 0.3, 0.7] {
      var weights = (0..<grid.pointCount).map { _ in numbers.uniform() < share ? 0.0 : 1.0 }
      // A large hole around a corner where three faces meet.
      let corner = Direction(theta: acos(2.0 / 3), phi: 0)
      for pixel in try grid.disc(centre: corner, radius: 0.5) { weights[pixel] = 0 }
      let mask = try SkyMask(nside: nside, weights: weights)
      let found = try MaskApodisation.distances(mask, grid, within: .pi)
      let masked = weights.indices.filter { weights[$0] == 0 }
      for pixel in weights.indices where weights[pixel] > 0 {
        let centre = try grid.centre(of: pixel)
        let nearest = try masked.map { try grid.centre(of: $0).angularDistance(to: centre) }.min()
        #expect(abs(found[pixel] - (nearest ?? 0)) <= 1e-15, "pixel \(pixel)")
      }
    }
  }

  @Test("A full sky stays, a small cap is refused")
  func extremes() throws {
    let full = try SkyMask.fullSky(nside: 4)
    let same = try MaskApodisation(width: 0.3, method: .c1).apply(full)
    #expect(same == full)
    let cap = try SkyMask.cap(nside: 8, skyFraction: 0.01)
    #expect(throws: SkyMaskError.allMasked) {
      try MaskApodisation(width: 0.2, method: .smooth).apply(cap)
    }
  }
}

import Foundation
import SkyMaps
import SphereGrids

/// A mask whose weights go down to 0 over some width.
///
/// Definition:  θ_p is the angle from pixel p to the nearest pixel of weight 0, and
///              x = √[(1 − cos θ_p)/(1 − cos W)] for the width W; the weights are multiplied by
///              c1      x − sin(2πx)/(2π) for x < 1, else 1;
///              c2      [1 − cos(πx)]/2 for x < 1, else 1;
///              smooth  first the weights within 2.5 W of a pixel of weight 0 become 0; the result
///              is smoothed with a Gaussian of σ = W and multiplied by the mask as it was; what the
///              series overshoots beyond 0 and 1 is cut off.
///              c1 and c2 are those of [Grain2009]; all three are the types of NaMaster
///              [Alonso2019].
/// Method:      the nearest pixel of weight 0 is one that has a neighbour above 0: only discs
///              around those are searched.
/// Domain:      0 < W, at most a right angle; something is left above 0, else it is refused.
/// Checked by:  MaskApodisationDefinitionTests.
public struct MaskApodisation: Sendable, Hashable {
  /// How the weights go down.
  public enum Method: String, Sendable, Hashable, CaseIterable {
    case c1
    case c2
    case smooth
  }

  /// W, radians.
  public let width: Double
  /// The rule.
  public let method: Method

  /// Settings; the width in radians, in (0, π/2] (a precondition).
  public init(width: Double, method: Method) {
    precondition(width > 0 && width <= .pi / 2, "width \(width)")
    self.width = width
    self.method = method
  }

  /// The mask with its new weights. A mask without pixels of weight 0 stays as it is.
  ///
  /// - Parameters:
  ///   - mask: any.
  ///   - threads: any number gives the same bits.
  /// - Returns: a mask of the same nside.
  /// - Throws: `SkyMaskError.allMasked` if nothing is left; `HarmonicTransformError`.
  public func apply(_ mask: SkyMask, threads: Int = 1) throws -> SkyMask {
    let grid = try HealpixGrid(nside: mask.nside)
    if method == .smooth { return try smoothed(mask, grid, threads) }
    let distances = try Self.distances(mask, grid, within: width)
    let full = 1 - cos(width)
    let weights = zip(mask.weights, distances).map { weight, distance in
      // 1 − cos θ = 2 sin²(θ/2), which does not cancel.
      let sine = sin(distance / 2)
      let x = (2 * sine * sine / full).squareRoot()
      guard x < 1 else { return weight }
      let factor = method == .c1 ? x - sin(2 * .pi * x) / (2 * .pi) : (1 - cos(.pi * x)) / 2
      return weight * min(1, max(0, factor))
    }
    return try SkyMask(nside: mask.nside, weights: weights)
  }

  /// The angle from each pixel to the nearest one of weight 0; π where that is beyond `radius`.
  static func distances(
    _ mask: SkyMask, _ grid: HealpixGrid, within radius: Double
  ) throws -> [Double] {
    var distances = mask.weights.map { $0 == 0 ? 0 : Double.pi }
    let centres = try (0..<grid.pointCount).map { try grid.centre(of: $0) }
    for pixel in mask.weights.indices where mask.weights[pixel] == 0 {
      let neighbours = try grid.neighbours(of: pixel).compactMap { $0 }
      guard neighbours.contains(where: { mask.weights[$0] > 0 }) else { continue }
      for other in try grid.disc(centre: centres[pixel], radius: radius)
      where mask.weights[other] > 0 {
        distances[other] = min(
          distances[other], centres[pixel].angularDistance(to: centres[other]))
      }
    }
    return distances
  }

  private func smoothed(_ mask: SkyMask, _ grid: HealpixGrid, _ threads: Int) throws -> SkyMask {
    let distances = try Self.distances(mask, grid, within: min(.pi, 2.5 * width))
    let shrunk = zip(mask.weights, distances).map { $1 <= 2.5 * width ? 0 : $0 }
    guard shrunk.contains(where: { $0 > 0 }) else { throw SkyMaskError.allMasked }
    let lmax = MapToolError.largestDegree(nside: mask.nside)
    let beam = try GaussianBeam(fullWidth: width * (8 * log(2.0)).squareRoot())
    let filter = HarmonicFilter(MapAnalysis(lmax: lmax), HarmonicTransfer(beam, lmax: lmax))
    let smooth = try filter.apply(
      SkyMap(nside: mask.nside, temperature: shrunk), threads: threads
    ).map.requireTemperature()
    return try SkyMask(
      nside: mask.nside,
      weights: zip(mask.weights, smooth).map { min(1, max(0, $0 * $1)) })
  }
}

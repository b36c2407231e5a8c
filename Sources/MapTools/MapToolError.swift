import Faults

/// What cannot be done with a map, or with coefficients.
public enum MapToolError: UserError, Sendable, Equatable {
  /// More degrees are asked for than the pixels of a map determine.
  case degreeBeyondMap(file: String, lmax: Int, nside: Int)
  /// A map has unobserved pixels where every pixel is needed.
  case maskedPixels(file: String, count: Int, pixelCount: Int, remedy: String)
  /// Least squares did not reach its tolerance.
  case notConverged(file: String, field: String, iterations: Int, reached: Double, wanted: Double)
  /// Two maps, or a map and a mask, cannot be combined.
  case mapsDiffer(first: String, second: String, property: String, found: String, expected: String)
  /// Q and U cannot be interpolated component by component.
  case componentsOfPolarisation(file: String, method: String)
  /// The name of a grid is not understood.
  case unknownGrid(found: String)
  /// A number in the name of a grid is out of range.
  case gridOutOfRange(found: String, expected: String)
  /// A rotation needs all orders.
  case ordersMissing(lmax: Int, mmax: Int)
  /// Mask and map leave no pixel.
  case nothingObserved(file: String)

  /// The largest degree that is determined on a HEALPix map: 3 nside - 1.
  ///
  /// healpy's default, and the limit of what pixels can tell: the condition number of synthesis is
  /// 1.7 at nside 4, lmax 11, and 6.8 at nside 16, lmax 47; at lmax = 3 nside it is 2400 at nside 4
  /// and infinite at nside 2 and 3.
  public static func largestDegree(nside: Int) -> Int { 3 * nside - 1 }

  public var description: String {
    switch self {
    case .degreeBeyondMap(let file, let lmax, let nside):
      let largest = Self.largestDegree(nside: nside)
      return "\(file): lmax is \(lmax), expected at most 3 nside - 1 = \(largest) for nside "
        + "\(nside): more degrees are not determined by the pixels; choose lmax <= \(largest), "
        + "better 2 nside = \(2 * nside)"
    case .maskedPixels(let file, let count, let pixelCount, let remedy):
      return "\(file): \(count) of \(pixelCount) pixels are unobserved (UNSEEN or NaN), expected a "
        + "full sky; \(remedy)"
    case .notConverged(let file, let field, let iterations, let reached, let wanted):
      return "\(file): least squares of \(field) reached \(reached) after \(iterations) "
        + "iterations, expected \(wanted); choose a smaller lmax, a larger tolerance or "
        + "more iterations"
    case .mapsDiffer(let first, let second, let property, let found, let expected):
      return "\(second): \(property) is \(found), expected \(expected) as in \(first); "
        + "bring both to the same \(property)"
    case .componentsOfPolarisation(let file, let method):
      return "\(file): found Q and U, expected temperature alone for the method \(method): Q and U "
        + "refer to the meridian of each point, and values of several points cannot be mixed or "
        + "moved without turning them; use the harmonic method, or "
        + "temperature alone"
    case .unknownGrid(let found):
      return "found the grid '\(found)', expected nsideN, gauss-legendre:LMAX, "
        + "gauss-legendre:NLATxNLON or clenshaw-curtis:NLATxNLON; for instance nside16, "
        + "gauss-legendre:47, clenshaw-curtis:32x64"
    case .gridOutOfRange(let found, let expected):
      return "found the grid '\(found)', expected \(expected); choose another size"
    case .ordersMissing(let lmax, let mmax):
      return "mmax is \(mmax), expected lmax = \(lmax): a rotation mixes all orders; "
        + "analyse the map without a smaller mmax"
    case .nothingObserved(let file):
      return "\(file): no pixel is observed inside the mask, expected at least one; check that 1 "
        + "means observed, and that mask and maps cover the same sky"
    }
  }
}

extension MapToolError {
  public var faultClass: FaultClass {
    switch self {
    case .degreeBeyondMap, .componentsOfPolarisation, .unknownGrid, .gridOutOfRange: return .usage
    case .maskedPixels, .mapsDiffer, .ordersMissing, .nothingObserved: return .badInput
    case .notConverged: return .failure
    }
  }
}

/// The largest sizes that a network may have, far above any that is trained.
///
/// Sizes come from files too, and are accepted only within these limits: their products then fit an
/// `Int`, so that the shapes of all tensors can be computed and compared with those of the file
/// before anything is made.
public enum NetworkLimits {
  /// Resolution of HEALPix maps: that of Planck's largest, four times over.
  public static let nside = 8192
  /// Degrees, orders, rings, latitudes and longitudes.
  public static let degree = 16_384
  /// Rings of the grid between blocks, in multiples of lmax + 1, which carries the degrees: more
  /// rings only reduce aliasing, of which nothing is left long before this limit.
  public static let oversampling = 8
  /// Fields of a map, channels of a block, filters, widths of layers, outputs.
  public static let width = 65_536
  /// Blocks.
  public static let blocks = 1024
}

extension NamedTensor {
  /// The first element that no network can use: NaN, an infinity, or a running variance below 0.
  public var firstUnusable: UnusableElement? {
    let isVariance = name.hasSuffix("running_var")
    guard let index = values.firstIndex(where: { !$0.isFinite || (isVariance && $0 < 0) }) else {
      return nil
    }
    return UnusableElement(
      index: index, found: Double(values[index]),
      expected: isVariance ? "a finite variance of at least 0" : "a finite number")
  }
}

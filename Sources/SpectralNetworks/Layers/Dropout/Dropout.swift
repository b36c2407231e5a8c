import Kernels

/// Dropout: y = x · factor, where a factor is 0 with probability p and otherwise 1/(1 − p).
///
/// The factors come from a counter-based generator (`dropoutFactors`), so that a step that is
/// repeated drops the same elements; in inference there is no dropout. The layer is linear and
/// diagonal: its backward step is the same multiplication.
public enum Dropout {
  /// The formula as it stands; a faster form has not been needed.
  ///
  /// - Parameters:
  ///   - x: any number of elements.
  ///   - factors: one for each.
  /// - Returns: y.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  public static func apply<T: LaneScalar>(_ x: [T], factors: [T]) -> [T] {
    precondition(x.count == factors.count, "\(factors.count) factors for \(x.count) elements")
    return x.indices.map { x[$0] * factors[$0] }
  }
}

import Kernels

/// max(0, x), and NaN for NaN; its derivative at 0 is taken as 0 and at NaN as 1, as PyTorch does.
public enum RectifiedLinear {
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  public static func forward<T: LaneScalar>(_ x: [T]) -> [T] { x.map { rectified($0) } }

  /// x̄ = ȳ [not x ≤ 0].
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  public static func backward<T: LaneScalar>(_ dy: [T], saved x: [T]) -> [T] {
    precondition(dy.count == x.count, "\(dy.count) gradients for \(x.count) elements")
    return dy.indices.map { x[$0] <= 0 ? 0 : dy[$0] }
  }
}

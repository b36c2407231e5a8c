/// An element of a tensor that no network can use.
public struct UnusableElement: Sendable, Equatable {
  /// Its place in the tensor, row-major from 0.
  public var index: Int
  /// Its value.
  public var found: Double
  /// What it should be.
  public var expected: String
}

import Kernels
import LinearAlgebra
import SpectralNetworks

/// Weights of two dense layers, ŷ = b_2 + W_2 max(0, b_1 + W_1 x).
public struct DenseWeights: Sendable, Equatable {
  /// W_1 `[hidden][input]` and b_1 `[hidden]`.
  public var first: [Double]
  public var firstBias: [Double]
  /// W_2 `[output][hidden]` and b_2 `[output]`.
  public var second: [Double]
  public var secondBias: [Double]

  /// The given weights.
  public init(first: [Double], firstBias: [Double], second: [Double], secondBias: [Double]) {
    self.first = first
    self.firstBias = firstBias
    self.second = second
    self.secondBias = secondBias
  }
}

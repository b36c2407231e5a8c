import FourierTransforms
import Kernels

/// A `SphereInput` with the memory for one number of maps.
protocol SphereInputLoader<Scalar>: Sendable {
  associatedtype Scalar: FourierScalar

  /// Writes the coefficients of the maps.
  ///
  /// - Parameters:
  ///   - maps: `[pixel][map * fields + field]`, of as many maps as there is memory for.
  ///   - target: receives `[(l, m)][re, im][map * channels + channel]`.
  ///   - stride: distance of its rows.
  ///   - threads: any number gives the same bits.
  func load(_ maps: [Scalar], to target: BufferView<Scalar>, stride: Int, threads: Int)
}

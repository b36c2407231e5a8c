import Kernels

/// The ReLU followed by the mean of the four children of every pixel of half the resolution.
///
///     forward     z_q = ¼ Σ_{j=0...3} max(0, y_{4q+j})
///     backward    ȳ_{4q+j} = ¼ z̄_q [y_{4q+j} > 0]
///
/// In NESTED order the children of q are 4q...4q+3. The mean, and not the largest of the four: the
/// parameters sit in the power of a random field, which a mean of rectified responses estimates
/// with all of them, while a maximum keeps one and lets noise through that the mean averages away.
/// Shapes:     y `[4q + j][map][channel]`, z `[q][map][channel]`.
/// Checked by: NestedPoolingTests, PixelNetworkFixtureTests.
package struct NestedPooling: Sendable {
  /// Resolution of y, an even number.
  package let nside: Int
  package let channels: Int

  package init(nside: Int, channels: Int) {
    self.nside = nside
    self.channels = channels
  }

  private var parents: Int { 3 * nside * nside }

  /// Writes z.
  package func forward<T: LaneScalar>(
    _ y: BufferView<T>, maps: Int, to z: BufferView<T>
  ) {
    averageRectified(parents: parents, columns: maps * channels, from: y, to: z)
  }

  /// Writes ȳ in the place of y.
  package func backward<T: LaneScalar>(
    _ dz: BufferView<T>, replacing y: BufferView<T>, maps: Int
  ) {
    averageRectifiedGradient(
      parents: parents, columns: maps * channels, from: dz, replacing: y)
  }
}

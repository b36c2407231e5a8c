import Kernels

extension NestedPooling {
  /// z of plain stacks.
  ///
  /// - Parameters:
  ///   - y: `[4q + j][map][channel]`.
  ///   - maps: number of maps.
  /// - Returns: z, `[q][map][channel]`.
  package func forward<T: LaneScalar>(_ y: [T], maps: Int) -> [T] {
    precondition(y.count == 12 * nside * nside * maps * channels)
    var z = [T](repeating: .nan, count: y.count / 4)
    y.withView { y in z.withMutableView { forward(y, maps: maps, to: $0) } }
    return z
  }

  /// ȳ of plain stacks, in the layouts of `forward`.
  package func backward<T: LaneScalar>(_ dz: [T], saved y: [T], maps: Int) -> [T] {
    precondition(y.count == 12 * nside * nside * maps * channels && 4 * dz.count == y.count)
    var dy = y
    dz.withView { dz in dy.withMutableView { backward(dz, replacing: $0, maps: maps) } }
    return dy
  }
}

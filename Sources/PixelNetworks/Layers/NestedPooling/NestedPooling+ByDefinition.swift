import SphereGrids

extension NestedPooling {
  /// z_q as the mean of max(0, y_p) over the pixels p whose centres lie in the coarse pixel q,
  /// found by position: the slow twin of `forward`.
  ///
  /// - Parameters:
  ///   - y: `[pixel][map][channel]`, pixels in NESTED order.
  ///   - maps: number of maps.
  /// - Returns: z, `[coarse pixel][map][channel]`, in NESTED order.
  /// - Throws: `HealpixError` for a resolution without NESTED order.
  package func forwardByDefinition(_ y: [Double], maps: Int) throws -> [Double] {
    let (fine, coarse) = (try HealpixGrid(nside: nside), try HealpixGrid(nside: nside / 2))
    let row = maps * channels
    var z = [Double](repeating: 0, count: y.count / 4)
    for pixel in 0..<fine.pointCount {
      let centre = try fine.centre(of: pixel, ordering: .nested)
      let q = try coarse.pixel(at: centre, ordering: .nested)
      for i in 0..<row { z[q * row + i] += max(0, y[pixel * row + i]) / 4 }
    }
    return z
  }
}

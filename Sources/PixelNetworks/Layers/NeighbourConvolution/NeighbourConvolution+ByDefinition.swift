import SphereGrids

extension NeighbourConvolution {
  /// y by its formula, with the neighbours of RING pixels by the corners of all pixels: the slow
  /// twin of `forward`.
  ///
  /// Shapes:   x `[pixel][map][input]` and y `[pixel][map][output]` in RING order.
  /// Cost:     O(npix²).
  package func forwardByDefinition(
    _ x: [Double], maps: Int, weights: [Double], bias: [Double]
  ) throws -> [Double] {
    let grid = try HealpixGrid(nside: nside)
    let (inputs, outputs) = (inputChannels, outputChannels)
    return (0..<pixelCount).flatMap { p in
      let around = [p] + grid.neighboursByDefinition(of: p)
      return (0..<maps).flatMap { map in
        (0..<outputs).map { o in
          var sum = bias[o]
          for (k, pixel) in around.enumerated() {
            guard let q = pixel else { continue }
            for i in 0..<inputs {
              sum += weights[(k * inputs + i) * outputs + o] * x[(q * maps + map) * inputs + i]
            }
          }
          return sum
        }
      }
    }
  }
}

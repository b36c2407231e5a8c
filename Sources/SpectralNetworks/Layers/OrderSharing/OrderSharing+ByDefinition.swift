import HarmonicTransforms

extension OrderSharing {
  /// The orders of degree l that share a weight with m: those m' with ⌊m' B_l/M_l⌋ = ⌊m B_l/M_l⌋.
  package func ordersByDefinition(l: Int, with m: Int) -> [Int] {
    let orders = min(l, mmax) + 1
    let count = min(bands, orders)
    return (0..<orders).filter { $0 * count / orders == m * count / orders }
  }

  /// The mean of the gradients of shared weights, one weight at a time: the slow twin of `average`.
  ///
  /// - Parameter gradient: w̄, `[(l, m)][re, im][input][output]`.
  /// - Returns: v̄/M for every order; 0 for imaginary weights that are not shared.
  package func averageByDefinition(_ gradient: [Double]) -> [Double] {
    var result = gradient
    for l in 0...lmax {
      for m in 0...min(l, mmax) {
        let others = ordersByDefinition(l: l, with: m)
        for number in 0..<2 * size {
          func place(_ m: Int) -> Int {
            2 * coefficientIndex(l: l, m: m, lmax: lmax) * size + number
          }
          let isShared = bands > 1 || number < size
          let sum = others.reduce(0) { $0 + gradient[place($1)] }
          result[place(m)] = isShared ? sum / Double(others.count) : 0
        }
      }
    }
    return result
  }
}

/// Batch normalisation of plain fields from the pieces of `BatchNormalisation`, as blocks put them
/// together: moments of the parts of a grid, then one affine map per channel.
///
/// Layout:     fields `[point][map * channels + channel]`.
/// Checked by: BatchNormalisationTests, LayerFixtureTests (PyTorch).
package struct FieldNormalisation: Sendable {
  /// Points of the grid that follow one another, and the weight of each of them.
  package struct Part: Sendable {
    /// Their numbers.
    package let points: Range<Int>
    /// w_p of each.
    package let weight: Double

    /// So many points of one weight.
    package init(points: Range<Int>, weight: Double) {
      self.points = points
      self.weight = weight
    }
  }

  /// Weighting, ε and momentum.
  package let normalisation: BatchNormalisation
  /// All points, in order.
  package let parts: [Part]
  /// B.
  package let maps: Int
  /// C.
  package let channels: Int
  /// B · C.
  package var lanes: Int { maps * channels }

  /// The normalisation of so many maps on a grid of parts; `.equal` does not read their weights.
  package init(normalisation: BatchNormalisation, parts: [Part], maps: Int, channels: Int) {
    self.normalisation = normalisation
    self.parts = parts
    self.maps = maps
    self.channels = channels
  }

  private func weight(_ j: Int) -> Double {
    normalisation.weighting == .equal ? 1 : parts[j].weight
  }

  /// Mean and Σ (y − mean)² of every part, in two passes, joined.
  package func statistics(_ y: [Double]) -> BatchNormalisation.Statistics {
    let means = parts.map { part in
      (0..<lanes).map { lane in
        part.points.reduce(0) { $0 + y[$1 * lanes + lane] } / Double(part.points.count)
      }
    }
    let squares = parts.indices.map { j in
      (0..<lanes).map { lane in
        parts[j].points.reduce(0) {
          let d = y[$1 * lanes + lane] - means[j][lane]
          return $0 + d * d
        }
      }
    }
    return normalisation.statistics(
      means: means, squares: squares,
      weights: parts.indices.map { weight($0) * Double(parts[$0].points.count) },
      counts: parts.map(\.points.count), maps: maps, channels: channels)
  }

  /// z = scale y + shift.
  package func forward(
    _ y: [Double], _ statistics: BatchNormalisation.Statistics, gamma: [Double], beta: [Double]
  ) -> [Double] {
    let (scale, shift) = normalisation.affine(statistics, gamma: gamma, beta: beta)
    return y.indices.map { scale[$0 % channels] * y[$0] + shift[$0 % channels] }
  }

  /// ȳ_p = a z̄_p + ŵ_p (b y_p + c), γ̄ and β̄.
  package func backward(
    _ dz: [Double], saved y: [Double], _ statistics: BatchNormalisation.Statistics,
    gamma: [Double], isTraining: Bool
  ) -> (input: [Double], gamma: [Double], beta: [Double]) {
    var s1 = [Double](repeating: 0, count: channels)
    var s2 = s1
    for i in y.indices {
      let c = i % channels
      let deviation = (statistics.variance[c] + normalisation.epsilon).squareRoot()
      s1[c] += dz[i]
      s2[c] += dz[i] * (y[i] - statistics.mean[c]) / deviation
    }
    let (a, b, c) = normalisation.backwardCoefficients(
      statistics, gamma: gamma, gradientSum: s1, gradientProduct: s2, isTraining: isTraining)
    let total = parts.indices.reduce(0.0) {
      $0 + Double(maps * parts[$1].points.count) * weight($1)
    }
    var dy = [Double](repeating: 0, count: y.count)
    for j in parts.indices {
      let share = weight(j) / total
      for i in (parts[j].points.lowerBound * lanes)..<(parts[j].points.upperBound * lanes) {
        let k = i % channels
        dy[i] = a[k] * dz[i] + share * (b[k] * y[i] + c[k])
      }
    }
    return (dy, s2, s1)
  }
}

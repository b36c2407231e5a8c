import Kernels
import SphereGrids

@testable import SpectralNetworks

/// Batch normalisation of whole fields from the pieces of `BatchNormalisation`, as the blocks use
/// them: moments ring by ring, then one affine map per channel.
///
/// Layout: fields `[point][map * channels + channel]`.
struct BatchNormalisationLayer {
  let normalisation: BatchNormalisation
  /// The points of every part of the grid, and the weight of one of them.
  let parts: [(points: Range<Int>, weight: Double)]
  let maps: Int
  let channels: Int
  var lanes: Int { maps * channels }

  private func partWeight(_ j: Int) -> Double {
    normalisation.weighting == .equal ? 1 : parts[j].weight
  }

  /// Mean and Σ (y − mean)² of every part, in two passes.
  func statistics(_ y: [Double]) -> BatchNormalisation.Statistics {
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
      weights: parts.indices.map { partWeight($0) * Double(parts[$0].points.count) },
      counts: parts.map(\.points.count), maps: maps, channels: channels)
  }

  func forward(
    _ y: [Double], _ statistics: BatchNormalisation.Statistics, gamma: [Double], beta: [Double]
  ) -> [Double] {
    let (scale, shift) = normalisation.affine(statistics, gamma: gamma, beta: beta)
    return y.indices.map { scale[$0 % channels] * y[$0] + shift[$0 % channels] }
  }

  func backward(
    _ dz: [Double], saved y: [Double], _ statistics: BatchNormalisation.Statistics,
    gamma: [Double], isTraining: Bool
  ) -> (y: [Double], gamma: [Double], beta: [Double]) {
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
      $0 + Double(maps * parts[$1].points.count) * partWeight($1)
    }
    var dy = [Double](repeating: 0, count: y.count)
    for j in parts.indices {
      let share = partWeight(j) / total
      for i in (parts[j].points.lowerBound * lanes)..<(parts[j].points.upperBound * lanes) {
        let k = i % channels
        dy[i] = a[k] * dz[i] + share * (b[k] * y[i] + c[k])
      }
    }
    return (dy, s2, s1)
  }
}

/// The same by its formulas: weighted sums over all points and maps, no parts, no affine map.
struct BatchNormalisationByDefinition {
  /// ŵ_p = w_p / (B Σ_q w_q).
  let shares: [Double]
  let maps: Int
  let channels: Int
  let epsilon: Double
  var lanes: Int { maps * channels }

  init(weights: [Double], maps: Int, channels: Int, epsilon: Double) {
    let total = Double(maps) * weights.reduce(0, +)
    shares = weights.map { $0 / total }
    self.maps = maps
    self.channels = channels
    self.epsilon = epsilon
  }

  private func sum(_ channel: Int, _ term: (_ point: Int, _ place: Int) -> Double) -> Double {
    var sum = 0.0
    for p in shares.indices {
      for b in 0..<maps { sum += term(p, p * lanes + b * channels + channel) }
    }
    return sum
  }

  /// μ_c = Σ_bp ŵ_p y_bcp,  σ²_c = Σ_bp ŵ_p (y_bcp − μ_c)².
  func statistics(_ y: [Double]) -> BatchNormalisation.Statistics {
    let mean = (0..<channels).map { c in sum(c) { p, i in shares[p] * y[i] } }
    let variance = (0..<channels).map { c in
      sum(c) { p, i in shares[p] * (y[i] - mean[c]) * (y[i] - mean[c]) }
    }
    return BatchNormalisation.Statistics(mean: mean, variance: variance)
  }

  /// z = γ (y − μ)/√(σ² + ε) + β.
  func forward(
    _ y: [Double], _ statistics: BatchNormalisation.Statistics, gamma: [Double], beta: [Double]
  ) -> [Double] {
    y.indices.map { i in
      let c = i % channels
      let deviation = (statistics.variance[c] + epsilon).squareRoot()
      return gamma[c] * (y[i] - statistics.mean[c]) / deviation + beta[c]
    }
  }
}

import Foundation
import FourierTransforms
import Kernels

/// One number of every lane of a normalised field z_p = s y_p + t, p = 1...N, from mean and
/// variance of y.
///
///     moments     μ = ⟨y⟩,  v = ⟨(y − μ)²⟩, from μ_j and Q_j = Σ (y − μ_j)² of ring pairs j
///                 with n_j points:
///                 μ = Σ_j n_j μ_j / N,  v = Σ_j [Q_j + n_j (μ_j − μ)²] / N     [Chan1983, eq. 2.1]
///     mean        q = ⟨z⟩ = s μ + t,                 z̄_p = q̄/N
///     power       M = ⟨z²⟩ = s² v + (s μ + t)²,      z̄_p = 2 q̄ z_p/(N M),  q = ln M
///
/// since ⟨y²⟩ = v + μ² and so ⟨z²⟩ = s² (v + μ²) + 2 s t μ + t². In both cases z̄_p = e y_p + f:
/// with e = 0, f = q̄/N for the mean and e = 2 q̄ s/(N M), f = 2 q̄ t/(N M) for the power. Batch
/// normalisation, ȳ_p = a z̄_p + ŵ (b y_p + c) (`BatchNormalisation`), then is
/// ȳ_p = (a e + ŵ b) y_p + (a f + ŵ c), and the two sums that its b and c need are
///
///     Σ_p z̄_p = N (e μ + f),     Σ_p z̄_p (y_p − κ) = N [e v + (e μ + f)(μ − κ)]
///
/// so that neither direction passes over the field again.
/// Layout:     per lane, map * channels + channel.
/// Checked by: PublishedPoolingDefinitionTests (`PublishedPooling` has the slow twins),
///             NetworkGradientTests.
struct FieldMoments: Sendable {
  /// μ, v, s and t.
  private(set) var mean: [Double] = []
  private(set) var variance: [Double] = []
  private(set) var scale: [Double] = []
  private(set) var shift: [Double] = []
  /// N.
  private(set) var points = 1.0

  /// Those of no field.
  init() {}

  /// Those of the field of a block, after its normalisation.
  ///
  /// - Parameters:
  ///   - memory: the block's.
  ///   - counts: number of points of every ring pair.
  ///   - lanes: number of lanes that count.
  init<T: FourierScalar>(_ memory: BlockMemory<T>, counts: [Int], lanes: Int) {
    points = Double(counts.reduce(0, +))
    mean = [Double](repeating: 0, count: lanes)
    variance = mean
    let pairMeans = memory.momentRows(memory.pairMeans)
    for (count, means) in zip(counts, pairMeans) {
      let share = Double(count) / points
      for lane in mean.indices { mean[lane] += share * means[lane] }
    }
    for (j, squares) in memory.momentRows(memory.pairSquares).enumerated() {
      for lane in mean.indices {
        let distance = pairMeans[j][lane] - mean[lane]
        variance[lane] += (squares[lane] + Double(counts[j]) * distance * distance) / points
      }
    }
    scale = memory.scale.rows(0, 0, lanes)
    shift = memory.shift.rows(0, 0, lanes)
  }

  /// q of every lane.
  func forward(_ pooling: PublishedPooling) -> [Double] {
    switch pooling {
    case .mean: return mean.indices.map { scale[$0] * mean[$0] + shift[$0] }
    case .power: return mean.indices.map { log(meanSquare($0)) }
    }
  }

  /// M.
  private func meanSquare(_ lane: Int) -> Double {
    let ofField = scale[lane] * mean[lane] + shift[lane]
    return scale[lane] * scale[lane] * variance[lane] + ofField * ofField
  }

  /// e and f of every lane, given q̄.
  func backward(_ dq: [Double], _ pooling: PublishedPooling) -> AffineGradient {
    switch pooling {
    case .mean:
      return AffineGradient(
        slope: [Double](repeating: 0, count: dq.count), offset: dq.map { $0 / points })
    case .power:
      let factors = dq.indices.map { 2 * dq[$0] / (points * meanSquare($0)) }
      return AffineGradient(
        slope: factors.indices.map { factors[$0] * scale[$0] },
        offset: factors.indices.map { factors[$0] * shift[$0] })
    }
  }

  /// Σ_p z̄_p and Σ_p z̄_p (y_p − κ) of every lane, κ its `centre`.
  func sums(
    _ gradient: AffineGradient, centre: [Double]
  ) -> (sums: [Double], products: [Double]) {
    let means = mean.indices.map { gradient.slope[$0] * mean[$0] + gradient.offset[$0] }
    return (
      means.map { points * $0 },
      means.indices.map {
        points * (gradient.slope[$0] * variance[$0] + means[$0] * (mean[$0] - centre[$0]))
      }
    )
  }
}

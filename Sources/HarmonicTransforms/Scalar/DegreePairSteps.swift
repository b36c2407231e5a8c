import Kernels
import SpecialFunctions

/// Everything that one order's recurrence needs, in memory that serves one order after the other.
///
/// Definition:  the numbers of `DegreePairRecurrence`, the slow twin.
/// Layout:      coefficients l = m...lmax in rows (re, im), `rowStride` numbers each; weights four
///              numbers per k: those of the even function q_k (re, im), then those of the odd one,
///              cos θ q_k.
/// Checked by:  RecurrenceTransformTests, against `DegreePairRecurrence`.
final class DegreePairSteps: OrderSteps, @unchecked Sendable {
  let lmax: Int
  private(set) var m = 0
  /// Number of functions q_k.
  private(set) var count = 0
  let couplings: AlignedBuffer<Double>
  let scales: AlignedBuffer<Double>
  let equatorial: AlignedBuffer<Double>
  let polar: AlignedBuffer<Double>

  /// Memory for the orders of a transform.
  init(lmax: Int) {
    self.lmax = lmax
    let most = lmax / 2 + 1
    couplings = AlignedBuffer(count: 2 * most + 4)
    scales = AlignedBuffer(count: most)
    equatorial = AlignedBuffer(count: 2 * most)
    polar = AlignedBuffer(count: 2 * most)
  }

  func prepare(_ m: Int) {
    self.m = m
    count = (lmax - m) / 2 + 1
    fillDegreeCouplings(m: m, count: 2 * count + 1, couplings.view())
    fillDegreePairSteps(
      count: count, couplings: couplings.view(), scales: scales.view(),
      equatorial: equatorial.view(), polar: polar.view())
  }

  /// Weights with Σ_l a_l λ_l = Σ_k (even_k + cos θ odd_k) q_k: the scales of even degrees, and a
  /// solution of two diagonals, from the highest odd degree down.
  func weights<T: LaneScalar>(
    _ rows: BufferView<T>, rowStride: Int, to weights: BufferView<Double>
  ) {
    fillDegreePairWeights(
      count: count, hasLastOdd: (lmax - m) % 2 == 1, couplings: couplings.view(),
      scales: scales.view(), rows, rowStride: rowStride, to: weights)
  }

  /// The transpose: Σ_j λ_l f_j of every degree from the sums Σ_j q_k f_j over even parts and
  /// Σ_j cos θ_j q_k f_j over odd ones, from the lowest odd degree up.
  func coefficients<T: LaneScalar>(
    _ weights: BufferView<Double>, to rows: BufferView<T>, rowStride: Int
  ) {
    fillDegreePairCoefficients(
      count: count, hasLastOdd: (lmax - m) % 2 == 1, couplings: couplings.view(),
      scales: scales.view(), weights, to: rows, rowStride: rowStride)
  }
}

/// λ_mm / sin^m θ of every order: (−1)^m √[1/4π Π_{k=1…m} (2k+1)/(2k)].
func sectoralFactors(mmax: Int) -> [Double] {
  var product = 1.0
  return (0...mmax).map { m in
    if m > 0 { product *= Double(2 * m + 1) / Double(2 * m) }
    let magnitude = (product / (4 * Double.pi)).squareRoot()
    return m.isMultiple(of: 2) ? magnitude : -magnitude
  }
}

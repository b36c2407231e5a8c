import Kernels
import Numerics

/// Spherical harmonic coefficients a_lm of several real fields.
///
/// Definition:  f(θ, φ) = Σ_{l ≤ lmax} Σ_{|m| ≤ min(l, mmax)} a_lm Y_lm(θ, φ),
///              a_{l,−m} = (−1)^m a*_lm.
/// Layout:      `values[((i * 2) + part) * lanes + lane]`, i = `coefficientIndex(l:m:lmax:)`, part
///              0 real, 1 imaginary. All degrees of one order are contiguous, lanes fastest.
public struct CoefficientStack<T: LaneScalar>: Sendable, Equatable {
  /// Largest degree, inclusive.
  public let lmax: Int
  /// Largest order, inclusive.
  public let mmax: Int
  /// Number of fields.
  public let lanes: Int
  /// The numbers, in the layout above.
  public var values: [T]

  /// Coefficients that are all zero.
  public init(lmax: Int, mmax: Int? = nil, lanes: Int = 1) {
    self.init(
      lmax: lmax, mmax: mmax ?? lmax, lanes: lanes,
      values: .zeros(2 * coefficientCount(lmax: lmax, mmax: mmax ?? lmax) * lanes)
    )
  }

  /// Coefficients from their numbers.
  public init(lmax: Int, mmax: Int, lanes: Int, values: [T]) {
    precondition(0 <= mmax && mmax <= lmax, "mmax \(mmax) is outside 0...lmax = 0...\(lmax)")
    precondition(
      values.count == 2 * coefficientCount(lmax: lmax, mmax: mmax) * lanes,
      "\(values.count) numbers for lmax \(lmax), mmax \(mmax), \(lanes) lanes")
    self.lmax = lmax
    self.mmax = mmax
    self.lanes = lanes
    self.values = values
  }

  /// a_lm of one field, m ≥ 0.
  public subscript(l: Int, m: Int, lane: Int = 0) -> Complex<Double> {
    get {
      let i = place(l, m, lane)
      return Complex(Double(values[i]), Double(values[i + lanes]))
    }
    set {
      let i = place(l, m, lane)
      values[i] = T(newValue.real)
      values[i + lanes] = T(newValue.imaginary)
    }
  }

  private func place(_ l: Int, _ m: Int, _ lane: Int) -> Int {
    precondition(
      0 <= m && m <= mmax && m <= l && l <= lmax && 0 <= lane && lane < lanes,
      "no coefficient (l \(l), m \(m), lane \(lane))")
    return coefficientIndex(l: l, m: m, lmax: lmax) * 2 * lanes + lane
  }

  /// Calls `body(l, m, first)` for every coefficient; `first` is the place of lane 0's real part.
  package func forEachCoefficient(_ body: (_ l: Int, _ m: Int, _ first: Int) -> Void) {
    var first = 0
    for m in 0...mmax {
      for l in m...lmax {
        body(l, m, first)
        first += 2 * lanes
      }
    }
  }

  /// C_l = Σ_m |a_lm|² / (2l + 1) of each field, over all −l ≤ m ≤ l: `[lane][l]`.
  ///
  /// Of a stack with mmax < lmax the missing orders count as zero.
  public func spectra() -> [[Double]] { crossSpectra(with: self) }

  /// C_l = Σ_m Re(a_lm b*_lm) / (2l + 1), lane by lane: `[lane][l]`.
  public func crossSpectra(with other: CoefficientStack) -> [[Double]] {
    precondition(
      lmax == other.lmax && mmax == other.mmax && lanes == other.lanes,
      "stacks of different shape have no cross spectrum")
    var spectra = [[Double]](repeating: [Double](repeating: 0, count: lmax + 1), count: lanes)
    forEachCoefficient { l, m, first in
      let factor = (m == 0 ? 1.0 : 2.0) / Double(2 * l + 1)
      for lane in 0..<lanes {
        let (a, b) = (first + lane, first + lanes + lane)
        let product =
          Double(values[a]) * Double(other.values[a]) + Double(values[b]) * Double(other.values[b])
        spectra[lane][l] += factor * product
      }
    }
    return spectra
  }
}

import FileFormats
import HarmonicTransforms
import LinearAlgebra
import Numerics
import SphereGrids

/// The transforms of the kit by their direct sums, `DirectTransform` and `DirectSpinTransform`, in
/// `Double`.
///
/// What the direct transforms do not know is added coefficient by coefficient: gradients of stored
/// coefficients, and the Nyquist order that counts once.
struct TransformDefinitions {
  let grid: any RingGrid
  let lmax: Int
  let mmax: Int
  /// The order that counts once and whose imaginary part is left out, or nil.
  let onceOrder: Int?

  private var direct: DirectTransform { DirectTransform(grid: grid, lmax: lmax, mmax: mmax) }

  init(grid: any RingGrid, lmax: Int, mmax: Int? = nil, onceOrder: Int? = nil) {
    self.grid = grid
    self.lmax = lmax
    self.mmax = mmax ?? lmax
    self.onceOrder = onceOrder
  }

  // MARK: - Scalar

  /// Σ_l a_l0 λ_l0 + 2 Re Σ_{m > 0} a_lm Y_lm, an order that counts once halved and made real.
  func synthesis(_ a: CoefficientStack<Double>) -> FieldStack<Double> {
    direct.synthesis(
      mapping(a) { m, value in m == onceOrder ? Complex(value.real / 2, 0) : value })
  }

  /// Σ_p w_p f_p Y*_lm(p), or without weights.
  func analysis(_ f: FieldStack<Double>, weighted: Bool) -> CoefficientStack<Double> {
    direct.analysis(f, weighted: weighted)
  }

  /// (2 − δ_m0) Σ_p f̄_p Y*_lm(p).
  func synthesisGradient(_ f: FieldStack<Double>) -> CoefficientStack<Double> {
    mapping(direct.analysis(f, weighted: false)) { m, value in
      if m == onceOrder { return Complex(value.real, 0) }
      return m == 0 ? Complex(value.real, 0) : value.multiplied(by: 2)
    }
  }

  /// w_p Σ_{m ≥ 0} Re(z̄_lm Y_lm(p)).
  func analysisGradient(_ a: CoefficientStack<Double>) -> FieldStack<Double> {
    weighting(
      direct.synthesis(mapping(a) { m, value in m == 0 ? value : value.multiplied(by: 0.5) }))
  }

  // MARK: - Spin 2

  private var spin: DirectSpinTransform { DirectSpinTransform(grid: grid, lmax: lmax) }

  func spinSynthesis(_ a: SpinCoefficients<Double>) -> SpinFields<Double> { spin.synthesis(a) }

  func spinAnalysis(_ f: SpinFields<Double>, weighted: Bool) -> SpinCoefficients<Double> {
    spin.analysis(f, weighted: weighted)
  }

  func spinSynthesisGradient(_ f: SpinFields<Double>) -> SpinCoefficients<Double> {
    let a = spin.analysis(f, weighted: false)
    func doubled(_ a: CoefficientStack<Double>) -> CoefficientStack<Double> {
      mapping(a) { m, value in m == 0 ? Complex(value.real, 0) : value.multiplied(by: 2) }
    }
    return SpinCoefficients(e: doubled(a.e), b: doubled(a.b))
  }

  func spinAnalysisGradient(_ a: SpinCoefficients<Double>) -> SpinFields<Double> {
    func halved(_ a: CoefficientStack<Double>) -> CoefficientStack<Double> {
      mapping(a) { m, value in m == 0 ? value : value.multiplied(by: 0.5) }
    }
    let f = spin.synthesis(SpinCoefficients(e: halved(a.e), b: halved(a.b)))
    return SpinFields(q: weighting(f.q), u: weighting(f.u))
  }

  // MARK: - Least squares

  /// argmin Σ_p (f_p − synthesis(a)_p)² by a dense matrix and LAPACK's singular values.
  func leastSquares(_ f: FieldStack<Double>) throws -> CoefficientStack<Double> {
    let unknowns = freedoms(firstDegree: 0)
    var units = CoefficientStack<Double>(lmax: lmax, lanes: unknowns.count)
    for (k, place) in unknowns.enumerated() { units.set(place, lane: k, to: 1) }
    let solution = try solve(synthesis(units).values, columns: unknowns.count, f.values, f.lanes)
    var a = CoefficientStack<Double>(lmax: lmax, lanes: f.lanes)
    for (k, place) in unknowns.enumerated() {
      for lane in 0..<f.lanes { a.set(place, lane: lane, to: solution[k, lane]) }
    }
    return a
  }

  /// The same for Q and U.
  func spinLeastSquares(_ f: SpinFields<Double>) throws -> SpinCoefficients<Double> {
    let unknowns = freedoms(firstDegree: 2)
    let (n, lanes) = (unknowns.count, f.q.lanes)
    var units = SpinCoefficients<Double>(lmax: lmax, lanes: 2 * n)
    for (k, place) in unknowns.enumerated() {
      units.e.set(place, lane: k, to: 1)
      units.b.set(place, lane: n + k, to: 1)
    }
    let fields = spinSynthesis(units)
    let solution = try solve(
      fields.q.values + fields.u.values, columns: 2 * n, f.q.values + f.u.values, lanes)
    var a = SpinCoefficients<Double>(lmax: lmax, lanes: lanes)
    for (k, place) in unknowns.enumerated() {
      for lane in 0..<lanes {
        a.e.set(place, lane: lane, to: solution[k, lane])
        a.b.set(place, lane: lane, to: solution[n + k, lane])
      }
    }
    return a
  }

  private func solve(
    _ matrix: [Double], columns: Int, _ values: [Double], _ lanes: Int
  ) throws -> Matrix {
    let rows = matrix.count / columns
    return try LeastSquaresSolution(
      Matrix(rows: rows, columns: columns) { matrix[$0 * columns + $1] },
      Matrix(rows: rows, columns: lanes) { values[$0 * lanes + $1] }
    ).solution
  }

  /// Re a_l0; Re a_lm and Im a_lm, m > 0.
  private func freedoms(firstDegree: Int) -> [RealPlace] {
    (0...lmax).flatMap { m in
      (max(m, firstDegree)..<lmax + 1).flatMap { l in
        (m == 0 ? [0] : [0, 1]).map { RealPlace(l: l, m: m, part: $0) }
      }
    }
  }

  // MARK: - Weights and orders

  private func weighting(_ f: FieldStack<Double>) -> FieldStack<Double> {
    var result = f
    for ring in grid.rings {
      for i in ring.start * f.lanes..<(ring.start + ring.count) * f.lanes {
        result.values[i] *= ring.weight
      }
    }
    return result
  }

  private func mapping(
    _ a: CoefficientStack<Double>, _ body: (_ m: Int, Complex<Double>) -> Complex<Double>
  ) -> CoefficientStack<Double> {
    var result = a
    for m in 0...a.mmax {
      for l in m...a.lmax {
        for lane in 0..<a.lanes { result[l, m, lane] = body(m, a[l, m, lane]) }
      }
    }
    return result
  }
}

/// One real number among stored coefficients.
struct RealPlace {
  let l: Int
  let m: Int
  /// 0 real, 1 imaginary.
  let part: Int
}

extension CoefficientStack where T == Double {
  fileprivate mutating func set(_ place: RealPlace, lane: Int, to value: Double) {
    values[(2 * coefficientIndex(l: place.l, m: place.m, lmax: lmax) + place.part) * lanes + lane] =
      value
  }
}

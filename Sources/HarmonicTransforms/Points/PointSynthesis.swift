import Foundation
import Kernels
import Numerics
import SphereGrids

/// Fields at arbitrary points from their coefficients, and the gradients towards coefficients and
/// angles.
///
/// Definition:  f_p = Σ_l a_l0 λ_l0 + 2 Re Σ_{m>0} a_lm Y_lm(θ_p, φ_p);
///              (Q + iU)_p = −Σ_lm (E_lm + i B_lm) ₛY_lm(θ_p, φ_p), all |m| ≤ min(l, mmax).
/// Gradients:   of a loss L with f̄_p = ∂L/∂f_p: ā_lm = (2 − δ_m0) Σ_p f̄_p Y*_lm(p), real for
///              m = 0; θ̄_p = Σ_lanes f̄_p ∂f_p/∂θ, φ̄_p = Σ_lanes f̄_p ∂f_p/∂φ. Of Q and U, which
///              refer to the meridian of their point, the numbers Q and U themselves are
///              differentiated: nothing is carried along.
/// Method:      the sum as it stands, order by order, over the columns of `SpinColumns`.
/// Domain:      0 ≤ θ ≤ π, any finite φ; both poles, where the fields are those along the point's
///              meridian. Points may repeat, in any order.
/// Layout:      values are `[point][lane]`.
/// Accuracy:    computed in `Double`, rounded once for `Float`: 4 (√lmax + lmax) rounding errors.
/// Cost:        points · lmax² multiply-adds per lane.
/// Checked by:  PointSynthesisTests (rings of grids, differences, poles).
public struct PointSynthesis: Sendable {
  /// Where.
  public let directions: [Direction]
  /// s; 0 for scalar fields.
  public let spin: Int
  /// Largest degree, inclusive.
  public let lmax: Int
  /// Largest order, inclusive.
  public let mmax: Int

  /// The values of Q + iU, or of a scalar field as Q.
  private typealias Values = [Complex<Double>]

  /// Prepares the sums at some points.
  ///
  /// - Parameters:
  ///   - directions: the points.
  ///   - spin: 0...8.
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order; lmax when nil.
  public init(at directions: [Direction], spin: Int = 0, lmax: Int, mmax: Int? = nil) {
    let mmax = mmax ?? lmax
    precondition((0...8).contains(spin), "spin \(spin) is outside 0...8")
    precondition(0 <= mmax && mmax <= lmax, "mmax \(mmax) is outside 0...lmax = 0...\(lmax)")
    precondition(
      directions.allSatisfy { 0...Double.pi ~= $0.theta && $0.phi.isFinite },
      "a colatitude outside 0...π, or a longitude that is not finite")
    self.directions = directions
    self.spin = spin
    self.lmax = lmax
    self.mmax = mmax
  }

  // MARK: - Values

  /// f_p of every scalar field.
  public func values<T: LaneScalar>(_ a: CoefficientStack<T>) -> [T] {
    precondition(spin == 0, "scalar coefficients for spin \(spin)")
    return sums(Self.pair(a), derivatives: false).values.map { T($0.real) }
  }

  /// Q_p and U_p of every field of the spin.
  public func values<T: LaneScalar>(_ a: SpinCoefficients<T>) -> (q: [T], u: [T]) {
    let values = sums(a.converted(), derivatives: false).values
    return (values.map { T($0.real) }, values.map { T($0.imaginary) })
  }

  // MARK: - Gradients

  /// ā, θ̄ and φ̄ of scalar fields from f̄, `[point][lane]`.
  public func gradient<T: LaneScalar>(
    _ a: CoefficientStack<T>, values df: [T]
  ) -> (coefficients: CoefficientStack<T>, theta: [T], phi: [T]) {
    precondition(spin == 0, "scalar coefficients for spin \(spin)")
    let result = gradient(Self.pair(a), df.map { Complex(Double($0), 0) })
    // A scalar field is Q of E = −a.
    let coefficients = CoefficientStack(
      lmax: a.lmax, mmax: a.mmax, lanes: a.lanes,
      values: result.coefficients.e.values.map { T(-$0) })
    return (coefficients, result.theta.map { T($0) }, result.phi.map { T($0) })
  }

  /// Ē, B̄, θ̄ and φ̄ of fields of the spin from Q̄ and Ū, `[point][lane]`.
  public func gradient<T: LaneScalar>(
    _ a: SpinCoefficients<T>, q dq: [T], u du: [T]
  ) -> (coefficients: SpinCoefficients<T>, theta: [T], phi: [T]) {
    let result = gradient(
      a.converted(), zip(dq, du).map { Complex(Double($0), Double($1)) })
    return (
      result.coefficients.converted(), result.theta.map { T($0) }, result.phi.map { T($0) }
    )
  }

  // MARK: - Sums

  /// A scalar field as the real part Q of spin 0: E = −a, B = 0.
  private static func pair<T: LaneScalar>(
    _ a: CoefficientStack<T>
  ) -> SpinCoefficients<Double> {
    let e = CoefficientStack(
      lmax: a.lmax, mmax: a.mmax, lanes: a.lanes, values: a.values.map { -Double($0) })
    return SpinCoefficients(
      e: e, b: CoefficientStack(lmax: a.lmax, mmax: a.mmax, lanes: a.lanes))
  }

  /// (Q + iU)_p and, if asked for, its derivatives by θ and φ.
  private func sums(
    _ a: SpinCoefficients<Double>, derivatives: Bool
  ) -> (values: Values, byTheta: Values, byPhi: Values) {
    precondition(a.e.lmax == lmax && a.e.mmax == mmax, "lmax \(a.e.lmax), mmax \(a.e.mmax) differ")
    let lanes = a.e.lanes
    let none = Values(repeating: 0, count: directions.count * lanes)
    var (values, byTheta, byPhi) = (none, none, none)
    forEachOrder { m, columns in
      for (p, direction) in directions.enumerated() {
        let lambda = columns.values(direction.theta)
        let slopes = derivatives ? columns.derivatives(direction.theta) : []
        let wave = Self.wave(m, direction.phi)
        for lane in 0..<lanes {
          var (sum, slope) = (Complex<Double>(0), Complex<Double>(0))
          for k in lambda.indices {
            let c = Self.coefficient(a, columns.firstDegree + k, m, lane)
            sum += c.multiplied(by: lambda[k])
            if derivatives { slope += c.multiplied(by: slopes[k]) }
          }
          values[p * lanes + lane] += sum * wave
          byTheta[p * lanes + lane] += slope * wave
          byPhi[p * lanes + lane] += .i * (sum * wave).multiplied(by: Double(m))
        }
      }
    }
    return (values, byTheta, byPhi)
  }

  /// The gradient of a loss with ∂L/∂Q + i ∂L/∂U = P̄.
  ///
  /// With c_lm = −(E_lm + i B_lm) for m of either sign, dL = Re Σ c̄*_lm dc_lm with
  /// c̄_lm = Σ_p P̄_p ₛY*_lm(p); and since c_{l,−m} = −(−1)^m (E*_lm + i B*_lm),
  /// Ē_lm = −[c̄_lm + (−1)^m c̄*_{l,−m}], B̄_lm = i [c̄_lm − (−1)^m c̄*_{l,−m}] for m > 0.
  private func gradient(
    _ a: SpinCoefficients<Double>, _ dp: Values
  ) -> (coefficients: SpinCoefficients<Double>, theta: [Double], phi: [Double]) {
    let lanes = a.e.lanes
    precondition(
      dp.count == directions.count * lanes,
      "\(dp.count) gradients for \(directions.count) points and \(lanes) lanes")
    var da = SpinCoefficients<Double>(lmax: lmax, mmax: mmax, lanes: lanes)
    forEachOrder { m, columns in
      for (p, direction) in directions.enumerated() {
        let lambda = columns.values(direction.theta)
        let wave = Self.wave(-m, direction.phi)
        for lane in 0..<lanes {
          let turned = dp[p * lanes + lane] * wave
          for k in lambda.indices {
            let l = columns.firstDegree + k
            let term = turned.multiplied(by: lambda[k])
            let mirrored = term.conjugate.multiplied(by: m.isMultiple(of: 2) ? 1 : -1)
            da.e[l, abs(m), lane] -= m < 0 ? mirrored : term
            da.b[l, abs(m), lane] += .i * (m < 0 ? -mirrored : term)
          }
        }
      }
    }
    for stack in [\SpinCoefficients<Double>.e, \.b] {
      for l in 0...lmax {
        for lane in 0..<lanes { da[keyPath: stack][l, 0, lane].imaginary = 0 }
      }
    }
    let slopes = sums(a, derivatives: true)
    func inner(_ slopes: Values) -> [Double] {
      directions.indices.map { p in
        (p * lanes..<(p + 1) * lanes).reduce(0) { $0 + (dp[$1].conjugate * slopes[$1]).real }
      }
    }
    return (da, inner(slopes.byTheta), inner(slopes.byPhi))
  }

  /// All orders −mmax...mmax that have degrees.
  private func forEachOrder(_ body: (_ m: Int, _ columns: SpinColumns) -> Void) {
    guard spin <= lmax else { return }
    for m in -mmax...mmax { body(m, SpinColumns(m: m, spin: spin, lmax: lmax)) }
  }

  private static func wave(_ m: Int, _ phi: Double) -> Complex<Double> {
    Complex(cos(Double(m) * phi), sin(Double(m) * phi))
  }

  /// c_lm = −(E_lm + i B_lm) for m of either sign; imaginary parts of m = 0 do not enter.
  private static func coefficient(
    _ a: SpinCoefficients<Double>, _ l: Int, _ m: Int, _ lane: Int
  ) -> Complex<Double> {
    let (e, b) = (a.e[l, abs(m), lane], a.b[l, abs(m), lane])
    if m == 0 { return Complex(-e.real, -b.real) }
    if m > 0 { return -(e + .i * b) }
    return (e.conjugate + .i * b.conjugate).multiplied(by: m.isMultiple(of: 2) ? -1 : 1)
  }
}

extension SpinCoefficients {
  /// The same numbers in another type.
  fileprivate func converted<U: LaneScalar>() -> SpinCoefficients<U> {
    func stack(_ a: CoefficientStack<T>) -> CoefficientStack<U> {
      CoefficientStack(
        lmax: a.lmax, mmax: a.mmax, lanes: a.lanes, values: a.values.map { U(Double($0)) })
    }
    return SpinCoefficients<U>(e: stack(e), b: stack(b))
  }
}

import Foundation
import HarmonicTransforms
import SphereGrids
import Verification

/// Spin-2 transforms.
let spinClaims: [Claim] = [
  Claim(
    "spin.definition", .transforms, "Q and U are the complex series over all orders",
    equation: "(Q + iU)_p = −Σ (E_lm + i B_lm) ₂Y_lm(p)",
    bound: Bound("8 √(2 (lmax + 1)²) u", "relative L2"),
    control: "the other sign of U",
    tests: ["SpinDefinitionTests", "SpinSingleModeTests"],
    blindTo: "errors of the Wigner functions, which both share"
  ) {
    let (grid, lmax) = (try HealpixGrid(nside: 4), 11)
    let a = randomSpinCoefficients(lmax: lmax, seed: 11)
    let slow = DirectSpinTransform(grid: grid, lmax: lmax).synthesis(a)
    let fast = SpinTransform<Double>(grid: grid, lmax: lmax).synthesis(a)
    let flipped = fast.flippingU
    return ClaimMeasurement(
      relativeError(fast.q.values + fast.u.values, slow.q.values + slow.u.values),
      control: relativeError(flipped.q.values + flipped.u.values, slow.q.values + slow.u.values),
      sizes: ["lmax": Double(lmax)])
  },
  Claim(
    "spin.oracle", .transforms, "Spin 1, 2, 3, 5 and 8 on rings are ducc0's",
    equation: "(Q + iU)_p = −Σ (E_lm + i B_lm) ₛY_lm(p)",
    bound: Bound("8 (lmax + 1) u", "relative L2, lmax of the largest"),
    control: "E and B exchanged", tests: ["SpinOracleTests"],
    blindTo: "conventions that both share (single modes in closed form see them)"
  ) { try spinOracle() },
  Claim(
    "spin.round-trip", .transforms, "E and B come back from Q and U",
    equation: "A S (E, B) = (E, B)",
    bound: Bound("2 (lmax + 8) u", "relative L2"),
    control: "grid with one ring less",
    tests: ["SpinDefinitionTests"], blindTo: "reciprocal errors of the two directions"
  ) {
    let lmax = 200
    func error(rings: Int) throws -> Double {
      let grid = GaussLegendreGrid(ringCount: rings, longitudeCount: 2 * lmax + 2)
      let transform = SpinTransform<Double>(grid: grid, lmax: lmax)
      let a = randomSpinCoefficients(lmax: lmax, seed: 12)
      let back = try transform.analysis(transform.synthesis(a), .lossy)
      return relativeError(back.e.values + back.b.values, a.e.values + a.b.values)
    }
    return ClaimMeasurement(
      try error(rings: lmax + 1), control: try error(rings: lmax), sizes: ["lmax": Double(lmax)])
  },
  Claim(
    "spin.transpose", .transforms, "The gradient of spin-2 synthesis is its transpose",
    equation: "⟨S a, f⟩ = ⟨a, Sᵀ f⟩ over the stored numbers",
    bound: transposeBound(of: "‖Sa‖‖f‖"),
    control: "the adjoint of the full sphere",
    tests: ["SpinAdjointTests"], blindTo: "errors of the Wigner functions, which both share"
  ) {
    let grid = try HealpixGrid(nside: 4)
    let transform = SpinTransform<Double>(grid: grid, lmax: 11)
    let a = randomSpinCoefficients(lmax: 11, seed: 13)
    let f = SpinFields(q: randomField(grid, seed: 14), u: randomField(grid, seed: 15))
    let image = transform.synthesis(a)
    func check(_ transposed: SpinCoefficients<Double>) -> AdjointCheck {
      AdjointCheck(
        image: image.q.values + image.u.values, y: f.q.values + f.u.values,
        x: a.e.values + a.b.values, transposed: transposed.e.values + transposed.b.values,
        terms: 2 * grid.pointCount)
    }
    let found = check(transform.synthesisGradient(f))
    return ClaimMeasurement(found, control: check(try transform.adjointSynthesis(f)))
  },
  Claim(
    "spin.least-squares", .transforms, "Least squares gives E and B back on HEALPix",
    equation: "(E, B) = argmin ‖(Q, U) − S (E, B)‖",
    bound: Bound(
      "7 · 2 (lmax + 8) u", "relative L2, nside 16, 7 for the condition √46 of the synthesis"),
    control: "quadrature", tests: ["SpinLeastSquaresTests"], blindTo: "power above lmax"
  ) {
    let (grid, lmax) = (try HealpixGrid(nside: 16), 47)
    let transform = SpinTransform<Double>(grid: grid, lmax: lmax)
    let fit = try SpinLeastSquaresAnalysis<Double>(grid: grid, lmax: lmax)
    let a = randomSpinCoefficients(lmax: lmax, seed: 16)
    let f = transform.synthesis(a)
    func error(_ found: SpinCoefficients<Double>) -> Double {
      relativeError(found.e.values + found.b.values, a.e.values + a.b.values)
    }
    return ClaimMeasurement(
      error(try fit.analysis(f)),
      control: error(try transform.analysis(f, .lossy)),
      sizes: ["lmax": Double(lmax)])
  },
]

/// E and B with normal parts, zero below l = `spin`.
func randomSpinCoefficients(
  lmax: Int, spin: Int = 2, seed: UInt64
) -> SpinCoefficients<Double> {
  func part(_ seed: UInt64) -> CoefficientStack<Double> {
    var a = randomCoefficients(lmax: lmax, seed: seed)
    a.forEachCoefficient { l, _, first in
      if l < spin { (a.values[first], a.values[first + 1]) = (0, 0) }
    }
    return a
  }
  return SpinCoefficients(e: part(2 * seed), b: part(2 * seed + 1))
}

/// Recorded synthesis of ducc0, worst case; control: E and B exchanged, best case.
private func spinOracle() throws -> ClaimMeasurement {
  let fixture = try Recorded("transforms/spin_gauss_legendre.safetensors")
  var errors: [Double] = []
  var controls: [Double] = []
  var lmax = 0
  for name in try fixture.cases(atLeast: 5) {
    let sizes = Sizes(name)
    let grid = GaussLegendreGrid(ringCount: sizes.rings, longitudeCount: sizes.longitudes)
    let values = try fixture.doubles(name + ".coefficients")
    func stack(_ part: ArraySlice<Double>) -> CoefficientStack<Double> {
      CoefficientStack(lmax: sizes.lmax, mmax: sizes.mmax, lanes: 1, values: Array(part))
    }
    let e = stack(values[..<(values.count / 2)])
    let b = stack(values[(values.count / 2)...])
    let transform = SpinTransform<Double>(
      grid: grid, spin: sizes.spin, lmax: sizes.lmax, mmax: sizes.mmax)
    let reference = try fixture.doubles(name + ".synthesis")
    func error(_ a: SpinCoefficients<Double>) -> Double {
      let f = transform.synthesis(a)
      return relativeError(f.q.values + f.u.values, reference)
    }
    errors.append(error(SpinCoefficients(e: e, b: b)))
    controls.append(error(SpinCoefficients(e: b, b: e)))
    lmax = max(lmax, sizes.lmax)
  }
  return ClaimMeasurement(
    worst(errors), control: least(controls), sizes: ["lmax": Double(lmax)])
}

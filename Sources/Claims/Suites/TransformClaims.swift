import Foundation
import FourierTransforms
import HarmonicTransforms
import SphereGrids
import Verification

/// Scalar transforms, analysis, rotation.
let transformClaims: [Claim] = [
  Claim(
    "scalar.definition", .transforms, "Synthesis is the series at the points, rings of any length",
    equation: "f_p = Σ_lm a_lm Y_lm(p)",
    bound: Bound("8 √((lmax + 1)²) u", "relative L2, HEALPix nside 4"),
    control: "conjugated coefficients",
    tests: ["TransformDefinitionTests", "SingleModeTests", "LaneIsolationTests"],
    blindTo: "errors of λ_lm, which both share"
  ) {
    let (grid, lmax) = (try HealpixGrid(nside: 4), 11)
    let a = randomCoefficients(lmax: lmax, seed: 1)
    let slow = DirectTransform(grid: grid, lmax: lmax).synthesis(a).values
    let fast = ScalarTransform<Double>(grid: grid, lmax: lmax)
    return ClaimMeasurement(
      relativeError(fast.synthesis(a).values, slow),
      control: relativeError(fast.synthesis(conjugated(a)).values, slow),
      sizes: ["lmax": Double(lmax)])
  },
  Claim(
    "scalar.oracle", .transforms,
    "Synthesis on Gauss-Legendre rings is ducc0's, all recorded sizes",
    equation: "f_p = Σ_lm a_lm Y_lm(p)",
    bound: Bound("8 (lmax + 1) u", "relative L2, lmax of the largest"),
    control: "conjugated coefficients", tests: ["TransformOracleTests"],
    blindTo: "conventions that both share (single modes in closed form see them)"
  ) { try scalarOracle("transforms/gauss_legendre.safetensors") },
  Claim(
    "scalar.round-trip", .transforms, "Quadrature inverts synthesis where the grid carries lmax",
    equation: "A S a = a", bound: Bound("2 (lmax + 8) u", "relative L2"),
    control: "grid with one ring less",
    tests: ["TransformDefinitionTests", "GridExactnessTests"],
    blindTo: "reciprocal errors of the two directions"
  ) {
    try roundTrip(Double.self, lmax: 200)
  },
  Claim(
    "scalar.round-trip.float", .transforms, "The same in Float", equation: "A S a = a",
    bound: Bound("4 √lmax u₃₂", "relative L2"),
    control: "grid with one ring less",
    tests: ["TransformDefinitionTests"], blindTo: "reciprocal errors of the two directions"
  ) {
    // Tables are rounded once and sums are random walks of about lmax terms: RMS √lmax u of each
    // number.
    try roundTrip(Float.self, lmax: 200)
  },
  Claim(
    "scalar.parseval", .transforms, "The power of a field is that of its coefficients",
    equation: "Σ_p w_p f_p² = Σ_l (2l + 1) C_l",
    bound: Bound("8 √((lmax + 1)²) u", "relative"),
    control: "orders m > 0 counted once", tests: ["TransformDefinitionTests", "BandPowerTests"],
    blindTo: "phases"
  ) {
    let lmax = 47
    let grid = GaussLegendreGrid(lmax: lmax)
    let a = randomCoefficients(lmax: lmax, seed: 3)
    let f = ScalarTransform<Double>(grid: grid, lmax: lmax).synthesis(a).values
    let field = grid.rings.reduce(0.0) { sum, ring in
      sum + ring.weight * f[ring.start..<ring.start + ring.count].reduce(0) { $0 + $1 * $1 }
    }
    let power = a.spectra()[0].enumerated().reduce(0.0) { $0 + Double(2 * $1.0 + 1) * $1.1 }
    let stored = a.values.reduce(0) { $0 + $1 * $1 }
    return ClaimMeasurement(
      abs(field / power - 1), control: abs(field / stored - 1), sizes: ["lmax": Double(lmax)])
  },
  Claim(
    "scalar.transpose", .transforms, "The gradient of synthesis is its transpose",
    equation: "z̄_lm = (2 − δ_m0) Σ_p f̄_p Y*_lm(p)",
    bound: transposeBound(of: "‖Sa‖‖f‖"),
    control: "without the factor 2 for m > 0",
    tests: ["ScalarAdjointTests", "NetworkGradientTests"],
    blindTo: "errors of λ_lm, which both share"
  ) {
    let grid = try HealpixGrid(nside: 8)
    let transform = ScalarTransform<Double>(grid: grid, lmax: 20)
    let a = randomCoefficients(lmax: 20, seed: 4)
    let f = randomField(grid, seed: 5)
    func check(_ transposed: CoefficientStack<Double>) -> AdjointCheck {
      AdjointCheck(
        image: transform.synthesis(a).values, y: f.values, x: a.values,
        transposed: transposed.values, terms: grid.pointCount)
    }
    let found = check(transform.synthesisGradient(f))
    return ClaimMeasurement(found, control: check(try transform.adjointSynthesis(f)))
  },
  Claim(
    "scalar.analysis-transpose", .transforms, "The gradient of analysis is its transpose",
    equation: "f̄_p = w_p Σ_{m ≥ 0} Re(z̄_lm Y_lm(p))", bound: transposeBound(of: "‖Af‖‖z‖"),
    control: "synthesis", tests: ["ScalarAdjointTests"], blindTo: "errors that both share"
  ) {
    let grid = ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64)
    let transform = ScalarTransform<Double>(grid: grid, lmax: 20)
    let a = randomCoefficients(lmax: 20, seed: 6)
    let f = randomField(grid, seed: 7)
    let analysed = try transform.analysis(f, .lossy).values
    func check(_ transposed: FieldStack<Double>) -> AdjointCheck {
      AdjointCheck(
        image: analysed, y: a.values, x: f.values, transposed: transposed.values,
        terms: grid.pointCount)
    }
    let found = check(transform.analysisGradient(a))
    return ClaimMeasurement(found, control: check(transform.synthesis(a)))
  },
  Claim(
    "scalar.least-squares", .transforms, "Least squares gives back what HEALPix can hold",
    equation: "a = argmin ‖f − S a‖",
    bound: Bound(
      "7 · 2 (lmax + 8) u", "relative L2, nside 16, 7 for the condition √46 of the synthesis"),
    control: "quadrature", tests: ["LeastSquaresDefinitionTests", "LeastSquaresPropertyTests"],
    blindTo: "power above lmax"
  ) {
    let (grid, lmax) = (try HealpixGrid(nside: 16), 47)
    let fit = try LeastSquaresAnalysis<Double>(grid: grid, lmax: lmax)
    let a = randomCoefficients(lmax: lmax, seed: 8)
    let f = fit.transform.synthesis(a)
    return ClaimMeasurement(
      relativeError(try fit.analysis(f).values, a.values),
      control: relativeError(try fit.transform.analysis(f, .lossy).values, a.values),
      sizes: ["lmax": Double(lmax)])
  },
  Claim(
    "scalar.equiangular", .transforms,
    "Equiangular rings with poles carry lmax = rings − 2: 73 x 144 at lmax 71",
    equation: "a_lm = ∫ (I f) Y*_lm, I along great circles",
    bound: Bound("2 (lmax + 8) u", "relative L2"),
    control: "quadrature on the same grid",
    tests: [
      "EquiangularAnalysisPropertyTests", "EquiangularAnalysisDefinitionTests",
      "EquiangularAnalysisOracleTests",
    ],
    blindTo: "fields that are not band-limited"
  ) {
    let lmax = 71
    let grid = ClenshawCurtisGrid(ringCount: lmax + 2, longitudeCount: 2 * lmax + 2)
    let transform = ScalarTransform<Double>(grid: grid, lmax: lmax)
    let a = randomCoefficients(lmax: lmax, seed: 10)
    let f = transform.synthesis(a)
    let analysis = try EquiangularAnalysis<Double>(grid: grid, lmax: lmax)
    return ClaimMeasurement(
      relativeError(try analysis.analysis(f).values, a.values),
      control: relativeError(try transform.analysis(f, .lossy).values, a.values),
      sizes: ["lmax": Double(lmax)])
  },
  Claim(
    "rotation", .transforms, "Rotated coefficients are those of the rotated field",
    equation: "f'(R n) = f(n), a'_lm = Σ D^l_mm' a_lm'",
    bound: Bound("8 √((lmax + 1)²) u + (lmax + 5) u", of: "max |f|"),
    control: "the inverse rotation",
    tests: ["WignerRotationPropertyTests", "WignerRotationFixtureTests", "RotationPropertyTests"],
    blindTo: "degrees above 20"
  ) {
    let lmax = 20
    let r = Rotation(alpha: 0.7, beta: 1.1, gamma: -2.3)
    let a = randomCoefficients(lmax: lmax, seed: 9)
    let points = GaussLegendreGrid(lmax: 3).directions
    let before = points.map { series(a, at: $0) }
    func error(_ rotated: CoefficientStack<Double>) -> Double {
      let after = points.map { series(rotated, at: r.applied(to: $0)) }
      return Comparison(after, with: before).relativeMaximum
    }
    return ClaimMeasurement(
      error(a.rotated(by: r)),
      control: error(a.rotated(by: r.inverse)), sizes: ["lmax": Double(lmax)])
  },
]

// MARK: - Random data

/// Normal real and imaginary parts, order 0 real.
func randomCoefficients(
  lmax: Int, mmax: Int? = nil, lanes: Int = 1, seed: UInt64
) -> CoefficientStack<Double> {
  var numbers = TestNumbers(seed: seed)
  var a = CoefficientStack<Double>(lmax: lmax, mmax: mmax, lanes: lanes)
  for i in a.values.indices { a.values[i] = numbers.normal() }
  a.clearImaginaryOfOrderZero()
  return a
}

/// Normal values at every point.
func randomField(_ grid: any RingGrid, seed: UInt64) -> FieldStack<Double> {
  var numbers = TestNumbers(seed: seed)
  return FieldStack(grid: grid, lanes: 1, values: numbers.normals(grid.pointCount))
}

/// a*_lm.
func conjugated(_ a: CoefficientStack<Double>) -> CoefficientStack<Double> {
  var a = a
  a.forEachCoefficient { _, _, first in
    for lane in 0..<a.lanes { a.values[first + a.lanes + lane].negate() }
  }
  return a
}

/// Σ a_lm Y_lm at one direction.
private func series(_ a: CoefficientStack<Double>, at direction: Direction) -> Double {
  let ring = Ring(
    theta: direction.theta, cosTheta: cos(direction.theta), sinTheta: sin(direction.theta),
    phi0: direction.phi, count: 1, start: 0, weight: 4 * .pi)
  return DirectTransform(grid: SingleRing(ring: ring), lmax: a.lmax).synthesis(a).values[0]
}

/// One ring as a grid.
private struct SingleRing: RingGrid {
  let ring: Ring
  var rings: [Ring] { [ring] }
  var pointCount: Int { ring.count }
  var exactDegree: Int { 0 }
  var exactAnalysisDegree: Int { 0 }
  var name: String { "one ring" }
}

/// A S a against a, and the same on a grid that is too small.
private func roundTrip<T: FourierScalar>(
  _ type: T.Type, lmax: Int
) throws -> ClaimMeasurement {
  func error(rings: Int) throws -> Double {
    let grid = GaussLegendreGrid(ringCount: rings, longitudeCount: 2 * lmax + 2)
    let transform = ScalarTransform<T>(grid: grid, lmax: lmax)
    let a = randomCoefficients(lmax: lmax, seed: 2)
    let single = CoefficientStack<T>(
      lmax: lmax, mmax: lmax, lanes: 1, values: a.values.map { T($0) })
    let back = try transform.analysis(transform.synthesis(single), .lossy)
    return relativeError(back.values, single.values)
  }
  return ClaimMeasurement(
    try error(rings: lmax + 1), control: try error(rings: lmax), sizes: ["lmax": Double(lmax)])
}

/// Recorded synthesis of ducc0, worst case; control: conjugated coefficients, best case.
private func scalarOracle(_ name: String) throws -> ClaimMeasurement {
  let fixture = try Recorded(name)
  var errors: [Double] = []
  var controls: [Double] = []
  var lmax = 0
  for name in try fixture.cases(atLeast: 8) {
    let sizes = Sizes(name)
    let grid = GaussLegendreGrid(ringCount: sizes.rings, longitudeCount: sizes.longitudes)
    let a = CoefficientStack(
      lmax: sizes.lmax, mmax: sizes.mmax, lanes: 1,
      values: try fixture.doubles(name + ".coefficients"))
    let transform = ScalarTransform<Double>(grid: grid, lmax: sizes.lmax, mmax: sizes.mmax)
    let reference = try fixture.doubles(name + ".synthesis")
    errors.append(relativeError(transform.synthesis(a).values, reference))
    lmax = max(lmax, sizes.lmax)
    if sizes.mmax > 0 {
      controls.append(relativeError(transform.synthesis(conjugated(a)).values, reference))
    }
  }
  return ClaimMeasurement(
    worst(errors), control: least(controls), sizes: ["lmax": Double(lmax)])
}

/// The sizes in a recorded case's name, `l7_m5_8x15` or `s2_l7_m5_8x15`.
struct Sizes {
  var lmax = 0
  var mmax = 0
  var spin = 2
  var rings = 0
  var longitudes = 0

  init(_ name: String) {
    for part in name.split(separator: "_") {
      let number = Int(part.dropFirst()) ?? 0
      switch part.first {
      case "l": lmax = number
      case "m": mmax = number
      case "s": spin = number
      default:
        let sizes = part.split(separator: "x").compactMap { Int($0) }
        if sizes.count == 2 { (rings, longitudes) = (sizes[0], sizes[1]) }
      }
    }
  }
}

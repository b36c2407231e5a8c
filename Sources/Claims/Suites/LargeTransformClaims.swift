import HarmonicTransforms
import SphereGrids
import Verification

/// Transforms at sizes that are common in practice, where they use the recurrence.
let largeTransformClaims: [Claim] = [
  Claim(
    "scalar.oracle.large", .transforms,
    "Synthesis is ducc0's at 300 points, lmax 1023, 2047 and 4095",
    equation: "f_p = Σ_lm a_lm Y_lm(p)",
    bound: Bound("4.4 u", "per degree, relative L2, where sin θ ≥ 0.1"),
    control: "the points beside them",
    tests: ["LargeTransformOracleSlowTests", "RecurrenceTransformTests"],
    blindTo: "the other points, but for their norm (LargeTransformOracleSlowTests)"
  ) {
    try largeOracle([1023, 2047, 4095], spins: [0])
  },
  Claim(
    "spin.oracle.large", .transforms,
    "Spin synthesis is ducc0's at 300 points, spins 1, 2, 3, lmax 1023 and 2047",
    equation: "(Q + iU)_p = −Σ_lm (E_lm + i B_lm) ₛY_lm(p)",
    bound: Bound("4.4 u", "per degree, relative L2, where sin θ ≥ 0.1"),
    control: "the points beside them",
    tests: ["LargeTransformOracleSlowTests", "SpinRecurrenceTests"],
    blindTo: "the other points, but for their norm (LargeTransformOracleSlowTests)"
  ) {
    try largeOracle([1023, 2047], spins: [1, 2, 3])
  },
  Claim(
    "scalar.transpose.large", .transforms,
    "The gradient of synthesis is its transpose at lmax 1023",
    equation: "⟨S a, f⟩ = ⟨a, Sᵀ f⟩", bound: transposeBound(of: "‖Sa‖‖f‖"),
    control: "orders m > 0 counted once", tests: ["ScalarAdjointTests"],
    blindTo: "errors that synthesis and its gradient share"
  ) {
    let grid = GaussLegendreGrid(lmax: 1023)
    let transform = ScalarTransform<Double>(grid: grid, lmax: 1023)
    let a = randomCoefficients(lmax: 1023, seed: 21)
    let f = randomField(grid, seed: 22)
    let image = transform.synthesis(a)
    func check(_ transposed: CoefficientStack<Double>) -> AdjointCheck {
      AdjointCheck(
        image: image.values, y: f.values, x: a.values, transposed: transposed.values,
        terms: grid.pointCount)
    }
    let found = check(transform.synthesisGradient(f))
    return ClaimMeasurement(found, control: check(try transform.adjointSynthesis(f)))
  },
]

/// Recorded synthesis of ducc0, worst error per degree; control: the points beside those that are
/// recorded, best case.
private func largeOracle(_ sizes: [Int], spins: [Int]) throws -> ClaimMeasurement {
  var errors: [Double] = []
  var controls: [Double] = []
  for lmax in sizes {
    let fixture = try Recorded("transforms/large_\(lmax).safetensors")
    let points = try fixture.integers("points")
    let grid = GaussLegendreGrid(ringCount: lmax + 1, longitudeCount: 2 * lmax + 2)
    let scalar = ScalarTransform<Double>(grid: grid, lmax: lmax)
    for spin in spins {
      let fields: [FieldStack<Double>]
      if spin == 0 {
        let a = recordedCoefficients(lmax: lmax, spin: 0, stream: 1)
        fields = [scalar.synthesis(a, threads: 2)]
      } else {
        let a = SpinCoefficients(
          e: recordedCoefficients(lmax: lmax, spin: spin, stream: 2),
          b: recordedCoefficients(lmax: lmax, spin: spin, stream: 3))
        let f = SpinTransform(scalar, spin: spin).synthesis(a, threads: 2)
        fields = [f.q, f.u]
      }
      let reference = try fixture.doubles("s\(spin).synthesis")
      func error(beside shift: Int) -> Double {
        let found = fields.flatMap { f in
          points.map { f.values[($0 + shift) % f.values.count] }
        }
        return relativeError(found, reference) / Double(lmax)
      }
      errors.append(error(beside: 0))
      controls.append(error(beside: 1))
    }
  }
  return ClaimMeasurement(worst(errors), control: least(controls))
}

/// The coefficients of a recorded transform: order 0 real, zero below the spin.
private func recordedCoefficients(
  lmax: Int, spin: Int, stream: Int
) -> CoefficientStack<Double> {
  var a = CoefficientStack<Double>(lmax: lmax)
  a.forEachCoefficient { l, m, first in
    guard l >= spin else { return }
    a.values[first] = recordedNoise(first, stream: stream)
    a.values[first + 1] = m == 0 ? 0 : recordedNoise(first + 1, stream: stream)
  }
  return a
}

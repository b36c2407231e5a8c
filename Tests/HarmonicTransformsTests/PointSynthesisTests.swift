import Foundation
import HarmonicTransforms
import Kernels
import Numerics
import SphereGrids
import Testing
import Verification

/// Fields at single points: against the rings of a grid, against differences, at the poles.
@Suite("Fields at points")
struct PointSynthesisTests {
  private static func directions(_ grid: any RingGrid) -> [Direction] {
    grid.rings.flatMap { ring in
      (0..<ring.count).map {
        Direction(
          theta: ring.theta, phi: ring.phi0 + 2 * .pi * Double($0) / Double(ring.count))
      }
    }
  }

  /// At the points of a grid the values are those of the transform, the gradients towards
  /// coefficients its transpose; the bound is that of a transform.
  @Test("Points of a grid", arguments: [0, 1, 2, 3], [9, 4])
  func grid(spin: Int, mmax: Int) throws {
    let grid = try HealpixGrid(nside: 3)
    let c = SpinCase(TransformCase(grid, lmax: 9, mmax: mmax, lanes: 2), spin: max(spin, 1))
    let points = PointSynthesis(at: Self.directions(grid), spin: spin, lmax: 9, mmax: mmax)
    let bound = 4 * (Double(grid.pointCount).squareRoot() + 9) * RoundingBound.unitRoundoff()
    if spin == 0 {
      let transform = ScalarTransform<Double>(grid: grid, lmax: 9, mmax: mmax)
      let a: CoefficientStack<Double> = c.base.coefficients(seed: 3)
      let f: FieldStack<Double> = c.base.field(seed: 4)
      #expect(relativeError(points.values(a), transform.synthesis(a).values) <= bound)
      let gradient = points.gradient(a, values: f.values)
      #expect(
        relativeError(gradient.coefficients.values, transform.synthesisGradient(f).values) <= bound)
    } else {
      let transform: SpinTransform<Double> = c.transform()
      let a: SpinCoefficients<Double> = c.coefficients(seed: 3)
      let f: SpinFields<Double> = c.fields(seed: 4)
      let (values, expected) = (points.values(a), transform.synthesis(a))
      #expect(relativeError(values.q, expected.q.values) <= bound)
      #expect(relativeError(values.u, expected.u.values) <= bound)
      let gradient = points.gradient(a, q: f.q.values, u: f.u.values).coefficients
      let right = transform.synthesisGradient(f)
      #expect(relativeError(gradient.e.values, right.e.values) <= bound)
      #expect(relativeError(gradient.b.values, right.b.values) <= bound)
      // The control: B with the other sign.
      #expect(relativeError(gradient.b.values.map { -$0 }, right.b.values) > 1)
    }
  }

  /// The gradients towards angles are those of differences: with steps h the error is h² of the
  /// third derivative, lmax³, and u/h of rounding.
  @Test("Gradients towards the angles", arguments: [0, 1, 2, 3])
  func angles(spin: Int) {
    let lmax = 6
    let directions = [(0.4, 0.3), (1.5, 2.0), (2.9, 5.5), (0.05, 1.0)].map {
      Direction(theta: $0.0, phi: $0.1)
    }
    let c = SpinCase(
      TransformCase(GaussLegendreGrid(lmax: lmax), lmax: lmax, lanes: 1), spin: max(spin, 1))
    let a: SpinCoefficients<Double> = c.coefficients(seed: 8)
    func values(_ directions: [Direction]) -> [Complex<Double>] {
      let points = PointSynthesis(at: directions, spin: spin, lmax: lmax)
      guard spin > 0 else { return points.values(a.e).map { Complex($0, 0) } }
      let (q, u) = points.values(a)
      return zip(q, u).map { Complex($0, $1) }
    }
    let weights = [Complex(1, -0.5), Complex(0.3, 2), Complex(-1, 1), Complex(0.7, 0.2)]
    let h = 1e-4
    func moved(_ theta: Double, _ phi: Double) -> [Complex<Double>] {
      values(directions.map { Direction(theta: $0.theta + theta, phi: $0.phi + phi) })
    }
    func slopes(_ theta: Double, _ phi: Double) -> [Double] {
      zip(zip(moved(theta, phi), moved(-theta, -phi)), weights).map { pair, weight in
        (weight.conjugate * (pair.0 - pair.1)).real / (2 * h)
      }
    }
    let points = PointSynthesis(at: directions, spin: spin, lmax: lmax)
    let found: (theta: [Double], phi: [Double])
    if spin == 0 {
      let result = points.gradient(a.e, values: weights.map(\.real))
      found = (result.theta, result.phi)
    } else {
      let result = points.gradient(a, q: weights.map(\.real), u: weights.map(\.imaginary))
      found = (result.theta, result.phi)
    }
    let bound = 1e-5
    #expect(relativeError(found.theta, slopes(h, 0)) <= bound)
    #expect(relativeError(found.phi, slopes(0, h)) <= bound)
    #expect(relativeError(found.theta, slopes(0, h)) > 0.1)
  }

  /// At both poles ∂f/∂θ along a meridian is the slope of the great circle through the pole, from
  /// both of its sides; and (1/sin θ) ∂f/∂φ is the same on the meridian a quarter turn to the east.
  /// The difference has an error of h²/6 times the third derivative, at most lmax³ of the field.
  @Test("Gradients at the poles")
  func poles() {
    let lmax = 5
    let c = TransformCase(GaussLegendreGrid(lmax: lmax), lmax: lmax, lanes: 1)
    let a: CoefficientStack<Double> = c.coefficients(seed: 5)
    let h = 1e-4
    for (pole, inward) in [(0.0, h), (Double.pi, -h)] {
      let phi = 0.7
      let near = PointSynthesis(
        at: [
          Direction(theta: pole + inward, phi: phi),
          Direction(theta: pole + inward, phi: phi + .pi),
        ], lmax: lmax
      ).values(a)
      let slope = (near[0] - near[1]) / (2 * inward)
      let found = PointSynthesis(at: [Direction(theta: pole, phi: phi)], lmax: lmax)
        .gradient(a, values: [1.0])
      #expect(abs(found.theta[0] - slope) <= 1e-6, "\(found.theta[0]), \(slope)")
      #expect(abs(slope) > 0.01 && abs(found.phi[0]) <= 1e-14)
    }
  }

  /// The gradient on rings is that at their points: ∂f/∂θ, and ∂f/∂φ over sin θ.
  @Test("Gradients on rings")
  func gradientTransform() throws {
    let grid = try HealpixGrid(nside: 2)
    let c = TransformCase(grid, lmax: 5, lanes: 1)
    let a: CoefficientStack<Double> = c.coefficients(seed: 6)
    let transform = GradientTransform<Double>(grid: grid, lmax: 5)
    let field = transform.synthesis(a)
    let directions = Self.directions(grid)
    for (p, direction) in directions.enumerated() {
      let single = PointSynthesis(at: [direction], lmax: 5).gradient(a, values: [1.0])
      #expect(abs(field.q.values[p] - single.theta[0]) <= 1e-13)
      #expect(abs(field.u.values[p] - single.phi[0] / sin(direction.theta)) <= 1e-12)
    }
    // The transpose.
    let df = SpinFields<Double>(q: c.field(seed: 7), u: c.field(seed: 8))
    let check = AdjointCheck(
      image: field.q.values + field.u.values, y: df.q.values + df.u.values, x: a.values,
      transposed: transform.synthesisGradient(df).values, terms: grid.pointCount)
    #expect(check.mismatch <= check.roundingBound, "\(check)")
  }
}

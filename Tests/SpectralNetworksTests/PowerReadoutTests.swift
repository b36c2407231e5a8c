import Foundation
import HarmonicTransforms
import Kernels
import SphereGrids
import Testing
import Verification

@testable import SpectralNetworks

/// Powers from coefficients and from fields, and their gradients.
@Suite("Power readout")
struct PowerReadoutTests {
  static let (lmax, lanes) = (6, 3)

  static func coefficients(seed: UInt64) -> CoefficientStack<Double> {
    var numbers = TestNumbers(seed: seed)
    var a = CoefficientStack<Double>(lmax: lmax, lanes: lanes)
    for i in a.values.indices { a.values[i] = numbers.normal() }
    return a
  }

  /// The powers, through padded memory as in a network; NaN where no lane is.
  static func powers(_ a: CoefficientStack<Double>, threads: Int = 1) -> [Double] {
    let stride = paddedLaneStride(a.lanes, of: Double.self)
    return PowerReadout<Double>(lmax: a.lmax, mmax: a.mmax).forward(
      padded(a, stride), laneStride: stride, lanes: a.lanes, threads: threads)
  }

  static func padded(_ a: CoefficientStack<Double>, _ stride: Int) -> AlignedBuffer<Double> {
    let rows = a.values.count / a.lanes
    let buffer = AlignedBuffer<Double>(count: rows * stride)
    for row in 0..<rows {
      for lane in 0..<stride {
        buffer[row * stride + lane] = lane < a.lanes ? a.values[row * a.lanes + lane] : .nan
      }
    }
    return buffer
  }

  static func gradient(_ dp: [Double], _ a: CoefficientStack<Double>) -> [Double] {
    let stride = paddedLaneStride(a.lanes, of: Double.self)
    let buffer = padded(a, stride)
    PowerReadout<Double>(lmax: a.lmax, mmax: a.mmax)
      .backward(dp, buffer, laneStride: stride, threads: 2)
    return (0..<a.values.count / a.lanes).flatMap { buffer.rows($0, stride, a.lanes) }
  }

  /// Padded lanes against sums over complex numbers: some hundred terms, all positive. Control:
  /// Im a_l0, which does not count.
  @Test("Powers and their gradient are the formulas", arguments: UInt64(0)..<2)
  func formulas(seed: UInt64) {
    let a = Self.coefficients(seed: seed)
    let rows = a.values.count / a.lanes
    let complex = a.values.transposed(rows: rows).complexNumbers
    let readout = PowerReadout<Double>(lmax: Self.lmax, mmax: Self.lmax)
    let bound = RoundingBound.probable(operations: 2 * rows)
    let powers = readout.forwardByDefinition(complex)
    #expect(relativeError(Self.powers(a), powers) <= bound)
    let gradient = readout.backwardByDefinition(powers, saved: complex).realPairs
    let found = Self.gradient(powers, a).transposed(rows: rows)
    #expect(relativeError(found, gradient) <= bound)
    let all = zip(found, a.values.transposed(rows: rows)).enumerated().map { i, pair in
      i % rows < 2 * (Self.lmax + 1) && i % 2 == 1 ? pair.1 : pair.0
    }
    #expect(relativeError(all, gradient) > 1000 * bound)
  }

  /// Parseval: the power of the coefficients is the area-weighted mean square of the field on a
  /// grid that is exact for degree 2 lmax. The imaginary part of m = 0 enters neither.
  /// Bound: the transform's (Docs/Tolerances.md: of the order of lmax roundings per value), squared
  /// sums of some hundred terms, all positive.
  @Test("Parseval on an exact grid", arguments: UInt64(0)..<3)
  func parseval(seed: UInt64) {
    let a = Self.coefficients(seed: seed)
    let grid = GaussLegendreGrid(lmax: Self.lmax)
    var real = a
    real.clearImaginaryOfOrderZero()
    let field = DirectTransform(grid: grid, lmax: Self.lmax).synthesis(real)
    let means = GlobalPooling(weighting: .area, squares: true).forward(field)
    let bound = RoundingBound.probable(operations: 4 * grid.pointCount) * Double(Self.lmax)
    let powers = Self.powers(a)
    #expect(relativeError(powers, means) <= bound)
    #expect(powers == Self.powers(a, threads: 3))

    // Orders m > 0 counted once; equal weights; a grid that is not exact for squares.
    var halved = a
    for i in 2 * (Self.lmax + 1) * Self.lanes..<a.values.count {
      halved.values[i] *= 0.5.squareRoot()
    }
    #expect(relativeError(Self.powers(halved), means) > 1000 * bound)
    let equal = GlobalPooling(weighting: .equal, squares: true).forward(field)
    #expect(relativeError(powers, equal) > 1000 * bound)
    let coarse = DirectTransform(
      grid: GaussLegendreGrid(ringCount: Self.lmax, longitudeCount: 2 * Self.lmax + 1),
      lmax: Self.lmax
    ).synthesis(real)
    #expect(
      relativeError(powers, GlobalPooling(weighting: .area, squares: true).forward(coarse))
        > 1000 * bound)
  }

  /// Every element, Im a_l0 included, whose gradient is zero. The function is quadratic.
  @Test("Gradient of the power")
  func powerGradient() {
    let a = Self.coefficients(seed: 4)
    var numbers = TestNumbers(seed: 5)
    let dp = numbers.normals(Self.lanes)
    func check(_ gradient: [Double]) -> GradientCheck {
      GradientCheck(
        gradient, at: a.values,
        evaluationError: RoundingBound.probable(operations: 16 * a.values.count)
      ) { (values: [Double]) in
        let stack = CoefficientStack(
          lmax: a.lmax, mmax: a.mmax, lanes: a.lanes, values: values)
        return zip(Self.powers(stack), dp).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let gradient = Self.gradient(dp, a)
    let found = check(gradient)
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    #expect(found.differencingBound < 1e-9, "the check is weak: \(found)")
    for l in 0...Self.lmax {
      for lane in 0..<Self.lanes { #expect(gradient[(2 * l + 1) * Self.lanes + lane] == 0) }
    }
    let firstOfOrder1 = 2 * (Self.lmax + 1) * Self.lanes
    let once = check(gradient.indices.map { $0 < firstOfOrder1 ? gradient[$0] : gradient[$0] / 2 })
    let sign = check(gradient.map { -$0 })
    for control in [once, sign] {
      #expect(control.relativeL2 > 1000 * control.differencingBound, "\(control)")
    }
  }

  /// Means and mean squares over a grid, with both weightings, all elements.
  @Test("Gradients of global pooling", arguments: [PointWeighting.equal, .area], [false, true])
  func pooling(weighting: PointWeighting, squares: Bool) {
    let grid = GaussLegendreGrid(ringCount: 4, longitudeCount: 5)
    let pooling = GlobalPooling(weighting: weighting, squares: squares)
    var numbers = TestNumbers(seed: 8)
    let field = FieldStack(grid: grid, lanes: 2, values: numbers.normals(grid.pointCount * 2))
    let dg = numbers.normals(2)
    func check(_ gradient: [Double]) -> GradientCheck {
      GradientCheck(
        gradient, at: field.values,
        evaluationError: RoundingBound.probable(operations: 64 * field.values.count)
      ) { (values: [Double]) in
        let g = pooling.forward(FieldStack(grid: grid, lanes: 2, values: values))
        return zip(g, dg).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let gradient = pooling.backward(dg, saved: field).values
    let found = check(gradient)
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    let points = field.values.transposed(rows: grid.pointCount)
    let weights = grid.rings.flatMap {
      [Double](repeating: weighting == .equal ? 1 : $0.weight, count: $0.count)
    }
    let bound = RoundingBound.probable(operations: 4 * grid.pointCount)
    #expect(
      relativeError(
        pooling.forward(field), pooling.forwardByDefinition(points, pointWeights: weights))
        <= bound)
    #expect(
      relativeError(
        gradient.transposed(rows: grid.pointCount),
        pooling.backwardByDefinition(dg, saved: points, pointWeights: weights)) <= bound)
    let other = GlobalPooling(weighting: weighting == .equal ? .area : .equal, squares: squares)
      .backward(dg, saved: field).values
    let half = gradient.map { $0 / 2 }
    for control in [check(other), check(half)] {
      #expect(control.relativeL2 > 1000 * control.differencingBound, "\(control)")
    }
  }

  /// A constant field has its own value as mean, on any grid.
  @Test("Mean of a constant", arguments: [PointWeighting.equal, .area])
  func constant(weighting: PointWeighting) {
    let grid = ClenshawCurtisGrid(ringCount: 7, longitudeCount: 12)
    let field = FieldStack(
      grid: grid, lanes: 1, values: [Double](repeating: 3, count: grid.pointCount))
    let mean = GlobalPooling(weighting: weighting).forward(field)[0]
    #expect(abs(mean - 3) <= 3 * RoundingBound.probable(operations: grid.pointCount))
  }

  /// f'(p) over eight decades; f varies over p itself, so p is the length scale.
  @Test("Power functions", arguments: PowerFunction.allCases)
  func functions(function: PowerFunction) {
    for p in [1e-5, 0.03, 1, 7, 1e3] {
      func check(_ derivative: Double) -> GradientCheck {
        // ln p passes through zero: the error of one evaluation is relative to 1 at least.
        GradientCheck(
          [derivative], at: [p], lengthScale: p / 4,
          evaluationError: RoundingBound.probable(operations: 4)
        ) { (x: [Double]) in function.evaluate(x[0]).value + 20 }
      }
      let derivative = function.evaluate(p).derivative
      let found = check(derivative)
      #expect(found.relativeL2 <= 4 * found.differencingBound + 1e-10, "p = \(p): \(found)")
      #expect(check(2 * derivative).relativeL2 > 0.1)
    }
    let values: [PowerFunction: Double] = [.logarithm: log(4), .squareRoot: 2, .identity: 4]
    #expect(function.evaluate(4).value == values[function])
    for p in [1e-5, 0.03, 1, 7, 1e3] {
      let (value, derivative) = function.evaluate(p)
      #expect(abs(value - function.valueByDefinition(p)) <= 4 * value.ulp)
      #expect(abs(derivative - function.derivativeByDefinition(p)) <= 4 * derivative.ulp)
    }
  }
}

import FourierTransforms
import HarmonicTransforms
import SphereGrids
import Verification

/// One round trip: a grid, a truncation, a spin, a precision.
struct RoundTrip<T: FourierScalar> {
  let grid: any RingGrid
  let lmax: Int
  let mmax: Int
  let spin: Int
  let trials: Int
  let seed: UInt64
  let threads: Int
  /// Twice this is the length of all rings: the order that aliases with itself; nil on HEALPix.
  var nyquistOrder: Int?

  private var realOrder: Int? { nyquistOrder.flatMap { $0 <= mmax ? $0 : nil } }

  /// The errors of a method.
  ///
  /// - Throws: what the method throws; `LinearAlgebraError` of weights.
  func error(_ method: AnalysisMethod) throws -> RoundTripError {
    spin == 0 ? try scalarError(method) : try spinError(method)
  }

  private func weights(_ method: AnalysisMethod) throws -> QuadratureWeights? {
    switch method {
    case .ringWeights:
      // 4 nside − 1 rings: the largest even degree up to 3 nside.
      let degree = 3 * (grid.rings.count + 1) / 4 / 2 * 2
      return try .perRing(grid: grid, degree: degree, mmax: mmax)
    case .orderWeights:
      return try .perOrder(
        grid: grid, spin: spin, lmax: lmax, mmax: mmax, roundoff: Double(T.ulpOfOne) / 2,
        threads: threads)
    case .gridWeights, .iterated, .leastSquares: return nil
    }
  }

  /// Where conjugate gradients stop: a few roundings of the normal equations.
  private var tolerance: Double { 4 * Double(T.ulpOfOne) }

  /// Or after this many iterations, which is reported: at nside 64 and lmax = 3 nside − 1 many
  /// thousands would be needed.
  private static var mostIterations: Int { 400 }

  private func scalarError(_ method: AnalysisMethod) throws -> RoundTripError {
    // On the published grid quadrature is right for a synthesis that counts the Nyquist order once;
    // least squares inverts the series at the points.
    let countsOnce = nyquistOrder != nil && method != .leastSquares
    let nyquist: NyquistOrder = countsOnce ? .once : .evaluated
    // Tables, whose functions are rounded to T. The recurrence sums in Double: small cases in Float
    // come back exactly, and an error of 0 has no place on a logarithmic axis.
    let transform = ScalarTransform<T>(
      grid: grid, lmax: lmax, mmax: mmax, nyquist: nyquist, path: .table)
    let a: CoefficientStack<T> = UniformCoefficients.draw(
      lmax: lmax, mmax: mmax, trials: trials, realOrder: realOrder, seed: seed)
    let (found, reports) = try roundTrip(a, transform, method)
    return errors(of: [found], from: [a], method, reports)
  }

  private func spinError(_ method: AnalysisMethod) throws -> RoundTripError {
    let transform = SpinTransform<T>(
      grid: grid, spin: spin, lmax: lmax, mmax: mmax, path: .table)
    let parts = (0...1).map { field in
      UniformCoefficients.draw(
        lmax: lmax, mmax: mmax, trials: trials, firstDegree: spin, realOrder: realOrder,
        seed: seed, field: field, as: T.self)
    }
    let (found, reports) = try roundTrip(
      SpinCoefficients(e: parts[0], b: parts[1]), transform, method)
    return errors(of: [found.e, found.b], from: parts, method, reports)
  }

  /// Coefficients through synthesis and a way back.
  private func roundTrip<Transform: FieldTransform>(
    _ a: Transform.Coefficients, _ transform: Transform, _ method: AnalysisMethod
  ) throws -> (Transform.Coefficients, [LeastSquaresReport]) {
    let f = transform.synthesis(a, threads: threads)
    if let weights = try weights(method) {
      return (try WeightedAnalysis(transform, weights).analysis(f, threads: threads), [])
    }
    if method == .leastSquares {
      return try transform.leastSquares(
        f, tolerance: tolerance, maximumIterations: Self.mostIterations, threads: threads)
    }
    let iterations = method == .iterated ? 3 : 0
    return (try transform.iterated(f, iterations: iterations, threads: threads), [])
  }

  private func errors(
    of found: [CoefficientStack<T>], from truth: [CoefficientStack<T>], _ method: AnalysisMethod,
    _ reports: [LeastSquaresReport]
  ) -> RoundTripError {
    let comparisons = (0..<trials).map { trial in
      Comparison(
        found.flatMap { $0.numbers(trial) }, with: truth.flatMap { $0.numbers(trial) })
    }
    let errors = comparisons.map(\.relativeL2)
    return RoundTripError(
      relativeL2: rootMeanSquare(errors), standardError: standardErrorOfRootMeanSquare(errors),
      trials: trials,
      largest: comparisons.map(\.largestAbsolute).max() ?? .infinity,
      iterations: reports.map(\.iterations).max() ?? (method == .iterated ? 3 : 0),
      isConverged: reports.allSatisfy { $0.stop != .iterationLimit })
  }
}

extension CoefficientStack {
  /// All stored numbers of one lane.
  func numbers(_ lane: Int) -> [Double] {
    stride(from: lane, to: values.count, by: lanes).map { Double(values[$0]) }
  }
}

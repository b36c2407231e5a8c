import Expectations
import FourierTransforms
import HarmonicTransforms
import LinearAlgebra
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
  /// Tables are rounded to T. The recurrence computes functions in `Double` whatever T is.
  var path: TransformPath = .table

  private var realOrder: Int? { nyquistOrder.flatMap { $0 <= mmax ? $0 : nil } }

  /// The errors of a method.
  ///
  /// - Throws: what the method throws; `LinearAlgebraError` of weights.
  func error(_ method: AnalysisMethod) throws -> RoundTripError { try errors([method])[0] }

  /// The errors of 0, 1, 2 and 3 corrections, each from the one before it.
  ///
  /// - Throws: `HarmonicTransformError`.
  func correctedErrors() throws -> [RoundTripError] {
    try errors([.gridWeights, .iteratedOnce, .iteratedTwice, .iterated])
  }

  private func errors(_ methods: [AnalysisMethod]) throws -> [RoundTripError] {
    spin == 0 ? try scalarErrors(methods) : try spinErrors(methods)
  }

  /// A weight per ring of a HEALPix grid, exact for m = 0.
  ///
  /// - Throws: `LinearAlgebraError.noConvergence`.
  static func ringWeights(
    _ grid: any RingGrid, mmax: Int
  ) throws(LinearAlgebraError) -> QuadratureWeights {
    // 4 nside − 1 rings: the largest even degree up to 3 nside.
    let degree = 3 * (grid.rings.count + 1) / 4 / 2 * 2
    return try .perRing(grid: grid, degree: degree, mmax: mmax)
  }

  private func weights(_ method: AnalysisMethod) throws -> QuadratureWeights? {
    switch method {
    case .ringWeights: return try Self.ringWeights(grid, mmax: mmax)
    case .orderWeights:
      return try .perOrder(
        grid: grid, spin: spin, lmax: lmax, mmax: mmax, roundoff: Double(T.ulpOfOne) / 2,
        threads: threads)
    case .gridWeights, .iteratedOnce, .iteratedTwice, .iterated, .leastSquares: return nil
    case .pixelWeights: preconditionFailure("weights per pixel are not computed here")
    }
  }

  /// Where conjugate gradients stop: a few roundings of the normal equations.
  private var tolerance: Double { 4 * Double(T.ulpOfOne) }

  /// Or after this many iterations, which is reported: at nside 64 and lmax = 3 nside − 1 many
  /// thousands would be needed.
  private static var mostIterations: Int { 400 }

  private func scalarErrors(_ methods: [AnalysisMethod]) throws -> [RoundTripError] {
    // On the published grid quadrature is right for a synthesis that counts the Nyquist order once;
    // least squares inverts the series at the points.
    let countsOnce = nyquistOrder != nil && methods != [.leastSquares]
    let nyquist: NyquistOrder = countsOnce ? .once : .evaluated
    // The recurrence sums in Double: small cases in Float come back exactly, and an error of 0 has
    // no place on a logarithmic axis.
    let transform = ScalarTransform<T>(
      grid: grid, lmax: lmax, mmax: mmax, nyquist: nyquist, path: path)
    let a: CoefficientStack<T> = UniformCoefficients.draw(
      lmax: lmax, mmax: mmax, trials: trials, realOrder: realOrder, seed: seed)
    return try zip(methods, roundTrips(a, transform, methods)).map { method, trip in
      errors(of: [trip.found], from: [a], method, trip.reports)
    }
  }

  private func spinErrors(_ methods: [AnalysisMethod]) throws -> [RoundTripError] {
    let transform = SpinTransform<T>(
      grid: grid, spin: spin, lmax: lmax, mmax: mmax, path: path)
    let parts = (0...1).map { field in
      UniformCoefficients.draw(
        lmax: lmax, mmax: mmax, trials: trials, firstDegree: spin, realOrder: realOrder,
        seed: seed, field: field, as: T.self)
    }
    let a = SpinCoefficients(e: parts[0], b: parts[1])
    return try zip(methods, roundTrips(a, transform, methods)).map { method, trip in
      errors(of: [trip.found.e, trip.found.b], from: parts, method, trip.reports)
    }
  }

  /// Coefficients through synthesis and a way back, or through 0, 1, 2, ... corrections.
  private func roundTrips<Transform: FieldTransform>(
    _ a: Transform.Coefficients, _ transform: Transform, _ methods: [AnalysisMethod]
  ) throws -> [(found: Transform.Coefficients, reports: [LeastSquaresReport])]
  where Transform.Fields: NumberStack, Transform.Coefficients: NumberStack {
    let f = transform.synthesis(a, threads: threads)
    guard methods.count == 1 else {
      precondition(methods.map(\.corrections) == Array(0..<methods.count), "\(methods)")
      return try corrected(f, transform, corrections: methods.count - 1).map { ($0, []) }
    }
    let method = methods[0]
    if let weights = try weights(method) {
      return [(try WeightedAnalysis(transform, weights).analysis(f, threads: threads), [])]
    }
    if method == .leastSquares {
      let fit = try transform.leastSquares(
        f, tolerance: tolerance, maximumIterations: Self.mostIterations, threads: threads)
      return [(fit.coefficients, fit.reports)]
    }
    return [
      (try transform.iterated(f, iterations: method.corrections ?? 0, threads: threads), [])
    ]
  }

  /// What `iterated` gives with 0, 1, 2, ... corrections, each from the one before it:
  /// a_{k+1} = a_k + A (f − S a_k).
  private func corrected<Transform: FieldTransform>(
    _ f: Transform.Fields, _ transform: Transform, corrections: Int
  ) throws -> [Transform.Coefficients]
  where Transform.Fields: NumberStack, Transform.Coefficients: NumberStack {
    var a = try transform.iterated(f, iterations: 0, threads: threads)
    var all = [a]
    for _ in 0..<corrections {
      var rest = f
      rest.add(transform.synthesis(a, threads: threads), sign: -1)
      a.add(try transform.iterated(rest, iterations: 0, threads: threads), sign: 1)
      all.append(a)
    }
    return all
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
      iterations: reports.map(\.iterations).max() ?? method.corrections ?? 0,
      isConverged: reports.allSatisfy { $0.stop != .iterationLimit })
  }
}

extension CoefficientStack {
  /// All stored numbers of one lane.
  func numbers(_ lane: Int) -> [Double] {
    stride(from: lane, to: values.count, by: lanes).map { Double(values[$0]) }
  }
}

/// Numbers that are added place by place.
protocol NumberStack {
  /// Adds another stack of the same shape, or subtracts it: `sign` is 1 or −1.
  mutating func add(_ other: Self, sign: Double)
}

extension CoefficientStack: NumberStack {
  mutating func add(_ other: Self, sign: Double) {
    for i in values.indices { values[i] += T(sign) * other.values[i] }
  }
}

extension FieldStack: NumberStack {
  mutating func add(_ other: Self, sign: Double) {
    for i in values.indices { values[i] += T(sign) * other.values[i] }
  }
}

extension SpinCoefficients: NumberStack {
  mutating func add(_ other: Self, sign: Double) {
    e.add(other.e, sign: sign)
    b.add(other.b, sign: sign)
  }
}

extension SpinFields: NumberStack {
  mutating func add(_ other: Self, sign: Double) {
    q.add(other.q, sign: sign)
    u.add(other.u, sign: sign)
  }
}

import FourierTransforms
import HarmonicTransforms
import Kernels
import SkyMaps
import SphereGrids

/// How coefficients are found from the pixels of a map.
///
/// Definition:  `quadrature` starts from a = A f with equal weights 4π/npix and improves it by
///              a += A (f − S a): healpy.map2alm with `iter`, no ring or pixel weights.
///              `leastSquares` is the a that minimises Σ_p (f_p − (S a)_p)².
/// Domain:      lmax ≤ 3 nside − 1 for both (`MapToolError.largestDegree`); every pixel observed.
/// Checked by:  MapToolsOracleTests (healpy), MapAnalysisPropertyTests.
public struct MapAnalysis: Sendable, Hashable {
  /// The rule.
  public enum Method: Sendable, Hashable {
    /// Sums over pixels, improved this many times.
    case quadrature(iterations: Int)
    /// Conjugate gradients until the normal equations hold to `tolerance`, relatively.
    case leastSquares(tolerance: Double, maximumIterations: Int)
  }

  /// Largest degree, inclusive.
  public var lmax: Int
  /// Largest order, inclusive.
  public var mmax: Int
  /// The rule.
  public var method: Method

  /// Settings of an analysis.
  ///
  /// - Parameters:
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order; lmax when nil.
  ///   - method: the rule; healpy's default, three iterations, when left out.
  public init(lmax: Int, mmax: Int? = nil, method: Method = .quadrature(iterations: 3)) {
    precondition(0 <= mmax ?? lmax && mmax ?? lmax <= lmax, "lmax \(lmax), mmax \(mmax ?? lmax)")
    self.lmax = lmax
    self.mmax = mmax ?? lmax
    self.method = method
  }

  /// How least squares ended for one field.
  public struct Report: Sendable, Equatable {
    /// "T", or "Q, U".
    public let field: String
    public let report: LeastSquaresReport
  }

  /// The coefficients of a map.
  ///
  /// - Parameters:
  ///   - map: every pixel observed.
  ///   - threads: any number gives the same bits.
  /// - Returns: the coefficients; a report per field if the method is least squares.
  /// - Throws: `MapToolError.degreeBeyondMap`, `.maskedPixels`, `.notConverged`;
  ///   `HarmonicTransformError.notEnoughMemory`.
  public func coefficients(
    of map: SkyMap, threads: Int = 1
  ) throws -> (coefficients: SkyCoefficients, reports: [Report]) {
    guard lmax <= MapToolError.largestDegree(nside: map.nside) else {
      throw MapToolError.degreeBeyondMap(file: map.file, lmax: lmax, nside: map.nside)
    }
    guard map.maskedCount == 0 else {
      throw MapToolError.maskedPixels(
        file: map.file, count: map.maskedCount, pixelCount: map.pixelCount,
        remedy: "set them to 0 on purpose, or fill them")
    }
    let grid = try HealpixGrid(nside: map.nside)
    let scalar = ScalarTransform<Double>(grid: grid, lmax: lmax, mmax: mmax)
    func stack(_ values: [Double]) -> FieldStack<Double> {
      FieldStack(grid: grid, lanes: 1, values: values)
    }
    var reports: [Report] = []
    let temperature = try map.temperature.map { values in
      try analysed(stack(values), by: scalar, "T", threads: threads, &reports)
    }
    let polarisation = try map.polarisation.map { values in
      try analysed(
        SpinFields(q: stack(values.q), u: stack(values.u)), by: SpinTransform(scalar), "Q, U",
        threads: threads, &reports)
    }
    try requireConvergence(reports, file: map.file)
    let coefficients = SkyCoefficients(
      temperature: temperature, polarisation: polarisation, unit: map.unit,
      coordinateSystem: map.coordinateSystem)
    return (coefficients, reports)
  }

  /// The coefficients of one field; least squares append their report.
  private func analysed<Transform: FieldTransform>(
    _ fields: Transform.Fields, by transform: Transform, _ name: String, threads: Int,
    _ reports: inout [Report]
  ) throws(HarmonicTransformError) -> Transform.Coefficients {
    switch method {
    case .quadrature(let iterations):
      return try transform.iterated(fields, iterations: iterations, threads: threads)
    case .leastSquares(let tolerance, let limit):
      let fit = try transform.leastSquares(
        fields, tolerance: tolerance, maximumIterations: limit, threads: threads)
      reports.append(Report(field: name, report: fit.reports[0]))
      return fit.coefficients
    }
  }

  private func requireConvergence(
    _ reports: [Report], file: String
  ) throws(MapToolError) {
    guard case .leastSquares(let tolerance, _) = method else { return }
    for report in reports where report.report.stop != .converged {
      throw .notConverged(
        file: file, field: report.field, iterations: report.report.iterations,
        reached: report.report.normalResidual, wanted: tolerance)
    }
  }
}

extension SkyMap {
  /// The map with 0 at unobserved pixels: T on its own; Q and U both where either is unobserved.
  ///
  /// What healpy.map2alm does to UNSEEN pixels. The zeros are data to every analysis that follows.
  public var zeroingMasked: SkyMap {
    var map = self
    map.temperature = temperature?.map { $0.isNaN ? 0 : $0 }
    if let polarisation {
      for pixel in polarisation.q.indices
      where polarisation.q[pixel].isNaN || polarisation.u[pixel].isNaN {
        map.polarisation?.q[pixel] = 0
        map.polarisation?.u[pixel] = 0
      }
    }
    return map
  }
}

/// The error to expect of a case, and where it comes from.
package struct AnalysisExpectation: Sendable, Hashable {
  /// Relative L2 error of the coefficients.
  package let error: Double
  /// The measurements behind it: one if the case was measured, else those around it.
  package let points: [ExpectationTable.Point]
  /// 1 if measured; else the largest factor by which interpolation misses one of `points`, or the
  /// one at its place with twice or half the nside, when it is left out. Gaps are then twice as
  /// wide: the error is off by less as a rule, and by no more than twice the factor
  /// (ExpectationTableTests).
  package let factor: Double
  /// Whether the method leaves no more than rounding of the type.
  package let isRounding: Bool

  /// Whether the case itself was measured.
  package var isMeasured: Bool { points.count == 1 }
}

/// One thing to change for a smaller error.
package enum Remedy: Sendable, Hashable {
  case method(AnalysisMethod)
  case precision(StudyPrecision)
  /// Another method, and `Double` in place of `Float`.
  case methodInDouble(AnalysisMethod)
  /// The same map, fewer degrees.
  case lmax(Int)
  /// The same degrees, a finer map.
  case nside(Int)
  /// The same degrees on rings whose quadrature is exact.
  case gaussLegendre

  /// The case with the change.
  package func applied(to c: AnalysisCase) -> AnalysisCase {
    var c = c
    switch self {
    case .method(let method): c.method = method
    case .precision(let precision): c.precision = precision
    case .methodInDouble(let method): (c.method, c.precision) = (method, .double)
    case .lmax(let lmax): c.lmax = lmax
    case .nside(let nside): c.grid = .healpix(nside: nside)
    case .gaussLegendre: (c.grid, c.method) = (.gaussLegendre, .gridWeights)
    }
    return c
  }
}

extension ExpectationTable {
  /// What would lower the error of a case to half or less, each change for itself.
  ///
  /// Methods come in the order of `AnalysisMethod.named`; then the largest degree of the table's
  /// shares of nside with a tenth of the error or less, twice the nside, a Gauss-Legendre grid, and
  /// `Double` in place of `Float`. Where neither another method in `Float` nor `Double` with the
  /// same method helps, methods in `Double` follow. Changes that the table cannot answer are left
  /// out.
  ///
  /// - Throws: as `expectation(of:)` for the case itself.
  package func remedies(
    for c: AnalysisCase
  ) throws(ExpectationError) -> [(remedy: Remedy, expectation: AnalysisExpectation)] {
    let error = try expectation(of: c).error
    func answers(
      _ remedies: [Remedy], below largest: Double
    ) -> [(remedy: Remedy, expectation: AnalysisExpectation)] {
      remedies.compactMap { remedy in
        guard let found = try? expectation(of: remedy.applied(to: c)), found.error <= largest
        else { return nil }
        return (remedy, found)
      }
    }
    var changes = answers(AnalysisMethod.named.map { .method($0) }, below: error / 2)
    if let nside = c.grid.nside {
      let shares = [2.75, 2.5, 2.25, 2, 1.75, 1.5, 1.25, 1, 0.75, 0.5]
      let degrees = shares.map { Int($0 * Double(nside)) }.filter { $0 < c.lmax }
      changes += answers(degrees.map { .lmax($0) }, below: error / 10).prefix(1)
      changes += answers([.nside(2 * nside)], below: error / 2)
      changes += answers([.gaussLegendre], below: error / 2)
    }
    guard c.precision == .single else { return changes }
    let inDouble = answers([.precision(.double)], below: error / 2)
    let hasMethod = changes.contains { if case .method = $0.remedy { true } else { false } }
    guard inDouble.isEmpty, !hasMethod else { return changes + inDouble }
    return changes
      + answers(AnalysisMethod.named.map { .methodInDouble($0) }, below: error / 2)
  }
}

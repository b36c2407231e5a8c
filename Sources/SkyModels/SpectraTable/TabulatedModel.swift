import Foundation
import SpecialFunctions

/// A sky model whose spectra are interpolated in a table.
///
/// Grid:        the tensor product of polynomials through up to eight successive nodes of each axis
///              (`LagrangeAxis`); C_l is exact at the nodes and continuous.
/// Scattered:   one polynomial by least squares (`PolynomialBasis`), of the total degree with the
///              smallest error among those with at least two nodes per coefficient.
/// Choice:      what is interpolated (C_l, or ln C_l and TE/√(TT EE)) and in which coordinates (θ
///              or those of the priors) is decided by the error of nodes that are left out
///              (`InterpolationReport`).
/// Accuracy:    that error is at most `bound`, or the table is refused.
/// Derivatives: those of the interpolant, exactly. On a grid with more than eight nodes on an axis
///              they jump halfway between nodes by as much as the interpolation errs.
/// Checks:      the spectra are a covariance at all nodes, at the corners of the prior and at
///              `checkCount` points drawn from it with a fixed seed.
/// Cost:        20 to 30 microseconds for two parameters, three spectra and lmax 400; derivatives
///              60 to 80.
/// Checked by:  TabulatedModelPropertyTests, TabulatedModelOracleTests,
///              TabulatedModelGradientTests, TabulatedModelErrorTests.
public struct TabulatedModel: SkyModel {
  /// The table.
  public let table: SpectraTable
  /// What was chosen, and the error.
  public let report: InterpolationReport
  private let interpolant: TableInterpolant
  private let ranges: [ClosedRange<Double>]

  public var parameters: [ModelParameter] { table.parameters }
  public var lmax: Int { table.lmax }
  public var spectrumNames: [SpectrumName] { table.spectrumNames }

  /// The largest divergence that is accepted if the caller does not say another, in nats.
  ///
  /// Reason: a shift of a parameter by δ standard deviations of the best estimate from the whole
  ///         sky without noise is a divergence of δ²/2. So the error shifts an estimate by less
  ///         than √(2 · 0.02) = 0.2 standard deviations even if all of it acts like the parameter,
  ///         and the error that is measured, with a node left out, is the larger one by far; no
  ///         test of one sky tells the two apart more often than chance by above √(0.02/2)/2 = 0.05
  ///         (Pinsker's inequality).
  public static let standardBound = 0.02
  /// Number of points of the prior, beside its corners, at which spectra must be a covariance.
  public static let checkCount = 256

  /// A model of a table.
  ///
  /// - Parameters:
  ///   - table: the nodes.
  ///   - bound: the largest divergence of a node that is left out, nats, > 0.
  /// - Throws: `TabulatedModelError`.
  public init(
    _ table: SpectraTable, bound: Double = TabulatedModel.standardBound
  ) throws(TabulatedModelError) {
    guard bound > 0, bound.isFinite else { throw .badBound(found: bound) }
    let fit = TableFit(table)
    let report = InterpolationReport(
      chosen: fit.chosen, variants: fit.variants, bound: bound, table: table)
    guard fit.chosen.error <= bound else {
      throw .inaccurate(
        report: report, parameters: table.parameters.map(\.name),
        enough: fit.enoughNodes(bound: bound))
    }
    self.table = table
    self.report = report
    interpolant = fit.interpolant
    ranges = table.nodeRanges
    try requireCovariances()
  }

  /// C_l(θ).
  ///
  /// - Parameter values: θ, inside the nodes' range (a precondition).
  /// - Returns: the spectra; positive semi-definite (a precondition, which cannot fail where the
  ///   error of the interpolation is near the one that was measured).
  public func spectra(at values: [Double]) -> NamedSpectra {
    require(values)
    let result = interpolant.spectra(at: values)
    if let l = Self.badDegree(result) {
      preconditionFailure(
        "the interpolated spectra are no covariance at l = \(l), \(table.text(of: values))")
    }
    return result
  }

  /// ∂C_l/∂θ_i of the interpolant.
  ///
  /// - Parameter values: θ, inside the nodes' range (a precondition).
  /// - Returns: one element per parameter.
  public func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
    require(values)
    return interpolant.derivatives(at: values)
  }

  private func require(_ values: [Double]) {
    precondition(
      values.count == ranges.count, "\(values.count) values for \(ranges.count) parameters")
    for (value, range) in zip(values, ranges) {
      precondition(
        range.contains(value), "\(table.text(of: values)) is outside the nodes' range \(range)")
    }
  }

  /// The first degree at which spectra are no covariance.
  static func badDegree(_ spectra: NamedSpectra) -> Int? {
    let (tt, ee, bb, te) = (spectra.tt, spectra.ee, spectra.bb, spectra.te)
    for l in tt.indices {
      let isCovariance =
        tt[l] >= 0 && ee[l] >= 0 && bb[l] >= 0 && te[l] * te[l] <= tt[l] * ee[l]
        && tt[l] + ee[l] + bb[l] < .infinity
      guard isCovariance else { return l }
    }
    return nil
  }

  private func requireCovariances() throws(TabulatedModelError) {
    for values in PriorPoints.list(parameters, count: Self.checkCount) {
      let found = interpolant.spectra(at: values)
      guard let l = Self.badDegree(found) else { continue }
      throw .notSemidefinite(
        l: l, at: table.text(of: values), tt: found.tt[l], ee: found.ee[l], bb: found.bb[l],
        te: found.te[l])
    }
  }
}

/// Points of a prior that do not depend on anything but the number of parameters.
enum PriorPoints {
  /// The corners, then points drawn from the prior by splitmix64 with a fixed seed
  /// [Steele2014].
  static func list(_ parameters: [ModelParameter], count: Int) -> [[Double]] {
    var points: [[Double]] = []
    for corner in 0..<(1 << parameters.count) {
      points.append(
        parameters.enumerated().map { index, parameter in
          corner >> index & 1 == 0 ? parameter.range.lowerBound : parameter.range.upperBound
        })
    }
    var state: UInt64 = 0x5eed
    for _ in 0..<count {
      points.append(
        parameters.map { parameter in
          state &+= 0x9e37_79b9_7f4a_7c15
          var z = state
          z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
          z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
          return parameter.prior.value(at: Double((z ^ (z >> 31)) >> 11) * 0x1p-53)
        })
    }
    return points
  }
}

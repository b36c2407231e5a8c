import Baselines
import LinearAlgebra
import SkyModels
import SpecialFunctions
import Tasks

/// The combinations of band powers that the likelihood of a map depends on, anywhere in the prior.
///
/// Filters:     of a cut sky, or of uneven noise: behind that of a fiducial θ_f the derivatives of
///              ln L there are
///              ∂_i ln L = 2π Σ_b ∂_i ln C_b(θ_f) p_b + constant (`FilterBank` whitens by
///              S_f^(1/2)). These for all filters and parameters are the variables: ln L at any θ
///              is their interpolation and integral, so that it is linear in them as far as the
///              fiducials are dense enough.
/// Full sky:     ln L(θ) = Σ_b c_b(θ) p_b + c(θ), with p_b the mean square of degree l of a field
///              (`PowerReadout`) and c_b = −2π/T_b(θ), T = C + N. The functions c_b(θ) span few
///              dimensions: with σ_b the deviation of p_b, the singular vectors v_k of c_b(θ) σ_b
///              over the prior give the variables x_k = Σ_b v_kb p_b/σ_b, and those with a root
///              mean square of ln L below `leastShare` over the prior are left out.
/// Why:         a readout of K variables has K unknowns per natural parameter, and every unknown
///              costs 1/2N nats when it is fitted to N maps: at nside 128 some 20 variables in
///              place of 510 powers.
/// Method:      singular vectors from the eigenvectors of the matrix over the points, which are
///              few.
/// Checked by:  LikelihoodComponentTests.
struct LikelihoodComponents {
  /// v_kb/σ_b, `[component][band]`.
  let rows: [[Double]]

  /// Least root mean square of the part of ln L that a component makes, nats.
  static let leastShare = 0.005
  /// Most components.
  static let mostCount = 64
  /// Points of the prior per parameter, for one, two and three.
  private static let pointCounts = [49, 13, 7]

  /// The components of a task.
  ///
  /// - Parameters:
  ///   - settings: the task.
  ///   - fiducials: fiducial values of every parameter, where there are filters.
  /// - Throws: `LinearAlgebraError`; `BaselineError.noPower`, `TaskError.nothingToLearn`.
  init(_ settings: TaskSettings, fiducials: Int) throws {
    if !settings.hasFilters {
      try self.init(settings)
    } else {
      try self.init(filtersOf: settings, fiducials: fiducials)
    }
  }

  /// The derivatives of ln L at the fiducials, from bands of one degree each,
  /// `[filter][field][degree]`.
  private init(filtersOf settings: TaskSettings, fiducials: Int) throws {
    let model = QuantileModel(settings.model(), fields: settings.task.fields)
    let points = settings.fiducialPoints(perParameter: fiducials)
    let fields = settings.task.fields
    let first = fields[0].firstDegree
    let degrees = settings.lmax + 1 - first
    let bands = points.count * fields.count * degrees
    var rows: [[Double]] = []
    for (filter, point) in points.enumerated() {
      let quantiles = zip(settings.priors, point).map { $0.quantile(of: $1) }
      let spectra = model.spectra(at: quantiles)
      for slope in model.derivatives(at: quantiles) {
        var row = [Double](repeating: 0, count: bands)
        for (kind, name) in fields.map(\.spectrum).enumerated() {
          for l in first...settings.lmax where spectra[name][l] > 0 {
            row[(fields.count * filter + kind) * degrees + l - first] =
              2 * .pi * slope[name][l] / spectra[name][l]
          }
        }
        if row.contains(where: { $0 != 0 }) { rows.append(row) }
      }
    }
    guard !rows.isEmpty else { throw TaskError.nothingToLearn }
    self.rows = rows
  }

  /// The components of bands of one degree each, `[field][degree]`, from the first degree of the
  /// field on.
  ///
  /// - Throws: `LinearAlgebraError`; `BaselineError.noPower` where no band has power.
  init(_ settings: TaskSettings) throws {
    let model = settings.model()
    let count = Self.pointCounts[model.parameters.count - 1]
    let axis = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    let points: [[Double]] = model.parameters.reduce([[]]) { points, parameter in
      points.flatMap { point in axis.map { point + [parameter.prior.value(at: $0)] } }
    }
    let noise = FullSkyLikelihood.whiteNoise(
      standardDeviation: settings.noise, pixelCount: settings.pixelCount, lmax: settings.lmax)
    let totals = points.map { point -> [Double] in
      let spectra = model.spectra(at: point)
      return settings.task.fields.flatMap { field in
        (field.firstDegree...settings.lmax).map { spectra[field.spectrum][$0] + noise[$0] }
      }
    }
    let degrees = settings.task.fields.flatMap { Array($0.firstDegree...settings.lmax) }
    let n = Double(points.count)
    let deviations = degrees.indices.map { b in
      // Of (2l + 1)/4π Ĉ_l, whose variance is (2l + 1)/8π² T².
      let square = totals.reduce(0) { $0 + $1[b] * $1[b] } / n
      return (Double(2 * degrees[b] + 1) / (8 * Double.pi * Double.pi) * square).squareRoot()
    }
    let used = degrees.indices.filter { b in totals.allSatisfy { $0[b] > 0 } }
    guard !used.isEmpty else {
      throw BaselineError.noPower(l: settings.lmax, parameter: points[0][0])
    }
    var weights = totals.map { total in
      used.map { -2 * Double.pi / total[$0] * deviations[$0] }
    }
    for k in used.indices {
      let mean = weights.reduce(0) { $0 + $1[k] } / n
      for i in weights.indices { weights[i][k] -= mean }
    }
    let gram = Matrix(rows: points.count, columns: points.count) { i, j in
      zip(weights[i], weights[j]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let eigen = try SymmetricEigendecomposition(gram)
    var rows: [[Double]] = []
    for index in eigen.values.indices.reversed().prefix(Self.mostCount) {
      let value = max(eigen.values[index], 0).squareRoot()
      guard value / n.squareRoot() >= Self.leastShare else { break }
      let vector = eigen.vectors.column(index)
      var row = [Double](repeating: 0, count: degrees.count)
      for (k, b) in used.enumerated() {
        let sum = weights.indices.reduce(0) { $0 + vector[$1] * weights[$1][k] }
        row[b] = sum / value / deviations[b]
      }
      rows.append(row)
    }
    guard !rows.isEmpty else { throw TaskError.nothingToLearn }
    self.rows = rows
  }

  /// x_k of the powers of some maps, `[map][band]`, as `[map][component]`.
  func values(_ powers: [Double]) -> [Double] {
    let bands = rows[0].count
    return stride(from: 0, to: powers.count, by: bands).flatMap { first in
      rows.map { row in
        var sum = 0.0
        for b in 0..<bands { sum += row[b] * powers[first + b] }
        return sum
      }
    }
  }

  /// The whitening of the components as that of the bands: z_0 of the bands, and the product of a
  /// whitening with these rows.
  func whitening(_ own: Whitening, bandMeans: [Double]) -> (mean: [Double], rotation: [Double]) {
    let bands = rows[0].count
    var rotation = [Double](repeating: 0, count: rows.count * bands)
    for i in rows.indices {
      for k in rows.indices {
        let factor = own.rotation[i * rows.count + k]
        for b in 0..<bands { rotation[i * bands + b] += factor * rows[k][b] }
      }
    }
    return (bandMeans, rotation)
  }
}

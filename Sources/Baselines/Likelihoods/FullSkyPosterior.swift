import Foundation
import Kernels
import LinearAlgebra
import SkyModels
import SpecialFunctions

/// The exact joint posterior of one to three parameters of a full-sky map, for any sky model and
/// any priors.
///
/// Definition: ln L(θ) = −½ Σ_l (2l + 1) [tr(T_l⁻¹ Ĉ_l) + ln det T_l],  T_l = C_l(θ) + N_l
///             over the fields that are observed (T, E, B or some of them), Ĉ_l the realised auto
///             and cross spectra of the map, noise included, N_l the noise of every field. With one
///             field it is `FullSkyLikelihood`; here spectra may depend on several parameters, and
///             T and E may be correlated.
/// Method:     ln L is linear in Ĉ_l. Its coefficients are tabulated at equally spaced q (the
///             probabilities of the priors); between these nodes ln L is interpolated by
///             polynomials of degree 7 (`LocalInterpolation`), and the density is tabulated where
///             it is (`PosteriorGrid.zoomed`). A degree at which the observed fields have no power
///             at the centre of the prior is left out, and so is a field.
/// Accuracy:   ln L is as smooth in q as the spectra are, whatever the width of the posterior; the
///             interpolation error is checked against `FullSkyLikelihood` to 10⁻⁶.
/// Cost:       per map nodes · 2 lmax · spectra multiplications.
/// Checked by: FullSkyPosteriorTests.
public final class FullSkyPosterior: Sendable {
  /// The model.
  public let model: any SkyModel
  /// The fields that are observed.
  public let fields: [SkyField]
  /// The spectra that count, in the order of `SpectrumName.allCases`.
  public let spectrumNames: [SpectrumName]
  private let priors: [ParameterPrior]
  /// Nodes per parameter.
  private let nodesPerAxis: Int
  private let nodeCount: Int
  /// −½ (2l + 1) (T⁻¹)_XY, twice for X ≠ Y, `[name, l][node]`.
  private let coefficients: AlignedBuffer<Double>
  /// −½ Σ_l (2l + 1) ln det T_l of every node.
  private let logDeterminants: [Double]
  private var rowCount: Int { spectrumNames.count * (model.lmax + 1) }

  /// Nodes per parameter for one, two and three.
  static let standardNodeCounts = [385, 73, 25]

  /// Tabulates the likelihood.
  ///
  /// - Parameters:
  ///   - model: the model, of one to three parameters.
  ///   - fields: the fields of the maps, E and B for Q and U.
  ///   - noise: N_l of each field, l = 0...model.lmax; a field that is not named has none.
  ///   - threads: any number gives the same bits.
  /// - Throws: `BaselineError.tooManyParameters`, `.noiseLength`, `.noiseNotAVariance`;
  ///   `.correlatedFields` where observed fields other than T and E are correlated or a covariance
  ///   is singular; `.noPower` where a degree has power at the centre of the prior but not
  ///   everywhere.
  public init(
    _ model: any SkyModel, fields: [SkyField], noise: [SkyField: [Double]] = [:], threads: Int = 1
  ) throws(BaselineError) {
    let priors = model.parameters.map(\.prior)
    guard (1...3).contains(priors.count) else {
      throw .tooManyParameters(found: priors.count, supported: 3)
    }
    for values in noise.values {
      guard values.count == model.lmax + 1 else {
        throw .noiseLength(found: values.count, expected: model.lmax + 1)
      }
      for (l, value) in values.enumerated() where !(value >= 0 && value.isFinite) {
        throw .noiseNotAVariance(l: l, value: value)
      }
    }
    let count = Self.standardNodeCounts[priors.count - 1]
    let axis = (0..<count).map { Double($0) / Double(count - 1) }
    let nodes: [[Double]] = priors.reduce([[]]) { nodes, prior in
      let values = axis.map { prior.value(at: $0) }
      return nodes.flatMap { node in values.map { node + [$0] } }
    }
    let centre = model.spectra(at: priors.map { $0.value(at: 0.5) })
    let observed = fields.filter { field in
      zip(centre[field.spectrum], noise[field] ?? []).contains { $0 + $1 > 0 }
        || centre[field.spectrum].contains { $0 > 0 }
    }
    let names = SpectrumName.allCases.filter {
      observed.contains($0.fields.0) && observed.contains($0.fields.1) && ($0.isAuto || $0 == .te)
    }
    for name in [SpectrumName.eb, .tb]
    where observed.contains(name.fields.0) && observed.contains(name.fields.1) {
      if let l = centre[name].firstIndex(where: { $0 != 0 }) {
        throw .correlatedFields(spectrum: name, l: l)
      }
    }
    (self.model, self.fields, spectrumNames, self.priors) = (model, fields, names, priors)
    nodesPerAxis = count
    nodeCount = nodes.count
    let rows = names.count * (model.lmax + 1)
    let table = AlignedBuffer<Double>(count: rows * nodes.count)
    let determinants = AlignedBuffer<Double>(count: nodes.count)
    let fault = Locked<BaselineError?>(nil)
    let active = Self.activeDegrees(centre, observed, noise)
    let ranges = evenRanges(nodes.count, parts: 64)
    parallelFor(ranges.count, threads: threads) { part in
      for node in ranges[part] {
        let spectra = model.spectra(at: nodes[node])
        do throws(BaselineError) {
          determinants[node] = try Self.tabulate(
            spectra, names: names, noise: noise, active: active, parameter: nodes[node][0]
          ) { row, value in table[row * nodes.count + node] = value }
        } catch {
          fault.withLock { $0 = $0 ?? error }
        }
      }
    }
    if let fault = fault.withLock({ $0 }) { throw fault }
    coefficients = table
    logDeterminants = determinants.array()
  }

  /// Whether every field has power at a degree, at the centre of the prior.
  private static func activeDegrees(
    _ centre: NamedSpectra, _ fields: [SkyField], _ noise: [SkyField: [Double]]
  ) -> [SkyField: [Bool]] {
    var result: [SkyField: [Bool]] = [:]
    for field in fields {
      result[field] = (0...centre.lmax).map { l in
        l >= field.firstDegree && centre[field.spectrum][l] + (noise[field]?[l] ?? 0) > 0
      }
    }
    return result
  }

  /// The coefficients of one node; returns −½ Σ (2l + 1) ln det T.
  private static func tabulate(
    _ spectra: NamedSpectra, names: [SpectrumName], noise: [SkyField: [Double]],
    active: [SkyField: [Bool]], parameter: Double, write: (_ row: Int, _ value: Double) -> Void
  ) throws(BaselineError) -> Double {
    let width = spectra.lmax + 1
    func row(_ name: SpectrumName, _ l: Int) -> Int? {
      names.firstIndex(of: name).map { $0 * width + l }
    }
    func total(_ field: SkyField, _ l: Int) -> Double {
      spectra[field.spectrum][l] + (noise[field]?[l] ?? 0)
    }
    var sum = 0.0
    for l in 0..<width {
      let weight = -0.5 * Double(2 * l + 1)
      let fields = active.keys.sorted { $0.rawValue < $1.rawValue }.filter {
        active[$0]?[l] == true
      }
      let isPair = fields.contains(.temperature) && fields.contains(.e) && spectra.te[l] != 0
      for field in fields where !(isPair && field != .b) {
        let power = total(field, l)
        guard power > 0 else { throw .noPower(l: l, parameter: parameter) }
        if let row = row(field.spectrum, l) { write(row, weight / power) }
        sum += weight * log(power)
      }
      guard isPair else { continue }
      let (t, e, c) = (total(.temperature, l), total(.e, l), spectra.te[l])
      let determinant = t * e - c * c
      guard determinant > 1e-14 * t * e else { throw .correlatedFields(spectrum: .te, l: l) }
      if let row = row(.tt, l) { write(row, weight * e / determinant) }
      if let row = row(.ee, l) { write(row, weight * t / determinant) }
      if let row = row(.te, l) { write(row, -2 * weight * c / determinant) }
      sum += weight * log(determinant)
    }
    return sum
  }

  /// ln L at the nodes, `[map][node]`.
  ///
  /// - Parameters:
  ///   - realised: Ĉ_l of every map by name, l = 0...lmax; a name that counts must be there (a
  ///     precondition).
  ///   - threads: any number gives the same bits.
  /// - Returns: one list per map.
  func logLikelihoods(_ realised: [[SpectrumName: [Double]]], threads: Int) -> [[Double]] {
    let width = model.lmax + 1
    let values = realised.flatMap { ofMap in
      spectrumNames.flatMap { name -> [Double] in
        guard let own = ofMap[name], own.count == width else {
          preconditionFailure("no realised spectrum \(name) up to \(width - 1)")
        }
        return own
      }
    }
    let result = AlignedBuffer<Double>(count: realised.count * nodeCount)
    let ranges = evenRanges(nodeCount, parts: 16, unit: 8)
    values.withView { values in
      withViews(coefficients, result) { coefficients, result in
        parallelFor(ranges.count, threads: threads) { part in
          let range = ranges[part]
          matrixProduct(
            rows: realised.count, columns: range.count, depth: rowCount,
            MatrixView(values, rowStride: rowCount),
            MatrixView(coefficients.at(range.lowerBound), rowStride: nodeCount),
            into: MatrixView(result.at(range.lowerBound), rowStride: nodeCount))
        }
      }
    }
    return realised.indices.map { map in
      (0..<nodeCount).map { result[map * nodeCount + $0] + logDeterminants[$0] }
    }
  }

  /// The posteriors of some maps.
  ///
  /// - Parameters:
  ///   - realised: Ĉ_l of every map by name, l = 0...lmax.
  ///   - threads: any number gives the same bits.
  /// - Returns: one density per map.
  /// - Throws: `BaselineError.realisedNotPositive` for an auto spectrum that is no power where it
  ///   counts.
  public func posteriors(
    _ realised: [[SpectrumName: [Double]]], threads: Int = 1
  ) throws(BaselineError) -> [PosteriorGrid] {
    for ofMap in realised {
      for name in spectrumNames where name.isAuto {
        for (l, value) in (ofMap[name] ?? []).enumerated() where !(value >= 0 && value.isFinite) {
          throw .realisedNotPositive(l: l, value: value)
        }
      }
    }
    let tables = logLikelihoods(realised, threads: threads)
    let results = Locked<[PosteriorGrid?]>([PosteriorGrid?](repeating: nil, count: tables.count))
    parallelFor(tables.count, threads: threads) { map in
      let grid = PosteriorGrid.zoomed(priors) { interpolated(tables[map], at: $0) }
      results.withLock { $0[map] = grid }
    }
    return results.withLock { $0 }.compactMap { $0 }
  }

  /// ln L of one map on a product of q, the last parameter fastest.
  func interpolated(_ values: [Double], at quantiles: [[Double]]) -> [Double] {
    // The first axis is interpolated and moves behind the others.
    var values = values
    for points in quantiles {
      let inner = values.count / nodesPerAxis
      var next = [Double](repeating: 0, count: inner * points.count)
      for (index, q) in points.enumerated() {
        let (start, weights) = LocalInterpolation.window(
          at: q * Double(nodesPerAxis - 1), nodes: nodesPerAxis)
        for (k, weight) in weights.enumerated() where weight != 0 {
          let source = (start + k) * inner
          for i in 0..<inner { next[i * points.count + index] += weight * values[source + i] }
        }
      }
      values = next
    }
    return values
  }
}

import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
import SkyMaps

/// The power spectra of one map or of two.
///
/// Definition:  C_l^XY = Σ_m Re(a^X_lm conj(b^Y_lm)) / (2l + 1), over all −l ≤ m ≤ l, a the
///              coefficients of the first map and b those of the second, or of the first again. Of
///              maps of T, Q and U the names are TT, EE, BB, TE, EB, TB in healpy's order; cross
///              spectra of two maps have ET, BE and BT as well (E of the first with T of the
///              second).
/// Two maps:    need not have the same fields: of T with T, Q and U there are TT, TE, TB.
/// Windows:     with `transfer` the spectra are divided by f^X_l f^Y_l, the beams and pixel windows
///              of the maps.
/// With a mask: both maps are multiplied by w_p, the mask's weight, 0 where a pixel of either map
///              is unobserved; the spectra are divided by the mean of w_p² over the sphere, which
///              is f_sky for a mask of zeros and ones. These are pseudo-spectra: the coupling of
///              degrees and the leakage of E into B by the mask are not undone.
///              `ModeCouplingMatrix` says what to expect of TT. `bandPowers` undoes the coupling,
///              see `SpectrumDecoupling`.
/// Equals:      healpy.anafast(map1, map2, iter=3) of the multiplied maps, divided by mean(w²).
/// Units:       the product of the maps' units.
/// Checked by:  MapToolsOracleTests (healpy), MapAnalysisPropertyTests.
public struct MapSpectra: Sendable {
  /// How the maps are analysed.
  public var analysis: MapAnalysis
  /// Weights of pixels; nil: all 1.
  public var mask: SkyMask?
  /// Whether unobserved pixels join the mask; without that and without a mask they are refused.
  public var masksUnobserved: Bool
  /// Beams and pixel windows of both maps, up to the analysis' lmax; nil: none is divided out.
  public var transfer: HarmonicTransfer?

  /// Settings of an estimate.
  public init(
    _ analysis: MapAnalysis, mask: SkyMask? = nil, masksUnobserved: Bool = false,
    transfer: HarmonicTransfer? = nil
  ) {
    precondition(transfer == nil || transfer?.lmax == analysis.lmax, "factors of another lmax")
    self.analysis = analysis
    self.mask = mask
    self.masksUnobserved = masksUnobserved
    self.transfer = transfer
  }

  /// The spectra.
  ///
  /// - Parameters:
  ///   - first: the map.
  ///   - second: the other map, for cross spectra.
  ///   - threads: any number gives the same bits.
  /// - Returns: the spectra, the pixels that joined the mask because a map lacks them, and reports
  ///   of least squares.
  /// - Throws: `MapToolError`, `HarmonicTransformError.notEnoughMemory`.
  public func spectra(
    of first: SkyMap, with second: SkyMap? = nil, threads: Int = 1
  ) throws -> (file: SpectraFile, unobserved: Int, reports: [MapAnalysis.Report]) {
    let raw = try pseudoSpectra(of: first, with: second, threads: threads)
    let letters = raw.spectra.map(\.name).joined()
    let inverse = try transfer?.inverse(name: "the beam with its pixel window", fields: letters)
    let spectra = raw.spectra.map { name, values in
      let (x, y) = (String(name.prefix(1)), String(name.suffix(1)))
      let factors = inverse.map { f in zip(f[x], f[y]).map { $0 * $1 } }
      return SpectraFile.Spectrum(
        name: name,
        values: values.enumerated().map { l, value in
          value / raw.meanSquare * (factors?[l] ?? 1)
        })
    }
    let file = SpectraFile(
      spectra: spectra, unit: productUnit(first, second ?? first),
      meanSquaredMask: raw.isMasked ? raw.meanSquare : nil)
    return (file, raw.unobserved, raw.reports)
  }

  /// The band powers of the whole sky: the coupling by the mask is undone.
  ///
  /// Method:   the spectrum of the mask up to the smaller of 2 lmax and 3 nside − 1, by least
  ///           squares to 1e-12: three iterations of quadrature miss the monopole of a constant by
  ///           2e-4 at 3 nside − 1. Then `SpectrumDecoupling`.
  ///
  /// - Parameters:
  ///   - first: the map.
  ///   - second: the other map, for cross spectra.
  ///   - bins: degrees up to lmax (a precondition).
  ///   - threads: any number gives the same bits.
  /// - Returns: band powers, the pixels that joined the mask, and reports of least squares.
  /// - Throws: `MapToolError`, `HarmonicTransformError.notEnoughMemory`.
  public func bandPowers(
    of first: SkyMap, with second: SkyMap? = nil, bins: DegreeBins, threads: Int = 1
  ) throws -> (file: BandPowersFile, unobserved: Int, reports: [MapAnalysis.Report]) {
    let raw = try pseudoSpectra(of: first, with: second, threads: threads)
    let degrees = min(
      2 * analysis.lmax, MapToolError.largestDegree(nside: first.nside))
    let fit = MapAnalysis.Method.leastSquares(tolerance: 1e-12, maximumIterations: 1000)
    let maskSpectrum = try MapAnalysis(lmax: degrees, method: fit).coefficients(
      of: SkyMap(nside: first.nside, temperature: raw.weights), threads: threads
    ).coefficients.fields[0].coefficients.spectra()[0]
    let decoupling = try SpectrumDecoupling(
      maskSpectrum: maskSpectrum, bins: bins, transfer: transfer ?? .unity(lmax: analysis.lmax),
      isPolarised: raw.spectra.contains { $0.name != "TT" })
    let bands = try decoupling.bandPowers(of: raw.spectra)
    let file = BandPowersFile(
      ranges: bins.ranges,
      spectra: bands.map { SpectraFile.Spectrum(name: $0.name, values: $0.values) },
      unit: productUnit(first, second ?? first))
    return (file, raw.unobserved, raw.reports)
  }

  private struct PseudoSpectra {
    /// C̃_l by name, not divided by the mean of w².
    var spectra: [(name: String, values: [Double])]
    var weights: [Double]
    var isMasked: Bool
    var meanSquare: Double
    var unobserved: Int
    var reports: [MapAnalysis.Report]
  }

  private func pseudoSpectra(
    of first: SkyMap, with second: SkyMap?, threads: Int
  ) throws -> PseudoSpectra {
    if let second { try requireCompatible(first, second) }
    if let mask {
      precondition(mask.nside == first.nside, "mask of nside \(mask.nside), map of \(first.nside)")
    }
    let maps = [first] + (second.map { [$0] } ?? [])
    var weights = mask?.weights ?? [Double](repeating: 1, count: first.pixelCount)
    var unobserved = 0
    for map in maps where map.maskedCount > 0 {
      guard mask != nil || masksUnobserved else {
        throw MapToolError.maskedPixels(
          file: map.file, count: map.maskedCount, pixelCount: map.pixelCount,
          remedy: "take them as mask on purpose, or give a mask")
      }
      for (pixel, isObserved) in map.observed.enumerated() where !isObserved && weights[pixel] > 0 {
        weights[pixel] = 0
        unobserved += 1
      }
    }
    let isMasked = mask != nil || unobserved > 0
    guard weights.contains(where: { $0 > 0 }) else {
      throw MapToolError.nothingObserved(file: first.file)
    }
    let meanSquare = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    var reports: [MapAnalysis.Report] = []
    let coefficients = try maps.map { map in
      let result = try analysis.coefficients(
        of: isMasked ? map.multiplied(by: weights) : map, threads: threads)
      reports += result.reports
      return result.coefficients
    }
    return PseudoSpectra(
      spectra: spectra(coefficients[0], second == nil ? nil : coefficients[1]), weights: weights,
      isMasked: isMasked, meanSquare: meanSquare, unobserved: unobserved, reports: reports)
  }

  private func spectra(
    _ a: SkyCoefficients, _ other: SkyCoefficients?
  ) -> [(name: String, values: [Double])] {
    let (x, y) = (a.fields, (other ?? a).fields)
    let letters = x.map(\.letter)
    guard letters == y.map(\.letter) else {
      // Maps of different fields: every pair, the fields of the first map first.
      return x.flatMap { a in
        y.map { b in
          (a.letter + b.letter, a.coefficients.crossSpectra(with: b.coefficients)[0])
        }
      }
    }
    // healpy's order: along the diagonals. The lower half is that of the upper for one map.
    var pairs: [(Int, Int)] = []
    for offset in letters.indices {
      for i in 0..<letters.count - offset { pairs.append((i, i + offset)) }
    }
    if other != nil { pairs += pairs.filter { $0.0 != $0.1 }.map { ($0.1, $0.0) } }
    return pairs.map { i, j in
      (letters[i] + letters[j], x[i].coefficients.crossSpectra(with: y[j].coefficients)[0])
    }
  }

  private func productUnit(_ first: SkyMap, _ second: SkyMap) -> String {
    let units = [first, second].map { $0.unit ?? FitsUnit.microkelvin }
    return units[0] == units[1] ? "\(units[0])^2" : "\(units[0])*\(units[1])"
  }

  private func requireCompatible(_ a: SkyMap, _ b: SkyMap) throws(MapToolError) {
    var differences: [(String, String, String)] = []
    if a.nside != b.nside { differences.append(("nside", "\(b.nside)", "\(a.nside)")) }
    if let x = a.coordinateSystem, let y = b.coordinateSystem, !SkyFrame.areSame(x, y) {
      differences.append(("coordinate system", y, x))
    }
    guard let (property, found, expected) = differences.first else { return }
    throw .mapsDiffer(
      first: a.file, second: b.file, property: property, found: found, expected: expected)
  }
}

extension SkyMap {
  /// Every field times a weight per pixel; unobserved pixels have weight 0 and become 0.
  func multiplied(by weights: [Double]) -> SkyMap {
    func product(_ values: [Double]) -> [Double] {
      zip(values, weights).map { $1 == 0 ? 0 : $0 * $1 }
    }
    var map = self
    map.temperature = temperature.map(product)
    map.polarisation = polarisation.map { Polarisation(q: product($0.q), u: product($0.u)) }
    return map
  }
}

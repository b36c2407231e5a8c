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
/// With a mask: both maps are multiplied by w_p, the mask's weight, 0 where a pixel of either map
///              is unobserved; the spectra are divided by the mean of w_p² over the sphere, which
///              is f_sky for a mask of zeros and ones. These are pseudo-spectra: the coupling of
///              degrees and the leakage of E into B by the mask are not undone.
///              `ModeCouplingMatrix` says what to expect of TT.
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

  /// Settings of an estimate.
  public init(_ analysis: MapAnalysis, mask: SkyMask? = nil, masksUnobserved: Bool = false) {
    self.analysis = analysis
    self.mask = mask
    self.masksUnobserved = masksUnobserved
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
    let file = SpectraFile(
      spectra: spectra(coefficients[0], second == nil ? nil : coefficients[1]).map {
        SpectraFile.Spectrum(name: $0.name, values: $0.values.map { $0 / meanSquare })
      },
      unit: productUnit(first, second ?? first), meanSquaredMask: isMasked ? meanSquare : nil)
    return (file, unobserved, reports)
  }

  private func spectra(
    _ a: SkyCoefficients, _ other: SkyCoefficients?
  ) -> [(name: String, values: [Double])] {
    let (x, y) = (a.fields, (other ?? a).fields)
    let letters = x.map(\.letter)
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
    func fields(_ map: SkyMap) -> String { map.fields.map(\.name).joined(separator: ", ") }
    var differences: [(String, String, String)] = []
    if a.nside != b.nside { differences.append(("nside", "\(b.nside)", "\(a.nside)")) }
    if fields(a) != fields(b) { differences.append(("list of columns", fields(b), fields(a))) }
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

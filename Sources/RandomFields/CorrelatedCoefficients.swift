import Kernels
import SkyModels

/// Draws the coefficients of T, E or B of a correlated sky into one lane of a stack.
///
/// Definition: X_lm = Σ_Y L_XY(l) g^Y_lm, with L the Cholesky factor of C_l (`CovarianceFactors`),
///             so that ⟨X_lm conj(Y_lm)⟩ = C_l^XY. The g^Y are independent of unit variance:
///             g_l0 real, Re and Im of g_lm of variance 1/2 each for m > 0.
/// Numbers:    g^Y are those of `drawGaussianCoefficients` for the field number of Y: 0, 1, 2 for
///             T, E, B. T keeps its bits whatever E and B are; a field that no other is correlated
///             with has the bits of `drawGaussianCoefficients` with its own spectrum and number.
/// Layout:     as `drawGaussianCoefficients`; the elements of `lane` are overwritten. E and B are
///             zero below l = 2.
/// Units:      the square root of the spectra's.
/// Domain:     lmax ≤ spectra.lmax; degrees above lmax are not drawn.
/// Cost:       per field 20 μs at lmax 47 and for each g it follows.
/// Checked by: CorrelatedCoefficientTests, PublishedSkyOracleTests.
public func drawCorrelatedCoefficients<T: LaneScalar>(
  of field: SkyField, spectra: NamedSpectra, lmax: Int, key: MapKey, into stack: inout [T],
  lane: Int = 0, lanes: Int = 1
) {
  precondition(0 <= lane && lane < lanes, "lane \(lane) is outside 0..<\(lanes)")
  let count = (lmax + 1) * (lmax + 2) / 2
  precondition(
    stack.count == 2 * count * lanes,
    "\(stack.count) elements cannot hold \(count) complex coefficients in \(lanes) lanes")
  let draw = CorrelatedDraw(spectra: spectra, lmax: lmax)
  stack.withMutableView {
    draw.write([field], key: key, to: [$0], lane: lane, laneStride: lanes)
  }
}

/// The coefficients of T, E and B of a correlated sky, each [(l, m) m-major][re, im]:
/// `drawCorrelatedCoefficients` as new arrays.
public func correlatedCoefficients(
  spectra: NamedSpectra, lmax: Int, key: MapKey
) -> (temperature: [Double], e: [Double], b: [Double]) {
  var arrays = SkyField.allCases.map { _ in
    [Double](repeating: 0, count: (lmax + 1) * (lmax + 2))
  }
  for field in SkyField.allCases {
    drawCorrelatedCoefficients(
      of: field, spectra: spectra, lmax: lmax, key: key, into: &arrays[field.rawValue])
  }
  return (arrays[0], arrays[1], arrays[2])
}

/// The cross spectrum Ĉ_l^XY = (Re a_l0 b_l0 + 2 Σ_{m>0} Re a_lm conj(b_lm))/(2l + 1) of the
/// coefficients of two real fields, [(l, m) m-major][re, im].
public func realisedCrossSpectrum(
  _ first: [Double], _ second: [Double], lmax: Int
) -> [Double] {
  precondition(
    first.count == (lmax + 1) * (lmax + 2) && second.count == first.count,
    "\(first.count) and \(second.count) elements are not complex coefficients up to lmax \(lmax)")
  return (0...lmax).map { l in
    var sum = first[2 * l] * second[2 * l]
    for m in 1..<(l + 1) {
      let lm = m * (2 * lmax + 1 - m) / 2 + l
      sum += 2 * (first[2 * lm] * second[2 * lm] + first[2 * lm + 1] * second[2 * lm + 1])
    }
    return sum / Double(2 * l + 1)
  }
}

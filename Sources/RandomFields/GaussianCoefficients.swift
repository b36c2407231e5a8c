import Kernels
import SkyModels

/// Draws the coefficients a_lm of one real isotropic Gaussian field into one lane of a stack.
///
/// Definition: a_l0 = √C_l z, Im a_l0 = 0; Re a_lm = √(C_l/2) z, Im a_lm = √(C_l/2) z' for m > 0,
///             with z, z' independent standard normal numbers, so that ⟨|a_lm|²⟩ = C_l for every
///             m.
/// Numbers:    the pair (z, z') of (l, m) is block l(l + 1)/2 + m of the sky stream of `key` and
///             `field`: it does not depend on lmax, so a field with a larger lmax repeats the lower
///             degrees. Drawn in Double and rounded once.
/// Layout:     element ((lm · 2 + part) · lanes + lane), lm m-major: index m (2 lmax + 1 − m)/2 +
///             l. The stack has (lmax + 1)(lmax + 2) · lanes elements; those of `lane` are
///             overwritten.
/// Units:      the square root of the spectrum's.
/// Domain:     lmax ≤ spectrum.lmax; degrees above lmax are not drawn. Temperature is field 0.
/// Cost:       20 μs at lmax 47.
/// Checked by: GaussianCoefficientTests.
public func drawGaussianCoefficients<T: LaneScalar>(
  spectrum: PowerSpectrum, lmax: Int, key: MapKey, field: Int = 0, into stack: inout [T],
  lane: Int = 0, lanes: Int = 1
) {
  precondition(0 <= lane && lane < lanes, "lane \(lane) is outside 0..<\(lanes)")
  let count = (lmax + 1) * (lmax + 2) / 2
  precondition(
    stack.count == 2 * count * lanes,
    "\(stack.count) elements cannot hold \(count) complex coefficients in \(lanes) lanes")
  stack.withMutableView {
    drawGaussianCoefficients(
      spectrum: spectrum, lmax: lmax, key: key, field: field, into: $0, lane: lane,
      laneStride: lanes)
  }
}

/// The same into memory of lanes `laneStride` apart.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func drawGaussianCoefficients<T: LaneScalar>(
  spectrum: PowerSpectrum, lmax: Int, key: MapKey, field: Int, into stack: BufferView<T>,
  lane: Int, laneStride: Int
) {
  precondition(
    0 <= lmax && lmax <= spectrum.lmax,
    "lmax \(lmax) asks for degrees that the spectrum, 0...\(spectrum.lmax), does not have")
  let count = (lmax + 1) * (lmax + 2) / 2
  let normals = RandomStream(key, purpose: .sky, field: field)
    .normalPairs(firstBlock: 0, count: count)
  for l in 0...lmax {
    let block = l * (l + 1) / 2
    let zonal = spectrum[l].squareRoot()
    stack[2 * l * laneStride + lane] = T(zonal * normals[2 * block])
    stack[(2 * l + 1) * laneStride + lane] = 0
    let amplitude = (spectrum[l] / 2).squareRoot()
    for m in 1..<(l + 1) {
      let lm = m * (2 * lmax + 1 - m) / 2 + l
      stack[2 * lm * laneStride + lane] = T(amplitude * normals[2 * (block + m)])
      stack[(2 * lm + 1) * laneStride + lane] = T(amplitude * normals[2 * (block + m) + 1])
    }
  }
}

/// The coefficients a_lm of one real isotropic Gaussian field: `drawGaussianCoefficients` as a new
/// array, [(l, m) m-major][re, im].
public func gaussianCoefficients(
  spectrum: PowerSpectrum, lmax: Int, key: MapKey, field: Int = 0
) -> [Double] {
  var coefficients = [Double](repeating: 0, count: (lmax + 1) * (lmax + 2))
  drawGaussianCoefficients(
    spectrum: spectrum, lmax: lmax, key: key, field: field, into: &coefficients)
  return coefficients
}

/// The realised spectrum Ĉ_l = (|a_l0|² + 2 Σ_{m>0} |a_lm|²)/(2l + 1) of the coefficients of a real
/// field, [(l, m) m-major][re, im].
///
/// It holds all that the map says about C_l: the likelihood of an isotropic Gaussian field depends
/// on nothing else.
public func realisedSpectrum(_ coefficients: [Double], lmax: Int) -> [Double] {
  precondition(
    coefficients.count == (lmax + 1) * (lmax + 2),
    "\(coefficients.count) elements are not complex coefficients up to lmax \(lmax)")
  return (0...lmax).map { l in
    var sum = coefficients[2 * l] * coefficients[2 * l]
    for m in 1..<(l + 1) {
      let lm = m * (2 * lmax + 1 - m) / 2 + l
      let (re, im) = (coefficients[2 * lm], coefficients[2 * lm + 1])
      sum += 2 * (re * re + im * im)
    }
    return sum / Double(2 * l + 1)
  }
}

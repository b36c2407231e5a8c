import Foundation

/// The HEALPix grid: 12 nside² pixels of equal area on 4 nside − 1 rings.
///
/// Points:      the pixels' centres [Gorski2005, eqs. 4–9]; with i the ring number from 1,
///              polar caps, i < nside:        z = 1 − i²/(3 nside²), 4i pixels, φ0 = π/(4i),
///              nside ≤ i ≤ 3 nside:          z = 4/3 − 2i/(3 nside), 4 nside pixels,
///                                            φ0 = π/(4 nside) if i − nside is even, else 0.
/// Weights:     4π/npix, equal.
/// Exactness:   1, whatever nside. Summing the rings in closed form gives
///              Σ_pixels (z² − 1/3) = −10/27 − 2/(27 nside²), which never vanishes, so degree 2
///              already has a (small) error.
/// Domain:      1 ≤ nside ≤ 65536; NESTED indices for powers of two.
/// Checked by:  HealpixOracleTests (healpy), HealpixDefinitionTests, GridExactnessTests.
public struct HealpixGrid: RingGrid {
  /// Resolution: the number of pixels along the edge of one of the twelve faces.
  public let nside: Int
  public let rings: [Ring]
  public var pointCount: Int { 12 * nside * nside }
  public var exactDegree: Int { 1 }
  public var exactAnalysisDegree: Int { 0 }
  public var name: String { "HEALPix nside \(nside)" }

  /// The largest nside: beyond it the table of rings alone would take hundreds of megabytes.
  public static let largestNside = 65536

  /// Pixels north of the equatorial rings, that is in the rings 1..<nside: 2 nside (nside − 1).
  var polarCapCount: Int { 2 * nside * (nside - 1) }
  /// log₂ nside, or nil if nside is no power of two.
  var order: Int? { nside & (nside - 1) == 0 ? nside.trailingZeroBitCount : nil }

  /// The grid of resolution `nside`, which need not be a power of two.
  ///
  /// - Throws: `HealpixError.invalidNside` outside 1...65536.
  public init(nside: Int) throws {
    guard 1...HealpixGrid.largestNside ~= nside else { throw HealpixError.invalidNside(nside) }
    self.nside = nside
    var start = 0
    var rings: [Ring] = []
    for number in 1..<4 * nside {
      let ring = healpixRing(number, nside: nside, start: start)
      start += ring.count
      rings.append(ring)
    }
    self.rings = rings
  }

  public static func == (a: Self, b: Self) -> Bool { a.nside == b.nside }

  public func hash(into hasher: inout Hasher) { hasher.combine(nside) }
}

/// Ring `number` (1 at the north pole) of the grid, whose first pixel is `start`.
///
/// The roundings are those of the HEALPix library (4/npix first, then times i² or i), so that z and
/// φ agree with its values to the last bit. Above |z| = 0.99, and only there, the library takes θ
/// from the sine; the sine is accurate everywhere here: 1 − z² = t (2 − t) with t = i²/(3 nside²).
private func healpixRing(_ number: Int, nside: Int, start: Int) -> Ring {
  let pixelCount = 12 * nside * nside
  let polarFactor = 4 / Double(pixelCount)  // 1 / (3 nside²)
  let equatorialFactor = Double(2 * nside) * polarFactor  // 2 / (3 nside)
  let z: Double
  let sine: Double
  let count: Int
  let phi0: Double
  let capNumber = min(number, 4 * nside - number)
  if capNumber < nside {
    let t = Double(capNumber * capNumber) * polarFactor
    z = number < nside ? 1 - t : t - 1
    sine = (t * (2 - t)).squareRoot()
    count = 4 * capNumber
    phi0 = 0.5 * (.pi / 2) / Double(capNumber)
  } else {
    z = Double(2 * nside - number) * equatorialFactor
    sine = ((1 - z) * (1 + z)).squareRoot()
    count = 4 * nside
    let isShifted = (number - nside).isMultiple(of: 2)
    phi0 = isShifted ? 0.5 * .pi * 0.75 * equatorialFactor : 0
  }
  return Ring(
    theta: abs(z) > 0.99 ? atan2(sine, z) : acos(z), cosTheta: z, sinTheta: sine, phi0: phi0,
    count: count, start: start, weight: 4 * .pi / Double(pixelCount))
}

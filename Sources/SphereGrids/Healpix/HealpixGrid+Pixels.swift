import Foundation

// Pixel numbers and directions [Gorski2005, sec. 4]. The arithmetic (which products are formed, in
// which order they are rounded, which side a tie falls on) is that of the HEALPix library, because
// the points of regular grids fall on the edges of pixels all the time and every one of them has to
// land where the library puts it.

extension HealpixGrid {
  /// The number of pixels of resolution `nside`, 12 nside².
  ///
  /// - Throws: `HealpixError.invalidNside`.
  public static func pixelCount(nside: Int) throws -> Int {
    guard 1...largestNside ~= nside else { throw HealpixError.invalidNside(nside) }
    return 12 * nside * nside
  }

  /// The resolution of a map of `pixelCount` values.
  ///
  /// - Throws: `HealpixError.invalidPixelCount` if that is not 12 nside² for an nside in 1...65536.
  public static func nside(pixelCount: Int) throws -> Int {
    let nside = Int((Double(max(0, pixelCount)) / 12).squareRoot().rounded())
    guard 1...largestNside ~= nside, 12 * nside * nside == pixelCount else {
      throw HealpixError.invalidPixelCount(pixelCount)
    }
    return nside
  }

  /// The pixel that contains a direction.
  ///
  /// Ties:        a direction on an edge belongs to the pixel to which the HEALPix library
  ///              (`ang2pix`) assigns it. Its RING and NESTED functions round differently, so that
  ///              on an edge the two may name different neighbours.
  /// Checked by:  HealpixOracleTests, HealpixDefinitionTests.
  ///
  /// - Parameters:
  ///   - theta: colatitude, 0...π.
  ///   - phi: longitude, finite.
  ///   - ordering: how the answer is numbered.
  /// - Returns: a pixel number in 0..<pointCount.
  /// - Throws: `HealpixError` for angles outside these domains, and for NESTED where nside is no
  ///   power of two.
  public func pixel(theta: Double, phi: Double, ordering: PixelOrdering = .ring) throws -> Int {
    try HealpixGrid.validate(theta: theta, phi: phi)
    let point = ProjectedPoint(theta: theta, phi: phi)
    switch ordering {
    case .ring: return ringPixel(point)
    case .nested: return nestedPixel(point, order: try nestedOrder())
    }
  }

  /// The pixel that contains `direction`; see `pixel(theta:phi:ordering:)`.
  public func pixel(at direction: Direction, ordering: PixelOrdering = .ring) throws -> Int {
    try pixel(theta: direction.theta, phi: direction.phi, ordering: ordering)
  }

  /// The RING pixel that contains a direction of a grid, whose angles are known to be in range.
  package func pixelContaining(_ direction: Direction) -> Int {
    precondition(0 <= direction.theta && direction.theta <= .pi && direction.phi.isFinite)
    return ringPixel(ProjectedPoint(theta: direction.theta, phi: direction.phi))
  }

  /// The centre of a pixel, with 0 ≤ φ < 2π.
  ///
  /// - Throws: `HealpixError.pixelOutOfRange`; `.nestedNeedsPowerOfTwo`.
  public func centre(of pixel: Int, ordering: PixelOrdering = .ring) throws -> Direction {
    switch ordering {
    case .ring:
      guard 0..<pointCount ~= pixel else {
        throw HealpixError.pixelOutOfRange(pixel: pixel, nside: nside)
      }
      return ringCentre(pixel)
    case .nested:
      return ringCentre(try ringPixel(nested: pixel))
    }
  }

  /// The centres of all pixels in RING order.
  public var centres: [Direction] {
    rings.indices.flatMap { index in
      (0..<rings[index].count).map { centre(ring: index, offset: $0) }
    }
  }

  /// Index in `rings` of the ring that holds a pixel.
  func ringIndex(ofPixel pixel: Int) -> Int {
    if pixel < polarCapCount { return polarRing(offset: pixel) - 1 }
    if pixel < pointCount - polarCapCount {
      return nside - 1 + (pixel - polarCapCount) / (4 * nside)
    }
    return 4 * nside - 1 - polarRing(offset: pointCount - 1 - pixel)
  }

  /// The ring number i ≥ 1 of pixel `offset` of a polar cap, counted from its pole: the largest i
  /// with 2 i (i − 1) ≤ offset.
  private func polarRing(offset: Int) -> Int {
    // The integer part of (1 + √(1 + 2 offset)) / 2; the root is exact to well beyond 10¹⁰ pixels.
    (1 + Int(Double(1 + 2 * offset).squareRoot())) / 2
  }

  /// The centre of a pixel number that has been checked.
  func ringCentre(_ pixel: Int) -> Direction {
    let index = ringIndex(ofPixel: pixel)
    return centre(ring: index, offset: pixel - rings[index].start)
  }

  /// The centre of the pixel number `offset` of the ring `rings[index]`.
  func centre(ring index: Int, offset: Int) -> Direction {
    let ring = rings[index]
    let position = Double(offset) + (ring.phi0 > 0 ? 0.5 : 0)
    let capNumber = min(index + 1, 4 * nside - 1 - index)
    if capNumber < nside {
      return Direction(theta: ring.theta, phi: position * (.pi / 2) / Double(capNumber))
    }
    let equatorialFactor = Double(2 * nside) * (4 / Double(pointCount))  // 2 / (3 nside)
    return Direction(theta: ring.theta, phi: position * .pi * 0.75 * equatorialFactor)
  }

  /// The RING pixel of a point.
  ///
  /// Between |z| = 2/3 the pixels' edges are the lines nside (½ + t ± ¾ z) = integer, t = φ/(π/2);
  /// in a cap they are nside √(3(1−|z|)) times t or 1 − t of the quadrant = integer.
  private func ringPixel(_ point: ProjectedPoint) -> Int {
    if point.isEquatorial {
      let (ascending, descending) = point.equatorialEdges(nside: nside)
      let ring = nside + 1 + ascending - descending  // counted from the ring z = 2/3, 1...2 nside+1
      let shift = 1 - (ring & 1)
      let position = (ascending + descending - nside + shift + 1 + 8 * nside) >> 1
      return polarCapCount + (ring - 1) * 4 * nside + position % (4 * nside)
    }
    let (ascending, descending) = point.polarEdges(nside: nside, quadrant: Int(point.turn))
    let ring = ascending + descending + 1  // counted from the nearer pole
    let position = Int(point.turn * Double(ring))
    return point.z > 0
      ? 2 * ring * (ring - 1) + position
      : pointCount - 2 * ring * (ring + 1) + position
  }

  static func validate(theta: Double, phi: Double) throws(HealpixError) {
    guard 0 <= theta && theta <= .pi else { throw .invalidColatitude(theta) }
    guard phi.isFinite else { throw .invalidLongitude(phi) }
  }
}

/// A longitude reduced to 0..<2π.
func reducedLongitude(_ phi: Double) -> Double {
  let remainder = phi.truncatingRemainder(dividingBy: 2 * .pi)
  if remainder >= 0 { return remainder }
  // A tiny negative longitude rounds up to a full turn, which counts as 0.
  return remainder + 2 * .pi == 2 * .pi ? 0 : remainder + 2 * .pi
}

/// A direction in the variables of the HEALPix projection.
struct ProjectedPoint {
  /// cos θ.
  let z: Double
  /// Longitude in quarter turns, 0 ≤ turn < 4.
  let turn: Double
  /// sin θ within 0.01 of a pole, where 1 − |z| has few digits; nil elsewhere.
  let polarSine: Double?

  init(theta: Double, phi: Double) {
    z = cos(theta)
    polarSine = theta < 0.01 || theta > 3.14159 - 0.01 ? sin(theta) : nil
    turn = reducedLongitude(phi) * (2 / .pi)
  }

  var isEquatorial: Bool { abs(z) <= 2.0 / 3.0 }

  /// Numbers of the last ascending and descending pixel edge passed, in the equatorial zone.
  func equatorialEdges(nside: Int) -> (ascending: Int, descending: Int) {
    let eastward = Double(nside) * (0.5 + turn)
    let northward = Double(nside) * z * 0.75
    return (Int(eastward - northward), Int(eastward + northward))
  }

  /// Numbers of the last ascending and descending pixel edge passed in the polar `quadrant`.
  func polarEdges(nside: Int, quadrant: Int) -> (ascending: Int, descending: Int) {
    let within = turn - Double(quadrant)
    let height: Double  // nside √(3 (1 − |z|)), the ring number as a real number
    if let sine = polarSine, abs(z) >= 0.99 {
      height = Double(nside) * sine / ((1 + abs(z)) / 3).squareRoot()
    } else {
      height = Double(nside) * (3 * (1 - abs(z))).squareRoot()
    }
    return (Int(within * height), Int((1 - within) * height))
  }
}

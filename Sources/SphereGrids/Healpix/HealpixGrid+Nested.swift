// NESTED numbers [Gorski2005, sec. 4.1]: a face 0...11 and, within it, coordinates x (north-east)
// and y (north-west) in 0..<nside, whose bits are interleaved: pixel = face nside² + (… y₁x₁y₀x₀).

/// A pixel as face and coordinates within the face.
struct FacePixel: Equatable {
  var face: Int
  var x: Int
  var y: Int
}

/// Ring number of the southern corner of each face, in units of nside.
private let faceRing = [2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4]
/// Longitude of the centre of each face, in units of π/4.
private let faceLongitude = [1, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7]

extension HealpixGrid {
  /// The NESTED number of the pixel whose RING number is `pixel`.
  ///
  /// - Throws: `HealpixError.pixelOutOfRange`; `.nestedNeedsPowerOfTwo`.
  public func nestedPixel(ring pixel: Int) throws -> Int {
    let order = try nestedOrder()
    guard 0..<pointCount ~= pixel else {
      throw HealpixError.pixelOutOfRange(pixel: pixel, nside: nside)
    }
    return nestedNumber(facePixel(ring: pixel), order: order)
  }

  /// The RING number of the pixel whose NESTED number is `pixel`.
  ///
  /// - Throws: `HealpixError.pixelOutOfRange`; `.nestedNeedsPowerOfTwo`.
  public func ringPixel(nested pixel: Int) throws -> Int {
    let order = try nestedOrder()
    guard 0..<pointCount ~= pixel else {
      throw HealpixError.pixelOutOfRange(pixel: pixel, nside: nside)
    }
    return ringNumber(facePixel(nested: pixel, order: order))
  }

  /// log₂ nside.
  ///
  /// - Throws: `HealpixError.nestedNeedsPowerOfTwo`.
  func nestedOrder() throws(HealpixError) -> Int {
    guard let order else { throw .nestedNeedsPowerOfTwo(nside: nside) }
    return order
  }

  /// The NESTED pixel of a point.
  func nestedPixel(_ point: ProjectedPoint, order: Int) -> Int {
    if point.isEquatorial {
      let (ascending, descending) = point.equatorialEdges(nside: nside)
      let pixel = facePixel(ascending: ascending, descending: descending)
      return nestedNumber(pixel, order: order)
    }
    let quadrant = min(3, Int(point.turn))
    let edges = point.polarEdges(nside: nside, quadrant: quadrant)
    // On the very edge of the cap rounding may put a point one step outside the face.
    let ascending = min(nside - 1, edges.ascending)
    let descending = min(nside - 1, edges.descending)
    let pixel =
      point.z >= 0
      ? FacePixel(face: quadrant, x: nside - 1 - descending, y: nside - 1 - ascending)
      : FacePixel(face: quadrant + 8, x: ascending, y: descending)
    return nestedNumber(pixel, order: order)
  }

  func nestedNumber(_ pixel: FacePixel, order: Int) -> Int {
    pixel.face << (2 * order) + spreadBits(pixel.x) + spreadBits(pixel.y) << 1
  }

  func facePixel(nested pixel: Int, order: Int) -> FacePixel {
    let within = pixel & (nside * nside - 1)
    return FacePixel(
      face: pixel >> (2 * order), x: gatherBits(within), y: gatherBits(within >> 1))
  }

  /// The face and the place within it, from the pixel edges passed in the equatorial zone.
  private func facePixel(ascending: Int, descending: Int) -> FacePixel {
    let (a, d) = (ascending / nside, descending / nside)
    return FacePixel(
      face: a == d ? (a & 3) + 4 : a < d ? a : d + 8,
      x: descending % nside, y: nside - 1 - ascending % nside)
  }

  /// RING number of a pixel of a face. With n = ring.count/4 pixels per quadrant, its centre is on
  /// the ring number r nside − x − y − 1 at the longitude (p n + x − y) π/(4n), r and p from the
  /// tables above; a ring's own centres are at (2 offset + 1) π/(4n) if it is shifted, else at
  /// 2 offset π/(4n).
  func ringNumber(_ pixel: FacePixel) -> Int {
    let ring = rings[faceRing[pixel.face] * nside - pixel.x - pixel.y - 2]
    let eighths = faceLongitude[pixel.face] * ring.count / 4 + pixel.x - pixel.y
    return ring.start + (eighths < 0 ? eighths + 2 * ring.count : eighths) / 2
  }

  /// The inverse of `ringNumber`.
  func facePixel(ring pixel: Int) -> FacePixel {
    let number = ringIndex(ofPixel: pixel) + 1
    let ring = rings[number - 1]
    let offset = pixel - ring.start
    let eighths = 2 * offset + (ring.phi0 > 0 ? 1 : 0)
    if nside <= number && number <= 3 * nside {
      // nside (½ + t ∓ ¾ z) of `equatorialEdges` at the centre, in halves.
      return facePixel(
        ascending: (eighths + number - nside) / 2, descending: (eighths - number + 3 * nside) / 2)
    }
    let perQuadrant = ring.count / 4
    let face = offset / perQuadrant + (number < nside ? 0 : 8)
    let sum = faceRing[face] * nside - number - 1  // x + y
    let difference = eighths - faceLongitude[face] * perQuadrant  // x − y
    return FacePixel(face: face, x: (sum + difference) / 2, y: (sum - difference) / 2)
  }
}

/// Moves bit k of a coordinate to bit 2k.
private func spreadBits(_ coordinate: Int) -> Int {
  var bits = UInt64(coordinate)
  bits = (bits | bits << 16) & 0x0000_FFFF_0000_FFFF
  bits = (bits | bits << 8) & 0x00FF_00FF_00FF_00FF
  bits = (bits | bits << 4) & 0x0F0F_0F0F_0F0F_0F0F
  bits = (bits | bits << 2) & 0x3333_3333_3333_3333
  bits = (bits | bits << 1) & 0x5555_5555_5555_5555
  return Int(bits)
}

/// Moves bit 2k of a pixel number to bit k: the inverse of `spreadBits`.
private func gatherBits(_ number: Int) -> Int {
  var bits = UInt64(number) & 0x5555_5555_5555_5555
  bits = (bits | bits >> 1) & 0x3333_3333_3333_3333
  bits = (bits | bits >> 2) & 0x0F0F_0F0F_0F0F_0F0F
  bits = (bits | bits >> 4) & 0x00FF_00FF_00FF_00FF
  bits = (bits | bits >> 8) & 0x0000_FFFF_0000_FFFF
  bits = (bits | bits >> 16) & 0x0000_0000_FFFF_FFFF
  return Int(bits)
}

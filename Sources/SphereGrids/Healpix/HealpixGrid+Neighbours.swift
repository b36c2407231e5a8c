// The pixels around a pixel. A step leads to the next pixel within a face, or over an edge or a
// corner of the face to another one. Faces 0...3 surround the north pole, 4...7 the equator, 8...11
// the south pole; 4 + i is south-west of i, and 8 + i south of it [Gorski2005, sec. 4 and fig. 4].

extension HealpixGrid {
  /// The eight neighbours of a pixel, in the order of `NeighbourDirection`.
  ///
  /// Definition:  the pixels that share an edge with it (south-west, north-west, north-east,
  ///              south-east) or, beyond the four of these, just a corner (west, north, east,
  ///              south).
  /// Missing:     where three faces meet (eight points, at |z| = 2/3) there is no fourth pixel at
  ///              the corner: 24 pixels have seven neighbours, and at nside 1 all twelve have six.
  /// Checked by:  NeighbourOracleTests (healpy `get_all_neighbours`), NeighbourDefinitionTests,
  ///              NeighbourPropertyTests.
  ///
  /// - Parameters:
  ///   - pixel: a pixel number in 0..<pointCount.
  ///   - ordering: how pixel and neighbours are numbered; RING serves any nside.
  /// - Returns: eight pixel numbers; nil where there is no neighbour.
  /// - Throws: `HealpixError.pixelOutOfRange`; `.nestedNeedsPowerOfTwo`.
  public func neighbours(of pixel: Int, ordering: PixelOrdering = .ring) throws -> [Int?] {
    let order = ordering == .nested ? try nestedOrder() : 0
    guard 0..<pointCount ~= pixel else {
      throw HealpixError.pixelOutOfRange(pixel: pixel, nside: nside)
    }
    let here =
      ordering == .nested ? facePixel(nested: pixel, order: order) : facePixel(ring: pixel)
    return NeighbourDirection.allCases.map { direction in
      let (x, y) = (here.x + direction.step.x, here.y + direction.step.y)
      guard let there = facePixel(face: here.face, x: x, y: y) else { return nil }
      return ordering == .nested ? nestedNumber(there, order: order) : ringNumber(there)
    }
  }

  /// The pixel at (x, y) of a face's coordinates, at most one step outside the face; nil where the
  /// step leads over a corner that three faces share.
  private func facePixel(face: Int, x: Int, y: Int) -> FacePixel? {
    // −1, 0 or 1: below, within or beyond the face.
    let (overX, overY) = (x < 0 ? -1 : x / nside, y < 0 ? -1 : y / nside)
    if overX == 0 && overY == 0 { return FacePixel(face: face, x: x, y: y) }
    let column = face % 4
    switch face / 4 {
    case 0: return northernNeighbour(column, x, y, overX, overY)
    case 1: return equatorialNeighbour(column, x, y, overX, overY)
    default: return southernNeighbour(column, x, y, overX, overY)
    }
  }

  /// From the face i at the north pole. Over its northern edges the next polar face is turned by a
  /// right angle: a point at the distance a beyond y = nside is at the distance a within x = nside
  /// there.
  private func northernNeighbour(
    _ i: Int, _ x: Int, _ y: Int, _ overX: Int, _ overY: Int
  ) -> FacePixel? {
    let last = 2 * nside - 1
    switch (overX, overY) {
    case (1, 1): return FacePixel(face: (i + 2) % 4, x: last - x, y: last - y)
    case (1, 0): return FacePixel(face: (i + 1) % 4, x: y, y: last - x)
    case (0, 1): return FacePixel(face: (i + 3) % 4, x: last - y, y: x)
    case (-1, 0): return FacePixel(face: 4 + i, x: x + nside, y: y)
    case (0, -1): return FacePixel(face: 4 + (i + 1) % 4, x: x, y: y + nside)
    case (-1, -1): return FacePixel(face: 8 + i, x: x + nside, y: y + nside)
    default: return nil
    }
  }

  /// From the equatorial face 4 + i, whose axes go on in all the faces around it.
  private func equatorialNeighbour(
    _ i: Int, _ x: Int, _ y: Int, _ overX: Int, _ overY: Int
  ) -> FacePixel? {
    let (nextX, nextY) = (x - overX * nside, y - overY * nside)
    switch (overX, overY) {
    case (1, 0): return FacePixel(face: i, x: nextX, y: nextY)
    case (0, 1): return FacePixel(face: (i + 3) % 4, x: nextX, y: nextY)
    case (-1, 0): return FacePixel(face: 8 + (i + 3) % 4, x: nextX, y: nextY)
    case (0, -1): return FacePixel(face: 8 + i, x: nextX, y: nextY)
    case (-1, 1): return FacePixel(face: 4 + (i + 3) % 4, x: nextX, y: nextY)
    case (1, -1): return FacePixel(face: 4 + (i + 1) % 4, x: nextX, y: nextY)
    default: return nil
    }
  }

  /// From the face 8 + i at the south pole: the mirror image of `northernNeighbour`.
  private func southernNeighbour(
    _ i: Int, _ x: Int, _ y: Int, _ overX: Int, _ overY: Int
  ) -> FacePixel? {
    switch (overX, overY) {
    case (-1, -1): return FacePixel(face: 8 + (i + 2) % 4, x: -1 - x, y: -1 - y)
    case (0, -1): return FacePixel(face: 8 + (i + 1) % 4, x: -1 - y, y: x)
    case (-1, 0): return FacePixel(face: 8 + (i + 3) % 4, x: y, y: -1 - x)
    case (1, 0): return FacePixel(face: 4 + (i + 1) % 4, x: x - nside, y: y)
    case (0, 1): return FacePixel(face: 4 + i, x: x, y: y - nside)
    case (1, 1): return FacePixel(face: i, x: x - nside, y: y - nside)
    default: return nil
    }
  }
}

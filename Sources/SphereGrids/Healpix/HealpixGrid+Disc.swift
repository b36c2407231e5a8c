import Foundation

extension HealpixGrid {
  /// The pixels of a disc, in increasing order.
  ///
  /// Definition:  pixels whose centre is at most `radius` from `centre`. With `inclusive`, a
  ///              superset of the pixels that overlap the disc: those whose centre is at most
  ///              `radius` plus the largest distance from a centre to a corner of its pixel away.
  /// Method:      on the ring at θ, the points with |φ − φ_c| ≤ Δ, where, with hav x = sin²(x/2),
  ///              hav Δ = [hav radius − hav(θ − θ_c)] / (sin θ sin θ_c), the difference written as
  ///              sin((radius + θ − θ_c)/2) sin((radius − θ + θ_c)/2), which does not cancel.
  /// Ties:        a centre on the rim to within rounding may fall on either side.
  /// Checked by:  HealpixOracleTests (healpy `query_disc`), HealpixDefinitionTests.
  ///
  /// - Parameters:
  ///   - centre: θ in 0...π, φ finite.
  ///   - radius: radians, ≥ 0; π or more is the whole sphere.
  ///   - inclusive: whether pixels that the disc only touches count.
  ///   - ordering: how the pixels are numbered.
  /// - Returns: pixel numbers, each once, increasing.
  /// - Throws: `HealpixError` for arguments outside these domains, and for NESTED where nside is no
  ///   power of two.
  public func disc(
    centre: Direction, radius: Double, inclusive: Bool = false, ordering: PixelOrdering = .ring
  ) throws -> [Int] {
    try HealpixGrid.validate(theta: centre.theta, phi: centre.phi)
    guard radius.isFinite && radius >= 0 else { throw HealpixError.invalidRadius(radius) }
    let reach = inclusive ? radius + largestPixelRadius : radius
    let pixels = rings.flatMap { segment(of: $0, within: reach, of: centre) }
    if ordering == .ring { return pixels }
    return try pixels.map { try nestedPixel(ring: $0) }.sorted()
  }

  /// The largest distance from a pixel's centre to one of its corners: that of the pixels at the
  /// corner of the polar cap, from the centre at z = 2/3, φ = π/(4 nside) to the corner at φ = 0
  /// and
  /// z = 1 − (1 − 1/nside)²/3.
  public var largestPixelRadius: Double {
    let step = 1 - 1 / Double(nside)
    let centre = Direction(theta: acos(2.0 / 3.0), phi: .pi / (4 * Double(nside)))
    let corner = Direction(theta: acos(1 - step * step / 3), phi: 0)
    return centre.angularDistance(to: corner)
  }

  /// The pixels of one ring within `radius` of `centre`.
  private func segment(of ring: Ring, within radius: Double, of centre: Direction) -> [Int] {
    let whole = Array(ring.start..<ring.start + ring.count)
    if radius >= .pi { return whole }
    let height = ring.theta - centre.theta
    guard abs(height) <= radius else { return [] }
    let rest = sin((radius + height) / 2) * sin((radius - height) / 2)
    let sines = ring.sinTheta * sin(centre.theta)
    if rest >= sines { return whole }  // the disc contains a pole, or its centre is one
    let width = 2 * asin((rest / sines).squareRoot())
    let spacing = 2 * Double.pi / Double(ring.count)
    let first = Int(((centre.phi - width - ring.phi0) / spacing).rounded(.up))
    let last = Int(((centre.phi + width - ring.phi0) / spacing).rounded(.down))
    guard first <= last else { return [] }
    if last - first + 1 >= ring.count { return whole }
    return (first...last).map { k in
      let wrapped = k % ring.count
      return ring.start + (wrapped < 0 ? wrapped + ring.count : wrapped)
    }.sorted()
  }
}

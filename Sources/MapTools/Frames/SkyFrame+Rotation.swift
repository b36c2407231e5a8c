import Foundation
import HarmonicTransforms
import SkyMaps

extension SkyFrame {
  /// The rotation that takes coordinates in this frame to coordinates in another one.
  ///
  /// Definition:  the point with the unit vector n in this frame has R n in the other. With
  ///              R_1, R_3 the changes of axes by an angle about x and z,
  ///              FK5 → galactic:  R_3(180° − 122.9319185680026°) R_2(90° − 27.12825118085622°)
  ///              R_3(192.8594812065348°), pole and node of [Blaauw1960], brought from B1950 to
  ///              J2000 as astropy does;
  ///              ICRS → ecliptic: R_3(0.041775″) R_1(84381.412819″) R_3(−0.052928″), the mean
  ///              ecliptic of J2000 [Capitaine2006];
  ///              ICRS → FK5:      R_1(19.9 mas) R_2(9.1 mas) R_3(−22.9 mas) [Feissel1998].
  ///              Equatorial is FK5 of J2000.
  /// Equals:      healpy.Rotator(coord=[from, to]).mat within 3e-15: the frames are astropy's.
  /// Checked by:  SkyFrameOracleTests (healpy).
  public func rotation(to other: SkyFrame) -> Rotation {
    guard self != other else { return .identity }
    let (from, to) = (Self.toEquatorial(self), Self.toEquatorial(other))
    // R = Tᵀ F: to the equatorial frame, and from there to the other one.
    var r = [[Double]](repeating: [0, 0, 0], count: 3)
    for i in 0..<3 {
      for j in 0..<3 { r[i][j] = (0..<3).reduce(0) { $0 + to[$1][i] * from[$1][j] } }
    }
    return Rotation(
      alpha: atan2(r[1][2], r[0][2]), beta: atan2(hypot(r[0][2], r[1][2]), r[2][2]),
      gamma: atan2(r[2][1], -r[2][0]))
  }

  /// The letter of COORDSYS: G, C or E.
  public var letter: String {
    switch self {
    case .galactic: return "G"
    case .equatorial: return "C"
    case .ecliptic: return "E"
    }
  }

  /// The matrix from a frame to FK5, as rows.
  private static func toEquatorial(_ frame: SkyFrame) -> [[Double]] {
    let degree = Double.pi / 180
    let second = degree / 3600
    switch frame {
    case .equatorial: return [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    case .galactic:
      let galactic = product(
        axes(.z, (180 - 122.9319185680026) * degree),
        product(
          axes(.y, (90 - 27.12825118085622) * degree), axes(.z, 192.8594812065348 * degree)))
      return transposed(galactic)
    case .ecliptic:
      let ecliptic = product(
        axes(.z, 0.041775 * second),
        product(axes(.x, 84381.412819 * second), axes(.z, -0.052928 * second)))
      let equatorial = product(
        axes(.x, 0.0199 * second), product(axes(.y, 0.0091 * second), axes(.z, -0.0229 * second)))
      return product(equatorial, transposed(ecliptic))
    }
  }

  private enum Axis { case x, y, z }

  /// The components of a vector after the axes were turned by an angle about one of them.
  private static func axes(_ axis: Axis, _ angle: Double) -> [[Double]] {
    let (c, s) = (cos(angle), sin(angle))
    switch axis {
    case .x: return [[1, 0, 0], [0, c, s], [0, -s, c]]
    case .y: return [[c, 0, -s], [0, 1, 0], [s, 0, c]]
    case .z: return [[c, s, 0], [-s, c, 0], [0, 0, 1]]
    }
  }

  private static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    (0..<3).map { i in (0..<3).map { j in (0..<3).reduce(0) { $0 + a[i][$1] * b[$1][j] } } }
  }

  private static func transposed(_ a: [[Double]]) -> [[Double]] {
    (0..<3).map { i in (0..<3).map { a[$0][i] } }
  }
}

extension SkyMap {
  /// The frame that a map is in.
  ///
  /// - Parameter stated: what the caller says; nil: nothing.
  /// - Returns: the frame that the file says, or else the stated one.
  /// - Throws: `MapToolError.frameMissing` if nobody says it; `.frameDiffers` if the file says
  ///   another one; `.unknownFrame` if its word is not understood.
  public func frame(stated: SkyFrame?) throws(MapToolError) -> SkyFrame {
    guard let text = coordinateSystem else {
      guard let stated else { throw .frameMissing(file: file) }
      return stated
    }
    guard let found = SkyFrame(text) else {
      throw .unknownFrame(file: file, found: text)
    }
    if let stated, stated != found {
      throw .frameDiffers(file: file, found: text, stated: stated.letter)
    }
    return found
  }
}

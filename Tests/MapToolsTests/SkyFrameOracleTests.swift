import Foundation
import HarmonicTransforms
import SkyMaps
import SphereGrids
import Testing
import Verification

@testable import MapTools

/// Blind to: the epoch of the frames, which healpy takes from astropy and this program from the
/// papers that astropy follows.
@Suite("Coordinates of the sky against healpy")
struct SkyFrameOracleTests {
  private let healpy: HealpyTools
  private static let frames: [Character: SkyFrame] = [
    "G": .galactic, "C": .equatorial, "E": .ecliptic,
  ]

  init() throws { healpy = try HealpyTools() }

  /// Matrices within 16 roundings of 1, which is less than a thousandth of a micro-arcsecond; maps
  /// of T, Q and U through their coefficients.
  @Test("Rotator", arguments: ["GC", "CG", "GE", "EG", "CE", "EC"])
  func rotator(pair: String) throws {
    let from = try #require(Self.frames[pair.first ?? " "])
    let to = try #require(Self.frames[pair.last ?? " "])
    let rotation = from.rotation(to: to)
    let matrix = try healpy.values("matrix_\(pair)")
    for (found, expected) in zip(rotation.matrix.flatMap { $0 }, matrix) {
      #expect(abs(found - expected) <= 0x1p-49)
    }
    let map = try healpy.map("map")
    let rotated = try MapAnalysis(lmax: 8).coefficients(of: map).coefficients
      .rotated(by: rotation).map(nside: 4)
    expect(rotated, try healpy.map("rotated_\(pair)"))
    // Negative control: the way back.
    let wrong = try MapAnalysis(lmax: 8).coefficients(of: map).coefficients
      .rotated(by: to.rotation(to: from)).map(nside: 4)
    #expect(try HealpyTools.error(wrong, healpy.map("rotated_\(pair)")) > 0.1)
  }

  /// The centre of the galaxy, the north galactic pole and the north ecliptic pole, as SIMBAD and
  /// the definitions have them, to their digits.
  @Test("Known directions")
  func knownDirections() {
    let degree = Double.pi / 180
    func place(_ frame: SkyFrame, _ longitude: Double, _ latitude: Double) -> Direction {
      frame.rotation(to: .equatorial)
        .applied(to: Direction(theta: (90 - latitude) * degree, phi: longitude * degree))
    }
    let centre = place(.galactic, 0, 0)
    #expect(abs(centre.phi / degree + 360 - 266.40499) < 1e-4)
    #expect(abs(90 - centre.theta / degree + 28.93617) < 1e-4)
    let pole = place(.galactic, 0, 90)
    #expect(abs(pole.phi / degree + 360 - 192.85948) < 1e-4)
    #expect(abs(90 - pole.theta / degree - 27.12825) < 1e-4)
    let ecliptic = place(.ecliptic, 0, 90)
    #expect(abs(ecliptic.phi / degree + 360 - 270) < 1e-4)
    #expect(abs(90 - ecliptic.theta / degree - 66.56071) < 1e-4)
  }

  @Test("rotate_map_pixel of T")
  func pixels() throws {
    var map = try healpy.map("map")
    let rotation = PixelRotation(SkyFrame.galactic.rotation(to: .equatorial))
    #expect(throws: MapToolError.self) { try rotation.apply(map) }
    map.polarisation = nil
    expect(try rotation.apply(map), try healpy.map("pixel_GC"))
    // A hole makes holes, and nothing else changes.
    map.temperature?[100] = .nan
    let (whole, holed) = (
      try healpy.map("pixel_GC").requireTemperature(), try rotation.apply(map).requireTemperature()
    )
    let missing = holed.count { $0.isNaN }
    #expect((1...12).contains(missing))
    #expect(zip(whole, holed).allSatisfy { $1.isNaN || abs($0 - $1) <= 1e-12 })
  }

  @Test("The frame of a map is read, or stated, and they may not differ")
  func statedFrames() throws {
    var map = SkyMap(nside: 1, temperature: [Double](repeating: 0, count: 12))
    #expect(throws: MapToolError.self) { try map.frame(stated: nil) }
    #expect(try map.frame(stated: .ecliptic) == .ecliptic)
    map.coordinateSystem = "GALACTIC"
    #expect(try map.frame(stated: nil) == .galactic)
    #expect(try map.frame(stated: .galactic) == .galactic)
    #expect(throws: MapToolError.self) { try map.frame(stated: .equatorial) }
    map.coordinateSystem = "somewhere"
    #expect(throws: MapToolError.self) { try map.frame(stated: .equatorial) }
  }
}

import FileFormats
import HarmonicTransforms
import SpecialFunctions
import SphereGrids

/// One grid of the transform cases with the degrees asked for.
struct TransformSetting {
  let name: String
  let grid: any RingGrid
  let lmax: Int
  let mmax: Int
  let lanes: Int
  let nyquist: NyquistOrder
  /// The spins whose transforms are asked for; 0 is the scalar one.
  let spins: [Int]

  init(
    _ name: String, _ grid: any RingGrid, lmax: Int, mmax: Int? = nil, lanes: Int = 1,
    nyquist: NyquistOrder = .evaluated, spins: [Int] = [0, 1, 2, 3]
  ) {
    self.name = name
    self.grid = grid
    self.lmax = lmax
    self.mmax = mmax ?? lmax
    self.lanes = lanes
    self.nyquist = nyquist
    self.spins = spins
  }

  /// lmax, mmax and nyquist, or lmax, mmax and spin.
  func parameters(spin: Int) -> [String: ParameterValue] {
    var result: [String: ParameterValue] = ["lmax": .integer(lmax), "mmax": .integer(mmax)]
    if spin == 0 {
      result["nyquist"] = nyquist == .evaluated ? "evaluated" : "once"
    } else {
      result["spin"] = .integer(spin)
    }
    return result
  }

  var coefficientShape: [Int] { [lanes, coefficientCount(lmax: lmax, mmax: mmax), 2] }
  var fieldShape: [Int] { [lanes, grid.pointCount] }

  // MARK: - All settings

  /// Gauss–Legendre, a product grid of odd sizes, HEALPix nside 4.
  static func small() throws -> [TransformSetting] {
    [
      TransformSetting("gauss-legendre", GaussLegendreGrid(lmax: 12), lmax: 12, lanes: 2),
      TransformSetting(
        "odd", ClenshawCurtisGrid(ringCount: 11, longitudeCount: 15), lmax: 8, lanes: 3),
      TransformSetting("healpix", try HealpixGrid(nside: 4), lmax: 9, lanes: 2),
    ]
  }

  /// The published network's transform, with more degrees than its nodes carry and orders up to
  /// Nyquist, and fewer orders than degrees.
  static var published: [TransformSetting] {
    [
      TransformSetting(
        "clenshaw-curtis", ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64), lmax: 46,
        mmax: 32, nyquist: .once, spins: [0]),
      TransformSetting("mmax5", GaussLegendreGrid(lmax: 9), lmax: 9, mmax: 5),
    ]
  }

  /// The other rules with equidistant colatitudes, a reduced grid.
  static var rules: [TransformSetting] {
    [
      TransformSetting("fejer1", KitGrid.product(fejerFirst(count: 14), longitudes: 27), lmax: 6),
      TransformSetting("fejer2", KitGrid.product(fejerSecond(count: 13), longitudes: 28), lmax: 6),
      TransformSetting(
        "driscoll-healy", KitGrid.product(driscollHealy(count: 24), longitudes: 24), lmax: 11),
      TransformSetting(
        "mcewen-wiaux", KitGrid.product(mcEwenWiaux(count: 11), longitudes: 21), lmax: 10),
      TransformSetting("octahedral", KitGrid.octahedral(ringCount: 16), lmax: 15),
      TransformSetting(
        "first-longitude",
        KitGrid.product(gaussLegendre(count: 8), longitudes: 15, firstLongitude: 0.3), lmax: 7),
    ]
  }

  /// HEALPix from one pixel per base pixel to single rings of nside 256.
  static func healpix() throws -> [TransformSetting] {
    [
      TransformSetting("healpix-nside1", try HealpixGrid(nside: 1), lmax: 3),
      TransformSetting("healpix-nside2", try HealpixGrid(nside: 2), lmax: 5, lanes: 2),
      TransformSetting("healpix-nside3", try HealpixGrid(nside: 3), lmax: 8),
      TransformSetting("healpix-all-degrees", try HealpixGrid(nside: 4), lmax: 11),
      TransformSetting("healpix-nside8", try HealpixGrid(nside: 8), lmax: 16, spins: [0, 2]),
      TransformSetting("healpix-nside16", try HealpixGrid(nside: 16), lmax: 24, spins: [0, 2]),
      TransformSetting(
        "healpix-nside64-rings",
        try KitGrid.healpix(nside: 64, rings: [1, 2, 64, 65, 128, 193, 255]), lmax: 40),
      TransformSetting(
        "healpix-nside256-rings",
        try KitGrid.healpix(nside: 256, rings: [1, 2, 3, 255, 512, 1023]), lmax: 36,
        spins: [0, 2]),
    ]
  }

  /// What sizes, orders and rings can do: orders above half of a ring, poles, one of everything.
  static var edges: [TransformSetting] {
    func gauss(_ count: Int, _ longitudes: Int) -> GaussLegendreGrid {
      GaussLegendreGrid(ringCount: count, longitudeCount: longitudes)
    }
    return [
      TransformSetting("few-longitudes", gauss(13, 8), lmax: 12),
      TransformSetting("even-longitudes", gauss(9, 16), lmax: 8),
      TransformSetting("one-longitude", gauss(5, 1), lmax: 4),
      TransformSetting("single-ring", KitGrid.singleRing, lmax: 7),
      TransformSetting("single-point", KitGrid.singlePoint, lmax: 5, lanes: 8),
      TransformSetting("poles", KitGrid.poles, lmax: 6),
      TransformSetting("order-zero", gauss(11, 3), lmax: 10, mmax: 0),
      TransformSetting("degree-zero", gauss(1, 1), lmax: 0, spins: [0]),
      TransformSetting("degree-one", gauss(2, 3), lmax: 1, spins: [0, 1]),
      TransformSetting("seven-lanes", gauss(7, 13), lmax: 6, lanes: 7, spins: [0, 2]),
      TransformSetting("no-lanes", gauss(4, 7), lmax: 3, lanes: 0, spins: [0, 2]),
      TransformSetting(
        "once", ClenshawCurtisGrid(ringCount: 9, longitudeCount: 16), lmax: 8, lanes: 2,
        nyquist: .once, spins: [0]),
    ]
  }

  /// High degrees of low order on a few rings.
  static var highDegrees: [TransformSetting] {
    [(127, 9), (511, 1), (1023, 1), (2047, 1)].map { lmax, mmax in
      let count = lmax + 1
      let rings = [0, 1, count / 3, count / 2 - 1, count / 2, count - 2]
      return TransformSetting(
        "lmax\(lmax)",
        KitGrid.gaussLegendreRings(count: count, rings: rings, longitudes: 2 * mmax + 2),
        lmax: lmax, mmax: mmax, spins: lmax == 1023 ? [0] : [0, 2])
    }
  }

  static func all() throws -> [TransformSetting] {
    try small() + published + rules + healpix() + edges + highDegrees
  }
}

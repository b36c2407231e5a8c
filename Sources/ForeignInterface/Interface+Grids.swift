import CSpectralSphere
import Conformance
import SpecialFunctions
import SphereGrids

/// A grid behind a handle.
struct GridThing: Sendable {
  let grid: any RingGrid

  static let mostRings: Int64 = 1 << 15
  static let mostLongitudes: Int64 = 1 << 16
  static let mostPoints = 1 << 28

  /// Refuses grids with more points than fit any memory.
  ///
  /// - Throws: `InterfaceError.number`.
  static func requirePoints(_ count: Int) throws(InterfaceError) {
    _ = try number(Int64(count), "the number of points", in: 1...Int64(mostPoints))
  }

  /// - Throws: `InterfaceError.handle`.
  static func behind(_ handle: Int64) throws(InterfaceError) -> GridThing {
    try Handles.thing(handle, "grid", as: GridThing.self, "a grid")
  }
}

/// The quadrature rule of a product grid by the grid's name.
private func rule(_ name: String) -> (Int) -> QuadratureRule {
  switch name {
  case "fejer1": return fejerFirst
  case "fejer2": return fejerSecond
  case "driscoll-healy": return driscollHealy
  default: return mcEwenWiaux
  }
}

@implementation @c
public func sphere_grid_create(
  _ name: UnsafePointer<CChar>!, _ size: Int64, _ longitudes: Int64,
  _ grid: UnsafeMutablePointer<sphere_handle>!, _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let grid else { throw InterfaceError.null(argument: "grid") }
    grid.pointee = 0
    let name = try text(name, "name")
    func product(fewestRings: Int64) throws(InterfaceError) -> (rings: Int, longitudes: Int) {
      let rings = try number(size, "size", in: fewestRings...GridThing.mostRings)
      let longitudes = try number(longitudes, "longitudes", in: 1...GridThing.mostLongitudes)
      try GridThing.requirePoints(rings * longitudes)
      return (rings, longitudes)
    }
    let made: any RingGrid
    switch name {
    case "healpix": made = try HealpixGrid(nside: try number(size, "size", in: 1...4096))
    case "gauss-legendre":
      let (rings, longitudes) = try product(fewestRings: 1)
      made = GaussLegendreGrid(ringCount: rings, longitudeCount: longitudes)
    case "clenshaw-curtis":
      let (rings, longitudes) = try product(fewestRings: 2)
      made = ClenshawCurtisGrid(ringCount: rings, longitudeCount: longitudes)
    case "fejer1", "fejer2", "mcewen-wiaux", "driscoll-healy":
      let (rings, longitudes) = try product(fewestRings: 1)
      guard name != "driscoll-healy" || rings % 2 == 0 else {
        throw InterfaceError.number(
          argument: "size", found: Int64(rings), expected: "an even number of rings")
      }
      made = KitGrid.product(rule(name)(rings), longitudes: longitudes)
    case "octahedral":
      let rings = try number(size, "size", in: 1...8192)
      made = KitGrid.octahedral(ringCount: rings)
    default:
      throw InterfaceError.text(
        argument: "name", found: name,
        expected: "healpix, gauss-legendre, clenshaw-curtis, fejer1, fejer2, driscoll-healy, "
          + "mcewen-wiaux or octahedral")
    }
    grid.pointee = Handles.insert(GridThing(grid: made))
  }
}

@implementation @c
public func sphere_grid_create_rings(
  _ count: Int64, _ theta: UnsafePointer<Double>!, _ phi0: UnsafePointer<Double>!,
  _ points: UnsafePointer<Int64>!, _ weights: UnsafePointer<Double>!,
  _ grid: UnsafeMutablePointer<sphere_handle>!, _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let grid else { throw InterfaceError.null(argument: "grid") }
    grid.pointee = 0
    let count = try number(count, "count", in: 1...GridThing.mostRings)
    func copy<T>(_ numbers: UnsafePointer<T>?, _ name: String) throws(InterfaceError) -> [T] {
      guard let numbers else { throw .null(argument: name) }
      return Array(UnsafeBufferPointer(start: numbers, count: count))
    }
    let (theta, phi0) = (try copy(theta, "theta"), try copy(phi0, "phi0"))
    let (points, weights) = (try copy(points, "points"), try copy(weights, "weights"))
    func require(
      _ name: String, _ k: Int, _ found: Double, _ isRight: Bool, _ expected: String
    ) throws(InterfaceError) {
      guard isRight else {
        throw .array(name: name, found: "\(found) at \(k)", expected: expected)
      }
    }
    var sum = 0
    for k in 0..<count {
      try require("theta", k, theta[k], 0...Double.pi ~= theta[k], "a colatitude in 0...pi")
      if k > 0 {
        try require(
          "theta", k, theta[k], theta[k] > theta[k - 1],
          "more than \(theta[k - 1]): from north to south")
      }
      try require(
        "phi0", k, phi0[k], abs(phi0[k]) <= 100, "a longitude in radians in -100...100")
      try require(
        "weights", k, weights[k], weights[k].isFinite && abs(weights[k]) <= 1e100,
        "a finite weight")
      sum += try number(points[k], "points[\(k)]", in: 1...GridThing.mostLongitudes)
    }
    try GridThing.requirePoints(sum)
    let rings = GivenRings(
      theta: theta, phi0: phi0, counts: points.map(Int.init), weights: weights)
    grid.pointee = Handles.insert(GridThing(grid: rings))
  }
}

@implementation @c
public func sphere_grid_sizes(
  _ grid: sphere_handle, _ rings: UnsafeMutablePointer<Int64>!,
  _ points: UnsafeMutablePointer<Int64>!, _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    let grid = try GridThing.behind(grid).grid
    rings?.pointee = Int64(grid.rings.count)
    points?.pointee = Int64(grid.pointCount)
  }
}

@implementation @c
public func sphere_grid_rings(
  _ grid: sphere_handle, _ count: Int64, _ theta: UnsafeMutablePointer<Double>!,
  _ phi0: UnsafeMutablePointer<Double>!, _ points: UnsafeMutablePointer<Int64>!,
  _ weights: UnsafeMutablePointer<Double>!, _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    let rings = try GridThing.behind(grid).grid.rings
    guard count == Int64(rings.count) else {
      throw InterfaceError.number(
        argument: "count", found: count, expected: "the number of rings, \(rings.count)")
    }
    for (k, ring) in rings.enumerated() {
      theta?[k] = ring.theta
      phi0?[k] = ring.phi0
      points?[k] = Int64(ring.count)
      weights?[k] = ring.weight
    }
  }
}

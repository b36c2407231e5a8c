import SphereGrids
import Testing

@testable import MapTools

/// Grids by their names.
@Suite("Names of grids")
struct TargetGridTests {
  @Test("Known names")
  func known() throws {
    #expect(try TargetGrid(named: "nside16") == .healpix(HealpixGrid(nside: 16)))
    #expect(try TargetGrid(named: "NSIDE3") == .healpix(HealpixGrid(nside: 3)))
    #expect(
      try TargetGrid(named: "gauss-legendre:47") == .gaussLegendre(GaussLegendreGrid(lmax: 47)))
    #expect(
      try TargetGrid(named: "gauss-legendre:8x15")
        == .gaussLegendre(GaussLegendreGrid(ringCount: 8, longitudeCount: 15)))
    #expect(
      try TargetGrid(named: "clenshaw-curtis:32x64")
        == .clenshawCurtis(ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64)))
    #expect(try TargetGrid(named: "nside16").carriedDegree == 32)
    #expect(try TargetGrid(named: "gauss-legendre:47").carriedDegree >= 47)
  }

  @Test(
    "Unknown names",
    arguments: [
      "", "nside", "nside1.5", "nside 8", "gauss:8", "gauss-legendre", "gauss-legendre:",
      "gauss-legendre:8x", "gauss-legendre:8x9x1", "clenshaw-curtis:8", "clenshaw-curtis:ax8",
      "healpix:8",
    ])
  func unknown(_ name: String) {
    #expect(throws: MapToolError.unknownGrid(found: name)) { try TargetGrid(named: name) }
  }

  @Test("The largest nside is accepted")
  func largest() throws {
    #expect(try TargetGrid(named: "nside8192") == .healpix(HealpixGrid(nside: 8192)))
  }

  @Test(
    "Sizes out of range",
    arguments: [
      "nside0", "nside-4", "nside8193", "gauss-legendre:-1", "gauss-legendre:99999",
      "gauss-legendre:0x4", "clenshaw-curtis:1x8", "clenshaw-curtis:8x0",
      "clenshaw-curtis:9999999x9999999",
    ])
  func outOfRange(_ name: String) {
    do {
      _ = try TargetGrid(named: name)
      Issue.record("\(name) is accepted")
    } catch {
      guard case .gridOutOfRange(found: name, _) = error else {
        Issue.record("\(name): \(error)")
        return
      }
    }
  }
}

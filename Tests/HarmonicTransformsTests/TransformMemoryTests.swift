import SphereGrids
import Testing

@testable import HarmonicTransforms

/// What transforms say of the memory that they take, and their refusal before they take it.
@Suite("Memory of transforms")
struct TransformMemoryTests {
  @Test("Bytes by hand")
  func byHand() {
    let grid = GaussLegendreGrid(lmax: 63)
    let sides = 8 * (grid.pointCount + 64 * 65)
    // 64 rings are two blocks of 16 pairs, an odd number of tiles apart.
    #expect(
      ScalarTransform<Double>(grid: grid, lmax: 63).memory(lanes: 1)
        == sides + 2 * 65 * 4 * 16 * 8)
    // Two blocks more for rings near the poles.
    #expect(
      SpinTransform<Double>(grid: grid, lmax: 63).memory(lanes: 3)
        == 3 * 2 * (sides + 4 * 65 * 4 * 16 * 8))
    // 32 lanes of Float need no padding.
    let (pairs, lanes) = (32, 32)
    #expect(
      ScalarTransform<Float>(grid: grid, lmax: 63).memory(lanes: lanes)
        == lanes * sides / 2 + 4 * (4 * 64 * pairs * lanes + 64 * 65 / 2 * pairs))
  }

  @Test("A byte too little is refused, with what would do")
  func border() throws {
    let transform = SpinTransform<Float>(grid: GaussLegendreGrid(lmax: 20), lmax: 20)
    let needed = transform.memory(lanes: 2)
    try transform.requireMemory(lanes: 2, available: needed)
    #expect(
      throws: HarmonicTransformError.notEnoughMemory(
        transform: "a transform of 2 pairs of fields of spin 2, lmax 20, on "
          + transform.grid.name, needed: needed, available: needed - 1)
    ) {
      try transform.requireMemory(lanes: 2, available: needed - 1)
    }
    let error = HarmonicTransformError.notEnoughMemory(
      transform: "x", needed: 3_000_000, available: 2_000_000)
    #expect("\(error)".contains("x: needs 3 MB of memory, and 2 MB are available"))
  }

  /// What is counted is what is allocated: the tiles of a transform by recurrence at least, and no
  /// table that is too large to be kept.
  @Test("Tiles and tables as they are")
  func allocations() {
    let grid = GaussLegendreGrid(lmax: 200)
    let spin = SpinTransform<Double>(grid: grid, lmax: 200)
    let blocks = ColatitudeBlocks(spin.scalar.pairs, lmax: 200, mmax: 200, spin: 2)
    let tiles = OrderTiles(lanes: 2, blocks: blocks.count, mmax: 200)
    let sides = 2 * 8 * (grid.pointCount + 201 * 202)
    let counted = spin.memory(lanes: 1) - sides
    #expect(counted >= 8 * tiles.count && counted <= 8 * tiles.count * 3 / 2)
    let large = ScalarTransform<Double>(grid: GaussLegendreGrid(lmax: 1023), lmax: 1023)
    #expect(large.legendre.bytes == 8 * 1024 * 512)
    #expect(large.memory(lanes: 5) < 2_000_000_000)
  }

  @Test("Every kind of transform is asked about what it takes beside its fields")
  func checks() throws {
    let transform = ScalarTransform<Double>(grid: GaussLegendreGrid(lmax: 20), lmax: 20)
    let plain = transform.memoryEstimate(lanes: 1)
    #expect(plain.analysis(isIterative: false) < plain.whole)
    #expect(
      plain.analysis(isIterative: true) - plain.analysis(isIterative: false)
        == 3 * 8 * (transform.grid.pointCount + 21 * 22))
    // More fields than any machine has room for.
    let huge = transform.memoryEstimate(lanes: .max)
    let checks = MemoryChecks()
    #expect(throws: HarmonicTransformError.self) {
      try checks.require(huge, isIterative: false) { "x" }
    }
    try checks.require(plain, isIterative: true) { "x" }
  }

  /// Preparing them takes no memory of that size, and no number overflows.
  @Test("Sizes that no machine has", arguments: [1, 100, 1 << 40])
  func impossible(lanes: Int) throws {
    let grid = try HealpixGrid(nside: 8192)
    let scalar = ScalarTransform<Double>(grid: grid, lmax: 24_575)
    #expect(scalar.memory(lanes: lanes) > 10_000_000_000)
    guard lanes > 1 else { return }
    #expect(throws: HarmonicTransformError.self) { try scalar.requireMemory(lanes: lanes) }
    #expect(throws: HarmonicTransformError.self) {
      try SpinTransform(scalar).requireMemory(lanes: lanes)
    }
  }
}

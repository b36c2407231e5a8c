import MachineMemory
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
    // One block more for the rings near the poles.
    #expect(
      SpinTransform<Double>(grid: grid, lmax: 63).memory(lanes: 3)
        == 3 * 2 * (sides + 3 * 65 * 4 * 16 * 8))
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

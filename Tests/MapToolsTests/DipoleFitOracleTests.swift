import SkyMaps
import Testing
import Verification

@testable import MapTools

/// The normal matrix has a condition number of a few, and 172 pixels are summed: 1e-12 is some 50
/// times what rounding can do. Blind to: weights between 0 and 1, which healpy does not have.
@Suite("Monopole and dipole against healpy")
struct DipoleFitOracleTests {
  private let healpy: HealpyTools

  init() throws { healpy = try HealpyTools() }

  private func parameters(_ fit: DipoleFit) -> [Double] {
    [fit.monopole] + (fit.dipole.map { [$0.x, $0.y, $0.z] } ?? [])
  }

  @Test("remove_dipole, remove_monopole")
  func removal() throws {
    let map = try healpy.map("holes")
    var temperature = map
    temperature.polarisation = nil
    let cut = 20 * Double.pi / 180
    for (fit, values, result) in [
      (try DipoleFit(of: map), "fit", "dipole"),
      (try DipoleFit(of: map, latitudeCut: cut), "fit_cut", "dipole_cut"),
      (try DipoleFit(of: map, withDipole: false), "fit_monopole", "monopole"),
    ] {
      #expect(relativeError(parameters(fit), try healpy.values(values)) <= HealpyTools.bound)
      expect(try fit.removed(from: temperature), try healpy.map(result))
    }
    #expect(try DipoleFit(of: map).pixelCount == 170)
    // Negative control: the cut matters.
    let (all, outside) = (try healpy.values("fit"), try healpy.values("fit_cut"))
    #expect(relativeError(all, outside) > 1e-3)
    // Q and U stay.
    #expect(try DipoleFit(of: map).removed(from: map).polarisation?.q.count == 192)
  }

  /// A mask of zeros and ones is what UNSEEN is; weights count as often as they say.
  @Test("Masks and weights")
  func weights() throws {
    let (map, holes) = (try healpy.map("map"), try healpy.map("holes"))
    let mask = try SkyMask(nside: 4, weights: holes.observed.map { $0 ? 1 : 0 })
    #expect(try DipoleFit(of: map, mask: mask) == DipoleFit(of: holes))
    let half = try SkyMask(nside: 4, weights: holes.observed.map { $0 ? 0.5 : 0 })
    let fit = try DipoleFit(of: map, mask: half)
    #expect(
      relativeError(parameters(fit), parameters(try DipoleFit(of: holes))) <= HealpyTools.bound)
    // A pure dipole is found whatever the weights, and nothing of it is left.
    var pure = SkyMap(nside: 4, temperature: [Double](repeating: -2, count: 192))
    pure = try DipoleFit(of: map).removed(from: pure)
    var numbers = TestNumbers(seed: 9)
    let random = try SkyMask(nside: 4, weights: (0..<192).map { _ in numbers.uniform() })
    let left = try DipoleFit(of: pure, mask: random).removed(from: pure).requireTemperature()
    #expect(left.map(abs).max() ?? 1 <= 1e-13)
  }

  @Test("What does not determine a dipole is refused")
  func refused() throws {
    let map = try healpy.map("map")
    let three = try SkyMask(nside: 4, weights: (0..<192).map { $0 < 3 ? 1 : 0 })
    #expect(throws: MapToolError.self) { try DipoleFit(of: map, mask: three) }
    #expect(try DipoleFit(of: map, mask: three, withDipole: false).pixelCount == 3)
    // One ring: z is constant, as the monopole is.
    let ring = try SkyMask(nside: 4, weights: (0..<192).map { 40..<56 ~= $0 ? 1 : 0 })
    #expect(throws: MapToolError.self) { try DipoleFit(of: map, mask: ring) }
    var empty = map
    empty.temperature = [Double](repeating: .nan, count: 192)
    #expect(throws: MapToolError.self) { try DipoleFit(of: empty, withDipole: false) }
  }
}

import HarmonicTransforms
import SkyMaps
import Testing
import Verification

@testable import MapTools

/// Blind to: conventions that healpy shares; lmax above 11.
@Suite("Smoothing and other resolutions against healpy")
struct MapFilterOracleTests {
  private let healpy: HealpyTools
  private let width = Double.pi / 6

  init() throws { healpy = try HealpyTools() }

  private func beam(_ width: Double, lmax: Int) throws -> HarmonicTransfer {
    HarmonicTransfer(try GaussianBeam(fullWidth: width), lmax: lmax)
  }

  @Test("smoothing")
  func smoothing() throws {
    let map = try healpy.map("map")
    let filter = HarmonicFilter(MapAnalysis(lmax: 11), try beam(width, lmax: 11))
    expect(try filter.apply(map).map, try healpy.map("smooth_tqu"))
    var temperature = map
    temperature.polarisation = nil
    expect(try filter.apply(temperature).map, try healpy.map("smooth_t"))
    let short = HarmonicFilter(
      MapAnalysis(lmax: 6, method: .quadrature(iterations: 1)), try beam(width, lmax: 6))
    expect(try short.apply(map).map, try healpy.map("smooth_lmax"))
    // Negative controls: the beam of T for all fields, wrong by 2σ²; another lmax.
    let t = try beam(width, lmax: 11).temperature
    let wrong = HarmonicFilter(
      MapAnalysis(lmax: 11), HarmonicTransfer(temperature: t, gradient: t, curl: t))
    #expect(try HealpyTools.error(wrong.apply(map).map, healpy.map("smooth_tqu")) > 0.05)
    #expect(try HealpyTools.error(short.apply(map).map, healpy.map("smooth_tqu")) > 1e-3)
  }

  /// Unobserved pixels count as 0 and stay unobserved.
  @Test("smoothing of maps with holes")
  func holes() throws {
    let map = try healpy.map("holes")
    var filter = HarmonicFilter(
      MapAnalysis(lmax: 11), try beam(width, lmax: 11), zeroesUnobserved: true)
    let smooth = try filter.apply(map).map
    expect(smooth, try healpy.map("smooth_holes"))
    #expect(smooth.maskedCount == 22)
    filter.zeroesUnobserved = false
    #expect(throws: MapToolError.self) { try filter.apply(map) }
  }

  @Test("beam_window, almxfl")
  func window() throws {
    let window = try healpy.values("window")
    let transfer = HarmonicTransfer(temperature: window, gradient: window, curl: window)
    let filter = HarmonicFilter(MapAnalysis(lmax: 8), transfer)
    expect(try filter.apply(healpy.map("map")).map, try healpy.map("smooth_window"))
    let alm = SkyCoefficients(
      temperature: CoefficientStack(
        lmax: 8, mmax: 8, lanes: 1, values: try healpy.values("alm")))
    let found = try #require(alm.multiplied(by: transfer).temperature).values
    // One product each: equal.
    #expect(try found == healpy.values("alm_window"))
    // There and back: two roundings.
    let back = alm.multiplied(by: transfer)
      .multiplied(by: try transfer.inverse(name: "the window"))
    #expect(
      relativeError(try #require(back.temperature).values, try healpy.values("alm"))
        <= 4 * RoundingBound.unitRoundoff())
  }

  @Test("ud_grade")
  func pixels() throws {
    let (map, holes) = (try healpy.map("map"), try healpy.map("holes"))
    for (map, grading, name, other) in [
      (holes, PixelGrading(nside: 2), "mean", "mean_power"),
      (holes, PixelGrading(nside: 2, isPessimistic: true), "mean_pess", "mean"),
      (holes, PixelGrading(nside: 2, power: -2), "mean_power", "mean"),
      (map, PixelGrading(nside: 8), "fine", "fine_power"),
      (map, PixelGrading(nside: 8, power: 2), "fine_power", "fine"),
    ] {
      let found = try grading.apply(map)
      expect(found, try healpy.map(name))
      // Negative control: the result of other settings.
      #expect(try HealpyTools.error(found, healpy.map(other)) > 0.1)
    }
    // Means of copies are the copied values, and sums survive power -2.
    expect(try PixelGrading(nside: 4).apply(PixelGrading(nside: 8).apply(map)), map)
    let coarse = try PixelGrading(nside: 1, power: -2).apply(map).requireTemperature()
    let total = try map.requireTemperature().reduce(0, +)
    #expect(abs(coarse.reduce(0, +) - total) <= 1e-12 * abs(total))
    #expect(throws: (any Error).self) { try PixelGrading(nside: 3).apply(map) }
  }

  /// harmonic_ud_grade without weights: three iterations, the quotient of the windows.
  @Test("harmonic_ud_grade")
  func harmonic() throws {
    let map = try healpy.map("map")
    let pixels = try HarmonicTransfer(pixelsOf: 2, lmax: 5)
      .divided(by: HarmonicTransfer(pixelsOf: 4, lmax: 5), name: "the pixels")
    expect(
      try HarmonicFilter(MapAnalysis(lmax: 5), pixels).apply(map, nside: 2).map,
      try healpy.map("coarse"))
    let effective = pixels.multiplied(by: try beam(160 * 32 / 60 * .pi / 180, lmax: 5))
    expect(
      try HarmonicFilter(MapAnalysis(lmax: 5), effective).apply(map, nside: 2).map,
      try healpy.map("coarse_effective"))
    let beams = try beam(4 * .pi / 18, lmax: 5)
      .divided(by: beam(.pi / 18, lmax: 5), name: "the beam")
    let plain = try HarmonicFilter(MapAnalysis(lmax: 5), beams).apply(map, nside: 2).map
    expect(plain, try healpy.map("coarse_plain"))
    let fine = try HarmonicTransfer(pixelsOf: 8, lmax: 11)
      .divided(by: HarmonicTransfer(pixelsOf: 4, lmax: 11), name: "the pixels")
    expect(
      try HarmonicFilter(MapAnalysis(lmax: 11), fine).apply(map, nside: 8).map,
      try healpy.map("harmonic_fine"))
    // Negative control: without the windows.
    let bare = HarmonicFilter(MapAnalysis(lmax: 5), .unity(lmax: 5))
    #expect(try HealpyTools.error(bare.apply(map, nside: 2).map, healpy.map("coarse")) > 1e-3)
  }
}

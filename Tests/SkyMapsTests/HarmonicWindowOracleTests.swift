import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyMaps

@Suite("Beams and pixel windows against healpy")
struct HarmonicWindowOracleTests {
  private func tensors() throws -> NamedTensors {
    let name = "spectra/windows.safetensors"
    return try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
  }

  /// healpy's `gauss_beam`. The exponent x has six roundings here and there, so b_l = exp(x)
  /// differs by 12 u |x| of itself, and by 2 u more for the two exponentials; healpy multiplies the
  /// polarised one by exp(2σ²), one rounding and one exponential more. Blind to: widths beyond
  /// those recorded.
  @Test("Gaussian beams")
  func beams() throws {
    let tensors = try tensors()
    let widths = try tensors.tensor("beam.fwhm").doubles()
    let (t, p) = (
      try tensors.tensor("beam.t").doubles(), try tensors.tensor("beam.p").doubles()
    )
    let count = t.count / widths.count
    for (k, width) in widths.enumerated() {
      let beam = try GaussianBeam(fullWidth: width)
      let temperature = beam.temperature(lmax: count - 1)
      let polarisation = beam.polarisation(lmax: count - 1)
      var control = 0.0
      for l in 0..<count {
        let (expectedT, expectedP) = (t[k * count + l], p[k * count + l])
        let bound = (4 + 12 * (abs(log(expectedT)) + 2 * width * width)) * 0x1p-53
        #expect(abs(temperature[l] - expectedT) <= bound * expectedT, "beam \(k), l = \(l)")
        #expect(abs(polarisation[l] - expectedP) <= bound * expectedP, "beam \(k), l = \(l)")
        control = max(control, abs(temperature[l] - expectedP) / (bound * expectedP))
      }
      // Negative control: one beam for all fields, wrong by 2σ².
      #expect(control > 1000)
    }
    #expect(try GaussianBeam(fullWidth: 0).polarisation(lmax: 3) == [1, 1, 1, 1])
  }

  /// The numbers of healpy's `pixwin`, exactly.
  @Test("Pixel windows", arguments: [2, 4, 8, 16, 32, 64, 128])
  func pixelWindows(nside: Int) throws {
    let window = try PixelWindow(nside: nside)
    let tensors = try tensors()
    #expect(try window.temperature == tensors.tensor("pixel.\(nside).t").doubles())
    #expect(try window.polarisation == tensors.tensor("pixel.\(nside).p").doubles())
    #expect(window.lmax == 4 * nside && PixelWindow.resolutions.contains(nside))
    #expect(window.polarisation[0] == 0 && window.polarisation[1] == 0)
    // Negative control: T and P are different windows.
    #expect(abs(window.temperature[4] - window.polarisation[4]) > 1e-6)
  }

  @Test("Refusals")
  func refusals() {
    #expect(throws: HarmonicWindowError.notTabulated(nside: 3, known: PixelWindow.resolutions)) {
      try PixelWindow(nside: 3)
    }
    #expect(throws: HarmonicWindowError.beamWidth(found: -1)) {
      try GaussianBeam(fullWidth: -1)
    }
    #expect(throws: HarmonicWindowError.self) { try GaussianBeam(fullWidth: .nan) }
    let message = HarmonicWindowError.notTabulated(nside: 3, known: [2, 4]).description
    #expect(message.contains("nside 3") && message.contains("2, 4"))
  }
}

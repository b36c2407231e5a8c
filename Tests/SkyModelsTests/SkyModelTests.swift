import Foundation
import SpecialFunctions
import Testing
import Verification

@testable import SkyModels

@Suite("Spectra")
struct SkyModelTests {

  /// The published test: its values where the formula is simple. The exponential of an exact
  /// argument is within 1 ulp, the sum rounds once more: 2 u of the value. Blind to: other widths.
  @Test("Peaked model at its peak, one and two widths away, and far out")
  func peakedModel() throws {
    let spectrum = PeakedModel().spectrum(at: 10)
    #expect(spectrum.lmax == 47)
    let expected = [exp(-2.0), exp(-0.5), 1, exp(-0.5), exp(-2.0), exp(-37.0 * 37 / 50)]
    for (l, peak) in zip([0, 5, 10, 15, 20, 47], expected) {
      let value = peak + 1e-5
      #expect(abs(spectrum[l] - value) <= 2 * value * Double.ulpOfOne, "l = \(l)")
      // Negative control: the exponent without the 2 (a width of 5/√2).
      let wrong = pow(peak, 2) + 1e-5
      if peak < 1 && peak > 1e-10 {
        #expect(abs(spectrum[l] - wrong) > 1e3 * 2 * value * Double.ulpOfOne)
      }
    }
    #expect(PeakedModel().parameterRange == 5...20)
    #expect(PeakedModel().parameterName == "ell_peak")
  }

  /// The derivative against a central difference, step h: truncation h²/6 max|C'''| with
  /// max|C'''| < 1.4/w³ (the third Hermite function), rounding u/h. Blind to: an error in C_l
  /// itself.
  @Test("Derivative", arguments: [5.0, 9.25, 14.1, 20])
  func derivative(position: Double) {
    let model = PeakedModel()
    let h = 1e-4
    let (above, below) = (model.spectrum(at: position + h), model.spectrum(at: position - h))
    let derivative = model.derivative(at: position)
    let bound = h * h / 6 * 1.4 / 125 + 2 * Double.ulpOfOne / h
    var worstControl = 0.0
    for l in 0...model.lmax {
      let difference = (above[l] - below[l]) / (2 * h)
      #expect(abs(derivative[l] - difference) <= bound, "l = \(l)")
      worstControl = max(worstControl, abs(-derivative[l] - difference))
    }
    // Negative control: the derivative with respect to l, which has the opposite sign.
    #expect(worstControl > 1000 * bound)
  }

  /// D_l → C_l → D_l, three roundings each way; and one value by hand: D_2 = 6 C_2 / 2π.
  @Test("D_l converts to C_l")
  func conversion() throws {
    var numbers = TestNumbers(seed: 41)
    let dl = [0] + (1...60).map { _ in numbers.uniform(0, 1000) }
    let spectrum = try PowerSpectrum(dl: dl)
    #expect(Comparison(spectrum.dl, with: dl).relativeMaximum <= 6 * Double.ulpOfOne)
    #expect(abs(spectrum[2] * 6 / (2 * .pi) - dl[2]) <= 6 * Double.ulpOfOne * dl[2])
    // Negative control: D_l taken for C_l.
    #expect(Comparison(dl, with: spectrum.values).relativeMaximum > 0.1)
  }
}

@Suite("What is not a spectrum")
struct SkyModelErrorTests {
  @Test("Refusals name the degree")
  func refusals() {
    #expect(throws: SkyModelError.negativePower(l: 2, value: -1e-30)) {
      try PowerSpectrum([1, 1, -1e-30, 1])
    }
    #expect(throws: SkyModelError.notFinite(l: 0, value: .infinity)) {
      try PowerSpectrum([.infinity])
    }
    #expect(throws: SkyModelError.self) { try PowerSpectrum([1, .nan]) }
    #expect(throws: SkyModelError.empty) { try PowerSpectrum([]) }
    #expect(throws: SkyModelError.empty) { try PowerSpectrum(dl: []) }
    #expect(throws: SkyModelError.monopoleOfDl(value: 3)) { try PowerSpectrum(dl: [3, 1]) }
    #expect(throws: SkyModelError.negativePower(l: 1, value: -.pi)) {
      try PowerSpectrum(dl: [0, -1])
    }
    #expect(SkyModelError.negativePower(l: 7, value: -2).description.contains("l = 7"))
  }

  @Test("Zero power is power")
  func zero() throws {
    #expect(try PowerSpectrum([0, 0]).values == [0, 0])
    #expect(try PowerSpectrum(dl: [0]).lmax == 0)
  }
}

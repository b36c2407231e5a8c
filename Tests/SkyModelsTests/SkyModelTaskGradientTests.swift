import Foundation
import Testing
import Verification

@testable import SkyModels

@Suite("Sky models of the tasks")
struct SkyModelTaskGradientTests {
  static let polarisation = UncorrelatedModel.polarisationPeaks()

  /// Names, order, ranges and degrees are those of the published tests. Task t1 has the bits of
  /// PeakedModel.
  @Test("Parameters and spectra")
  func parameters() {
    let t1 = UncorrelatedModel.temperaturePeak()
    #expect(t1.parameters == [ModelParameter(name: "ell_peak", range: 5...20)])
    #expect(t1.spectrumNames == [.tt] && t1.lmax == 47)
    #expect(t1.spectra(at: [9.7]).tt == PeakedModel().spectrum(at: 9.7).values)
    let t2 = Self.polarisation
    #expect(
      t2.parameters == [
        ModelParameter(name: "ell_e", range: 5...20), ModelParameter(name: "ell_b", range: 5...20),
      ])
    let spectra = t2.spectra(at: [6, 15])
    #expect(Array(spectra.ee.prefix(2)) == [0, 0] && Array(spectra.bb.prefix(2)) == [0, 0])
    #expect(Array(spectra.ee[2...]) == Array(PeakedModel().spectrum(at: 6).values[2...]))
    #expect(Array(spectra.bb[2...]) == Array(PeakedModel().spectrum(at: 15).values[2...]))
    #expect(t2.spectrumNames == [.ee, .bb])
    let t3 = UncorrelatedModel.opticalDepth()
    #expect(t3.parameters == [ModelParameter(name: "tau", range: 0.03...0.08)])
    #expect(t3.spectrumNames == [.ee, .bb] && t3.lmax == 47)
  }

  /// Central differences of every spectrum with respect to every parameter, step h of the prior's
  /// width W: truncation (hW)²/6 max|C'''|, with max|C'''| taken from the third difference of the
  /// spectrum itself (twice it, for what varies within the step), and rounding 4 u max|C|/hW.
  /// Blind to: errors of C_l itself.
  private func check(_ model: some SkyModel, at point: [Double]) {
    let derivatives = model.derivatives(at: point)
    #expect(derivatives.count == model.parameters.count)
    for (i, parameter) in model.parameters.enumerated() {
      let h = 1e-3 * (parameter.range.upperBound - parameter.range.lowerBound)
      func moved(_ steps: Double) -> NamedSpectra {
        var values = point
        values[i] += steps * h
        return model.spectra(at: values)
      }
      let (one, two) = ((moved(1), moved(-1)), (moved(2), moved(-2)))
      for name in SpectrumName.allCases {
        let largest = one.0[name].map { abs($0) }.max() ?? 0
        if largest == 0 {
          #expect(derivatives[i][name].allSatisfy { $0 == 0 }, "\(name)")
          continue
        }
        var (worst, control, third) = (0.0, 0.0, 0.0)
        for l in 0...model.lmax {
          let difference = (one.0[name][l] - one.1[name][l]) / (2 * h)
          let wide = (two.0[name][l] - two.1[name][l]) / (4 * h)
          third = max(third, abs(wide - difference) * 2 / (h * h))
          let error = abs(derivatives[i][name][l] - difference)
          worst = max(worst, error.isNaN ? .infinity : error)
          control = max(control, abs(derivatives[i][name][l] + difference))
        }
        let bound = h * h / 6 * 2 * third + 4 * 0x1p-53 * largest / h
        #expect(worst <= bound, "\(name) by \(parameter.name)")
        // Negative control: the opposite sign, unless the spectrum does not move.
        if control > 0 { #expect(control > 1000 * bound, "\(name) by \(parameter.name)") }
      }
    }
  }

  @Test("Derivatives of the peaks", arguments: [[5.5, 19.0], [8.25, 14.5], [13, 6]])
  func peaks(point: [Double]) { check(Self.polarisation, at: point) }

  @Test("Derivatives of the misread sky", arguments: [[5.5, 19.0], [8.25, 14.5], [13, 6]])
  func misread(point: [Double]) { check(PublishedSky(Self.polarisation), at: point) }

  @Test("Derivatives by tau", arguments: [0.031, 0.0437, 0.055, 0.079])
  func opticalDepth(tau: Double) {
    check(UncorrelatedModel.opticalDepth(), at: [tau])
    check(UncorrelatedModel.opticalDepth(.published), at: [tau])
  }

  /// A parameter moves the spectra of its own field only.
  @Test("Parameters belong to their fields")
  func ownership() {
    let derivatives = Self.polarisation.derivatives(at: [8, 14])
    #expect(derivatives[0][.bb].allSatisfy { $0 == 0 } && derivatives[0][.ee].contains { $0 != 0 })
    #expect(derivatives[1][.ee].allSatisfy { $0 == 0 } && derivatives[1][.bb].contains { $0 != 0 })
    let shared = UncorrelatedModel.opticalDepth().derivatives(at: [0.05])
    #expect(shared.count == 1 && shared[0][.ee][2] > 0 && shared[0][.bb].contains { $0 != 0 })
  }
}

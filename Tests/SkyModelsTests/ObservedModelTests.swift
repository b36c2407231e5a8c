import Foundation
import SkyModels
import Testing

/// Spectra behind transfer functions.
struct ObservedModelTests {
  @Test func spectraAndSlopesAreMultiplied() {
    let base = UncorrelatedModel.polarisationPeaks(lmax: 20)
    let window = (0...20).map { exp(-0.01 * Double($0 * $0)) }
    let seen = ObservedModel(base, lmax: 12, polarisation: window)
    let (a, b) = (seen.spectra(at: [8, 11]), base.spectra(at: [8, 11]))
    let (da, db) = (seen.derivatives(at: [8, 11]), base.derivatives(at: [8, 11]))
    #expect(a.lmax == 12 && seen.parameters == base.parameters)
    for l in 0...12 {
      #expect(a.ee[l] == b.ee[l] * window[l] * window[l])
      #expect(a.bb[l] == b.bb[l] * window[l] * window[l])
      #expect(da[0][.ee][l] == db[0][.ee][l] * window[l] * window[l])
      #expect(da[1][.bb][l] == db[1][.bb][l] * window[l] * window[l])
    }
    #expect(ObservedModel(base, lmax: 20).spectra(at: [8, 11]) == b)
  }
}

/// Models as functions of the probabilities of their priors.
struct QuantileModelTests {
  @Test func spectraAndSlopesAreThoseAtTheParameters() {
    let base = UncorrelatedModel.polarisationPeaks(lmax: 20)
    let model = QuantileModel(base, fields: [.e])
    #expect(model.parameters.map(\.range) == [0...1, 0...1])
    #expect(model.spectrumNames == [.ee])
    let (own, at) = (model.spectra(at: [0.2, 0.6]), base.spectra(at: [8, 14]))
    #expect(zip(own.ee, at.ee).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(own.bb.allSatisfy { $0 == 0 })
    let (slope, other) = (model.derivatives(at: [0.2, 0.6]), base.derivatives(at: [8, 14]))
    for l in 2...20 { #expect(abs(slope[0][.ee][l] - 15 * other[0][.ee][l]) < 1e-12) }
    #expect(slope[1][.bb].allSatisfy { $0 == 0 })
  }
}

import Foundation
import SkyModels
import Testing

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

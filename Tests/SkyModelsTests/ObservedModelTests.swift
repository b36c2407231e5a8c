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

import Testing

@testable import SkyModels

@Suite("What is not a set of spectra")
struct NamedSpectraErrorTests {
  private func refusal(
    tt: [Double]? = nil, ee: [Double]? = nil, bb: [Double]? = nil, te: [Double]? = nil,
    eb: [Double]? = nil, tb: [Double]? = nil
  ) -> NamedSpectraError? {
    do {
      _ = try NamedSpectra(tt: tt, ee: ee, bb: bb, te: te, eb: eb, tb: tb)
      return nil
    } catch {
      return error
    }
  }

  @Test("Refusals name the spectrum and the degree")
  func refusals() {
    #expect(refusal() == .empty)
    #expect(refusal(ee: []) == .empty)
    #expect(
      refusal(ee: [0, 0, 1], bb: [0, 0])
        == .lengthsDiffer(name: .bb, found: 2, reference: .ee, expected: 3))
    #expect(
      refusal(tt: [1, 1, 1], te: [0, 0, .infinity])
        == .notFinite(name: .te, l: 2, value: .infinity))
    #expect(
      refusal(bb: [0, 0, 1, -1e-30]) == .negativePower(name: .bb, l: 3, value: -1e-30))
    #expect(refusal(ee: [0, 1, 1]) == .belowFirstDegree(name: .ee, l: 1, value: 1))
    #expect(
      refusal(tt: [1, 1, 1], ee: [0, 0, 1], te: [0, -0.5, 0])
        == .belowFirstDegree(name: .te, l: 1, value: -0.5))
    #expect(
      refusal(tt: [1, 1, 1], te: [0, 0, 0.1])
        == .crossPowerWithoutPower(name: .te, l: 2, value: 0.1, missing: .ee))
    #expect(
      refusal(ee: [0, 0, 1], tb: [0, 0, 0.1])
        == .crossPowerWithoutPower(name: .tb, l: 2, value: 0.1, missing: .tt))
  }

  /// Correlations of −0.6 between all three fields: pairs are fine, the three are not. Eigenvalues
  /// 1 + 2r and 1 − r: the smallest is −0.2. With −0.5 it is 0, which is a covariance.
  @Test("An indefinite covariance is named with its eigenvalue")
  func indefinite() throws {
    let auto: [Double] = [0, 0, 1, 4]
    func cross(_ r: Double) -> [Double] { [0, 0, 0, 4 * r] }
    _ = try NamedSpectra(
      tt: auto, ee: auto, bb: auto, te: cross(-0.5), eb: cross(-0.5), tb: cross(-0.5))
    let found = refusal(
      tt: auto, ee: auto, bb: auto, te: cross(-0.6), eb: cross(-0.6), tb: cross(-0.6))
    guard case .notSemidefinite(let l, let eigenvalue)? = found else {
      Issue.record("found \(String(describing: found))")
      return
    }
    #expect(l == 3 && abs(eigenvalue + 0.2) < 1e-14)
    #expect(found?.description.contains("l = 3") == true)
  }

  /// The published order: EE in the place of TE without any power in E.
  @Test("Spectra in the wrong order are refused")
  func wrongOrder() {
    let tt = [Double](repeating: 1e-5, count: 4)
    #expect(
      refusal(tt: tt, ee: [0, 0, 0, 0], te: [0, 0, 0.7, 0.8], tb: [0, 0, 0.5, 0.4])
        == .crossPowerWithoutPower(name: .te, l: 2, value: 0.7, missing: .ee))
  }

  @Test("D_l has no monopole")
  func monopole() {
    #expect(throws: NamedSpectraError.monopoleOfDl(name: .ee, value: 2)) {
      try NamedSpectra(dl: [.ee: [2, 0, 1]])
    }
    #expect(throws: NamedSpectraError.empty) { try NamedSpectra(dl: [:]) }
  }
}

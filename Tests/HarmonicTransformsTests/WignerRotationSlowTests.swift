import Testing

/// The laws of `WignerRotationPropertyTests` at a degree where memory and accuracy are strained.
@Suite("Laws of the rotation of coefficients, large lmax")
struct WignerRotationSlowTests {
  @Test("There and back, composition, spectra at lmax 1024")
  func laws() { RotationLaws.check(lmax: 1024, lanes: 1, threads: 2) }
}

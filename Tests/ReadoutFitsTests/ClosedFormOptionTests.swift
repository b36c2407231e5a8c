import Testing

@testable import ReadoutFits

@Suite("Options of a closed-form fit")
struct ClosedFormOptionTests {
  /// The least of every option is allowed; one less is refused, which ClosedFormErrorTests has.
  @Test("The least that is allowed")
  func least() throws {
    try ClosedFormOptions(ridges: [0], folds: 2, absoluteIterations: 0, standardisationMaps: 2)
      .validate()
    for refused in [
      ClosedFormOptions(folds: 1), ClosedFormOptions(absoluteIterations: -1),
      ClosedFormOptions(standardisationMaps: 1),
    ] {
      #expect(throws: ClosedFormError.self) { try refused.validate() }
    }
  }
}

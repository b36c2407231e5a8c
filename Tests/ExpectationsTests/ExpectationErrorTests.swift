import Testing

@testable import Expectations

/// Nothing is extrapolated, and the refusal says what is measured.
@Suite("Expected errors: refusals")
struct ExpectationErrorTests {
  private func answer(
    _ method: AnalysisMethod, nside: Int, lmax: Int, spin: Int = 0
  ) throws(ExpectationError) -> AnalysisExpectation {
    try ExpectationTable.measured.expectation(
      of: AnalysisCase(
        grid: .healpix(nside: nside), lmax: lmax, spin: spin, precision: .double, method: method))
  }

  @Test("Resolutions outside the table")
  func nside() {
    for nside in [8, 15, 1024] {
      #expect(
        throws: ExpectationError.nsideOutsideTable(
          found: nside, expected: 16...512, method: "iter3")
      ) { try answer(.iterated, nside: nside, lmax: nside) }
    }
    #expect(
      throws: ExpectationError.nsideOutsideTable(
        found: 256, expected: 16...128, method: "order-weights")
    ) { try answer(.orderWeights, nside: 256, lmax: 256) }
    #expect(
      throws: ExpectationError.withoutWeights(
        found: 48, expected: [32, 64, 128, 256, 512], method: "pixel-weights")
    ) { try answer(.pixelWeights, nside: 48, lmax: 48) }
  }

  /// The first and the last degree are answered, those beyond are not.
  @Test(
    "Degrees outside the table",
    arguments: [
      (AnalysisMethod.iterated, 512, 256, 1535), (.leastSquares, 512, 256, 1280),
      (.gridWeights, 16, 8, 47), (.iteratedTwice, 24, 13, 71), (.orderWeights, 128, 64, 128),
      (.pixelWeights, 64, 32, 191),
    ])
  func degrees(method: AnalysisMethod, nside: Int, first: Int, last: Int) throws {
    for lmax in [first, last] { #expect(try answer(method, nside: nside, lmax: lmax).error > 0) }
    for lmax in [0, first - 1, last + 1, 1_000_000] {
      #expect(
        throws: ExpectationError.degreeOutsideTable(
          found: lmax, expected: first...last, method: method.word,
          grid: "HEALPix nside \(nside)")
      ) { try answer(method, nside: nside, lmax: lmax) }
    }
  }

  @Test("Spins and methods that are not measured")
  func others() {
    #expect(
      throws: ExpectationError.notMeasured(method: "iter3", spin: 1, precision: "f64")
    ) { try answer(.iterated, nside: 64, lmax: 64, spin: 1) }
    #expect(AnalysisMethod(word: "iter4") == nil && AnalysisMethod(word: "ring weights") == nil)
    for method in AnalysisMethod.allCases { #expect(AnalysisMethod(word: method.word) == method) }
    #expect(
      "\(ExpectationError.nsideOutsideTable(found: 8, expected: 16...512, method: "iter3"))"
        == "nside is 8, expected 16...512: that is what is measured of iter3, and nothing is "
        + "extrapolated")
  }

  /// Nothing is interpolated across 1.5 nside, where pixel weights cease to be exact: below it they
  /// leave rounding, above it more than a thousand times that.
  @Test("The edge of pixel weights", arguments: [32, 64, 128, 256, 512])
  func edge(nside: Int) throws {
    let below = try answer(.pixelWeights, nside: nside, lmax: 3 * nside / 2 - 3)
    let above = try answer(.pixelWeights, nside: nside, lmax: 3 * nside / 2 + 3)
    #expect(below.points.allSatisfy { 2 * $0.lmax <= 3 * nside })
    #expect(above.points.allSatisfy { 2 * $0.lmax > 3 * nside })
    #expect(above.error > 1000 * below.error)
  }
}

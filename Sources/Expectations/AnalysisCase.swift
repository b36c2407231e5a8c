/// What an error is expected of: coefficients through a field and back.
package struct AnalysisCase: Sendable, Hashable {
  /// HEALPix or Gauss-Legendre.
  package var grid: StudiedGrid
  /// Largest degree, inclusive; so is the largest order.
  package var lmax: Int
  /// 0 or 2.
  package var spin: Int
  /// Of fields and coefficients; Legendre functions are computed in `Double`.
  package var precision: StudyPrecision
  /// Of analysis.
  package var method: AnalysisMethod

  /// A case; `ExpectationTable.expectation(of:)` says whether it can be answered.
  package init(
    grid: StudiedGrid, lmax: Int, spin: Int, precision: StudyPrecision, method: AnalysisMethod
  ) {
    self.grid = grid
    self.lmax = lmax
    self.spin = spin
    self.precision = precision
    self.method = method
  }
}

extension AnalysisMethod {
  /// The methods that a command line names, cheap ones first.
  package static let named: [AnalysisMethod] = [
    .gridWeights, .iteratedOnce, .iteratedTwice, .iterated, .ringWeights, .orderWeights,
    .pixelWeights, .leastSquares,
  ]

  /// On a command line: "iter3", "ring-weights".
  package var word: String {
    if let corrections { return "iter\(corrections)" }
    return rawValue.replacing(" ", with: "-")
  }

  /// The method of a command line's word.
  package init?(word: String) {
    guard let method = Self.named.first(where: { $0.word == word }) else { return nil }
    self = method
  }
}

extension StudyPrecision {
  /// On a command line: "f64", "f32".
  package var word: String { self == .double ? "f64" : "f32" }

  /// u: half the distance from 1 to the next number of the type.
  var unitRoundoff: Double { self == .double ? 0x1p-53 : 0x1p-24 }
}

/// The bound of a claim: one expression, whose text stands in tables and whose value is computed
/// from that text.
///
/// "8 (lmax + 1) u, relative L2" has the expression 8 (lmax + 1) u, and what it bounds. The
/// measurement says what lmax is; `BoundExpression` has the grammar.
/// Checked by: BoundTests.
package struct Bound: Sendable {
  /// The expression, in the letters of Docs/Conventions.md.
  package let expression: String
  /// What it counts, where that is no pure number: "‖S a‖ ‖f‖".
  package let unit: String?
  /// Which norm or extreme is bounded.
  package let words: String?

  /// A bound.
  package init(_ expression: String, of unit: String? = nil, _ words: String? = nil) {
    self.expression = expression
    self.unit = unit
    self.words = words
  }

  /// The bound for a table.
  package var text: String {
    let quantity = unit.map { "\(expression) of \($0)" } ?? expression
    return words.map { "\(quantity), \($0)" } ?? quantity
  }

  /// The expression's value.
  ///
  /// - Parameter sizes: the values of its symbols; u = 2⁻⁵³ and u₃₂ = 2⁻²⁴ are known.
  /// - Returns: the value.
  /// - Throws: `BoundExpressionError`.
  package func value(_ sizes: [String: Double]) throws(BoundExpressionError) -> Double {
    try BoundExpression(expression).value(sizes)
  }
}

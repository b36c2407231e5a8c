/// The bound of a claim: one expression, whose text stands in tables and whose value is computed
/// from that text.
///
/// "8 (lmax + 1) u, relative L2, lmax = 47" has the expression 8 (lmax + 1) u, what it bounds, and
/// the sizes that it is evaluated at. `BoundExpression` has the grammar.
/// Checked by: BoundTests.
package struct Bound: Sendable {
  /// The expression, in the letters of Docs/Conventions.md.
  package let expression: String
  /// What it counts, where that is no pure number: "‖S a‖ ‖f‖".
  package let unit: String?
  /// Which norm or extreme is bounded.
  package let words: String?
  /// Values of its symbols that do not depend on the measurement; u = 2⁻⁵³ and u₃₂ = 2⁻²⁴ are
  /// known.
  package let sizes: [(name: String, value: Double)]

  /// A bound.
  package init(
    _ expression: String, of unit: String? = nil, _ words: String? = nil,
    at sizes: KeyValuePairs<String, Double> = [:]
  ) {
    self.expression = expression
    self.unit = unit
    self.words = words
    self.sizes = sizes.map { ($0.key, $0.value) }
  }

  /// The bound for a table.
  package var text: String {
    let quantity = unit.map { "\(expression) of \($0)" } ?? expression
    let sizes = sizes.map { "\($0.name) = \(ClaimTable.figure($0.value))" }
    return ([quantity] + (words.map { [$0] } ?? []) + sizes).joined(separator: ", ")
  }

  /// The expression's value.
  ///
  /// - Parameter measured: the sizes that the measurement knows.
  /// - Returns: the value at these sizes and the fixed ones.
  /// - Throws: `BoundExpressionError`.
  package func value(_ measured: [String: Double] = [:]) throws(BoundExpressionError) -> Double {
    var symbols = measured
    for (name, value) in sizes { symbols[name] = value }
    return try BoundExpression(expression).value(symbols)
  }
}

/// All claims, in the order of the table in Docs/Verification.md.
package enum ClaimTable {
  /// Every claim.
  package static let claims: [Claim] =
    functionClaims + gridClaims + transformClaims + spinClaims + largeTransformClaims
    + networkClaims + skyClaims + findingClaims

  /// The claims of a suite.
  package static func claims(of suite: ClaimSuite) -> [Claim] {
    claims.filter { $0.suite == suite }
  }

  /// The head of the Markdown table.
  package static let markdownHead = """
    | claim | equation | tests | bound | measured | control | what it cannot see |
    |---|---|---|---|---|---|---|
    """

  /// A row of the Markdown table; a bar would end a cell.
  package static func markdownRow(_ verdict: Verdict) -> String {
    let claim = verdict.claim
    let sign = claim.relation == .atMost ? "≤" : "≥"
    let cells = [
      "**\(claim.name)**: \(claim.statement)", claim.equation,
      claim.tests.map { "`\($0)`" }.joined(separator: ", "),
      "\(claim.bound.text): \(sign) \(figure(verdict.bound))\(sizes(verdict.measurement))",
      figure(verdict.measurement.value),
      "\(claim.control): \(figure(verdict.measurement.control))", claim.blindSpot,
    ]
    return row(cells)
  }

  /// The sizes at which a bound was computed: " (lmax = 47)".
  private static func sizes(_ measurement: ClaimMeasurement) -> String {
    guard !measurement.sizes.isEmpty else { return "" }
    let list = measurement.sizes.sorted { $0.key < $1.key }
      .map { "\($0.key) = \(figure($0.value))" }
    return " (\(list.joined(separator: ", ")))"
  }

  /// The row of a claim that could not be measured.
  package static func markdownRow(_ claim: Claim, fault: String) -> String {
    row([
      "**\(claim.name)**: \(claim.statement)", claim.equation, "", claim.bound.text,
      "cannot be measured: \(fault)", claim.control, claim.blindSpot,
    ])
  }

  private static func row(_ cells: [String]) -> String {
    let escaped = cells.map {
      $0.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
    return "| \(escaped.joined(separator: " | ")) |"
  }

  /// Two digits, as tables print them.
  package static func figure(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value == 0 ? "0" : "\(value)")" }
    if abs(value) >= 0.01, abs(value) < 10_000 {
      let digits = abs(value) < 1 ? 1000.0 : 100
      let rounded = (value * digits).rounded() / digits
      return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 0.995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    let sign = value < 0 ? "-" : ""
    return "\(sign)\((mantissa * 10).rounded() / 10)e\(exponent)"
  }
}

import Testing

@testable import Benchmark

@Suite("Tables of texts")
struct TextTableTests {
  private var table: TextTable {
    var table = TextTable(["row", "empty", "|x|"])
    table.append(["first", "", "1"])
    table.append(["2", "", "long cell"])
    return table
  }

  /// Columns without content are left out, a bar ends no cell, lines end with their last character.
  @Test("Markdown and text")
  func forms() {
    #expect(
      table.markdown == """
        | row | \\|x\\| |
        |---|---|
        | first | 1 |
        | 2 | long cell |
        """)
    #expect(table.text == "row    |x|\nfirst  1\n2      long cell")
    #expect(TextTable(["a"]).rows.isEmpty)
  }

  @Test("Numbers of tables")
  func numbers() {
    let style = NumberStyle.markdown
    #expect(
      style.number(ValueWithError(1.2345, standardError: 0.01), decimals: 3) == "1.234 ± 0.010")
    // An error that would read 0.000 gets two digits, and its value as many decimals.
    #expect(
      style.number(ValueWithError(0.5, standardError: 0.000_12), decimals: 3) == "0.50000 ± 0.00012"
    )
    #expect(style.number(ValueWithError(2), decimals: 1, emphasised: true) == "**2.0**")
    #expect(style.number(nil as ValueWithError?, decimals: 1).isEmpty)
    #expect(style.number(1.25, decimals: 1) == "1.2" && style.count(12_345) == "12,345")
    #expect(style.number(nil as Double?, decimals: 1).isEmpty && style.count(nil).isEmpty)
  }
}

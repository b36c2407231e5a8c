import Testing

@testable import FileFormats

@Suite("Numbers for people to read")
struct NumberTextTests {
  @Test(
    "Four significant digits",
    arguments: [
      (0.0, "0"), (16, "16"), (0.012346, "0.01235"), (12_346_000, "1.235e+07"), (-2.5, "-2.5"),
      (.nan, "nan"), (.infinity, "inf"),
    ])
  func short(value: Double, text: String) { #expect(NumberText.short(value) == text) }

  @Test("Decimals, errors and ranges")
  func fixed() {
    #expect(NumberText.fixed(1.27, decimals: 3) == "1.270")
    #expect(NumberText.fixed(-0.5, decimals: 0) == "-0")
    #expect(NumberText.fixed(1.0696, standardError: 0.0081, decimals: 3) == "1.070 +- 0.008")
    #expect(NumberText.fixed(2, standardError: 1, decimals: 0, plusMinus: "±") == "2 ± 1")
    #expect(NumberText.short(0.03...0.08) == "0.03...0.08")
    #expect(NumberText.float32(0.1) == "0.1" && NumberText.float32(12.345_678_9) == "12.345679")
  }

  @Test(
    "Thousands",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"),
      (Int.min, "-9,223,372,036,854,775,808"),
    ])
  func grouped(value: Int, text: String) { #expect(NumberText.grouped(value) == text) }
}

import Testing

@testable import FileFormats

@Suite("Text of files on a terminal")
struct PrintableTextTests {
  @Test("What a terminal would act on is spelled out, the rest stays")
  func characters() {
    for plain in ["", "T", "K_{CMB} (\u{b5}K)", "l\u{2009}=\u{a0}2", "Größe \u{3b8} \u{1f600}"] {
      #expect(printable(plain) == plain)
    }
    #expect(printable("a\u{1b}[31mb") == "a\\u{1b}[31mb")
    #expect(printable("a\nb\r\t\u{7f}\u{0}") == "a\\u{a}b\\u{d}\\u{9}\\u{7f}\\u{0}")
    #expect(
      printable("\u{9b}31m\u{202e}x\u{200b}\u{2028}") == "\\u{9b}31m\\u{202e}x\\u{200b}\\u{2028}")
    #expect(printable("\r\n") == "\\u{d}\\u{a}")
  }
}

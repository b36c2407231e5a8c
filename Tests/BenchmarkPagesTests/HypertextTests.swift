import Testing

@testable import BenchmarkPages

/// Texts cannot become markup. Exact expectations.
/// Blind to: whether browsers like the page.
@Suite("Hypertext")
struct HypertextTests {
  private let hostile = "<script>alert('a & \"b\"')</script>"
  private let harmless = "&lt;script&gt;alert(&#39;a &amp; &quot;b&quot;&#39;)&lt;/script&gt;"

  @Test("Texts, attributes and cells are escaped")
  func escaping() {
    #expect(Hypertext.text(hostile).markup == harmless)
    #expect(Hypertext.text("&amp;").markup == "&amp;amp;")
    #expect(Hypertext.text("T1: 0.54 \u{b1} 0.01 %").markup == "T1: 0.54 \u{b1} 0.01 %")
    #expect(
      Hypertext.element("p", [("title", hostile)], [.text("x")]).markup
        == "<p title=\"\(harmless)\">x</p>\n")
    let table = Hypertext.table([hostile], [[hostile]]).markup
    #expect(!table.contains("<script") && table.contains(harmless))
    let page = Hypertext.page(title: hostile, style: "p { margin: 0 }", [.element("p", hostile)])
    #expect(!page.markup.contains("<script") && !page.markup.contains("'"))
  }

  @Test("Elements")
  func elements() {
    #expect(Hypertext.element("img", [("src", "a")], nil).markup == "<img src=\"a\">\n")
    #expect(
      Hypertext.table(["a", "b"], [["1", "2"]]).markup.contains(
        "<th scope=\"row\">1</th>\n<td>2</td>"))
    #expect(Hypertext.sequence([.text("a"), .text("<")]).markup == "a&lt;")
  }
}

import Foundation

/// A piece of an HTML page. Texts and values of attributes are escaped, so that no name of a file
/// or a parameter can become markup.
///
/// Checked by: HypertextTests.
package struct Hypertext: Sendable, Equatable {
  /// The markup.
  package let markup: String

  private init(markup: String) { self.markup = markup }

  /// A text as it reads.
  package static func text(_ text: String) -> Hypertext { Hypertext(markup: escaped(text)) }

  /// Pieces one after the other.
  package static func sequence(_ pieces: [Hypertext]) -> Hypertext {
    Hypertext(markup: pieces.map(\.markup).joined())
  }

  /// An element with attributes and content.
  ///
  /// - Parameters:
  ///   - name: of the element, such as "p".
  ///   - attributes: names and values.
  ///   - content: what is in it; nil: an element without end, such as `img`.
  /// - Returns: the element.
  package static func element(
    _ name: String, _ attributes: [(name: String, value: String)] = [], _ content: [Hypertext]?
  ) -> Hypertext {
    let list = attributes.map { " \($0.name)=\"\(escaped($0.value))\"" }.joined()
    guard let content else { return Hypertext(markup: "<\(name)\(list)>\n") }
    return Hypertext(markup: "<\(name)\(list)>\(sequence(content).markup)</\(name)>\n")
  }

  /// An element that holds one text.
  package static func element(_ name: String, _ content: String) -> Hypertext {
    element(name, [], [text(content)])
  }

  /// A style sheet or another content that has rules of its own.
  ///
  /// Domain: a text without "</" (a precondition), which would end the element.
  static func style(_ rules: String) -> Hypertext {
    precondition(!rules.contains("</"), "the style sheet ends early")
    return Hypertext(markup: "<style>\n\(rules)\n</style>\n")
  }

  /// A table whose first column heads its rows.
  ///
  /// - Parameters:
  ///   - header: of the columns.
  ///   - rows: texts by rows, as many as the header has.
  /// - Returns: the table in a box that scrolls on narrow screens.
  package static func table(_ header: [String], _ rows: [[String]]) -> Hypertext {
    let head = element(
      "tr", [], header.map { element("th", [("scope", "col")], [text($0)]) })
    let body = rows.map { row in
      precondition(row.count == header.count, "\(row.count) cells for \(header.count) columns")
      return element(
        "tr", [],
        row.enumerated().map { column, cell in
          column == 0
            ? element("th", [("scope", "row")], [text(cell)]) : element("td", cell)
        })
    }
    return element(
      "div", [("class", "wide"), ("tabindex", "0")],
      [element("table", [], [element("thead", [], [head]), element("tbody", [], body)])])
  }

  /// A whole page.
  static func page(title: String, style rules: String, _ content: [Hypertext]) -> Hypertext {
    let head = element(
      "head", [],
      [
        element("meta", [("charset", "utf-8")], nil),
        element(
          "meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")], nil),
        element("meta", [("name", "color-scheme"), ("content", "light dark")], nil),
        element("title", title), style(rules),
      ])
    let body = element("body", [], [element("main", [], content)])
    let html = element("html", [("lang", "en")], [head, body])
    return Hypertext(markup: "<!DOCTYPE html>\n\(html.markup)")
  }

  /// The text with the five characters that are markup spelled as references.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }
}

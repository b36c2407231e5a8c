import Foundation

/// Letters of one height.
struct TextRun: Equatable {
  var text: String
  var isRaised: Bool
}

/// Cuts a text into what stands on the line and what `^{...}` raises.
///
/// - Throws: `PlottingError.noGlyph` for a character that is not printable ASCII.
func textRuns(_ text: String) throws(PlottingError) -> [TextRun] {
  for character in text {
    guard let ascii = character.asciiValue, (0x20...0x7E).contains(ascii) else {
      throw .noGlyph(text: text, character: String(character))
    }
  }
  var runs: [TextRun] = []
  var rest = Substring(text)
  while let start = rest.range(of: "^{"), let end = rest[start.upperBound...].firstIndex(of: "}") {
    runs.append(TextRun(text: String(rest[..<start.lowerBound]), isRaised: false))
    runs.append(TextRun(text: String(rest[start.upperBound..<end]), isRaised: true))
    rest = rest[rest.index(after: end)...]
  }
  runs.append(TextRun(text: String(rest), isRaised: false))
  return runs.filter { !$0.text.isEmpty }
}

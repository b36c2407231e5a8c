import Faults

/// Why a figure cannot be drawn.
package enum PlottingError: UserError, Equatable {
  /// A number that is not finite.
  case notFinite(content: String, axis: String, index: Int, value: String)
  /// A number that a logarithmic axis cannot show.
  case notPositive(content: String, axis: String, index: Int, value: Double)
  /// A number beyond the range that was given to its axis.
  case outsideRange(content: String, axis: String, index: Int, value: Double, range: String)
  /// Lists that belong together and differ in length.
  case lengthsDiffer(content: String, list: String, found: Int, expected: Int)
  /// Nothing to draw.
  case empty(content: String)
  /// A range of an axis that is empty or reversed.
  case invalidRange(axis: String, lower: Double, upper: Double)
  /// The built-in font has the printable characters of ASCII only.
  case noGlyph(text: String, character: String)
  /// Panels, labels and legend leave no room for the data.
  case noRoom(panel: String, width: Double, height: Double)
  /// Cairo's own refusal.
  case drawingFailed(reason: String)

  package var description: String {
    switch self {
    case .notFinite(let content, let axis, let index, let value):
      return
        "\(content): number \(index) on the \(axis) axis is \(value), expected a finite number; "
        + "leave the point out where the data is made"
    case .notPositive(let content, let axis, let index, let value):
      return
        "\(content): number \(index) on the \(axis) axis is \(value), expected more than 0 on a "
        + "logarithmic axis; use a linear axis or leave the point out"
    case .outsideRange(let content, let axis, let index, let value, let range):
      return
        "\(content): number \(index) on the \(axis) axis is \(value), expected one in \(range), "
        + "the "
        + "range given; widen it or leave it out"
    case .lengthsDiffer(let content, let list, let found, let expected):
      return "\(content): \(found) numbers in \(list), expected \(expected)"
    case .empty(let content):
      return "\(content) is empty, expected at least one number; nothing can be drawn"
    case .invalidRange(let axis, let lower, let upper):
      return "the \(axis) axis runs from \(lower) to \(upper), expected finite and rising numbers"
    case .noGlyph(let text, let character):
      return
        "the text '\(text)' has the character '\(character)', expected printable ASCII, which is "
        + "what the built-in font draws; spell it out"
    case .noRoom(let panel, let width, let height):
      return
        "panel '\(panel)' has \(width) x \(height) points left for its data, expected at least "
        + "40 x 40; make the figure larger or its labels shorter"
    case .drawingFailed(let reason):
      return "Cairo cannot draw the figure (\(reason))"
    }
  }
}

extension PlottingError {
  package var faultClass: FaultClass {
    switch self {
    case .notFinite, .notPositive, .outsideRange, .lengthsDiffer, .empty, .invalidRange:
      return .badInput
    case .noGlyph, .noRoom: return .usage
    case .drawingFailed: return .failure
    }
  }
}

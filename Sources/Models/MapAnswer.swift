import FileFormats
import Foundation
import SkyMaps

/// What a model says of one map: the answer of `sphere predict`, in three formats.
public struct MapAnswer: Sendable {
  /// The map's file as the caller named it.
  public let file: String
  /// One for each parameter.
  public let predictions: [Prediction]
  /// Reasons to doubt the values, of the map and of the predictions.
  public let warnings: [String]
  /// Why the values are no estimates; empty if they are.
  public let reasons: [String]
  /// Whether values are given in spite of the reasons.
  public let isForced: Bool

  /// The answer for a map.
  public init(_ map: SkyMap, _ predictions: [Prediction], isForced: Bool) {
    file = map.file
    self.predictions = predictions
    warnings = map.warnings + predictions.flatMap(\.warnings)
    // The same reason holds for every parameter of a map that is unlike the training.
    reasons = predictions.compactMap(\.reason).reduce(into: []) { list, reason in
      if !list.contains(reason) { list.append(reason) }
    }
    self.isForced = isForced
  }

  /// Whether values are given.
  public var isEstimate: Bool { reasons.isEmpty || isForced }

  /// A value as a number; nil where there is none to give.
  private func number(_ value: Double?) -> String? {
    guard let value, isEstimate, value.isFinite else { return nil }
    return NumberText.float32(value)
  }

  /// One JSON object on one line: `file`, every parameter and its error (null where there is no
  /// estimate), `warnings`, and `reason` if there is one.
  public var json: String {
    var line = JSONLine()
    line.add("file", file)
    for prediction in predictions {
      line.addLiteral(prediction.parameter, number(prediction.value) ?? "null")
      line.addLiteral(
        "\(prediction.parameter)_error", number(prediction.standardError) ?? "null")
    }
    line.add("warnings", warnings)
    if !reasons.isEmpty { line.add("reason", reasons.joined(separator: "; ")) }
    return line.text
  }

  /// One line: file, values, errors, and all remarks in the last field.
  public var csv: String {
    let values =
      predictions.map { number($0.value) ?? "" }
      + predictions.map { number($0.standardError) ?? "" }
    return ([csvField(file)] + values + [csvField((reasons + warnings).joined(separator: "; "))])
      .joined(separator: ",")
  }

  /// One line for people.
  public var text: String {
    let texts = predictions.map { prediction in
      guard isEstimate else { return "\(prediction.parameter) no estimate" }
      let digits = prediction.value < 1 ? 4 : 3
      let bar =
        prediction.standardError.map { String(format: " +- %.*f", digits, $0) } ?? ""
      return "\(prediction.parameter) \(String(format: "%.*f", digits, prediction.value))\(bar)"
    }
    let remarks =
      reasons.map { "(\(isForced ? "no estimate: " : "")\($0))" }
      + warnings.map { "(warning: \($0))" }
    return ([file] + texts + remarks).joined(separator: "  ")
  }
}

/// A field of a csv line: quoted if it has to be.
private func csvField(_ text: String) -> String {
  guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}

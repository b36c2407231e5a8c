import ArgumentParser
import FileFormats
import Foundation
import Models
import SkyMaps

/// What is printed of one map.
struct Answer {
  let file: String
  let predictions: [Prediction]
  let warnings: [String]
  /// Why the values are no estimates; empty if they are.
  let reasons: [String]
  /// Whether values are printed in spite of the reasons.
  let isForced: Bool

  init(_ map: SkyMap, _ predictions: [Prediction], isForced: Bool) {
    file = map.file
    self.predictions = predictions
    warnings = map.warnings + predictions.flatMap(\.warnings)
    // The same reason holds for every parameter of a map that is unlike the training.
    reasons = predictions.compactMap(\.reason).reduce(into: []) { list, reason in
      if !list.contains(reason) { list.append(reason) }
    }
    self.isForced = isForced
  }

  private var isEstimate: Bool { reasons.isEmpty || isForced }

  func line(_ format: Predict.Format) -> String {
    switch format {
    case .json: return json
    case .csv: return csv
    case .text: return text
    }
  }

  /// A value as a number; nil where there is none to print.
  private func number(_ value: Double?) -> String? {
    guard let value, isEstimate, value.isFinite else { return nil }
    return NumberText.float32(value)
  }

  private var json: String {
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

  private var csv: String {
    let values =
      predictions.map { number($0.value) ?? "" }
      + predictions.map { number($0.standardError) ?? "" }
    return ([csvField(file)] + values + [csvField((reasons + warnings).joined(separator: "; "))])
      .joined(separator: ",")
  }

  private var text: String {
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

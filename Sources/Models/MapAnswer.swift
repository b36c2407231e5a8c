import FileFormats
import Foundation
import SkyMaps
import SpecialFunctions

/// What a model says of one map: the answer of `sphere predict`, in three formats.
///
/// Posteriors: where the model gives them, medians, intervals, information and correlations stand
///             beside value and error bar; Docs/Posteriors.md has the formats. A parameter of which
///             the map says nothing beyond the prior is a warning.
/// Checked by: MapAnswerTests.
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
  /// Whether the model gives joint posteriors, if not of this map.
  public let hasPosterior: Bool
  /// What the posterior says of each parameter; nil without one.
  public let summaries: [PosteriorGrid.Summary]?

  /// The answer for a map.
  ///
  /// - Parameters:
  ///   - map: the map.
  ///   - predictions: one for each parameter, in the order of the posterior's axes.
  ///   - isForced: whether values are given in spite of reasons against them.
  ///   - hasPosterior: whether the model gives joint posteriors: then all fields are there even if
  ///     this map has none; nil: if one of the predictions has one.
  public init(
    _ map: SkyMap, _ predictions: [Prediction], isForced: Bool, hasPosterior: Bool? = nil
  ) {
    self.init(
      file: map.file, warnings: map.warnings, predictions, isForced: isForced,
      hasPosterior: hasPosterior)
  }

  /// The same from the parts of a map that count.
  init(
    file: String, warnings: [String], _ predictions: [Prediction], isForced: Bool,
    hasPosterior: Bool? = nil
  ) {
    self.file = file
    self.predictions = predictions
    let posterior = predictions.first?.posterior
    summaries = posterior.map { grid in grid.axes.indices.map { grid.summary($0) } }
    self.hasPosterior = hasPosterior ?? (posterior != nil)
    self.warnings =
      warnings + predictions.flatMap(\.warnings)
      + zip(predictions, summaries ?? []).compactMap { prediction, summary in
        guard summary.isFlat else { return nil }
        return "the map says nothing of \(prediction.parameter) beyond its prior: information "
          + "\(NumberText.short(max(0, summary.information))) nats, at least "
          + "\(NumberText.short(PosteriorGrid.leastInformation)) expected; value and error bar "
          + "are the prior's"
      }
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
  /// estimate), of posteriors their median, intervals, information and correlations, `warnings`,
  /// and `reason` if there is one.
  public var json: String {
    var line = JSONLine()
    line.add("file", file)
    for (index, prediction) in predictions.enumerated() {
      line.addLiteral(prediction.parameter, number(prediction.value) ?? "null")
      line.addLiteral(
        "\(prediction.parameter)_error", number(prediction.standardError) ?? "null")
      guard hasPosterior else { continue }
      let summary = summaries?[index]
      for (name, value) in [
        ("median", number(summary?.median)), ("68", pair(summary?.interval68)),
        ("95", pair(summary?.interval95)), ("information", number(summary?.information)),
      ] {
        line.addLiteral("\(prediction.parameter)_\(name)", value ?? "null")
      }
    }
    if hasPosterior, predictions.count > 1 { line.addLiteral("correlation", correlation) }
    line.add("warnings", warnings)
    if !reasons.isEmpty { line.add("reason", reasons.joined(separator: "; ")) }
    return line.text
  }

  private func pair(_ range: ClosedRange<Double>?) -> String? {
    guard let low = number(range?.lowerBound), let high = number(range?.upperBound) else {
      return nil
    }
    return "[\(low),\(high)]"
  }

  /// An object of objects, by the names of two parameters.
  private var correlation: String {
    guard let matrix = predictions.first?.posterior?.correlation, isEstimate else { return "null" }
    var object = JSONLine()
    for (own, row) in zip(predictions, matrix) {
      var entries = JSONLine()
      for (other, value) in zip(predictions, row) {
        entries.addLiteral(other.parameter, number(value) ?? "null")
      }
      object.addLiteral(own.parameter, entries.text)
    }
    return object.text
  }

  /// The first line of a csv table.
  ///
  /// - Parameters:
  ///   - names: of the parameters.
  ///   - hasPosterior: whether the model gives joint posteriors.
  /// - Returns: the names of the columns, in the order of `csv`.
  public static func csvHeader(names: [String], hasPosterior: Bool) -> String {
    let ends = ["median", "low68", "high68", "low95", "high95"]
    let more = hasPosterior ? names.flatMap { name in ends.map { "\(name)_\($0)" } } : []
    return (["file"] + names + names.map { "\($0)_error" } + more + ["warnings"])
      .map(csvField).joined(separator: ",")
  }

  /// One line: file, values, errors, of posteriors medians and ends of the intervals, and all
  /// remarks in the last field.
  public var csv: String {
    let values =
      predictions.map { number($0.value) ?? "" }
      + predictions.map { number($0.standardError) ?? "" }
    var more: [String] = []
    if hasPosterior {
      for index in predictions.indices {
        let own = summaries?[index]
        more += [
          own?.median, own?.interval68.lowerBound, own?.interval68.upperBound,
          own?.interval95.lowerBound, own?.interval95.upperBound,
        ].map { number($0) ?? "" }
      }
    }
    let remarks = csvField((reasons + warnings).joined(separator: "; "))
    return ([csvField(file)] + values + more + [remarks]).joined(separator: ",")
  }

  /// One line for people; the 68 % interval stands behind an error bar that would hide how unequal
  /// its arms are (`PosteriorGrid.Summary.isSkewed`).
  public var text: String {
    let texts = predictions.enumerated().map { index, prediction in
      guard isEstimate else { return "\(prediction.parameter) no estimate" }
      let digits = prediction.value < 1 ? 4 : 3
      // Three decimals would show nothing of a parameter as small as 10⁻⁹.
      let isTiny = (prediction.standardError ?? 1) < (hasPosterior ? 0.001 : 0.0005)
      func text(_ value: Double) -> String {
        isTiny ? NumberText.short(value) : NumberText.fixed(value, decimals: digits)
      }
      let bar = prediction.standardError.map { " +- \(text($0))" } ?? ""
      let interval =
        summaries?[index].isSkewed == true
        ? summaries.map { all -> String in
          let ends = all[index].interval68
          return " (68 %: \(text(ends.lowerBound))...\(text(ends.upperBound)))"
        } : nil
      return "\(prediction.parameter) \(text(prediction.value))\(bar)\(interval ?? "")"
    }
    let remarks =
      reasons.map { "(\(isForced ? "no estimate: " : "")\($0))" }
      + warnings.map { "(warning: \($0))" }
    return ([file] + texts + remarks).joined(separator: "  ")
  }
}

/// A field of a csv line: quoted if it has to be.
func csvField(_ text: String) -> String {
  guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}

import Foundation
import Models
import SkyMaps
import Tasks

/// Reads the labels of a record of version 1.
struct RecordLabels {
  let record: RunRecordVersion1
  let file: String

  func fault(_ key: String, _ found: String?, _ expected: String) -> ModelError {
    .badMetadata(file: file, key: key, found: found ?? "missing", expected: expected)
  }

  func value<Value: KnownByName>(
    _ text: String?, _ key: String, _ type: Value.Type
  ) throws(ModelError) -> Value {
    try Value(named: text, key, file: file)
  }

  func number<Value: LosslessStringConvertible>(
    _ text: String?, _ key: String, _ type: Value.Type = Int.self
  ) throws(ModelError) -> Value {
    guard let value = text.flatMap({ Value($0) }) else {
      throw fault(key, text.map { "'\($0)'" }, "a number")
    }
    return value
  }

  func text(_ text: String?, _ key: String) throws(ModelError) -> String {
    guard let text else { throw fault(key, nil, "an entry") }
    return text
  }

  func settings() throws(ModelError) -> TaskSettings {
    let task = try value(record.task["task"], "task", BenchmarkTask.self)
    let skyProtocol = try value(record.task["protocol"], "protocol", SkyProtocol.self)
    let nside = try number(record.task["nside"], "nside")
    let noise = try number(record.task["noise"], "noise", Double.self)
    let (fraction, mask) = try sky(nside: nside)
    do {
      var settings = try TaskSettings(
        task: task, skyProtocol: skyProtocol, nside: nside, noise: noise, mask: mask)
      settings.skyFraction = fraction
      return settings
    } catch {
      throw fault("task", "unusable (\(error))", "a task, resolution and noise that exist")
    }
  }

  /// f_sky as it was asked for, and the pixels; 1 and nil for the full sky.
  private func sky(nside: Int) throws(ModelError) -> (Double, SkyMask?) {
    guard let text = record.task["mask"] else { throw fault("mask", nil, "none or f_sky F") }
    guard text != "none" else { return (1, nil) }
    guard text.hasPrefix("f_sky "), let fraction = Double(text.dropFirst(6)) else {
      throw fault("mask", "'\(text)'", "none or f_sky F")
    }
    let pixels = record.configuration.labels["mask"] ?? ""
    let mask: SkyMask?
    do {
      mask = try SkyMask(hexadecimal: pixels, nside: nside)
    } catch {
      throw fault("labels.mask", "unusable (\(error))", "a mask")
    }
    guard let mask else {
      throw fault(
        "labels.mask", "\(pixels.count) characters", "\(3 * nside * nside) hexadecimal digits")
    }
    return (fraction, mask)
  }

  func network() throws(ModelError) -> ModelConfiguration {
    guard let text = record.configuration.labels["network"] else {
      throw fault("labels.network", nil, "the sizes of a network")
    }
    do {
      return try JSONDecoder().decode(ModelConfiguration.self, from: Data(text.utf8))
    } catch {
      throw fault("labels.network", "unreadable (\(error))", "the sizes of a network")
    }
  }

  /// Maps of the stages besides gradient training: the label "whitening 4096, first fit 20000, …".
  func stages() throws(ModelError) -> (whitening: Int, firstFit: Int, fit: Int, calibration: Int) {
    let text = record.configuration.labels["maps"]
    var counts: [String: Int] = [:]
    for part in (text ?? "").split(separator: ",") {
      let words = part.split(separator: " ")
      counts[words.dropLast().joined(separator: " ")] = words.last.flatMap { Int($0) }
    }
    guard let whitening = counts["whitening"], let firstFit = counts["first fit"],
      let fit = counts["fit"], let calibration = counts["calibration"]
    else {
      throw fault(
        "labels.maps", text.map { "'\($0)'" }, "the maps of whitening, first fit, fit, calibration")
    }
    return (whitening, firstFit, fit, calibration)
  }
}

import Foundation
import SkyMaps
import SpectralNetworks
import Tasks

/// Reads the metadata entries of a model file.
struct ModelMetadata {
  let entries: [String: String]
  let file: String

  func requireFormat() throws(ModelError) {
    let found = entries["format"]
    guard found == ModelFile.format || found == ModelFile.formatWithoutDigest else {
      throw .notAModel(
        file: file,
        found: found.map { "the format '\($0)'" } ?? "a safetensors file without the entry 'format'"
      )
    }
  }

  func text(_ key: String) throws(ModelError) -> String {
    guard let text = entries[key] else {
      throw .badMetadata(file: file, key: key, found: "missing", expected: "an entry")
    }
    return text
  }

  func value<Value: KnownByName>(
    _ key: String, _ type: Value.Type
  ) throws(ModelError) -> Value {
    try .init(named: try text(key), key, file: file)
  }

  /// An entry that may be absent, as a number.
  func number<Value: LosslessStringConvertible>(
    _ key: String, _ type: Value.Type
  ) throws(ModelError) -> Value? {
    guard let text = entries[key] else { return nil }
    guard let value = Value(text) else {
      throw .badMetadata(file: file, key: key, found: "'\(text)'", expected: "a number")
    }
    return value
  }

  /// An entry that may be absent, as JSON.
  func json<Value: Decodable>(_ key: String, _ type: Value.Type) throws(ModelError) -> Value? {
    guard let text = entries[key] else { return nil }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw .badMetadata(file: file, key: key, found: "unreadable", expected: "JSON of \(type)")
    }
  }

  /// One `ErrorCalibration` per parameter, or nil.
  func calibration(parameters: Int) throws(ModelError) -> [ErrorCalibration]? {
    let calibration =
      parameters == 1
      ? try json("calibration", ErrorCalibration.self).map { [$0] }
      : try json("calibration", [ErrorCalibration].self)
    guard let calibration else { return nil }
    guard calibration.count == parameters, calibration.allSatisfy(\.isUsable) else {
      throw .badMetadata(
        file: file, key: "calibration",
        found: "\(calibration.count) set(s), or one without nodes or with nodes that make no sense",
        expected:
          "\(parameters) set(s) of at least one node, by ascending prediction, with error bars "
          + "and variances of at least 0")
    }
    return calibration
  }

  /// The observed pixels, or nil for the full sky.
  private func mask(nside: Int) throws(ModelError) -> SkyMask? {
    guard let text = entries["mask"] else { return nil }
    let mask: SkyMask?
    do {
      mask = try SkyMask(hexadecimal: text, nside: nside)
    } catch {
      throw .badMetadata(file: file, key: "mask", found: "unusable (\(error))", expected: "a mask")
    }
    guard let mask else {
      throw .badMetadata(
        file: file, key: "mask", found: "\(text.count) characters",
        expected: "\(3 * nside * nside) hexadecimal digits")
    }
    return mask
  }

  /// An entry that may be absent, as a whole number that must agree with the network's.
  private func require(_ key: String, is expected: Int) throws(ModelError) {
    guard let found = try number(key, Int.self), found != expected else { return }
    throw .badMetadata(
      file: file, key: key, found: "\(found)", expected: "\(expected), as the network has")
  }

  func description(_ configuration: ModelConfiguration) throws -> ModelDescription {
    if entries["task"] == ModelFile.tableTask { return try tableDescription(configuration) }
    let task =
      entries["task"] == ModelFile.noTask ? nil : try value("task", BenchmarkTask.self)
    let skyProtocol = try value("protocol", SkyProtocol.self)
    // The network's resolution is within limits; another one is not used to make or read anything.
    try require("nside", is: configuration.nside)
    try require("lmax", is: configuration.lmax)
    let takesAnyMask = entries["mask"] == ModelFile.anyMask
    var description: ModelDescription
    if let task {
      let mask = takesAnyMask ? nil : try mask(nside: configuration.nside)
      description = ModelDescription(
        settings: try settings(task, skyProtocol, nside: configuration.nside, mask: mask))
      description.noise = try number("noise", Double.self)
    } else {
      guard let names = try json("parameters", [String].self), Set(names).count == names.count
      else {
        throw ModelError.badMetadata(
          file: file, key: "parameters", found: "missing, or names that are alike",
          expected: "the name of every output")
      }
      description = ModelDescription(outputs: names)
    }
    description.takesAnyMask = takesAnyMask
    try readHistory(into: &description)
    if let prior = try json("prior", [Double].self) {
      guard prior.count == 2, prior[0] < prior[1] else {
        throw ModelError.badMetadata(
          file: file, key: "prior", found: "\(prior)", expected: "[low, high]")
      }
      description.priorRange = prior[0]...prior[1]
    }
    return description
  }

  private func readHistory(into description: inout ModelDescription) throws(ModelError) {
    description.seed = try number("seed", UInt64.self)
    description.mapsSeen = try number("maps_seen", Int.self)
    description.result = try json("result", [String: Double].self) ?? [:]
    description.programVersion = try text("program")
  }

  /// The description of a model of the user's own task, whose task file is among the entries.
  private func tableDescription(
    _ configuration: ModelConfiguration
  ) throws(ModelError) -> ModelDescription {
    let settings: TaskSettings
    do {
      settings = try JSONDecoder().decode(
        TaskSettings.self, from: Data(try text("task_file").utf8))
    } catch let error as ModelError {
      throw error
    } catch {
      throw .badMetadata(
        file: file, key: "task_file", found: "unusable (\(error))",
        expected: "a task file with a table of spectra")
    }
    // The degrees of a published network are those of its grid, not those of the sky.
    let hasOwnDegrees = configuration.typed(PublishedConfiguration.self) != nil
    guard settings.nside == configuration.nside,
      hasOwnDegrees || settings.lmax == configuration.lmax
    else {
      throw .badMetadata(
        file: file, key: "task_file",
        found: "nside \(settings.nside), lmax \(settings.lmax)",
        expected: "\(configuration.nside) and \(configuration.lmax), as the network has")
    }
    var description = ModelDescription(settings: settings)
    try readHistory(into: &description)
    return description
  }

  private func settings(
    _ task: BenchmarkTask, _ skyProtocol: SkyProtocol, nside: Int, mask: SkyMask?
  ) throws -> TaskSettings {
    do {
      var settings = try TaskSettings(
        task: task, skyProtocol: skyProtocol, nside: nside,
        noise: try number("noise", Double.self) ?? 0, mask: mask)
      if let fraction = try number("fsky", Double.self) {
        guard fraction > 0, fraction <= 1 else {
          throw TaskError.invalidSkyFraction(found: fraction)
        }
        settings.skyFraction = fraction
      }
      return settings
    } catch let error as ModelError {
      throw error
    } catch {
      throw ModelError.badMetadata(
        file: file, key: "task", found: "not one this program can use (\(error))",
        expected: "a task, resolution and noise that it has")
    }
  }
}

extension KnownByName {
  /// A value by its name in a file.
  ///
  /// - Throws: `ModelError.badMetadata`, with the names that are known.
  package init(named text: String?, _ key: String, file: String) throws(ModelError) {
    guard let text, let value = Self(rawValue: text) else {
      throw .badMetadata(
        file: file, key: key, found: text.map { "'\($0)'" } ?? "missing",
        expected: Self.knownNames.joined(separator: " or "))
    }
    self = value
  }
}

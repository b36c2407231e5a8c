import FileFormats
import Foundation
import FourierTransforms
import LinearAlgebra
import SkyModels
import SpectralNetworks

/// Model files: safetensors with everything about the model in the metadata, or published `.pt`.
///
/// Metadata: `format`; `architecture`, `task`, `protocol`; `nside`, `lmax`, `noise`; `prior`, a JSON
///           list [low, high]; `parameters`, a JSON list of names; `seed`, `maps_seen`; `program`,
///           a version; `configuration`, the network's sizes, `calibration`, an `ErrorCalibration` (a
///           list of them for several parameters), and `result`, figures by name, as JSON objects.
///           `noise`, `seed`, `maps_seen`, `calibration` are absent where unknown; `mask`, the
///           observed pixels in hexadecimal digits as in `FilterBankConfiguration`, and `fsky` are
///           absent for the full sky.
/// Tensors:  `ModelNetwork.tensors()`; float32, integers int64. With `.float16` weights of more than
///           one axis are rounded to float16, while batch normalisation, biases, the readout with its
///           whitening and the published network's dense layers stay float32: they are few, and those
///           fitted to many maps cancel each other by more than float16 resolves.
/// Writing:  complete or not at all; the same model gives the same bytes.
/// Checked by: ModelFileTests.
public enum ModelFile {
  /// The metadata entry `format`.
  public static let format = "SpectralSphere model, version 1"

  /// How weights are stored.
  public enum Precision: Sendable {
    case float32
    case float16
  }

  // MARK: - Writing

  /// Writes a model as safetensors.
  ///
  /// - Throws: `FileError`; `TensorError.overflow` if a weight does not fit float16.
  public static func write(
    _ model: TrainedModel, to url: URL, precision: Precision = .float32
  ) throws {
    try safetensors(model, precision: precision).write(to: url)
  }

  /// The file of a model.
  ///
  /// - Throws: `TensorError.overflow` if a weight does not fit float16.
  public static func safetensors(
    _ model: TrainedModel, precision: Precision = .float32
  ) throws -> SafetensorsFile {
    SafetensorsFile(
      tensors: try stored(model.network, precision: precision),
      metadata: try metadata(of: model))
  }

  /// The tensors of a network as a file of the given precision has them.
  ///
  /// - Throws: `TensorError.overflow` if a weight does not fit float16.
  static func stored(_ network: ModelNetwork, precision: Precision) throws -> NamedTensors {
    let tensors = network.tensors()
    guard precision == .float16 else { return tensors }
    var result = NamedTensors()
    for (name, tensor) in tensors {
      result[name] =
        isRounded(name, tensor, network.architecture) ? try tensor.rounded(to: .float16) : tensor
    }
    return result
  }

  private static func isRounded(
    _ name: String, _ tensor: TensorData, _ architecture: Architecture
  ) -> Bool {
    tensor.dtype == .float32 && tensor.shape.count > 1 && !name.hasPrefix("readout.")
      && !name.hasPrefix("batchnorms.")
      && !(architecture == .published && name.hasPrefix("fc."))
  }

  static func metadata(of model: TrainedModel) throws -> [String: String] {
    let about = model.description
    var metadata = [
      "format": format,
      "architecture": model.network.architecture.rawValue,
      "task": about.task.rawValue,
      "protocol": about.skyProtocol.rawValue,
      "nside": "\(model.network.nside)",
      "lmax": "\(model.network.lmax)",
      "prior": try sortedJSON([about.priorRange.lowerBound, about.priorRange.upperBound]),
      "parameters": try sortedJSON(about.parameterNames),
      "program": about.programVersion,
      "configuration": try model.network.configurationJSON(),
      "result": try sortedJSON(about.result),
    ]
    metadata["noise"] = about.noise.map { "\($0)" }
    metadata["seed"] = about.seed.map { "\($0)" }
    metadata["maps_seen"] = about.mapsSeen.map { "\($0)" }
    metadata["calibration"] = try model.calibration.map {
      $0.count == 1 ? try sortedJSON($0[0]) : try sortedJSON($0)
    }
    if let mask = about.mask {
      metadata["mask"] = hexadecimal(mask.observed)
      metadata["fsky"] = "\(about.skyFraction)"
    }
    return metadata
  }

  // MARK: - Reading

  /// Reads a model: safetensors, or a state dict if the name ends in `.pt` or `.pth`.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - progress: told of the making of a cut sky's filters, and stops it.
  /// - Returns: the model.
  /// - Throws: `FileError`, `SafetensorsError`, `PyTorchError`, `ModelError`; `LinearAlgebraError.interrupted`, and
  ///   what `progress` throws.
  public static func read(
    _ url: URL, progress: WorkProgress = WorkProgress()
  ) throws -> TrainedModel {
    if isStateDict(url) { return try readStateDict(url) }
    return try model(SafetensorsFile(contentsOf: url), file: url.path, progress: progress)
  }

  /// Whether the name is that of a PyTorch file.
  public static func isStateDict(_ url: URL) -> Bool {
    ["pt", "pth"].contains(url.pathExtension.lowercased())
  }

  /// The model of a safetensors file.
  ///
  /// - Throws: `ModelError`.
  public static func model(
    _ file: SafetensorsFile, file path: String, progress: WorkProgress = WorkProgress()
  ) throws -> TrainedModel {
    let metadata = ModelMetadata(entries: file.metadata, file: path)
    try metadata.requireFormat()
    let architecture = try metadata.value("architecture", Architecture.self)
    let description = try metadata.description()
    var network: ModelNetwork
    do {
      network = try ModelNetwork(
        architecture, configuration: metadata.text("configuration"), seed: description.seed ?? 0,
        progress: progress)
    } catch let error as ModelError {
      throw error
    } catch let error as BenchmarkError {
      throw error
    } catch let error where isInterruption(error) {
      throw error
    } catch {
      throw ModelError.badMetadata(
        file: path, key: "configuration", found: "unusable (\(error))",
        expected: "the sizes of \(architecture.rawValue) networks")
    }
    guard network.fits(description) else {
      throw ModelError.badMetadata(
        file: path, key: "configuration",
        found: "a network for other maps or another number of outputs",
        expected: "the fields of task \(description.task.rawValue) and "
          + "\(description.parameterNames.count) output(s)")
    }
    let mask = description.mask
    guard mask?.nside ?? network.nside == network.nside,
      network.filteredPixels == nil
        || network.filteredPixels == mask.map({ hexadecimal($0.observed) })
    else {
      throw ModelError.badMetadata(
        file: path, key: "mask", found: "another one than the network's filters or resolution have",
        expected: "the pixels that the network reads")
    }
    try load(file.tensors, into: &network, file: path)
    let calibration = try metadata.calibration(parameters: description.parameterNames.count)
    return TrainedModel(
      network: network, description: description, calibration: calibration, name: path)
  }

  private static func load(
    _ tensors: NamedTensors, into network: inout ModelNetwork, file: String
  ) throws {
    do {
      try network.load(tensors)
    } catch {
      throw ModelError.badTensors(file: file, reason: "\(error)")
    }
  }

  /// Reads a published state dict; its architecture follows from the tensors' shapes.
  ///
  /// The file says nothing of noise, seed and calibration. Its pixel table must be that of maps at
  /// nside 16, the published resolution.
  static func readStateDict(_ url: URL) throws -> TrainedModel {
    try publishedModel(PyTorchStateDict(contentsOf: url).tensors, file: url.path)
  }

  /// The model of a published network's tensors.
  ///
  /// - Throws: `ModelError`.
  public static func publishedModel(
    _ tensors: NamedTensors, file path: String
  ) throws -> TrainedModel {
    var shapes: [String: [Int]] = [:]
    for (name, tensor) in tensors { shapes[name] = tensor.shape }
    guard let table = tensors["to_equi.pixel_indices"] else {
      throw ModelError.badTensors(
        file: path,
        reason: "\(StateDictionaryError.missing(tensor: "to_equi.pixel_indices"))")
    }
    let configuration: PublishedConfiguration
    do {
      configuration = try PublishedConfiguration(
        publishedShapes: shapes, pointCount: table.count, nside: 16, inpaints: false)
    } catch {
      throw ModelError.badTensors(file: path, reason: "\(error)")
    }
    let task: BenchmarkTask
    switch (configuration.inputChannels, configuration.outputCount) {
    case (1, 1): task = .t1
    case (3, 2): task = .t2
    case (3, 1): task = .t3
    case (let inputs, let outputs):
      throw ModelError.unknownTask(file: path, inputs: inputs, outputs: outputs)
    }
    var network = ModelNetwork.published(try PublishedNetwork(configuration, seed: 0))
    try load(tensors, into: &network, file: path)
    var description = ModelDescription(
      settings: try TaskSettings(task: task, skyProtocol: .published))
    description.noise = nil
    return TrainedModel(network: network, description: description, name: path)
  }
}

/// Reads the metadata entries of a model file.
private struct ModelMetadata {
  let entries: [String: String]
  let file: String

  func requireFormat() throws(ModelError) {
    let found = entries["format"]
    guard found == ModelFile.format else {
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

  func value<Value: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Value.Type
  ) throws(ModelError) -> Value where Value.RawValue == String {
    let text = try text(key)
    guard let value = Value(rawValue: text) else {
      throw .badMetadata(
        file: file, key: key, found: "'\(text)'",
        expected: Value.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return value
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
    guard calibration.count == parameters, calibration.allSatisfy({ !$0.nodes.isEmpty }) else {
      throw .badMetadata(
        file: file, key: "calibration", found: "\(calibration.count) set(s), or one without nodes",
        expected: "\(parameters) set(s) of at least one node")
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

  func description() throws -> ModelDescription {
    let task = try value("task", BenchmarkTask.self)
    let skyProtocol = try value("protocol", SkyProtocol.self)
    let nside = try number("nside", Int.self) ?? 16
    let noise = try number("noise", Double.self)
    var settings: TaskSettings
    let mask = try mask(nside: nside)
    do {
      settings = try TaskSettings(
        task: task, skyProtocol: skyProtocol, nside: nside, noise: noise ?? 0, mask: mask)
      settings.skyFraction = try number("fsky", Double.self) ?? settings.skyFraction
    } catch {
      throw ModelError.badMetadata(
        file: file, key: "task", found: "not one this program can use (\(error))",
        expected: "a task, resolution and noise that it has")
    }
    var description = ModelDescription(
      settings: settings, seed: try number("seed", UInt64.self),
      mapsSeen: try number("maps_seen", Int.self),
      result: try json("result", [String: Double].self) ?? [:])
    description.noise = noise
    description.programVersion = try text("program")
    if let prior = try json("prior", [Double].self) {
      guard prior.count == 2, prior[0] < prior[1] else {
        throw ModelError.badMetadata(
          file: file, key: "prior", found: "\(prior)", expected: "[low, high]")
      }
      description.priorRange = prior[0]...prior[1]
    }
    return description
  }
}

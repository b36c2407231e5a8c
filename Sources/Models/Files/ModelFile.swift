import Faults
import FileFormats
import Foundation
import FourierTransforms
import LinearAlgebra
import SkyModels
import SpectralNetworks
import Tasks
import Training

/// Model files: safetensors with everything about the model in the metadata, or published `.pt`.
///
/// Metadata: `format`; `architecture`, `task`, `protocol`; `nside`, `lmax`, `noise`; `prior`, a
///           JSON list [low, high] where all parameters have the same; `parameters`, a JSON list of
///           names; `seed`, `maps_seen`; `program`, a version; `configuration`, the network's
///           sizes, `calibration`, an `ErrorCalibration` (a list of them for several parameters),
///           and `result`, figures by name, as JSON objects. `noise`, `seed`, `maps_seen`, `prior`,
///           `calibration` are absent where unknown; `mask`, the observed pixels in hexadecimal
///           digits as in `FilterBankConfiguration`, and `fsky` are absent for the full sky; `mask`
///           is `any` for a network that takes any. The task is `none` for a network of no task of
///           the benchmark, and `table` for one of the user's own, whose `task_file` is its
///           `TaskSettings` as a JSON object.
/// Tensors:  `SkyNetwork.stored`; float32, integers int64. With `.float16` weights of more than one
///           axis are rounded to float16, except `SkyNetworkConfiguration.exactTensors`.
/// Digest:   files of version 2 carry the digest of tensors and metadata
///           (`SafetensorsFile.digest`), which reading verifies; for those of version 1 a list
///           `SHA256SUMS` in the same folder, as sha256sum writes it, may have that of the whole
///           file.
/// Sizes:    those in the metadata are compared with `NetworkLimits`, the shapes of the tensors and
///           the memory of the machine before anything is built.
/// Writing:  complete or not at all; the same model gives the same bytes.
/// Checked by: ModelFileTests, ModelDamageTests, ModelMutationTests,
/// PublishedCheckpointFixtureTests.
public enum ModelFile {
  /// The metadata entry `format` of files that are written.
  public static let format = "SpectralSphere model, version 2"
  /// That of files without digest, which are read as well.
  public static let formatWithoutDigest = "SpectralSphere model, version 1"
  /// The list of SHA-256 digests of whole files that may lie beside models.
  public static let digestList = "SHA256SUMS"

  /// How weights are stored.
  public enum Precision: String, Codable, Sendable {
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
      tensors: try model.network.tensors(precision),
      metadata: try metadata(of: model), carriesDigest: true)
  }

  static func metadata(of model: TrainedModel) throws -> [String: String] {
    let about = model.description
    var metadata = [
      "format": format,
      "architecture": model.network.architectureName,
      "task": about.settings == nil ? about.task?.rawValue ?? noTask : tableTask,
      "protocol": about.skyProtocol.rawValue,
      "nside": "\(model.network.nside)",
      "lmax": "\(model.network.lmax)",
      "parameters": try sortedJSONText(about.parameterNames),
      "program": about.programVersion,
      "configuration": try model.network.configurationJSON(),
      "result": try sortedJSONText(about.result),
    ]
    metadata["prior"] = try about.priorRange.map {
      try sortedJSONText([$0.lowerBound, $0.upperBound])
    }
    metadata["task_file"] = try about.settings.map { try sortedJSONText($0) }
    metadata["noise"] = about.noise.map { "\($0)" }
    metadata["seed"] = about.seed.map { "\($0)" }
    metadata["maps_seen"] = about.mapsSeen.map { "\($0)" }
    metadata["calibration"] = try model.calibration.map {
      $0.count == 1 ? try sortedJSONText($0[0]) : try sortedJSONText($0)
    }
    metadata["likeness"] = try model.likeness.map { try sortedJSONText($0.calibration) }
    if let mask = about.mask {
      metadata["mask"] = hexadecimal(mask.observed)
      metadata["fsky"] = "\(about.skyFraction)"
    } else if about.takesAnyMask {
      metadata["mask"] = anyMask
    }
    return metadata
  }

  /// The entry `task` of a network of no task and of one of a table, and the entry `mask` of one
  /// that takes any.
  static let noTask = "none"
  static let tableTask = "table"
  static let anyMask = "any"

  // MARK: - Reading

  /// What a state dict does not say of its network.
  public struct Reading: Sendable, Equatable {
    /// Whether masked pixels are filled with the mean of the observed ones.
    public var inpaints: Bool
    /// Names of the outputs; nil: those of the task that the sizes belong to, or else `output_1`,
    /// ....
    public var outputs: [String]?

    /// A network without inpainting whose outputs have their usual names.
    public init(inpaints: Bool = false, outputs: [String]? = nil) {
      self.inpaints = inpaints
      self.outputs = outputs
    }
  }

  /// Reads a model: safetensors, or a state dict if the name ends in `.pt` or `.pth`.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - reading: what a state dict does not say.
  ///   - progress: told of the making of a cut sky's filters, and stops it.
  /// - Returns: the model, with `notes` of what was assumed.
  /// - Throws: `FileError`, `SafetensorsError`, `PyTorchError`, `ModelError`;
  ///   `LinearAlgebraError.interrupted`, and what `progress` throws.
  public static func read(
    _ url: URL, _ reading: Reading = Reading(), progress: WorkProgress = WorkProgress()
  ) throws -> TrainedModel {
    var model: TrainedModel
    if isStateDict(url) {
      let file = try PyTorchStateDict(contentsOf: url)
      model = try publishedModel(file.tensors, file: url.path, reading)
      model.notes = file.notes + model.notes
    } else {
      let file = try file(url)
      model = try Self.model(file, file: url.path, reading, progress: progress)
      if !file.carriesDigest, try listedDigest(of: url) == nil {
        model.notes.append(
          "the file has no digest, nor has a list \(digestList) beside it: damage to its numbers "
            + "would not be noticed")
      }
    }
    try model.installLikeness(beside: url)
    return model
  }

  /// Whether the name is that of a PyTorch file: it ends in `.pt`, `.pth`, `.pt.tar` or `.pth.tar`.
  public static func isStateDict(_ url: URL) -> Bool {
    let name = url.lastPathComponent.lowercased()
    return [".pt", ".pth", ".pt.tar", ".pth.tar"].contains { name.hasSuffix($0) }
  }

  /// A model's safetensors file whose digest, its own or that of the list beside it, was verified.
  ///
  /// - Throws: `FileError`, `SafetensorsError`; `ModelError.digestDiffers`.
  public static func file(_ url: URL) throws -> SafetensorsFile {
    let data = try FileFormats.contents(of: url)
    let read = Result { try SafetensorsFile(data: data, name: url.path) }
    if case .success(let file) = read, file.carriesDigest { return file }
    if let expected = try listedDigest(of: url) {
      let found = sha256(data)
      guard found == expected else {
        throw ModelError.digestDiffers(
          file: url.path, list: digestList, found: found, expected: expected)
      }
    }
    return try read.get()
  }

  /// The digest of a file in the list beside it, lines `digest  name`;
  /// nil without the list or the name.
  ///
  /// - Throws: `FileError.unreadable` for a list that cannot be read.
  public static func listedDigest(of url: URL) throws -> String? {
    let list = url.deletingLastPathComponent().appendingPathComponent(digestList)
    guard FileManager.default.fileExists(atPath: list.path) else { return nil }
    let text = String(decoding: try FileFormats.contents(of: list), as: UTF8.self)
    let name = url.lastPathComponent
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      if words.count == 2, words[1].drop(while: { $0 == " " || $0 == "*" }) == name {
        return words[0].lowercased()
      }
    }
    return nil
  }

  /// What a model's file says of it, from the header alone: no tensor is read and nothing is built.
  ///
  /// - Throws: `FileError`, `SafetensorsError`, `ModelError`.
  public static func summary(_ url: URL) throws -> ModelSummary {
    let header = try SafetensorsSummary(contentsOf: url)
    let shapes = header.tensors.map { ($0.name, $0.shape) }
    let parts = try parts(
      header.metadata, shapes: Dictionary(shapes) { first, _ in first }, file: url.path)
    return ModelSummary(
      architecture: parts.architecture, nside: parts.configuration.nside,
      description: parts.description)
  }

  /// How the weights of a model's file are stored: float16 if any of them is.
  ///
  /// - Throws: `FileError`, `SafetensorsError`.
  public static func precision(of url: URL) throws -> Precision {
    try SafetensorsSummary(contentsOf: url).tensors.contains { $0.dtype == .float16 }
      ? .float16 : .float32
  }

  /// The model of a safetensors file.
  ///
  /// A file without metadata, or with the entry `format` of `pt` alone, as PyTorch's users write
  /// it, is taken for a published state dict.
  ///
  /// - Throws: `ModelError`, `SafetensorsError.digestMissing`.
  public static func model(
    _ file: SafetensorsFile, file path: String, _ reading: Reading = Reading(),
    progress: WorkProgress = WorkProgress()
  ) throws -> TrainedModel {
    if file.metadata.isEmpty || file.metadata == ["format": "pt"],
      file.tensors.names.contains(where: { $0.hasSuffix(firstWeight) })
    {
      return try publishedModel(file.tensors, file: path, reading)
    }
    if file.metadata["format"] == format { try file.requireDigest(file: path) }
    var shapes: [String: [Int]] = [:]
    for (name, tensor) in file.tensors { shapes[name] = tensor.shape }
    let parts = try parts(file.metadata, shapes: shapes, file: path)
    let description = parts.description
    if let outputs = reading.outputs, outputs != description.parameterNames {
      throw ModelError.wrongOutputs(
        file: path, found: outputs,
        expected: "those of the model file: \(description.parameterNames.joined(separator: ", "))")
    }
    if reading.inpaints {
      guard parts.configuration.typed(PublishedConfiguration.self)?.inpaints == true else {
        throw ModelError.inpaintingKnown(file: path)
      }
    }
    try parts.configuration.requireMemory(file: path)
    var network: any SkyNetwork<Float>
    do {
      network = try parts.configuration.network(
        seed: description.seed ?? 0, progress: progress)
    } catch let error where error is TaskError || isInterruption(error) {
      throw error
    } catch {
      throw unusable(error, parts.architecture, file: path)
    }
    try load(file.tensors, into: &network, file: path)
    var model = TrainedModel(
      network: network, description: description, calibration: parts.calibration, name: path)
    if let likeness = parts.likeness { try model.install(likeness, file: path) }
    return model
  }

  /// What the header of a model file says, checked as a whole.
  private struct Parts {
    var architecture: Architecture
    var description: ModelDescription
    var configuration: ModelConfiguration
    var calibration: [ErrorCalibration]?
    var likeness: LikenessCalibration?
  }

  private static func parts(
    _ entries: [String: String], shapes: [String: [Int]], file path: String
  ) throws -> Parts {
    let metadata = ModelMetadata(entries: entries, file: path)
    try metadata.requireFormat()
    let architecture = try metadata.value("architecture", Architecture.self)
    let configuration: ModelConfiguration
    do {
      configuration = try ModelConfiguration(
        architecture, json: metadata.text("configuration"))
    } catch let error as ModelError {
      throw error
    } catch {
      throw unusable(error, architecture, file: path)
    }
    let description = try metadata.description(configuration)
    guard configuration.fits(description) else {
      throw ModelError.badMetadata(
        file: path, key: "configuration",
        found: "a network for other maps or another number of outputs",
        expected: "the fields of task \(description.task?.rawValue ?? noTask) and "
          + "\(description.parameterNames.count) output(s)")
    }
    let mask = description.mask
    guard
      configuration.sizes.filteredPixels == nil
        || configuration.sizes.filteredPixels
          == hexadecimal(
            mask?.observed
              ?? [Bool](
                repeating: true, count: 12 * configuration.sizes.nside * configuration.sizes.nside))
    else {
      throw ModelError.badMetadata(
        file: path, key: "mask", found: "another one than the network's filters or resolution have",
        expected: "the pixels that the network reads")
    }
    do {
      try configuration.require(shapes)
    } catch {
      throw ModelError.badTensors(file: path, reason: "\(error)")
    }
    return Parts(
      architecture: architecture, description: description, configuration: configuration,
      calibration: try metadata.calibration(parameters: description.parameterNames.count),
      likeness: try metadata.json("likeness", LikenessCalibration.self))
  }

  private static func unusable(
    _ error: any Error, _ architecture: Architecture, file: String
  ) -> ModelError {
    .badMetadata(
      file: file, key: "configuration", found: "unusable (\(error))",
      expected: "the sizes of \(architecture.rawValue) networks")
  }

  static func load(
    _ tensors: NamedTensors, into network: inout any SkyNetwork<Float>, file: String
  ) throws {
    do {
      try network.load(tensors)
    } catch StateDictionaryError.unusable(let tensor, let element, let found, let expected) {
      throw ModelError.unusableWeight(
        file: file, tensor: tensor, element: element, found: found, expected: expected)
    } catch {
      throw ModelError.badTensors(file: file, reason: "\(error)")
    }
  }
}

import FileFormats
import Foundation
import SkyModels
import SpectralNetworks
import Tasks

extension ModelFile {
  /// The tensor whose name, after a prefix, tells a published state dict.
  static let firstWeight = "blocks.0.weight_real"

  /// The tensors without what wrappers of the network put before all of their names (`module.` of
  /// DataParallel, `_orig_mod.` of torch.compile), and that prefix.
  public static func withoutPrefix(
    _ tensors: NamedTensors
  ) -> (tensors: NamedTensors, prefix: String) {
    guard let first = tensors.names.first(where: { $0.hasSuffix("." + firstWeight) }) else {
      return (tensors, "")
    }
    let prefix = String(first.dropLast(firstWeight.count))
    guard tensors.names.allSatisfy({ $0.hasPrefix(prefix) }) else { return (tensors, "") }
    var result = NamedTensors()
    for (name, tensor) in tensors { result[String(name.dropFirst(prefix.count))] = tensor }
    return (result, prefix)
  }

  /// The model of a published network's tensors.
  ///
  /// The architecture and nside follow from the tensors. A network with the sizes of a published
  /// test has its task; any other has none, and its prior is unknown. The file says nothing about
  /// noise, mask, seed and calibration: a network that reads a mask takes any mask.
  ///
  /// - Parameters:
  ///   - tensors: as the file has them; a prefix of all names is left out, and `notes` says so.
  ///   - path: what messages call the file.
  ///   - reading: what the tensors do not say.
  /// - Returns: the model, with `notes` of what was assumed.
  /// - Throws: `ModelError`.
  public static func publishedModel(
    _ tensors: NamedTensors, file path: String, _ reading: Reading = Reading()
  ) throws -> TrainedModel {
    let (tensors, prefix) = withoutPrefix(tensors)
    var shapes: [String: [Int]] = [:]
    for (name, tensor) in tensors { shapes[name] = tensor.shape }
    let sizes: PublishedConfiguration
    do {
      guard let table = tensors[PublishedConfiguration.pixelTable] else {
        throw StateDictionaryError.missing(tensor: PublishedConfiguration.pixelTable)
      }
      sizes = try PublishedConfiguration(
        publishedShapes: shapes, pixelTable: try table.integers().map { Int($0) },
        inpaints: reading.inpaints)
      try sizes.validate()
      try ModelConfiguration(sizes).require(shapes)
    } catch {
      throw ModelError.badTensors(file: path, reason: "\(error)")
    }
    guard [1, 3].contains(sizes.inputChannels) else {
      throw ModelError.unknownInputs(file: path, inputs: sizes.inputChannels)
    }
    let description = try description(of: sizes, outputs: reading.outputs, file: path)
    try ModelConfiguration(sizes).requireMemory(file: path)
    var network: any SkyNetwork<Float> = try PublishedNetwork(sizes, seed: 0)
    try load(tensors, into: &network, file: path)
    var model = TrainedModel(network: network, description: description, name: path)
    if !prefix.isEmpty {
      model.notes.append("the prefix '\(prefix)' of all tensors' names is left out")
    }
    if description.task == nil, reading.outputs == nil {
      model.notes.append(
        "the sizes are those of no test of the benchmark: the outputs are called "
          + description.parameterNames.joined(separator: ", ") + ", and no prior is known")
    }
    return model
  }

  /// What is known of a published network by its sizes.
  private static func description(
    of sizes: PublishedConfiguration, outputs: [String]?, file: String
  ) throws -> ModelDescription {
    let task: BenchmarkTask?
    switch (sizes.nside, sizes.blockCount, sizes.inputChannels, sizes.outputCount) {
    case (16, 3, 1, 1): task = .t1
    case (16, 4, 3, 2): task = .t2
    case (16, 4, 3, 1): task = .t3
    default: task = nil
    }
    if let outputs {
      let isUsable = Set(outputs).count == outputs.count && !outputs.contains("")
      guard outputs.count == sizes.outputCount, isUsable else {
        throw ModelError.wrongOutputs(
          file: file, found: outputs, expected: "\(sizes.outputCount) different name(s)")
      }
    }
    let numbers = 1...max(sizes.outputCount, 1)
    let names = outputs ?? task?.parameterNames ?? numbers.map { "output_\($0)" }
    var description: ModelDescription
    if let task, names == task.parameterNames {
      description = ModelDescription(
        settings: try TaskSettings(task: task, skyProtocol: .published))
      description.noise = nil
    } else {
      description = ModelDescription(outputs: names)
    }
    description.takesAnyMask = sizes.inputChannels > 1 || sizes.inpaints
    return description
  }
}

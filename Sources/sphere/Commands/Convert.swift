import ArgumentParser
import FileFormats
import Foundation
import FourierTransforms
import Models
import SpectralNetworks

/// `sphere convert`: model files between safetensors and PyTorch's state dicts.
struct Convert: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Convert a model between .safetensors and .pt.",
    discussion: """
      Tensors keep their names, shapes and numbers. A .pt file has no place for metadata: what it \
      loses is task, noise and error bars. A .pt file must be a published network's state dict; \
      what it \
      cannot say itself, --inpaint and --outputs, goes into the .safetensors file.
      """)

  @Argument(help: "The file to read, or the name of a shipped model.")
  var input: String

  @Argument(help: "The file to write.")
  var result: String

  @OptionGroup var stateDictOptions: StateDictOptions

  func validate() throws {
    let (from, to) = (ShippedModel.fileOrModel(input), URL(fileURLWithPath: result))
    let isKnown =
      ModelFile.isStateDict(from)
      ? to.pathExtension == "safetensors"
      : from.pathExtension == "safetensors" && ModelFile.isStateDict(to)
    guard isKnown else {
      throw ValidationError("\(ProgramError.cannotConvert(from: input, to: result))")
    }
  }

  func execute() throws {
    let (from, to) = (ShippedModel.fileOrModel(input), URL(fileURLWithPath: result))
    // The tensors are copied as they are; making a model of them checks that they form one.
    if ModelFile.isStateDict(from) {
      let dict = try PyTorchStateDict(contentsOf: from)
      let model = try ModelFile.publishedModel(
        dict.tensors, file: from.path, stateDictOptions.reading)
      for note in dict.notes + model.notes { say("\(input): \(note)") }
      try OutputFile.requireWritable(to)
      var file = try ModelFile.safetensors(model)
      file.tensors = ModelFile.withoutPrefix(dict.tensors).tensors
      try file.write(to: to)
    } else {
      let file = try ModelFile.file(from)
      let model = try ModelFile.model(file, file: from.path, stateDictOptions.reading)
      for note in model.notes { say("\(input): \(note)") }
      try requireStateDict(model)
      try OutputFile.requireWritable(to)
      try PyTorchStateDict(tensors: ModelFile.withoutPrefix(file.tensors).tensors).write(to: to)
      say(
        "\(to.relativePath): the metadata (noise "
          + "\(model.description.noise.map { NumberText.short($0) } ?? "unknown"), "
          + "error bars) stays behind in \(from.relativePath)")
      if let network = model.network as? PublishedNetwork<Float>, network.configuration.inpaints {
        say(
          "\(to.relativePath): the file does not say that masked pixels are filled: use --inpaint")
      }
    }
  }

  /// Refuses a published network that samples or pools otherwise than published ones do: the
  /// tensors do not show this.
  private func requireStateDict(_ model: TrainedModel) throws {
    guard let network = model.network as? PublishedNetwork<Float> else { return }
    let (sampling, pooling) = (network.configuration.sampling, network.configuration.pooling)
    let changes = [
      sampling.flatMap { $0 == .containingPixel ? nil : "sampling is \($0.rawValue)" },
      pooling.flatMap { $0 == .mean ? nil : "pooling is \($0.rawValue)" },
    ].compactMap { $0 }
    guard changes.isEmpty else {
      throw ProgramError.notInStateDict(
        path: input, settings: changes.joined(separator: " and "))
    }
  }
}

import TestSupport
import FileFormats
import Foundation
import FourierTransforms
import SpectralNetworks
import Testing
import Verification

@testable import Models

@Suite("Model files")
struct ModelFileTests {
  /// Writing and reading changes no bit of tensors, metadata or calibration: tensors are stored in
  /// their own precision and numbers of the metadata with as many digits as read back the same.
  /// Blind to: a fault that writing and reading share.
  @Test("Round trip", arguments: Architecture.allCases)
  func roundTrip(architecture: Architecture) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("m.safetensors")
      var original = try model(smallNetwork(architecture))
      original.name = url.path
      try ModelFile.write(original, to: url)
      let read = try ModelFile.read(url)
      #expect(try read.network.tensors() == original.network.tensors())
      #expect(read.description == original.description)
      #expect(read.calibration == original.calibration)
      #expect(read.name == original.name)
      #expect(
        try ModelFile.safetensors(read).data() == ModelFile.safetensors(original).data(),
        "the same model gives the same bytes")
    }
  }

  /// float16 has 11 significant bits: spectral weights change by at most 2⁻¹¹ relatively (or 2⁻²⁵,
  /// half of the smallest subnormal); dense layers, biases and batch normalisation not at all. A
  /// second rounding changes nothing.
  @Test("float16 rounds spectral weights only")
  func halfPrecision() throws {
    let original = try publishedNetwork().tensors()
    let rounded = try publishedNetwork().tensors(.float16)
    for (name, tensor) in original {
      let stored = try #require(rounded[name])
      let isWeight = name.contains("weight_")
      #expect(stored.dtype == (isWeight ? .float16 : tensor.dtype), "\(name)")
      for (a, b) in zip(try tensor.doubles(), try stored.doubles()) {
        #expect(abs(a - b) <= (isWeight ? max(abs(a) * 0x1p-11, 0x1p-25) : 0), "\(name)")
      }
    }
    var network = try publishedNetwork()
    try network.load(rounded)
    #expect(try network.tensors(.float16) == rounded)
  }

  /// Of a network of pixels the weights, with three axes or two, and nothing else.
  @Test("float16 in a network of pixels")
  func halfPrecisionOfPixels() throws {
    let rounded = try pixelNetwork().tensors(.float16)
    for (name, tensor) in rounded {
      #expect(tensor.dtype == (name.hasSuffix("weight") ? .float16 : .float32), "\(name)")
    }
  }

  /// A published state dict becomes the same network; what the file does not say is unknown.
  @Test("A .pt file of the published architecture")
  func stateDict() throws {
    try withTemporaryFolder { folder in
      let network = try publishedNetwork(seed: 3)
      let url = folder.appendingPathComponent("m.pt")
      try PyTorchStateDict(tensors: network.tensors()).write(to: url)
      let read = try ModelFile.read(url)
      #expect(try read.network.tensors() == network.tensors())
      #expect(read.network.architecture == .published)
      #expect(read.description.noise == nil && read.calibration == nil)
      let maps = TestNumbers.floats(3072, seed: 1)
      #expect(
        read.network.predict(maps, count: 1, threads: 1)
          == network.predict(maps, count: 1, threads: 1))
      #expect(
        try read.predict(maps, count: 1, threads: 1)[0][0].warnings.contains {
          $0.contains("no calibration")
        })
    }
  }

  /// Sampling and pooling are in the configuration of the file, which has a table of pixels only
  /// where there is one to have. Control: a table beside another sampling is refused.
  @Test(
    "Published networks with another sampling and pooling", arguments: PublishedSampling.allCases)
  func variants(sampling: PublishedSampling) throws {
    let table = "to_equi.pixel_indices"
    var configuration = PublishedConfiguration(
      lmax: 34, mmax: 32, hiddenChannels: 4, blockCount: 1, denseWidth: 5)
    configuration.sampling = sampling
    configuration.pooling = .power
    let network = try PublishedNetwork<Float>(configuration, seed: 2)
    var file = try ModelFile.safetensors(try model(network))
    #expect((file.tensors[table] != nil) == (sampling == .containingPixel))
    let read = try ModelFile.model(file, file: "x.safetensors")
    guard let again = read.network as? PublishedNetwork<Float> else {
      Issue.record("another architecture")
      return
    }
    #expect(again.configuration == configuration)
    let maps = TestNumbers.floats(3072, seed: 1)
    #expect(
      again.predict(maps, count: 1, threads: 1) == network.predict(maps, count: 1, threads: 1))
    guard sampling != .containingPixel else { return }
    file.tensors[table] = try publishedNetwork().tensors()[table]
    let error = try #require(thrown { try ModelFile.model(file, file: "x.safetensors") })
    #expect("\(error)".contains("sampling is \(sampling.rawValue)"), "\(error)")
  }

  // MARK: - Refusals

  private func refusal(_ change: (inout SafetensorsFile) -> Void) throws -> String {
    var file = try ModelFile.safetensors(try model(isotropicNetwork()))
    change(&file)
    let error = try #require(thrown { try ModelFile.model(file, file: "x.safetensors") })
    #expect(error is ModelError)
    #expect("\(error)".hasPrefix("x.safetensors: "))
    return "\(error)"
  }

  @Test("Metadata that is missing or wrong")
  func metadata() throws {
    #expect(try refusal { $0.metadata["format"] = nil }.contains("without the entry 'format'"))
    #expect(try refusal { $0.metadata["format"] = "other" }.contains("the format 'other'"))
    #expect(try refusal { $0.metadata["task"] = "t9" }.contains("t1 or t2 or t3"))
    #expect(try refusal { $0.metadata["task"] = "t2" }.contains("the fields of task t2"))
    #expect(try refusal { $0.metadata["mask"] = "ff" }.contains("hexadecimal digits"))
    #expect(
      try refusal { $0.metadata["mask"] = String(repeating: "0", count: 768) }.contains("unusable"))
    #expect(try refusal { $0.metadata["noise"] = "-1" }.contains("a standard deviation"))
    #expect(try refusal { $0.metadata["noise"] = "loud" }.contains("a number"))
    #expect(try refusal { $0.metadata["architecture"] = nil }.contains("architecture is missing"))
    #expect(try refusal { $0.metadata["configuration"] = "{}" }.contains("configuration"))
    #expect(try refusal { $0.metadata["prior"] = "[20,5]" }.contains("[low, high]"))
    #expect(try refusal { $0.metadata["calibration"] = "{" }.contains("JSON"))
  }

  @Test("Tensors that are missing, unexpected or of another shape")
  func tensors() throws {
    #expect(try refusal { $0.tensors["readout.bias"] = nil }.contains("readout.bias"))
    #expect(
      try refusal { $0.tensors["extra"] = TensorData([Float(1)]) }.contains("'extra'"))
    #expect(
      try refusal { $0.tensors["readout.bias"] = TensorData([Float(1), 2]) }
        .contains("shape [2], expected [1]"))
  }

  private func stateDictRefusal(_ change: (inout NamedTensors) -> Void) throws -> String {
    var tensors = try publishedNetwork().tensors()
    change(&tensors)
    let error = try #require(thrown { try ModelFile.publishedModel(tensors, file: "x.pt") })
    #expect(error is ModelError)
    return "\(error)"
  }

  @Test("State dicts with another pixel table, shape or task")
  func stateDicts() throws {
    let table = "to_equi.pixel_indices"
    #expect(try stateDictRefusal { $0[table] = nil }.contains(table))
    let shifted = try #require(try publishedNetwork().tensors()[table]).integers().map { $0 + 1 }
    #expect(
      try stateDictRefusal { $0[table] = TensorData(shifted) }.contains(
        "first different at point 0, which lies in pixel 0 there"))
    #expect(try stateDictRefusal { $0["fc.3.bias"] = nil }.contains("fc.3.bias"))
    #expect(
      try stateDictRefusal { $0["fc.3.bias"] = TensorData([Float](repeating: 0, count: 4)) }
        .contains("expected [1]"))
    #expect(try stateDictRefusal { $0["hook"] = TensorData([Float(1)]) }.contains("'hook'"))
    let two = try publishedNetwork(inputs: 2, outputs: 2).tensors()
    #expect(
      "\(try #require(thrown { try ModelFile.publishedModel(two, file: "x.pt") }))"
        .contains("2 input fields"))
  }

  /// The sizes of the published tests have their tasks; any other network has none, and no prior.
  /// Sizes alike but for one number are the control.
  @Test("Tasks of state dicts")
  func tasks() throws {
    func model(
      blocks: Int, inputs: Int, outputs: Int, names: [String]? = nil
    ) throws -> ModelDescription {
      let sizes = PublishedConfiguration(
        lmax: 34, inputChannels: inputs, hiddenChannels: 2, blockCount: blocks, denseWidth: 3,
        outputCount: outputs)
      let network = try PublishedNetwork<Float>(sizes, seed: 1)
      return try ModelFile.publishedModel(
        network.tensors(), file: "x.pt", ModelFile.Reading(outputs: names)
      ).description
    }
    let t1 = try model(blocks: 3, inputs: 1, outputs: 1)
    #expect(t1.task == .t1 && t1.priorRange == 5...20 && !t1.takesAnyMask)
    let t2 = try model(blocks: 4, inputs: 3, outputs: 2)
    #expect(t2.task == .t2 && t2.parameterNames == ["ell_e", "ell_b"] && t2.takesAnyMask)
    #expect(try model(blocks: 4, inputs: 3, outputs: 1).task == .t3)
    #expect(t2.skyProtocol == .published && t2.noise == nil)
    // The fourth test has three blocks: r and tau, not two peaks.
    let fourth = try model(blocks: 3, inputs: 3, outputs: 2)
    #expect(fourth.task == nil && fourth.priorRange == nil)
    #expect(fourth.parameterNames == ["output_1", "output_2"])
    let named = try model(blocks: 3, inputs: 3, outputs: 2, names: ["r", "tau"])
    #expect(named.task == nil && named.parameterNames == ["r", "tau"])
    // Names of the user's own are believed.
    #expect(try model(blocks: 3, inputs: 1, outputs: 1, names: ["scale"]).task == nil)
    #expect(try model(blocks: 3, inputs: 1, outputs: 1, names: ["ell_peak"]).task == .t1)
    for names in [["r"], ["r", "r"], ["r", ""], ["r", "tau", "x"]] {
      let error = thrown { try model(blocks: 3, inputs: 3, outputs: 2, names: names) }
      #expect(
        error as? ModelError
          == .wrongOutputs(file: "x.pt", found: names, expected: "2 different name(s)"))
    }
  }

  /// A network of no task goes through the own format and back.
  @Test("Models of no task")
  func noTask() throws {
    try withTemporaryFolder { folder in
      let network = try publishedNetwork(inputs: 3, outputs: 2)
      let model = try ModelFile.publishedModel(
        network.tensors(), file: "x.pt", ModelFile.Reading(inpaints: true, outputs: ["r", "tau"]))
      let url = folder.appendingPathComponent("m.safetensors")
      try ModelFile.write(model, to: url)
      let read = try ModelFile.read(url)
      #expect(read.description == model.description)
      #expect(read.description.takesAnyMask && read.description.task == nil)
      guard let own = read.network as? PublishedNetwork<Float> else {
        Issue.record("another architecture")
        return
      }
      #expect(own.configuration.inpaints)
      #expect(thrown { try read.settings() } as? ModelError == .noTask(model: url.path))
      let summary = try ModelFile.summary(url)
      #expect(summary.description == read.description && summary.nside == 16)
      // The file knows its outputs and its inpainting; what agrees with it is no fault.
      #expect(throws: Never.self) {
        try ModelFile.read(url, ModelFile.Reading(inpaints: true, outputs: ["r", "tau"]))
      }
      let outputs = thrown { try ModelFile.read(url, ModelFile.Reading(outputs: ["a", "b"])) }
      #expect("\(try #require(outputs))".contains("r, tau"))
    }
    let file = try ModelFile.safetensors(try model(isotropicNetwork()))
    let error = thrown {
      try ModelFile.model(file, file: "x.safetensors", ModelFile.Reading(inpaints: true))
    }
    #expect(error as? ModelError == .inpaintingKnown(file: "x.safetensors"))
  }

  /// `module.` of DataParallel, `_orig_mod.` of torch.compile, both, and safetensors that say
  /// nothing or `format: pt`. Control: a name without the prefix.
  @Test("Prefixes and plain safetensors")
  func plain() throws {
    let tensors = try publishedNetwork(seed: 4).tensors()
    for prefix in ["", "module.", "_orig_mod.", "module._orig_mod."] {
      var renamed = NamedTensors()
      for (name, tensor) in tensors { renamed[prefix + name] = tensor }
      let read = try ModelFile.publishedModel(renamed, file: "x.pt")
      #expect(try read.network.tensors() == tensors)
      #expect(read.notes.contains { $0.contains("prefix '\(prefix)'") } == !prefix.isEmpty)
      for metadata in [[:], ["format": "pt"]] {
        let file = SafetensorsFile(tensors: renamed, metadata: metadata)
        #expect(
          try ModelFile.model(file, file: "x.safetensors").network.tensors() == tensors)
      }
      if prefix.isEmpty { continue }
      renamed["hook"] = TensorData([Float(1)])
      #expect(thrown { try ModelFile.publishedModel(renamed, file: "x.pt") } is ModelError)
    }
    let other = SafetensorsFile(tensors: ["a": TensorData([Float(1)])])
    let error = try #require(thrown { try ModelFile.model(other, file: "x.safetensors") })
    #expect("\(error)".contains("without the entry 'format'"))
  }

  @Test(
    "Names of state dicts",
    arguments: [
      ("m.pt", true), ("m.pth", true), ("M.PTH.TAR", true), ("m.pt.tar", true), ("m.tar", false),
      ("m.safetensors", false), ("pt", false),
    ])
  func names(name: String, isStateDict: Bool) {
    #expect(ModelFile.isStateDict(URL(fileURLWithPath: name)) == isStateDict)
  }
}

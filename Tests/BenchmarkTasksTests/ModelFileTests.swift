import FileFormats
import Foundation
import SpectralNetworks
import Testing
import Verification

@testable import BenchmarkTasks

@Suite("Model files")
struct ModelFileTests {
  private static func network(_ architecture: Architecture) throws -> ModelNetwork {
    switch architecture {
    case .isotropic: return try isotropicNetwork()
    case .published: return try publishedNetwork()
    case .pixel: return try pixelNetwork()
    }
  }

  /// Writing and reading changes no bit of tensors, metadata or calibration: tensors are stored in
  /// their own precision and numbers of the metadata with as many digits as read back the same.
  /// Blind to: a fault that writing and reading share.
  @Test("Round trip", arguments: Architecture.allCases)
  func roundTrip(architecture: Architecture) throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("m.safetensors")
      var original = try model(Self.network(architecture))
      original.name = url.path
      try ModelFile.write(original, to: url)
      let read = try ModelFile.read(url)
      #expect(read.network.tensors() == original.network.tensors())
      #expect(read.description == original.description)
      #expect(read.calibration == original.calibration)
      #expect(read.name == original.name)
      #expect(
        try ModelFile.safetensors(read).data() == ModelFile.safetensors(original).data(),
        "the same model gives the same bytes")
    }
  }

  /// float16 has 11 significant bits: spectral weights change by at most 2⁻¹¹ relatively (or 2⁻²⁵, half of the
  /// smallest subnormal); dense layers, biases and batch normalisation not at all. A second rounding
  /// changes nothing.
  @Test("float16 rounds spectral weights only")
  func halfPrecision() throws {
    let original = try publishedNetwork().tensors()
    let rounded = try ModelFile.stored(publishedNetwork(), precision: .float16)
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
    #expect(try ModelFile.stored(network, precision: .float16) == rounded)
  }

  /// Of a network of pixels the weights, with three axes or two, and nothing else.
  @Test("float16 in a network of pixels")
  func halfPrecisionOfPixels() throws {
    let rounded = try ModelFile.stored(pixelNetwork(), precision: .float16)
    for (name, tensor) in rounded {
      #expect(tensor.dtype == (name.hasSuffix("weight") ? .float16 : .float32), "\(name)")
    }
  }

  /// A published state dict becomes the same network; what the file does not say is unknown.
  @Test("A .pt file of the published architecture")
  func stateDict() throws {
    try withFolder { folder in
      let network = try publishedNetwork(seed: 3)
      let url = folder.appendingPathComponent("m.pt")
      try PyTorchStateDict(tensors: network.tensors()).write(to: url)
      let read = try ModelFile.read(url)
      #expect(read.network.tensors() == network.tensors())
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

  /// Sampling and pooling are in the configuration of the file, which has a table of pixels only where there is
  /// one to have. Control: a table beside another sampling is refused.
  @Test(
    "Published networks with another sampling and pooling", arguments: PublishedSampling.allCases)
  func variants(sampling: PublishedSampling) throws {
    let table = "to_equi.pixel_indices"
    var configuration = PublishedConfiguration(
      lmax: 34, mmax: 32, hiddenChannels: 4, blockCount: 1, denseWidth: 5)
    configuration.sampling = sampling
    configuration.pooling = .power
    let network = try PublishedNetwork<Float>(configuration, seed: 2)
    var file = try ModelFile.safetensors(try model(.published(network)))
    #expect((file.tensors[table] != nil) == (sampling == .containingPixel))
    let read = try ModelFile.model(file, file: "x.safetensors")
    guard case .published(let again) = read.network else {
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
    #expect(try refusal { $0.metadata["noise"] = "-1" }.contains(">= 0"))
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
        "first different at point 0"))
    #expect(try stateDictRefusal { $0["fc.3.bias"] = nil }.contains("fc.3.bias"))
    #expect(
      try stateDictRefusal { $0["fc.3.bias"] = TensorData([Float](repeating: 0, count: 4)) }
        .contains("expected [1]"))
    #expect(try stateDictRefusal { $0["hook"] = TensorData([Float(1)]) }.contains("'hook'"))
    let two = try publishedNetwork(inputs: 2, outputs: 2).tensors()
    #expect(
      "\(try #require(thrown { try ModelFile.publishedModel(two, file: "x.pt") }))"
        .contains("2 input fields and 2 outputs"))
    let polarised = try ModelFile.publishedModel(
      publishedNetwork(inputs: 3, outputs: 2).tensors(), file: "x.pt")
    #expect(polarised.description.task == .t2 && polarised.description.skyProtocol == .published)
  }
}

extension TestNumbers {
  /// Standard normal numbers in single precision.
  static func floats(_ count: Int, seed: UInt64) -> [Float] {
    var numbers = TestNumbers(seed: seed)
    return numbers.normals(count).map { Float($0) }
  }
}

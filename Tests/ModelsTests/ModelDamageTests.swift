import TestSupport
import FileFormats
import Foundation
import SpectralNetworks
import Testing
import Verification

@testable import Models

/// Model files whose numbers are not numbers, whose bits were changed, or whose sizes are not those
/// of their tensors.
@Suite("Damaged models")
struct ModelDamageTests {
  /// One element of every tensor in turn: the tensor and the element are named. Control: the sound
  /// file.
  @Test("Weights that are not finite", arguments: Architecture.allCases)
  func notFinite(architecture: Architecture) throws {
    let file = try ModelFile.safetensors(try model(smallNetwork(architecture)))
    #expect(throws: Never.self) { try ModelFile.model(file, file: "x") }
    for (index, name) in file.tensors.names.enumerated() {
      let tensor = try file.tensors.tensor(name)
      guard tensor.dtype == .float32 else { continue }
      var values = try tensor.floats()
      let element = values.count - 1
      values[element] = [Float.nan, .infinity, -.infinity][index % 3]
      var damaged = file
      damaged.tensors[name] = TensorData(values, shape: tensor.shape)
      guard
        case .unusableWeight(_, name, element, let found, _)? =
          thrown({ try ModelFile.model(damaged, file: "x") }) as? ModelError
      else {
        Issue.record("\(name) is not refused")
        continue
      }
      #expect(!found.isFinite)
      guard architecture == .published else { continue }
      #expect(thrown { try ModelFile.publishedModel(damaged.tensors, file: "x") } is ModelError)
    }
  }

  @Test("Running variances below 0", arguments: [Architecture.published, .isotropic])
  func variances(architecture: Architecture) throws {
    let file = try ModelFile.safetensors(try model(smallNetwork(architecture)))
    let name = "batchnorms.0.running_var"
    var values = try file.tensors.tensor(name).floats()
    for (value, isRefused) in [(-1e-7, true), (-0.0, false), (0, false)] as [(Float, Bool)] {
      values[1] = value
      var changed = file
      changed.tensors[name] = TensorData(values)
      let error = thrown { try ModelFile.model(changed, file: "x") } as? ModelError
      let expected = ModelError.unusableWeight(
        file: "x", tensor: name, element: 1, found: Double(value),
        expected: "a finite variance of at least 0")
      #expect(error == (isRefused ? expected : nil))
    }
  }

  /// What a network makes of NaN that came in some other way is NaN, not the number of its biases.
  @Test("NaN propagates through networks", arguments: Architecture.allCases)
  func propagation(architecture: Architecture) throws {
    func spoil(_ tensors: inout [NamedTensor<Float>]) {
      for k in tensors.indices where tensors[k].name == "fc.0.weight" {
        tensors[k].values = tensors[k].values.map { _ in .nan }
      }
      for k in tensors.indices where tensors[k].name == "blocks.0.weights" {
        tensors[k].values[0] = .nan
      }
    }
    var network = try smallNetwork(architecture)
    spoil(&network.parameters)
    let maps = TestNumbers.floats(3072, seed: 1)
    #expect(network.predict(maps, count: 1, threads: 1)[0].isNaN)
    let prediction = try model(network).predict(maps, count: 1, threads: 1)[0][0]
    #expect(prediction.value.isNaN && prediction.standardError == nil)
    #expect(prediction.reason?.contains("not a number") == true)
  }

  /// A bit of every 97th byte of a file: refused, or where two spellings of JSON mean the same,
  /// equal.
  @Test("Flipped bits of own models", arguments: [Architecture.isotropic, .pixel])
  func flippedBits(architecture: Architecture) throws {
    let data = try ModelFile.safetensors(try model(smallNetwork(architecture))).data()
    let sound = try SafetensorsFile(data: data)
    var refused = 0
    for position in stride(from: 0, to: data.count, by: 97) {
      var damaged = data
      damaged[position] ^= 1 << (position % 8)
      do {
        let file = try SafetensorsFile(data: damaged)
        _ = try ModelFile.model(file, file: "x")
        #expect(file == sound, "byte \(position)")
      } catch {
        refused += 1
      }
    }
    #expect(refused > data.count / 97 * 9 / 10)
  }

  @Test("A digest that is missing")
  func missingDigest() throws {
    var file = try ModelFile.safetensors(try model(isotropicNetwork()))
    file.carriesDigest = false
    let error = thrown { try ModelFile.model(file, file: "x") } as? SafetensorsError
    #expect(error?.fault == .digestMissing)
    // Files of version 1 have none.
    file.metadata["format"] = ModelFile.formatWithoutDigest
    #expect(throws: Never.self) { try ModelFile.model(file, file: "x") }
  }

  /// Files of version 1 have no digest of their own; a list beside them may have it.
  @Test("Flipped bits of listed models")
  func listedDigests() throws {
    let name = "listed.safetensors"
    var file = try ModelFile.safetensors(try model(isotropicNetwork()))
    file.carriesDigest = false
    file.metadata["format"] = ModelFile.formatWithoutDigest
    let data = try file.data()
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent(name)
      let list = folder.appendingPathComponent(ModelFile.digestList)
      try data.write(to: url)
      try Data("\(sha256(data))  \(name)\n".utf8).write(to: list)
      #expect(throws: Never.self) { try ModelFile.file(url) }
      for position in [20, data.count / 2, data.count - 1] {
        var damaged = data
        damaged[position] ^= 4
        try damaged.write(to: url)
        guard case .digestDiffers? = thrown({ try ModelFile.file(url) }) as? ModelError else {
          Issue.record("byte \(position) is not seen")
          continue
        }
      }
      // Control: without the list the last bit is not seen.
      try FileManager.default.removeItem(at: list)
      #expect(throws: Never.self) { try ModelFile.file(url) }
    }
  }

  @Test("The list names every shipped model without digest, and agrees")
  func list() throws {
    let folder = FixtureStore.url("models")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".safetensors") }
    #expect(!files.isEmpty)
    for file in files {
      let url = folder.appendingPathComponent(file)
      if try SafetensorsSummary(contentsOf: url).carriesDigest { continue }
      #expect(try ModelFile.listedDigest(of: url) != nil, "\(file) is not listed")
    }
  }
}

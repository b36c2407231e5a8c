import FileFormats
import Foundation
import SkyMaps
import Testing
import Verification

@testable import Models
@testable import Tasks

/// Small published networks of all kinds, saved by PyTorch, with what PyTorch says of two maps.
@Suite("Published checkpoints against PyTorch")
struct PublishedCheckpointFixtureTests {
  private let answers: NamedTensors

  init() throws {
    answers = try SafetensorsFile(
      contentsOf: FixtureStore.url("networks/checkpoint_answers.safetensors")
    ).tensors
  }

  private func read(_ name: String, inpaints: Bool = false) throws -> TrainedModel {
    try ModelFile.read(
      FixtureStore.url("networks/checkpoint_\(name).pt"), ModelFile.Reading(inpaints: inpaints))
  }

  /// The two maps as files, masked pixels unseen if asked for, read for the model.
  private func maps(
    _ name: String, _ model: TrainedModel, marksUnseen: Bool, mask: SkyMask? = nil
  ) throws -> [SkyMap] {
    let tensor = try answers.tensor("\(name).maps")
    let (values, shape) = (try tensor.doubles(), tensor.shape)
    let observed = try answers.tensor("\(name).observed").doubles()
    return try withTemporaryFolder { folder in
      try (0..<shape[0]).map { map in
        let columns = (0..<shape[1]).map { field in
          let start = (map * shape[1] + field) * shape[2]
          let own = values[start..<start + shape[2]]
          return HealpixMapFile.Column(
            name: shape[1] == 1 ? "TEMPERATURE" : ["Q_POLARISATION", "U_POLARISATION"][field],
            values: zip(own, observed).map { marksUnseen && $1 == 0 ? .nan : $0 }, unit: "uK")
        }
        let url = folder.appendingPathComponent("m\(map).fits")
        try HealpixMapFile(nside: model.network.nside, columns: columns).write(
          to: url, precision: .float32)
        var input = try SkyMap(
          contentsOf: url, isPolarised: model.readsPolarisation, nside: model.network.nside)
        try model.prepare(&input, mask: mask)
        return input
      }
    }
  }

  private func predictions(_ model: TrainedModel, _ maps: [SkyMap]) throws -> [Double] {
    try model.predict(
      interleaved(maps, channels: model.network.inputChannels), count: maps.count, threads: 2
    ).flatMap { $0.map(\.value) }
  }

  /// 2⁻²⁴ per operation and some tens of operations in sequence: 2 · 10⁻⁶ of the largest output.
  private func expect(_ found: [Double], _ name: String) throws {
    let expected = try answers.tensor("\(name).float64").doubles()
    let other = try answers.tensor("\(name).other").doubles()
    let scale = expected.map(abs).max() ?? 0
    let errors = zip(found, expected).map { abs($0 - $1) }
    let error = errors.contains { $0.isNaN } ? .infinity : errors.max() ?? .infinity
    #expect(found.count == expected.count && error <= 4e-6 * scale, "\(found)")
    // Negative control: the answer of the network that is not meant.
    let distance = zip(found, other).map { abs($0 - $1) }.max() ?? 0
    #expect(distance > 1e-3 * scale)
  }

  /// nside comes from the table of pixels.
  @Test("Other resolutions", arguments: [("nside8", 8), ("nside32", 32)])
  func resolutions(name: String, nside: Int) throws {
    let model = try read(name)
    #expect(model.network.nside == nside && model.description.task == nil)
    #expect(model.description.parameterNames == ["output_1"])
    try expect(predictions(model, maps(name, model, marksUnseen: false)), name)
  }

  /// The mask channel is what the map does not observe, or what a mask says.
  @Test("A mask as third channel", arguments: [false, true])
  func mask(asMask: Bool) throws {
    let model = try read("mask")
    #expect(model.network.nside == 4 && model.network.outputCount == 2)
    let mask =
      asMask
      ? try SkyMask(nside: 4, weights: answers.tensor("mask.observed").doubles()) : nil
    let maps = try maps("mask", model, marksUnseen: !asMask, mask: mask)
    #expect(maps.allSatisfy { $0.warnings.contains { $0.contains("pixels are masked") } })
    try expect(predictions(model, maps), "mask")
    // Without either every pixel counts as observed.
    let unmasked = try predictions(model, self.maps("mask", model, marksUnseen: false))
    let other = try answers.tensor("mask.other").doubles()
    #expect(zip(unmasked, other).allSatisfy { abs($0 - $1) <= 4e-6 * 8.5 })
  }

  /// With one channel the zeros are what is filled; a `.pt` file does not say that it is done.
  @Test("Inpainting", arguments: ["inpaint", "zeros"])
  func inpainting(name: String) throws {
    let model = try read(name, inpaints: true)
    try expect(predictions(model, maps(name, model, marksUnseen: true)), name)
    guard name == "inpaint" else {
      // Without inpainting a temperature network has no use for a masked map.
      let plain = try read(name)
      #expect(thrown { try maps(name, plain, marksUnseen: true) } is MapInputError)
      return
    }
    let plain = try read(name)
    let found = try predictions(plain, maps(name, plain, marksUnseen: true))
    let other = try answers.tensor("\(name).other").doubles()
    #expect(zip(found, other).allSatisfy { abs($0 - $1) <= 4e-6 })
  }

  @Test("A map without any observed pixel")
  func nothingObserved() throws {
    let model = try read("mask")
    var map = try maps("mask", model, marksUnseen: true)[0]
    let nothing = [Double](repeating: .nan, count: map.pixelCount)
    map.polarisation = .init(q: nothing, u: nothing)
    #expect(
      thrown { try model.prepare(&map, mask: nil) } as? MapInputError
        == .maskedMap(file: map.file, masked: 192, pixelCount: 192))
  }
}

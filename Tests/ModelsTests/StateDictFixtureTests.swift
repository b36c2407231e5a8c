import FileFormats
import Testing
import Verification

@testable import Models

/// State dicts that PyTorch saved, with what the PyTorch network answers.
@Suite("Published state dicts against PyTorch")
struct StateDictFixtureTests {
  /// `[pixel][map]` of a tensor `[map][1][pixel]`, and PyTorch's answers.
  private func problem() throws -> (maps: [Float], outputs: [Double]) {
    let file = try SafetensorsFile(
      contentsOf: FixtureStore.url("networks/tiny_expected.safetensors"))
    let input = try file.tensors.tensor("input").doubles()
    let count = try file.tensors.tensor("input").shape[0]
    let pixels = input.count / count
    let maps = (0..<input.count).map { Float(input[$0 % count * pixels + $0 / count]) }
    return (maps, try file.tensors.tensor("output_float64").doubles())
  }

  private func read(_ name: String) throws -> TrainedModel {
    try ModelFile.read(FixtureStore.url("networks/\(name).pt"))
  }

  /// The file alone gives the network: architecture from the shapes, weights, running statistics.
  /// The bound is that of single precision through two blocks, see PublishedFixtureTests.
  /// Blind to: what a file with other sizes would do; sizes are inferred from one example.
  @Test("Outputs of plain and ordered dicts", arguments: ["tiny_plain", "tiny_ordered"])
  func outputs(name: String) throws {
    let (maps, expected) = try problem()
    let model = try read(name)
    #expect(model.network.architecture == .published && model.network.lmax == 46)
    let found = model.network.predict(maps, count: expected.count, threads: 2)
    let comparison = Comparison(found, with: expected)
    #expect(comparison.relativeL2 <= 2e-5, "\(comparison)")
  }

  /// The control: real and imaginary weights exchanged.
  @Test("Exchanged weights are seen")
  func control() throws {
    let (maps, expected) = try problem()
    var tensors = try PyTorchStateDict(
      contentsOf: FixtureStore.url("networks/tiny_plain.pt")
    ).tensors
    let real = tensors["blocks.0.weight_real"]
    tensors["blocks.0.weight_real"] = tensors["blocks.0.weight_imag"]
    tensors["blocks.0.weight_imag"] = real
    let model = try ModelFile.publishedModel(tensors, file: "exchanged.pt")
    let found = model.network.predict(maps, count: expected.count, threads: 2)
    #expect(Comparison(found, with: expected).relativeL2 > 1e3 * 2e-5)
  }
}

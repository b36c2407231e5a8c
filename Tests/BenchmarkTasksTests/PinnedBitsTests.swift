import FileFormats
import Foundation
import FourierTransforms
import Kernels
import LinearAlgebra
import RandomFields
import SpectralNetworks
import Testing
import Training
import Verification

@testable import BenchmarkTasks

/// What `Fixtures/regression/bits.json` holds.
struct PinnedBits: Codable, Equatable {
  /// The numbers of one training run.
  struct Run: Codable, Equatable {
    /// Every point of the loss curve, as text that reads back to the same bits.
    var losses: [Double]
    /// SHA-256 of all tensors of the model: names, shapes and bits, in order of the names.
    var weights: String
    /// The figures of the evaluation on the run's own test maps.
    var figures: [String: Double]
  }

  /// The outputs of a shipped model.
  struct Outputs: Codable, Equatable {
    /// Of the first four maps.
    var first: [Float]
    /// SHA-256 of the bits of the outputs of all maps.
    var all: String
  }

  /// SHA-256 of what the libraries below give: FFTW, LAPACK and the C library.
  var libraries: String
  var models: [String: Outputs]
  var runs: [String: Run]
}

/// A change of structure changes no number: losses, weights and predictions have the recorded bits.
///
/// Origin:     this program, before its layers and models were taken apart; what is right is
///             decided by the oracle tests. The bits are recorded again by hand after a change that
///             is meant to change them: a failing test prints what it found.
/// Bits:       FFTW, LAPACK and the C library choose their code by the processor. Where they do not
///             give the recorded bits for fixed inputs, neither do networks: outputs are then held
///             against the recorded ones within 2e-5, and weights are not compared.
@Suite("Bits of models and trainings")
struct PinnedBitsTests {
  private static let file = "regression/bits.json"

  private func recorded() throws -> PinnedBits {
    try JSONDecoder().decode(PinnedBits.self, from: FixtureStore.data(Self.file))
  }

  /// SHA-256 of transforms along rings of many lengths, of a Cholesky solution and of elementary
  /// functions.
  private static func librarySignature() throws -> String {
    var digest = SHA256()
    var numbers = TestNumbers(seed: 1)
    for n in Array(stride(from: 4, through: 64, by: 4)) + [95, 96, 128] {
      let lanes = 32
      let field = (0..<n * lanes).map { _ in Float(numbers.normal()) }
      var orders = [Float](repeating: 0, count: n * lanes)
      let plan = LaneFourierPlan<Float>(n: n, fieldStride: lanes, lanes: lanes)
      field.withView { field in orders.withMutableView { plan.forward(field, to: $0) } }
      digest.update(bytes(orders))
    }
    let size = 24
    let factor = (0..<size * size).map { _ in numbers.normal() }
    let matrix = Matrix(rows: size, columns: size) { i, j in
      (0..<size).reduce(i == j ? 1 : 0) { $0 + factor[i * size + $1] * factor[j * size + $1] }
    }
    digest.update(bytes(try CholeskyFactor(matrix).solve(Array(factor.prefix(size)))))
    let values = (0..<64).map { _ in numbers.uniform(0.1, 3) }
    digest.update(bytes(values.flatMap { [exp($0), log($0), sin($0), pow($0, 0.3)] }))
    return digest.hexadecimal()
  }

  private static func bytes<T: BinaryFloatingPoint>(_ values: [T]) -> [UInt8] {
    values.withUnsafeBytes { Array($0) }
  }

  /// Compares with the recorded numbers, and prints what is found where they differ.
  private func expect<Value: Codable & Equatable>(
    _ found: Value, _ recorded: Value?, _ name: String, else isNear: (Value) -> Bool
  ) throws {
    let signature = try Self.librarySignature()
    let isSame: Bool
    if try signature == self.recorded().libraries {
      isSame = found == recorded
    } else {
      isSame = recorded.map(isNear) ?? false
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = String(decoding: try encoder.encode(found), as: UTF8.self)
    #expect(isSame, "\(name), libraries \(signature), found:\n\"\(name)\":\(text)")
  }

  private func near(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * abs(b)
  }

  @Test("Outputs of the shipped models", arguments: ShippedModelTests.models.map(\.name))
  func shippedModels(name: String) throws {
    let model = try ShippedModels.read(name)
    let source = try SkyMapSource(
      try model.settings(), channels: model.network.inputChannels, seed: 77)
    let count = 64
    let batch = source.batch(maps: 0..<count, split: .test, threads: 2)
    let outputs = model.network.predict(batch.maps, count: count, threads: 2)
    let found = PinnedBits.Outputs(
      first: Array(outputs.prefix(4 * model.network.outputCount)),
      all: sha256(Self.bytes(outputs)))
    try expect(found, recorded().models[name], name) { recorded in
      recorded.first.count == found.first.count
        && zip(found.first, recorded.first).allSatisfy { near(Double($0), Double($1), 2e-5) }
    }
  }

  /// Small runs through every stage and every layer: one block and two, polynomial and density, E
  /// and B of the full sky and behind filters, the published blocks with mean-inpainting, shared
  /// orders and dense fit, pixels.
  private static let runs: [String] = [
    "isotropic t1", "isotropic t1 two blocks", "isotropic t1 density", "isotropic t2",
    "isotropic t2 cut sky", "isotropic t3 gradients", "published t1", "published t2 cut sky",
    "published t1 variants", "pixel t1", "pixel t2 cut sky",
  ]

  private func run(_ name: String) throws -> TrainingRun {
    let isCut = name.hasSuffix("cut sky")
    let task: BenchmarkTask =
      name.contains("t1") ? .t1 : name.contains("t2") ? .t2 : .t3
    let settings = try TaskSettings(
      task: task, noise: name.hasSuffix("density") ? 15 : 0, skyFraction: isCut ? 0.05 : 1)
    let architecture: Architecture =
      name.hasPrefix("isotropic") ? .isotropic : name.hasPrefix("pixel") ? .pixel : .published
    var recipe = try TrainingRecipe.standard(
      architecture, settings: settings, maps: name.hasSuffix("variants") ? 1_000 : 600, seed: 3,
      published: PublishedVariant.published.with {
        guard name.hasSuffix("variants") else { return }
        $0.schedule = .oneCycle
        $0.shared = 0.5
        $0.sharedBands = 2
        $0.readoutMaps = 200
        $0.sampling = .bilinear
        $0.pooling = .power
      },
      isotropic: IsotropicVariant().with {
        if name.hasSuffix("two blocks") { $0.channels = [6, 12] }
        if name.hasSuffix("gradients") { $0.training = .gradients }
        if isCut { ($0.fiducials, $0.bands) = (2, 4) }
      })
    recipe.densityFit.iterations = 20
    recipe.denseFit.iterations = 20
    switch recipe.network {
    case .published(var configuration):
      configuration.hiddenChannels = 4
      configuration.blockCount = 2
      recipe.network = .published(configuration)
    case .pixel(var configuration):
      configuration.channels = [4, 4, 4, 4]
      configuration.hidden = 8
      configuration.dropout = 0.2
      recipe.network = .pixel(configuration)
    case .isotropic: break
    }
    return try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: 2))
  }

  @Test("Losses, weights and errors of small runs", arguments: runs)
  func trainings(name: String) throws {
    guard case .completed(let model, let record) = try run(name).run() else {
      throw BenchmarkError.interrupted
    }
    var digest = SHA256()
    let tensors = model.network.tensors()
    for tensorName in tensors.names.sorted() {
      let tensor = try tensors.tensor(tensorName)
      digest.update(Array("\(tensorName) \(tensor.shape)".utf8))
      digest.update(tensor.bytes)
    }
    let found = PinnedBits.Run(
      losses: record.lossCurve.map(\.loss), weights: digest.hexadecimal(), figures: record.result)
    try expect(found, recorded().runs[name], name) { recorded in
      recorded.losses.count == found.losses.count
        && zip(found.losses, recorded.losses).allSatisfy { near($0, $1, 1e-3) }
    }
  }

  /// The control: one bit of one weight of a small model is another digest, and another output.
  @Test("A changed bit of a weight is seen")
  func changedBit() throws {
    let name = "t1-physical-isotropic-noise0"
    let model = try ShippedModels.read(name)
    guard case .isotropic(var network) = model.network else {
      Issue.record("another architecture")
      return
    }
    let source = try SkyMapSource(try model.settings(), channels: 1, seed: 77)
    let batch = source.batch(maps: 0..<64, split: .test, threads: 2)
    let outputs = network.predict(batch.maps, count: 64, threads: 2)
    let readout = network.parameters.count - 2
    network.parameters[readout].values[0] = network.parameters[readout].values[0].nextUp
    let changed = network.predict(batch.maps, count: 64, threads: 2)
    #expect(sha256(Self.bytes(outputs)) != sha256(Self.bytes(changed)))
  }
}

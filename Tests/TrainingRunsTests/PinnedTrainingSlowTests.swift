import FileFormats
import FourierTransforms
import PixelNetworks
import SpectralNetworks
import TestSupport
import Testing
import Training
import Verification

@testable import Models
@testable import Tasks
@testable import TrainingRuns

/// A change of structure changes no training: losses, final weights and errors of small runs have
/// the recorded bits.
///
/// Origin and bits: as of `PinnedBitsTests`, whose control sees one bit of one weight.
@Suite("Bits of trainings")
struct PinnedTrainingSlowTests {
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
    recipe.network.update(PublishedConfiguration.self) {
      ($0.hiddenChannels, $0.blockCount) = (4, 2)
    }
    recipe.network.update(PixelConfiguration.self) {
      ($0.channels, $0.hidden, $0.dropout) = ([4, 4, 4, 4], 8, 0.2)
    }
    return try TrainingRun(
      settings: settings, recipe: recipe, execution: TrainingExecution(threads: 2))
  }

  @Test("Losses, weights and errors of small runs", arguments: runs)
  func trainings(name: String) throws {
    guard case .completed(let model, let record) = try run(name).run() else {
      throw TaskError.interrupted
    }
    var digest = SHA256()
    let tensors = try model.network.tensors()
    for tensorName in tensors.names.sorted() {
      let tensor = try tensors.tensor(tensorName)
      digest.update(Array("\(tensorName) \(tensor.shape)".utf8))
      digest.update(tensor.bytes)
    }
    let found = PinnedBits.Run(
      losses: record.lossCurve.map(\.loss), weights: digest.hexadecimal(), figures: record.result)
    let difference = try PinnedBits.difference(found, PinnedBits.recorded().runs[name], name) {
      recorded in
      recorded.losses.count == found.losses.count
        && zip(found.losses, recorded.losses).allSatisfy { PinnedBits.near($0, $1, 1e-3) }
    }
    #expect(difference == nil)
  }
}

import Foundation
import SphereGrids
import TestSupport
import Testing
import Verification

@testable import Models
@testable import Tasks

/// Whether maps unlike the training have no estimate, and good ones do.
///
/// Blind to: how often; `sphere study detection` measures rates on many maps (Docs/Results).
@Suite("Maps unlike the training")
struct MapLikenessTests {
  private static let count = 32

  private func model() throws -> TrainedModel {
    let model = try ShippedModels.read("t1-physical-isotropic-noise0")
    try #require(model.likeness != nil, "the shipped model has a description of good maps")
    return model
  }

  private func maps(
    _ settings: TaskSettings, change: (_ pixel: Int, _ value: Float) -> Float = { $1 }
  ) throws -> [Float] {
    let source = try SkyMapSource(settings, seed: 5)
    let maps = source.batch(maps: 0..<Self.count, split: .test, threads: 2).maps
    return maps.indices.map { change($0 / Self.count, maps[$0]) }
  }

  private func refused(_ model: TrainedModel, _ maps: [Float]) throws -> Int {
    try model.predict(maps, count: Self.count, threads: 2).count { $0[0].reason != nil }
  }

  /// None of 32 good maps: the rate is 5e-4, so one is found in one of 60 such tests; the maps are
  /// always the same.
  @Test("Good maps have estimates")
  func goodMaps() throws {
    let model = try model()
    #expect(try refused(model, maps(try model.settings())) == 0)
  }

  @Test("Maps that are changed have none")
  func changedMaps() throws {
    let model = try model()
    let settings = try model.settings()
    #expect(try refused(model, maps(settings) { $1 + 10 }) == Self.count, "monopole")
    #expect(try refused(model, maps(settings) { $1 * 1e-6 }) == Self.count, "K for muK")
    #expect(try refused(model, maps(settings) { $1 * 1.3 }) == Self.count, "gain")
    #expect(try refused(model, maps(settings) { $0 < 300 ? 0 : $1 }) == Self.count, "zeros")
    let grid = try HealpixGrid(nside: 16)
    let ring = try maps(settings)
    var nested = ring
    for pixel in 0..<3072 {
      let source = try grid.ringPixel(nested: pixel)
      for map in 0..<Self.count {
        nested[pixel * Self.count + map] = ring[source * Self.count + map]
      }
    }
    #expect(try refused(model, nested) == Self.count, "NESTED for RING")
    var noisy = settings
    noisy.noise = 0.1
    #expect(try refused(model, maps(noisy)) == Self.count, "noise")
    let empty = try model.predict(
      [Float](repeating: 0, count: 3072), count: 1, threads: 1)
    #expect(empty[0][0].reason != nil, "an empty map")
  }

  /// The reason names what is unlike, with its figures.
  @Test("Reasons")
  func reasons() throws {
    let model = try model()
    let predictions = try model.predict(
      maps(try model.settings()) { $1 + 10 }, count: Self.count, threads: 1)
    let reason = try #require(predictions[0][0].reason)
    #expect(reason.contains("unlike the maps of the training"))
    #expect(reason.contains("monopole and dipole: chi-square"))
  }

  /// Values outside the prior by more than four error bars are no estimates, in a model without a
  /// description of good maps too; by less they are, with a warning from two on.
  @Test("Values outside the prior")
  func outsidePrior() throws {
    var model = try model()
    model.likeness = nil
    let maps = try maps(try model.settings())
    let predictions = try model.predict(maps, count: Self.count, threads: 1)
    let value = predictions[0][0].value
    let error = try #require(predictions[0][0].standardError)
    for (bars, hasReason, hasWarning) in [
      (4.1, true, true), (3.9, false, true), (2.1, false, true), (1.9, false, false),
    ] {
      model.description.priorRange = (value + bars * error)...(value + 100)
      let prediction = try model.predict(maps, count: Self.count, threads: 1)[0][0]
      #expect((prediction.reason != nil) == hasReason, "\(bars)")
      #expect(
        prediction.warnings.contains { $0.contains("outside the prior") } == hasWarning, "\(bars)")
    }
  }

  /// In the model's own file, and in one beside it; that of another model is refused.
  @Test("Files")
  func files() throws {
    var model = try model()
    let likeness = try #require(model.likeness)
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("m.safetensors")
      let beside = LikenessFile.url(besideModel: url)
      #expect(beside.lastPathComponent == "m.likeness.json")
      try ModelFile.write(model, to: url)
      #expect(try ModelFile.read(url).likeness?.calibration == likeness.calibration)
      model.likeness = nil
      try ModelFile.write(model, to: url)
      #expect(try ModelFile.read(url).likeness == nil)
      try LikenessFile(likeness.calibration, model: url).write(to: beside)
      #expect(try ModelFile.read(url).likeness?.calibration == likeness.calibration)

      // For other bytes, of other sizes, of another kind.
      let other = try ShippedModels.read("t1-physical-pixel-noise0")
      let otherLikeness = try #require(other.likeness)
      let shipped = FixtureStore.url("models/t1-physical-isotropic-noise0.safetensors")
      for (file, reason) in [
        (try LikenessFile(likeness.calibration, model: shipped), "belongs to a model"),
        (try LikenessFile(otherLikeness.calibration, model: url), "other sizes"),
      ] {
        try file.write(to: beside)
        #expect {
          try ModelFile.read(url)
        } throws: {
          guard case ModelError.badLikeness(let file, let found)? = $0 as? ModelError else {
            return false
          }
          return file.hasSuffix("m.likeness.json") && found.contains(reason)
        }
      }
      try Data("{}".utf8).write(to: beside)
      #expect(throws: ModelError.self) { try ModelFile.read(url) }
    }
  }

  /// The same maps give the same description for any number of threads.
  @Test("Calibration")
  func calibration() throws {
    let model = try model()
    let source = try SkyMapSource(try model.settings(), seed: 6)
    let calibrations = try [1, 2].map { threads in
      try MapLikeness.calibrate(
        model,
        on: TestMaps(source, split: .calibration, count: 300, threads: threads),
        threads: threads)?.calibration
    }
    let first = try #require(calibrations[0])
    #expect(first == calibrations[1])
    // 300 maps are too few for 48 powers.
    #expect(first.powers.map(\.group) == [.largeScales, .beyond])
    let none = try MapLikeness.calibrate(
      model, on: TestMaps(source, split: .calibration, count: 200, threads: 2), threads: 2)
    #expect(none == nil)
  }
}

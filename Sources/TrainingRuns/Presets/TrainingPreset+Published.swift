import Models
import Tasks

/// The published network on the published protocol: rows of the published table.
extension TrainingPreset {
  static let publishedRows = [
    published(.t1, maps: 1_200_000, readoutMaps: 200_000, minutes: 30),
    published(.t1, noise: 5, maps: 400_000, minutes: 9, variant: relative),
    published(.t1, noise: 10, maps: 400_000, minutes: 9, variant: relative),
    published(.t1, noise: 15, maps: 400_000, minutes: 9, variant: relative),
    published(.t2, maps: 900_000, minutes: 38, variant: fourBands),
    published(.t2, skyFraction: 0.5, maps: 800_000, minutes: 24, variant: relativeInFourBands),
    published(.t2, skyFraction: 0.2, maps: 1_100_000, minutes: 30, variant: relativeInFourBands),
    published(.t2, skyFraction: 0.1, maps: 1_100_000, minutes: 30, variant: relativeInFourBands),
    published(.t2, skyFraction: 0.05, maps: 1_800_000, minutes: 45, variant: relativeInFourBands),
    published(.t3, maps: 900_000, minutes: 28, variant: relative),
  ]

  /// Orders share their weights in four bands.
  private static func fourBands(_ variant: inout PublishedVariant) { variant.sharedBands = 4 }

  /// The relative loss, which allows a larger learning rate.
  private static func relative(_ variant: inout PublishedVariant) {
    variant.loss = PublishedVariant.relativeLoss
    variant.maximumRate = 2e-3
  }

  private static func relativeInFourBands(_ variant: inout PublishedVariant) {
    relative(&variant)
    fourBands(&variant)
  }

  /// For T1 the protocols are the same, and files say `physical`.
  private static func published(
    _ task: BenchmarkTask, noise: Double = 0, skyFraction: Double = 1, maps: Int,
    readoutMaps: Int = 100_000, minutes: Int,
    variant: (inout PublishedVariant) -> Void = { _ in }
  ) -> TrainingPreset {
    TrainingPreset(
      task, .published, protocol: task.hasPublishedSky ? .published : .physical, noise: noise,
      skyFraction: skyFraction, maps: maps, minutes: minutes,
      published: .oneCycle(readoutMaps: readoutMaps).with(variant), precision: .float16)
  }
}

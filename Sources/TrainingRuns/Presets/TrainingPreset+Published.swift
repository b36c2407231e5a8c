import Models
import Tasks

/// The published network on the published protocol: every row of the published table.
extension TrainingPreset {
  static let publishedRows = [
    published(.t1, maps: 1_200_000, readoutMaps: 200_000, minutes: 30),
    published(
      .t2, maps: 900_000, readoutMaps: 100_000, minutes: 38, variant: { $0.sharedBands = 4 }),
    published(
      .t3, maps: 900_000, readoutMaps: 100_000, minutes: 30,
      variant: {
        $0.loss = PublishedVariant.relativeLoss
        $0.maximumRate = 2e-3
      }),
  ]

  /// For T1 the protocols are the same, and files say `physical`.
  private static func published(
    _ task: BenchmarkTask, noise: Double = 0, skyFraction: Double = 1, maps: Int,
    readoutMaps: Int, minutes: Int, variant: (inout PublishedVariant) -> Void = { _ in }
  ) -> TrainingPreset {
    TrainingPreset(
      task, .published, protocol: task.hasPublishedSky ? .published : .physical, noise: noise,
      skyFraction: skyFraction, maps: maps, minutes: minutes,
      published: .oneCycle(readoutMaps: readoutMaps).with(variant), precision: .float16)
  }
}

import SkyModels

extension BenchmarkTask {
  /// The optical depth tau from a polarisation map [KT19].
  public static let t3 = BenchmarkTask(
    name: "t3", title: "the optical depth tau of polarisation maps", isPolarisation: true,
    physical: { UncorrelatedModel.opticalDepth(.physical) },
    published: { PublishedSky(UncorrelatedModel.opticalDepth(.published)) })
}

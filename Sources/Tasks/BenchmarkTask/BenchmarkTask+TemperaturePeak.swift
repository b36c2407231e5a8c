import SkyModels

extension BenchmarkTask {
  /// The peak l_p of the spectrum of a temperature map [KT19].
  public static let t1 = BenchmarkTask(
    name: "t1", title: "the peak l_p of temperature maps", isPolarisation: false,
    physical: { UncorrelatedModel.temperaturePeak(lmax: TaskSettings.lmax) })
}

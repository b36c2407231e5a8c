import SkyModels

extension BenchmarkTask {
  /// The peaks of the E and B spectra of a polarisation map [KT19].
  public static let t2 = BenchmarkTask(
    name: "t2", title: "the peaks of E and B of polarisation maps", isPolarisation: true,
    physical: { UncorrelatedModel.polarisationPeaks(lmax: TaskSettings.lmax) },
    published: { PublishedSky(UncorrelatedModel.polarisationPeaks(lmax: TaskSettings.lmax)) })
}

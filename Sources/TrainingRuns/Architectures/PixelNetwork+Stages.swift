import FourierTransforms
import Kernels
import Models
import PixelNetworks
import SpectralNetworks

extension PixelNetwork: BenchmarkNetwork where T == Float {
  /// The scale of the fields, 1/rms of the first training maps' observed pixels; the outputs run
  /// from the prior's mean in units of its deviation. A mask keeps its 0 and 1.
  package mutating func prepare(_ stages: TrainingStages) throws {
    let settings = stages.settings
    let (fields, channels) = (settings.fieldCount, configuration.inputChannels)
    let prior = settings.priorRange
    let maps = stages.recipe.whiteningMaps
    var variance = 0.0
    let scaled = stages.observed("input scale", total: maps)
    for first in stride(from: 0, to: maps, by: 64) {
      let range = first..<min(first + 64, maps)
      let batch = try scaled.batch(maps: range, purpose: .training, threads: stages.threads)
      let variances = pixelVariances(
        batch.maps, count: range.count, channels: channels, fields: fields, mask: settings.mask)
      variance += variances.reduce(0, +) / Double(maps)
    }
    standardise(
      inputScales: (0..<channels).map { $0 < fields ? 1 / variance.squareRoot() : 1 },
      offsets: [Double](repeating: (prior.lowerBound + prior.upperBound) / 2, count: outputCount),
      scales: [Double](
        repeating: (prior.upperBound - prior.lowerBound) / 12.0.squareRoot(), count: outputCount))
  }
}

import FourierTransforms
import ReadoutFits
import SpectralNetworks

extension PublishedNetwork: BenchmarkNetwork where T == Float {
  /// Fits the dense layers to maps of their own, above spectral weights as the file will have them.
  package mutating func fitReadout(_ stages: TrainingStages) throws -> ReadoutFit {
    let maps = stages.recipe.refitMaps
    guard maps > 0 else { return ReadoutFit() }
    try round(to: stages.run.precision)
    let (options, name) = (stages.recipe.denseFit, "readout fit")
    return ReadoutFit(
      dense: try refitDenseLayers(
        of: &self, source: stages.observed(name, total: maps), maps: maps, options: options,
        execution: stages.run.execution, stop: stages.stop,
        progress: stages.fitting(name, most: options.iterations)))
  }
}

import FourierTransforms
import LinearAlgebra
import ReadoutFits
import SpectralNetworks
import Tasks

extension IsotropicNetwork: BenchmarkNetwork where T == Float {
  /// Whitening and a first readout; without maps to fit it to, the prior's mean.
  package mutating func prepare(_ stages: TrainingStages) throws {
    let recipe = stages.recipe
    // The readout of a joint posterior is fitted once, after everything else.
    if configuration.posterior != nil { return }
    try whiten(stages)
    let prior = stages.settings.priorRange
    let width = configuration.readoutWidth
    // Natural parameters of 0 are the prior.
    let start = configuration.density == nil ? (prior.lowerBound + prior.upperBound) / 2 : 0
    installReadout(
      weights: [Double](repeating: 0, count: featureCount * width),
      bias: [Double](repeating: start, count: width))
    guard recipe.firstFitMaps > 0 else { return }
    if let family = configuration.density {
      _ = try fitDensity(family, stages, name: "first fit", maps: recipe.firstFitMaps)
      return
    }
    _ = try refitReadout(
      of: &self, source: stages.observed("first fit", total: recipe.firstFitMaps),
      maps: recipe.firstFitMaps, options: ClosedFormOptions(absoluteIterations: 1),
      execution: stages.run.execution, progress: stages.solving("first solution"))
  }

  /// Whitening and the last readout.
  package mutating func fitReadout(_ stages: TrainingStages) throws -> ReadoutFit {
    let maps = stages.recipe.refitMaps
    guard maps > 0 else { return ReadoutFit() }
    if let family = configuration.posterior {
      return ReadoutFit(density: try fitPosterior(family, stages, maps: maps))
    }
    try whiten(stages)
    if let family = configuration.density {
      return ReadoutFit(
        density: try fitDensity(family, stages, name: "readout fit", maps: maps))
    }
    let reports = try refitReadout(
      of: &self, source: stages.observed("readout fit", total: maps), maps: maps,
      options: stages.recipe.refit, execution: stages.run.execution,
      progress: stages.solving("solving for \(featureCount + 1) coefficients")
    ).reports
    return ReadoutFit(closedForm: reports)
  }

  private mutating func whiten(_ stages: TrainingStages) throws {
    let recipe = stages.recipe
    guard recipe.whiteningMaps > 0 else { return }
    try whiten(
      source: stages.observed("whitening", total: recipe.whiteningMaps),
      purpose: recipe.refitMaps > 0 ? .refit : .training, maps: recipe.whiteningMaps,
      threads: stages.threads, stop: stages.stop)
  }

  /// Installs the whitening of the likelihood's components, or the scale of the powers, and the
  /// readout of the joint posterior.
  private mutating func fitPosterior(
    _ family: PosteriorFamily, _ stages: TrainingStages, maps: Int
  ) throws -> DensityFitReport {
    let filters = configuration.filterBank?.fiducials.count ?? 1
    let plan = try PosteriorPlan(
      stages.settings,
      fiducials: TaskSettings.fiducials(ofFilters: filters, parameters: family.priors.count))
    try whiten(
      plan.components, source: stages.observed("whitening", total: stages.recipe.whiteningMaps),
      maps: stages.recipe.whiteningMaps, threads: stages.threads, stop: stages.stop)
    let options = stages.recipe.posteriorFit ?? DensityFitOptions()
    return try refitPosterior(
      of: &self, family: family, uses: plan.uses,
      source: stages.observed("readout maps", total: maps), maps: maps, options: options,
      execution: stages.run.execution, stop: stages.stop,
      progress: stages.fitting("readout fit", most: 2 * options.iterations)
    ).report
  }

  private mutating func fitDensity(
    _ family: DensityFamily, _ stages: TrainingStages, name: String, maps: Int
  ) throws -> DensityFitReport {
    let options = stages.recipe.densityFit
    return try refitDensity(
      of: &self, family: family, source: stages.observed(name, total: maps), maps: maps,
      options: options, execution: stages.run.execution, stop: stages.stop,
      progress: stages.fitting(name, most: options.iterations)
    ).report
  }
}

import FourierTransforms
import Kernels
import LinearAlgebra
import SpectralNetworks
import Training

/// Refits the readout of a trained network in closed form, and installs it.
///
/// The maps are those with the indices 0..<maps and the purpose `.refit`, so that none of them is a
/// training map.
/// Memory: with reweighting the features are kept, maps · features · 8 bytes;
///         otherwise maps stream through.
/// Checked by: ReadoutRefitTests.
///
/// - Parameters:
///   - network: everything but the readout stays as it is.
///   - source: where the maps come from.
///   - maps: number of maps to fit to.
///   - batch: maps per pass through the network.
///   - options: what to minimise.
///   - execution: threads and whether to work ahead; checkpoints play no part.
///   - progress: as `ClosedFormFit` reports to it and is stopped by it.
/// - Returns: the fit with its reports.
/// - Throws: `ClosedFormError`, or what the source throws; the network is then unchanged.
public func refitReadout<Network: ClosedFormReadout, Source: MapSource>(
  of network: inout Network, source: Source, maps: Int, batch: Int = 64,
  options: ClosedFormOptions = ClosedFormOptions(), execution: TrainingExecution,
  progress: WorkProgress = WorkProgress()
) throws -> ClosedFormFit where Source.Scalar == Network.Scalar {
  precondition(maps > 0 && batch > 0, "\(maps) maps in batches of \(batch)")
  let features = NetworkFeatures(
    network: network, source: source, mapCount: maps, batch: batch, execution: execution)
  let threads = execution.threads
  let fit =
    options.absoluteIterations > 0
    ? try ClosedFormFit(
      StoredFeatures(collecting: features), options: options, threads: threads,
      progress: progress)
    : try ClosedFormFit(features, options: options, threads: threads, progress: progress)
  network.installReadout(weights: fit.weights, bias: fit.bias)
  return fit
}

/// Refits the readout of a network whose outputs are densities by maximum likelihood, and installs
/// it.
///
/// Maps and memory as for `refitReadout`; features are kept.
/// Checked by: DensityFitTests.
///
/// - Parameters:
///   - network: everything but the readout stays as it is.
///   - family: the densities of the network's configuration.
///   - source: where the maps come from.
///   - maps: number of maps to fit to.
///   - batch: maps per pass through the network.
///   - options: when to end.
///   - execution: threads and whether to work ahead; checkpoints play no part.
///   - stop: asked within evaluations whether to go on.
///   - progress: called before every evaluation of the likelihood.
/// - Returns: the fit with its report.
/// - Throws: `ClosedFormError`, or what the source or `progress` throws; the network is then
///   unchanged.
public func refitDensity<Network: ClosedFormReadout, Source: MapSource>(
  of network: inout Network, family: DensityFamily, source: Source, maps: Int, batch: Int = 64,
  options: DensityFitOptions = DensityFitOptions(), execution: TrainingExecution,
  stop: WorkProgress = WorkProgress(),
  progress: (_ evaluations: Int) throws -> Void = { _ in }
) throws -> DensityFit where Source.Scalar == Network.Scalar {
  precondition(maps > 0 && batch > 0, "\(maps) maps in batches of \(batch)")
  let features = try StoredFeatures(
    collecting: NetworkFeatures(
      network: network, source: source, mapCount: maps, batch: batch, execution: execution))
  let fit = try DensityFit(
    features, family: family, options: options, threads: execution.threads, stop: stop,
    progress: progress)
  network.installReadout(weights: fit.weights, bias: fit.bias)
  return fit
}

/// Fits the readout of a network whose outputs have a joint density by maximum likelihood, and
/// installs it.
///
/// Maps and memory as for `refitReadout`; features are kept.
/// Checked by: TrainingRunTests; the fit itself by PosteriorFitTests.
///
/// - Parameters:
///   - network: everything but the readout stays as it is.
///   - family: the densities of the network's configuration.
///   - uses: the places of the natural parameters that every feature enters; nil: all.
///   - source: where the maps come from.
///   - maps: number of maps to fit to.
///   - batch: maps per pass through the network.
///   - options: when to end.
///   - execution: threads and whether to work ahead; checkpoints play no part.
///   - stop: asked within evaluations whether to go on.
///   - progress: called before every evaluation of the likelihood.
/// - Returns: the fit with its report.
/// - Throws: `ClosedFormError`, or what the source or `progress` throws; the network is then
///   unchanged.
public func refitPosterior<Network: ClosedFormReadout, Source: MapSource>(
  of network: inout Network, family: PosteriorFamily, uses: [[Int]]? = nil, source: Source,
  maps: Int, batch: Int = 64, options: DensityFitOptions, execution: TrainingExecution,
  stop: WorkProgress = WorkProgress(),
  progress: (_ evaluations: Int) throws -> Void = { _ in }
) throws -> PosteriorFit where Source.Scalar == Network.Scalar {
  precondition(maps > 0 && batch > 0, "\(maps) maps in batches of \(batch)")
  let features = try StoredFeatures(
    collecting: NetworkFeatures(
      network: network, source: source, mapCount: maps, batch: batch, execution: execution))
  let fit = try PosteriorFit(
    features, family: family, uses: uses, options: options, threads: execution.threads, stop: stop,
    progress: progress)
  network.installReadout(weights: fit.weights, bias: fit.bias)
  return fit
}

/// Refits the dense layers of a published network to many maps at once, and installs them.
///
/// Maps and memory as for `refitReadout`; features, the pooled channels, are kept.
/// Checked by: TrainingRunTests; the fit itself by DenseFitTests.
///
/// - Parameters:
///   - network: everything but the dense layers stays as it is.
///   - source: where the maps come from.
///   - maps: number of maps to fit to.
///   - batch: maps per pass through the network.
///   - options: loss, and when to end.
///   - execution: threads and whether to work ahead; checkpoints play no part.
///   - stop: asked within evaluations whether to go on.
///   - progress: called before every evaluation of the loss.
/// - Returns: how the fit went.
/// - Throws: `ClosedFormError`, or what the source or `progress` throws; the network is then
///   unchanged.
public func refitDenseLayers<T: FourierScalar, Source: MapSource>(
  of network: inout PublishedNetwork<T>, source: Source, maps: Int, batch: Int = 64,
  options: DenseFitOptions = DenseFitOptions(), execution: TrainingExecution,
  stop: WorkProgress = WorkProgress(),
  progress: (_ evaluations: Int) throws -> Void = { _ in }
) throws -> DenseFitReport where Source.Scalar == T {
  precondition(maps > 0 && batch > 0, "\(maps) maps in batches of \(batch)")
  let features = try StoredFeatures(
    collecting: NetworkFeatures(
      network: network, source: source, mapCount: maps, batch: batch, execution: execution))
  let layers = network.denseLayers.map { $0.map(Double.init) }
  let fit = try DenseFit(
    features,
    start: DenseWeights(
      first: layers[0], firstBias: layers[1], second: layers[2], secondBias: layers[3]),
    options: options, threads: execution.threads, stop: stop, progress: progress)
  let w = fit.weights
  network.denseLayers = [w.first, w.firstBias, w.second, w.secondBias].map { $0.map { T($0) } }
  return fit.report
}

/// The readout features of a network on maps made as they are needed.
struct NetworkFeatures<Network: FeatureReadout, Source: MapSource>: FeatureSource
where Source.Scalar == Network.Scalar {
  let network: Network
  let source: Source
  let mapCount: Int
  let batch: Int
  let execution: TrainingExecution

  var featureCount: Int { network.featureCount }
  var outputCount: Int { network.outputCount }

  func forEachBlock(_ body: (FeatureBlock) throws -> Void) throws {
    let ranges = stride(from: 0, to: mapCount, by: batch).map { $0..<min($0 + batch, mapCount) }
    let pipeline = BatchPipeline(
      source: source, ranges: ranges, purpose: .refit, threads: execution.threads,
      worksAhead: execution.worksAhead)
    while let (range, maps) = try pipeline.next() {
      let features = network.readoutFeatures(
        maps.maps, count: range.count, threads: execution.threads)
      try body(FeatureBlock(features: features, targets: maps.targets.map(Double.init)))
    }
  }
}

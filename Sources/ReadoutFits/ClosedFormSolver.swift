import Foundation
import LinearAlgebra

/// The passes over the data behind `ClosedFormFit`.
struct ClosedFormSolver<Source: FeatureSource> {
  private let source: Source
  private let options: ClosedFormOptions
  private let threads: Int
  private let progress: WorkProgress
  private let scaling: FeatureScaling
  /// Coefficients of the scaled features, the constant first, per output.
  private var betas: [[Double]] = []
  private(set) var reports: [ClosedFormReport] = []

  private var featureCount: Int { source.featureCount }
  private var outputCount: Int { source.outputCount }

  init(
    source: Source, options: ClosedFormOptions, threads: Int, progress: WorkProgress
  ) throws {
    try options.validate()
    let unknowns = source.featureCount + 1
    // Each ridge is judged on fits that leave one fold out.
    let hasTrials = options.ridges.count > 1
    let needed = hasTrials ? options.folds * NormalEquations.blockLength : 2
    if hasTrials, source.mapCount < needed {
      throw ClosedFormError.invalidOption(
        key: "folds", found: "\(options.folds) folds of \(source.mapCount) maps",
        expected: "at least \(NormalEquations.blockLength) maps per fold")
    }
    guard source.mapCount > unknowns || options.ridges.allSatisfy({ $0 > 0 }) else {
      throw ClosedFormError.tooFewMaps(found: source.mapCount, unknowns: unknowns)
    }
    self.source = source
    self.options = options
    self.threads = threads
    self.progress = progress
    scaling = try FeatureScaling(source, maps: options.standardisationMaps)
  }

  /// Weights and bias for features as they come: scaling is taken out of the coefficients.
  var readout: (weights: [Double], bias: [Double]) {
    var weights = [Double](repeating: 0, count: featureCount * outputCount)
    var bias = betas.map { $0[0] }
    for o in 0..<outputCount {
      for k in 0..<featureCount {
        let weight = betas[o][k + 1] / scaling.scale[k]
        weights[k * outputCount + o] = weight
        bias[o] -= weight * scaling.mean[k]
      }
    }
    return (weights, bias)
  }

  /// Maps of the weighted passes, if no reweighting is left out.
  private var mapsInAll: Int { (1 + options.absoluteIterations) * source.mapCount }

  /// Reports the fit as done: fewer passes may have been enough.
  func finish() { progress.update(mapsInAll, mapsInAll) }

  // MARK: - Least squares

  /// Minimises Σ r² for each output, with the best of the ridges.
  mutating func fitSquares() throws {
    let foldCount = options.ridges.count > 1 ? options.folds : 1
    let folds = try accumulate(pass: 0, foldCount: foldCount) { _, _ in 1 }
    for o in 0..<outputCount {
      var total = folds[o][0]
      for fold in folds[o].dropFirst() { total.add(fold) }
      let trials =
        foldCount > 1 ? try options.ridges.map { try trial(ridge: $0, folds: folds[o]) } : []
      let best = trials.filter { $0.rootMeanSquare != nil }
        .min { ($0.rootMeanSquare ?? .infinity) < ($1.rootMeanSquare ?? .infinity) }
      let ridge = best?.ridge ?? options.ridges[0]
      let (beta, condition) = try total.solve(ridge: ridge, progress: progress.stopOnly)
      betas.append(beta)
      reports.append(
        ClosedFormReport(
          maps: total.mapCount, unknowns: featureCount + 1, ridge: ridge, trials: trials,
          condition: condition,
          // Rounding may take the mean of squares of a perfect fit a little below 0.
          rootMeanSquare: max(0, total.meanSquaredResidual(beta)).squareRoot(),
          meanAbsolute: []))
    }
  }

  /// The error of a ridge on each fold after a fit to the others.
  private func trial(
    ridge: Double, folds: [NormalEquations]
  ) throws -> ClosedFormReport.RidgeTrial {
    var (sum, maps) = (0.0, 0)
    for (k, left) in folds.enumerated() {
      var rest = NormalEquations(featureCount: featureCount)
      for (j, fold) in folds.enumerated() where j != k { rest.add(fold) }
      let beta: [Double]
      do throws(ClosedFormError) {
        beta = try rest.solve(ridge: ridge, progress: progress.stopOnly).beta
      } catch {
        if case .interrupted = error { throw error }
        return ClosedFormReport.RidgeTrial(ridge: ridge, rootMeanSquare: nil)
      }
      sum += left.meanSquaredResidual(beta) * Double(left.mapCount)
      maps += left.mapCount
    }
    return ClosedFormReport.RidgeTrial(
      ridge: ridge, rootMeanSquare: max(0, sum / Double(maps)).squareRoot())
  }

  // MARK: - Least absolute values

  /// Turns the fit into one that minimises Σ |r|, smoothed below δ.
  ///
  /// Ends after the configured number of fits, or when one lowers the mean |r| of no output by more
  /// than 1e-4 of it. Each output keeps the coefficients with its lowest mean |r|.
  mutating func fitAbsolute() throws {
    guard options.absoluteIterations > 0 else { return }
    var floors: [Double]?
    var best = betas
    for iteration in 0...options.absoluteIterations {
      let present = try meanAbsolute()
      for o in 0..<outputCount {
        if present[o] < reports[o].meanAbsolute.min() ?? .infinity { best[o] = betas[o] }
        reports[o].meanAbsolute.append(present[o])
      }
      let isPerfect = present.allSatisfy { $0 == 0 }
      let goesOn = iteration == 0 || reports.contains { hasImproved($0.meanAbsolute) }
      if isPerfect || !goesOn || iteration == options.absoluteIterations { break }
      let floor = floors ?? present.map { max($0 / 20, .leastNormalMagnitude) }
      floors = floor
      let equations = try accumulate(pass: iteration + 1, foldCount: 1) { o, row in
        1 / max(abs(row.residual(betas[o])), floor[o])
      }
      for o in 0..<outputCount {
        betas[o] = try equations[o][0].solve(
          ridge: reports[o].ridge, progress: progress.stopOnly
        ).beta
      }
    }
    betas = best
  }

  private func hasImproved(_ history: [Double]) -> Bool {
    let (last, before) = (history[history.count - 1], history[history.count - 2])
    return last < before * (1 - 1e-4)
  }

  /// Mean |r| of every output under the present coefficients.
  private func meanAbsolute() throws -> [Double] {
    var sums = [Double](repeating: 0, count: outputCount)
    try forEachRow { o, row in sums[o] += abs(row.residual(betas[o])) }
    return sums.map { $0 / Double(source.mapCount) }
  }

  // MARK: - Passes over the data

  /// The normal equations `[output][fold]`, a map weighted by `weight` times its squared residual
  /// scale. Blocks of maps go to the folds in turn.
  private func accumulate(
    pass: Int, foldCount: Int, weight: (_ output: Int, _ row: FeatureRow) -> Double
  ) throws -> [[NormalEquations]] {
    let empty = NormalEquations(featureCount: featureCount)
    var equations = [[NormalEquations]](
      repeating: [NormalEquations](repeating: empty, count: foldCount), count: outputCount)
    try forEachRow { o, row in
      if o == 0, row.map % NormalEquations.blockLength == 0 {
        progress.update(pass * source.mapCount + row.map, mapsInAll)
      }
      let fold = row.map / NormalEquations.blockLength % foldCount
      equations[o][fold].add(
        features: row.features, target: row.target,
        weight: weight(o, row) * row.residualScale * row.residualScale, threads: threads)
    }
    for o in 0..<outputCount {
      for fold in 0..<foldCount { equations[o][fold].finishBlock(threads: threads) }
    }
    return equations
  }

  /// Calls `body` for every output of every map, with checked and scaled features.
  private func forEachRow(_ body: (_ output: Int, _ row: FeatureRow) throws -> Void) throws {
    var map = 0
    try source.forEachBlock { block in
      for index in 0..<block.targets.count / outputCount {
        if map % 64 == 0, progress.isStopped() { throw ClosedFormError.interrupted }
        let raw = block.features[index * featureCount..<(index + 1) * featureCount]
        let features = try scaling.scaled(raw, map: map)
        for o in 0..<outputCount {
          let target = block.targets[index * outputCount + o]
          let isRelative = options.weighting == .relative
          guard target.isFinite, target != 0 || !isRelative else {
            throw ClosedFormError.unusableTarget(map: map, output: o, value: target)
          }
          let row = FeatureRow(
            map: map, features: features, target: target,
            residualScale: isRelative ? 1 / target : 1)
          try body(o, row)
        }
        map += 1
      }
    }
  }
}

/// One map as the fit of one output sees it.
struct FeatureRow {
  /// Index of the map.
  let map: Int
  /// Scaled features.
  let features: [Double]
  let target: Double
  /// r = residualScale · (p − t).
  let residualScale: Double

  /// r for the coefficients β, the constant first.
  func residual(_ beta: [Double]) -> Double {
    var sum = beta[0]
    for k in features.indices { sum += beta[k + 1] * features[k] }
    return (sum - target) * residualScale
  }
}

import LinearAlgebra
import Testing
import Verification

@testable import ReadoutFits

/// A linear problem with features of very different sizes and offsets.
struct LinearProblem {
  let maps: Int
  let width: Int
  let outputs: Int
  /// The sizes of the features, in turn.
  static let units = [1, 1e3, 1e-4]
  var features: [Double] = []
  var targets: [Double] = []

  init(maps: Int, width: Int, outputs: Int = 2, noise: Double = 0.1, seed: UInt64 = 31) {
    self.maps = maps
    self.width = width
    self.outputs = outputs
    var numbers = TestNumbers(seed: seed)
    let coefficients = numbers.normals(width * outputs)
    for _ in 0..<maps {
      let z = numbers.normals(width)
      for (k, value) in z.enumerated() {
        features.append((value + Double(k % 4)) * Self.units[k % 3])
      }
      for o in 0..<outputs {
        var t = 12 + noise * numbers.normal()
        for k in 0..<width { t += 0.5 / Double(width) * coefficients[k * outputs + o] * z[k] }
        targets.append(t)
      }
    }
  }

  var source: StoredFeatures {
    StoredFeatures(
      features: features, targets: targets, featureCount: width, outputCount: outputs)
  }

  /// r of every map for one output, with or without division by the target.
  func residuals(_ fit: ClosedFormFit, output: Int, relative: Bool) -> [Double] {
    let predictions = fit.predict(features)
    return (0..<maps).map { m in
      let t = targets[m * outputs + output]
      return (predictions[m * outputs + output] - t) / (relative ? t : 1)
    }
  }

  /// Feature k of map m without its unit.
  func plain(_ m: Int, _ k: Int) -> Double { features[m * width + k] / Self.units[k % 3] }

  /// The fitted outputs of min ‖√w (1, x) β − √w y‖ by LAPACK's singular values: no normal
  /// equations. Features come without their units, which would spoil this solution.
  func directPredictions(output: Int, relative: Bool) throws -> [Double] {
    func scale(_ m: Int) -> Double { relative ? 1 / targets[m * outputs + output] : 1 }
    let a = Matrix(rows: maps, columns: width + 1) { m, k in
      scale(m) * (k == 0 ? 1 : plain(m, k - 1))
    }
    let b = Matrix(rows: maps, columns: 1) { m, _ in
      scale(m) * targets[m * outputs + output]
    }
    let beta = try LeastSquaresSolution(a, b).solution
    return (0..<maps).map { m in
      (0..<width).reduce(beta[0, 0]) { $0 + beta[$1 + 1, 0] * plain(m, $1) }
    }
  }
}

/// Blocks of a length of their own around stored features.
struct Rechunked: FeatureSource {
  let base: StoredFeatures
  let length: Int
  var featureCount: Int { base.featureCount }
  var outputCount: Int { base.outputCount }
  var mapCount: Int { base.mapCount }

  func forEachBlock(_ body: (FeatureBlock) throws -> Void) throws {
    try base.forEachBlock { block in
      for start in stride(from: 0, to: mapCount, by: length) {
        let end = min(start + length, mapCount)
        try body(
          FeatureBlock(
            features: Array(block.features[start * featureCount..<end * featureCount]),
            targets: Array(block.targets[start * outputCount..<end * outputCount])))
      }
    }
  }
}

func rootMeanSquare(_ r: [Double]) -> Double {
  (r.reduce(0) { $0 + $1 * $1 } / Double(r.count)).squareRoot()
}

@Suite("Closed-form fit against LAPACK's least squares")
struct ClosedFormDefinitionTests {
  /// Fitted outputs agree with those of the solution by singular values. Normal equations lose the
  /// condition number of A (scaled: below 100 here) times rounding, summed over √maps terms; the
  /// outputs are near 12.
  /// Blind to: an error in LAPACK's solution itself (LeastSquaresPropertyTests).
  @Test("Least squares", arguments: [(300, 1), (300, 20), (1500, 40)], [false, true])
  func leastSquares(size: (maps: Int, width: Int), relative: Bool) throws {
    let problem = LinearProblem(maps: size.maps, width: size.width)
    let options = ClosedFormOptions(weighting: relative ? .relative : .uniform)
    let fit = try ClosedFormFit(problem.source, options: options, threads: 2)
    let bound = 8 * 100 * Double(size.maps).squareRoot() * Double.ulpOfOne
    let predictions = fit.predict(problem.features)
    for o in 0..<2 {
      let expected = try problem.directPredictions(output: o, relative: relative)
      let values = (0..<size.maps).map { predictions[$0 * 2 + o] }
      #expect(relativeError(values, expected) < bound, "output \(o)")
      let residual = rootMeanSquare(problem.residuals(fit, output: o, relative: relative))
      // The residual comes from differences of numbers (t/t)² or t², maps of them.
      let size = relative ? 1.0 : 12.0 * 12
      #expect(abs(fit.reports[o].rootMeanSquare - residual) < bound * size / residual)
      #expect(fit.reports[o].maps == problem.maps)
      // Control: the other weighting is another fit.
      let other = try problem.directPredictions(output: o, relative: !relative)
      #expect(relativeError(values, other) > 1000 * bound)
    }
  }

  /// Blocks of 512 maps and their order are fixed: neither threads nor the blocks in which maps
  /// arrive change a bit. A block length that is not kept would (the sums round differently).
  @Test("Threads and delivery change no bit", arguments: [1, 7, 512, 600])
  func bitsAreStable(length: Int) throws {
    let problem = LinearProblem(maps: 1300, width: 30)
    let options = ClosedFormOptions(
      ridges: [0, 1e-3], folds: 2, absoluteIterations: 3, standardisationMaps: 100)
    let reference = try ClosedFormFit(problem.source, options: options, threads: 1)
    let fit = try ClosedFormFit(
      Rechunked(base: problem.source, length: length), options: options, threads: 2)
    #expect(fit == reference)
  }

  /// With ridge λ the gradient of the penalised sum vanishes: for each scaled feature,
  /// Σ w r x' + λ (mean diagonal) β' = 0 up to the rounding of sums of maps terms; without the
  /// penalty it does not.
  @Test("Ridge")
  func ridge() throws {
    let problem = LinearProblem(maps: 400, width: 10)
    let lambda = 0.3
    let fit = try ClosedFormFit(
      problem.source, options: ClosedFormOptions(weighting: .uniform, ridges: [lambda]),
      threads: 1)
    let scaling = try FeatureScaling(problem.source, maps: 4096)
    let r = problem.residuals(fit, output: 0, relative: false)
    let n = Double(problem.maps)
    let bound = 64 * n.squareRoot() * Double.ulpOfOne
    // All maps are used for the scaling, so the mean square of a scaled feature is (n − 1)/n.
    let penalty = lambda * (n - 1) / n
    for k in 0..<problem.width {
      let x = (0..<problem.maps).map {
        (problem.features[$0 * problem.width + k] - scaling.mean[k]) / scaling.scale[k]
      }
      let slope = zip(r, x).reduce(0) { $0 + $1.0 * $1.1 } / n
      let beta = fit.weights[k * 2] * scaling.scale[k]
      #expect(abs(slope + penalty * beta) < bound, "feature \(k)")
      #expect(abs(slope) > 1000 * bound, "feature \(k)")
    }
  }

  /// Among ridges, trials prefer a small one when there are many maps, and a finite one when
  /// there are hardly more maps than features; the error of a trial is that of maps left out, so
  /// it is larger than the residual of the fit.
  @Test("The ridge is chosen on maps left out")
  func ridgeTrials() throws {
    let options = ClosedFormOptions(weighting: .uniform, ridges: [0, 0.1, 1e6], folds: 2)
    let many = try ClosedFormFit(
      LinearProblem(maps: 2048, width: 5, outputs: 1).source, options: options, threads: 2)
    #expect(many.reports[0].ridge == 0 && many.reports[0].trials.count == 3)
    let trial = try #require(many.reports[0].trials[0].rootMeanSquare)
    #expect(trial > many.reports[0].rootMeanSquare)
    let few = try ClosedFormFit(
      LinearProblem(maps: 1024, width: 505, outputs: 1, noise: 3).source, options: options,
      threads: 2)
    #expect(few.reports[0].ridge > 0)
  }

  /// Two features that are ±1 (and their product, redundant here) split the maps into two groups,
  /// each with its own free constant, so Σ |r| is least at each group's weighted median. Huber's
  /// function lies within δ/2 of |r|, so its minimum is worse by at most δ/2, δ one twentieth of
  /// the mean |r| of the least-squares fit; one part in a thousand is left to the iteration's end.
  /// The least-squares fit itself, with targets that are skewed, is much farther off.
  @Test("Least absolute residuals", arguments: [ClosedFormOptions.Weighting.uniform, .relative])
  func leastAbsolute(weighting: ClosedFormOptions.Weighting) throws {
    var numbers = TestNumbers(seed: 41)
    let maps = 2000
    let group = (0..<maps).map { $0 % 3 == 0 ? 1.0 : -1.0 }
    // A tenth of the targets is far away on one side.
    let targets = group.map {
      10 + $0 + 0.05 * numbers.normal() + (numbers.uniform() < 0.1 ? 8 : 0)
    }
    let source = StoredFeatures(
      features: group, targets: targets, featureCount: 1, outputCount: 1)
    let fit = try ClosedFormFit(
      source, options: ClosedFormOptions(weighting: weighting, absoluteIterations: 30), threads: 1)
    func meanAbsolute(_ predictions: [Double]) -> Double {
      let relative = weighting == .relative
      return zip(predictions, targets).reduce(0) { $0 + abs($1.0 - $1.1) / (relative ? $1.1 : 1) }
        / Double(maps)
    }
    let medians = [-1.0, 1.0].map { sign in
      let members = targets.indices.filter { group[$0] == sign }.sorted {
        targets[$0] < targets[$1]
      }
      let weights = members.map { weighting == .relative ? 1 / targets[$0] : 1 }
      var remaining = weights.reduce(0, +) / 2
      return targets[
        zip(members, weights).first {
          remaining -= $1; return remaining <= 0
        }?.0 ?? 0]
    }
    let optimal = meanAbsolute(group.map { $0 < 0 ? medians[0] : medians[1] })
    let reached = meanAbsolute(fit.predict(group))
    let history = fit.reports[0].meanAbsolute
    let first = try #require(history.first)
    #expect(reached >= optimal * (1 - 1e-12))
    #expect(reached - optimal <= first / 40 + optimal / 1000)
    #expect(abs(reached - (history.min() ?? 0)) < 1e-12)
    #expect(first - optimal > 4 * (first / 40 + optimal / 1000))
  }

  /// A fit without noise has its coefficients back, times the condition number and rounding.
  @Test("Exact data")
  func exactData() throws {
    let problem = LinearProblem(maps: 600, width: 12, noise: 0)
    let fit = try ClosedFormFit(
      problem.source, options: ClosedFormOptions(absoluteIterations: 2), threads: 1)
    let bound = 8 * 100 * Double(600).squareRoot() * Double.ulpOfOne
    for o in 0..<2 {
      #expect(rootMeanSquare(problem.residuals(fit, output: o, relative: true)) < bound)
    }
  }

  /// The estimate of the condition number against eigenvalues: thirty iterations of the power
  /// method from a fixed start leave a few percent; half the value is the limit here.
  @Test("Condition estimate")
  func condition() throws {
    let problem = LinearProblem(maps: 200, width: 15)
    var equations = NormalEquations(featureCount: 15)
    for m in 0..<200 {
      equations.add(
        features: (0..<15).map { problem.plain(m, $0) }, target: 1, weight: 1, threads: 1)
    }
    equations.finishBlock(threads: 1)
    let values = try SymmetricEigendecomposition(equations.matrix(ridge: 0)).values
    let exact = (values.max() ?? 0) / (values.min() ?? 1)
    let estimate = try equations.solve(ridge: 0).condition
    #expect(estimate <= exact * (1 + 1e-6) && estimate > exact / 2)
  }
}

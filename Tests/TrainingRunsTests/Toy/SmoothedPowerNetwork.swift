import Foundation
import FourierTransforms
import HarmonicTransforms
import Kernels
import LinearAlgebra
import Models
import ReadoutFits
import SpectralNetworks
import SphereGrids
import Tasks
import Training
import TrainingRuns

/// The sizes of a toy network of smoothed powers.
struct SmoothedPowerConfiguration: BenchmarkConfiguration {
  static let architectureName = "smoothed-power"
  static let defaultMaps = 10_000

  var nside = 16
  var lmax = 24
  /// Number of smoothings.
  var beams = 3
  var outputCount = 1
  var inputChannels: Int { 1 }

  var tensorShapes: [TensorShape] {
    [
      TensorShape("beams.width", [beams]), TensorShape("readout.weight", [outputCount, beams]),
      TensorShape("readout.bias", [outputCount]),
    ]
  }

  var workingBytes: Double {
    let degrees = Double(lmax + 1)
    return 8 * degrees * degrees * degrees / 3
  }

  func validate() throws {
    for (key, value) in [("number of beams", beams), ("lmax", lmax), ("nside", nside)]
    where !(1...NetworkLimits.degree).contains(value) {
      throw NetworkConfigurationError.invalid(
        key: key, found: "\(value)", expected: "1...\(NetworkLimits.degree)")
    }
  }

  func makeNetwork(
    seed: UInt64, progress: WorkProgress
  ) throws -> SmoothedPowerNetwork<Float> {
    try SmoothedPowerNetwork(self)
  }

  static func recipe(
    _ settings: TaskSettings, total: Int, batch: Int, _ variants: TrainingVariants
  ) throws -> TrainingRecipe {
    let calibration = TrainingRecipe.calibrationMaps(total)
    var training = TrainingConfiguration(
      maps: total - calibration, batch: batch, loss: .relativeHuber(delta: 0.05))
    training.schedule = .oneCycle(OneCycle(maximum: 3e-2, steps: training.plan.stepCount))
    return TrainingRecipe(
      network: ModelConfiguration(
        SmoothedPowerConfiguration(
          nside: settings.nside, outputCount: settings.parameterNames.count)),
      training: training, whiteningMaps: 0, firstFitMaps: 0, refitMaps: 0,
      refit: ClosedFormOptions(), calibrationMaps: calibration,
      testMaps: TrainingRecipe.testMaps(total))
  }

  func layerBytes(nside: Int, fields: Int, batch: Int) -> Double {
    8 * Double(beams * batch) * Double(lmax + 1) * Double(lmax + 1)
  }
}

/// A toy: the powers of a temperature map behind a few beams of learnable width.
///
///     RING map → coefficients, by least squares → `GaussianSmoothing`s
///       → logarithm of the mean square of each → linear
///
/// Parameters: `beams.width` `[beam]`, `readout.weight` `[output][beam]`, `readout.bias`.
struct SmoothedPowerNetwork<T: FourierScalar>: SkyNetwork {
  typealias Scalar = T
  let configuration: SmoothedPowerConfiguration
  var parameters: [NamedTensor<T>]
  var buffers: [NamedTensor<T>] = []
  var outputCount: Int { configuration.outputCount }

  private let analysis: LeastSquaresAnalysis<T>
  private let smoothing: GaussianSmoothing<T>
  private var readout: LinearLayer {
    LinearLayer(inputCount: configuration.beams, outputCount: configuration.outputCount)
  }

  /// Widths of 0.02, 0.04, ... rad, a readout that gives the middle of T1's prior.
  init(_ configuration: SmoothedPowerConfiguration) throws {
    try configuration.validate()
    let c = configuration
    self.configuration = c
    analysis = try LeastSquaresAnalysis(grid: try HealpixGrid(nside: c.nside), lmax: c.lmax)
    smoothing = GaussianSmoothing(lmax: c.lmax)
    let widths = (1...c.beams).map { T(0.02 * Double($0)) }
    parameters = [
      NamedTensor(name: "beams.width", shape: [c.beams], values: widths),
      NamedTensor(name: "readout.weight", shape: [c.outputCount, c.beams]),
      NamedTensor(name: "readout.bias", shape: [c.outputCount], repeating: 12.5),
    ]
  }

  /// What forward keeps for backward.
  private struct Saved {
    var coefficients: CoefficientStack<T>
    /// Of every beam.
    var smoothed: [CoefficientStack<T>]
    /// `[map][beam]`.
    var powers: [Double]
    var logarithms: [T]
    var outputs: [T]
  }

  private func forward(_ maps: [T], count: Int) -> Saved {
    let field = FieldStack(grid: analysis.transform.grid, lanes: count, values: maps)
    guard let coefficients = try? analysis.analysis(field) else {
      preconditionFailure("maps that are not finite")
    }
    let smoothed = parameters[0].values.map { smoothing.forward(coefficients, width: $0) }
    let beams = smoothed.map { meanSquares($0) }
    let powers = (0..<count).flatMap { map in beams.map { $0[map] } }
    let logarithms = powers.map { T(log($0)) }
    return Saved(
      coefficients: coefficients, smoothed: smoothed, powers: powers, logarithms: logarithms,
      outputs: readout.forward(
        logarithms, weights: parameters[1].values, bias: parameters[2].values))
  }

  /// (2 − δ_m0)/4π of every number, 0 for the imaginary parts of m = 0.
  private func factor(_ place: Int) -> Double {
    let isReal = place < 2 * (configuration.lmax + 1)
    return (isReal ? (place % 2 == 0 ? 1 : 0) : 2) / (4 * .pi)
  }

  private func meanSquares(_ y: CoefficientStack<T>) -> [Double] {
    var sums = [Double](repeating: 0, count: y.lanes)
    for (i, value) in y.values.enumerated() {
      sums[i % y.lanes] += factor(i / y.lanes) * Double(value) * Double(value)
    }
    return sums
  }

  func predict(_ maps: [T], count: Int, threads: Int) -> [T] {
    // One map at a time: its bits do not depend on the others.
    (0..<count).flatMap { map in
      forward(stride(from: map, to: maps.count, by: count).map { maps[$0] }, count: 1).outputs
    }
  }

  mutating func accumulateGradients(
    _ maps: [T], count: Int, step: Int, threads: Int, into gradients: inout [NamedTensor<T>],
    loss: (_ outputs: [T]) -> (value: Double, gradient: [T])
  ) -> Double {
    let saved = forward(maps, count: count)
    let (value, dOutputs) = loss(saved.outputs)
    var tensors = TensorSequence(Array(gradients.dropFirst()))
    var linear = LinearParameters(&tensors)
    let dLogarithms = readout.backward(
      dOutputs, saved: saved.logarithms, weights: parameters[1].values,
      accumulatingInto: &linear.weight.values, &linear.bias.values)
    gradients.replaceSubrange(1..., with: linear.tensors)
    for (k, y) in saved.smoothed.enumerated() {
      var dy = y
      for i in dy.values.indices {
        let place = i % count * configuration.beams + k
        let dPower = Double(dLogarithms[place]) / saved.powers[place]
        dy.values[i] = T(2 * dPower * factor(i / count) * Double(y.values[i]))
      }
      _ = smoothing.backward(
        dy, saved: saved.coefficients, width: parameters[0].values[k],
        accumulatingInto: &gradients[0].values[k])
    }
    return value
  }
}

extension SmoothedPowerNetwork: BenchmarkNetwork where T == Float {}

import FileFormats
import Testing
import Verification

@testable import SpectralNetworks

/// Single layers against PyTorch: BatchNorm2d, Linear and ReLU with a random cotangent.
///
/// Both sides do the same arithmetic on some 90 numbers per channel in Double: 1e-13 is the
/// fixture's stated tolerance, a few hundred roundings.
/// Blind to: what PyTorch defines otherwise than the published network needs.
@Suite("Layers against PyTorch")
struct LayerFixtureTests {
  let fixture: NetworkFixture
  static let bound = 1e-13

  init() throws { fixture = try NetworkFixture("layers") }

  private func expectClose(
    _ found: [Double], _ tensor: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let comparison = Comparison(found, with: try fixture.values(tensor))
    #expect(
      comparison.relativeL2 <= Self.bound, "\(tensor): \(comparison)",
      sourceLocation: sourceLocation)
  }

  /// (B, C, H, W) as `[point][map * channels + channel]`.
  private func field(_ name: String) throws -> [Double] {
    let (values, shape) = (try fixture.values(name), fixture.shape(name))
    let (lanes, points) = (shape[0] * shape[1], shape[2] * shape[3])
    return (0..<points).flatMap { p in (0..<lanes).map { values[$0 * points + p] } }
  }

  private func recorded(_ field: [Double], lanes: Int) -> [Double] {
    let points = field.count / lanes
    return (0..<lanes).flatMap { lane in (0..<points).map { field[$0 * lanes + lane] } }
  }

  @Test("BatchNorm2d", arguments: [true, false])
  func batchNormalisation(isTraining: Bool) throws {
    let name = isTraining ? "batchnorm_training" : "batchnorm_inference"
    let shape = fixture.shape("\(name).input")
    let points = shape[2] * shape[3]
    // Rows of the image stand for rings.
    let layer = FieldNormalisation(
      normalisation: BatchNormalisation(weighting: .equal),
      parts: (0..<shape[2]).map {
        FieldNormalisation.Part(points: $0 * shape[3]..<($0 + 1) * shape[3], weight: 1)
      }, maps: shape[0], channels: shape[1])
    let running = BatchNormalisation.Statistics(
      mean: try fixture.values("\(name).state.running_mean"),
      variance: try fixture.values("\(name).state.running_var"))
    let gamma = try fixture.values("\(name).state.weight")
    let y = try field("\(name).input")
    let dz = try field("\(name).cotangent")
    let statistics = isTraining ? layer.statistics(y) : running
    let z = layer.forward(
      y, statistics, gamma: gamma, beta: try fixture.values("\(name).state.bias"))
    try expectClose(recorded(z, lanes: layer.lanes), "\(name).output")
    let gradient = layer.backward(
      dz, saved: y, statistics, gamma: gamma, isTraining: isTraining)
    try expectClose(recorded(gradient.input, lanes: layer.lanes), "\(name).gradient.input")
    try expectClose(gradient.gamma, "\(name).gradient.weight")
    try expectClose(gradient.beta, "\(name).gradient.bias")

    let updated =
      isTraining
      ? layer.normalisation.updated(running: running, with: statistics, count: shape[0] * points)
      : running
    try expectClose(updated.mean, "\(name).updated.running_mean")
    try expectClose(updated.variance, "\(name).updated.running_var")
    guard isTraining else { return }
    // The biased variance in its place, and the gradient of the other mode.
    let biased = zip(running.variance, statistics.variance).map { $0 + 0.1 * ($1 - $0) }
    let reference = try fixture.values("\(name).updated.running_var")
    #expect(relativeError(biased, reference) > 1000 * Self.bound)
    let constant = layer.backward(dz, saved: y, statistics, gamma: gamma, isTraining: false)
    #expect(
      relativeError(
        recorded(constant.input, lanes: layer.lanes), try fixture.values("\(name).gradient.input"))
        > 1000 * Self.bound)
  }

  @Test("Linear")
  func linear() throws {
    let shape = fixture.shape("linear.state.weight")
    let layer = LinearLayer(inputCount: shape[1], outputCount: shape[0])
    let (x, w) = (try fixture.values("linear.input"), try fixture.values("linear.state.weight"))
    let bias = try fixture.values("linear.state.bias")
    try expectClose(layer.forward(x, weights: w, bias: bias), "linear.output")
    var dw = [Double](repeating: 0, count: w.count)
    var db = [Double](repeating: 0, count: bias.count)
    let dx = layer.backward(
      try fixture.values("linear.cotangent"), saved: x, weights: w, accumulatingInto: &dw, &db)
    try expectClose(dx, "linear.gradient.input")
    try expectClose(dw, "linear.gradient.weight")
    try expectClose(db, "linear.gradient.bias")
    let withoutBias = layer.forward(x, weights: w, bias: bias.map { _ in 0 })
    #expect(relativeError(withoutBias, try fixture.values("linear.output")) > 1000 * Self.bound)
  }

  /// No rounding: equal to the bit.
  @Test("ReLU")
  func rectifier() throws {
    let (x, dy) = (try fixture.values("relu.input"), try fixture.values("relu.cotangent"))
    #expect(RectifiedLinear.forward(x) == (try fixture.values("relu.output")))
    #expect(RectifiedLinear.backward(dy, saved: x) == (try fixture.values("relu.gradient.input")))
    #expect(dy != (try fixture.values("relu.gradient.input")))
  }
}

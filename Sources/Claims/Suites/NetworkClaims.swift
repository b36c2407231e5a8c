import Conformance
import FileFormats
import Foundation
import FourierTransforms
import HarmonicTransforms
import SpectralNetworks
import SphereGrids
import Training
import Verification

/// Networks and their gradients, the optimiser.
let networkClaims: [Claim] = [
  Claim(
    "network.published", .networks,
    "The published network: outputs, loss and every gradient of three blocks are PyTorch's",
    equation: "a'_o,lm = Σ_i W_oi,lm a_i,lm",
    bound: networkBound,
    control: "input and output of a weight exchanged",
    tests: ["PublishedFixtureTests", "PublishedStateFixtureTests", "LayerFixtureTests"],
    blindTo: "what PyTorch and torch-harmonics get wrong themselves"
  ) { try publishedAgainstPyTorch() },
  Claim(
    "network.published.gradient", .networks, "Its gradient by differences in random directions",
    equation: "dL(w + h d)/dh = ⟨∇L, d⟩",
    bound: Bound(
      "min(8 d, 10⁻⁷)", "relative L2, d what differencing contributes (`GradientCheck`)"),
    control: "one weight tensor's gradient with the other sign",
    tests: ["NetworkGradientTests", "MixingGradientTests", "BatchNormalisationTests"],
    blindTo: "single small components (every element is differenced on tiny layers)"
  ) { try publishedGradient() },
  Claim(
    "network.isotropic", .networks,
    "The isotropic network: outputs, loss and every gradient of two blocks are a direct "
      + "restatement's",
    equation: "a'_o,lm = Σ_i w_l,io a_i,lm",
    bound: networkBound,
    control: "weights of neighbouring degrees", tests: ["IsotropicFixtureTests"],
    blindTo: "the analysis of maps, the polynomial readout"
  ) { try isotropicAgainstPyTorch() },
  Claim(
    "network.isotropic.rotation", .networks,
    "Band values of one isotropic block do not change when the sky is turned",
    equation: "p(D a) = p(a)",
    bound: Bound("4 √(16 (lmax + 1)²) u", "relative L2"),
    control: "sectoral orders left out, which singles out an axis",
    tests: ["RotationEquivarianceTests", "EquivarianceTests"],
    blindTo: "rectified blocks, whose aliasing Docs/Equivariance.md measures"
  ) { try bandsOfTurnedSky() },
  Claim(
    "training.adam", .networks, "Fifty steps of Adam are PyTorch's, with its gradients",
    equation: "p −= η m̂/(√v̂ + ε)", bound: Bound("50 · 2u", "relative L2"),
    control: "β₁ 0.89 for 0.9", tests: ["OptimiserFixtureTests", "AdamDefinitionTests"],
    blindTo: "other β and ε"
  ) {
    ClaimMeasurement(
      try adamError(AdamOptions()), control: try adamError(AdamOptions(beta1: 0.89)))
  },
  Claim(
    "conformance", .networks,
    "The program passes its own conformance kit on a seed that is not the shipped one, in Double",
    equation: "operations of Docs/Conformance.md, definitions against fast code",
    bound: Bound("0", "outputs that fail"),
    control: "the answers to the inputs of another seed",
    tests: ["ReferenceBackendDefinitionTests", "NegativeControlTests", "ConformanceFixtureTests"],
    blindTo: "what definition and fast code share (Docs/Porting.md: other programs)"
  ) {
    ClaimMeasurement(
      try failures(kit: 20, answersTo: 20),
      control: try failures(
        kit: 20, answersTo: 21, cases: ["*-synthesis-healpix", "rotation-*", "orderwise-*"]))
  },
  Claim(
    "network.threads", .networks, "One thread and two: the same bits of loss and gradients",
    equation: "fixed shards, reduced in a fixed order",
    bound: Bound("0", "numbers that differ"),
    control: "another batch", tests: ["DeterminismTests", "TrainingLoopPropertyTests"],
    blindTo: "other processors, whose bits may differ"
  ) {
    let fixture = try Recorded("networks/nside4_two_blocks_train.safetensors")
    let network = try publishedNetwork(fixture)
    let maps = try fixture.lanes("input")
    let target = try fixture.doubles("target")
    func gradients(_ maps: [Double], threads: Int) throws -> [Double] {
      try gradient(network, maps, target: target, threads: threads).flatMap(\.values)
    }
    let one = try gradients(maps, threads: 1)
    let two = try gradients(maps, threads: 2)
    let other = try gradients(maps.reversed(), threads: 1)
    func different(_ x: [Double]) -> Double { Double(zip(one, x).count { $0 != $1 }) }
    return ClaimMeasurement(different(two), control: different(other))
  },
]

/// A pass of a block adds up `points` terms of random sign twice and runs a recurrence over lmax
/// degrees, forward and backward; 32 leaves a factor for normalisation and loss.
private let networkBound = Bound("32 blocks (√points + lmax) u", "worst tensor")

private func networkSizes(blocks: Int, points: Int, lmax: Int) -> [String: Double] {
  ["blocks": Double(blocks), "points": Double(points), "lmax": Double(lmax)]
}

// MARK: - Published

private func publishedNetwork(_ fixture: Recorded) throws -> PublishedNetwork<Double> {
  var network = try PublishedNetwork<Double>(
    PublishedConfiguration(
      nside: fixture.number("nside"), latitudeCount: fixture.number("nlat"),
      longitudeCount: fixture.number("nlon"), lmax: fixture.number("degrees") - 1,
      mmax: fixture.number("orders") - 1, inputChannels: fixture.number("in_channels"),
      hiddenChannels: fixture.number("hidden"), blockCount: fixture.number("blocks"),
      denseWidth: 64, outputCount: fixture.number("outputs"), inpaints: false, dropout: 0),
    seed: 1)
  let pixels = "to_equi.pixel_indices"
  let state = try fixture.tensors.names
    .filter { $0.hasPrefix("state.") && !$0.hasSuffix(pixels) }
    .map {
      NamedTensor(
        name: String($0.dropFirst(6)), shape: try fixture.tensors.tensor($0).shape,
        values: try fixture.doubles($0))
    }
  try network.load(publishedState: state, pixelIndices: fixture.integers("state.\(pixels)"))
  return network
}

private func gradient(
  _ network: PublishedNetwork<Double>, _ maps: [Double], target: [Double], threads: Int
) throws -> [NamedTensor<Double>] {
  var gradients = network.parameters.map(\.zeros)
  _ = network.differentiate(
    maps, count: target.count / network.outputCount, isTraining: true, dropoutStep: nil,
    threads: threads, into: &gradients, wantsInputGradient: false, loss: squaredError(target))
  return gradients
}

private func publishedAgainstPyTorch() throws -> ClaimMeasurement {
  let fixture = try Recorded("networks/nside8_three_blocks_train.safetensors")
  let network = try publishedNetwork(fixture)
  let maps = try fixture.lanes("input")
  let target = try fixture.doubles("target")
  func pass(_ network: PublishedNetwork<Double>) -> (outputs: [Double], [NamedTensor<Double>]) {
    var gradients = network.parameters.map(\.zeros)
    let result = network.differentiate(
      maps, count: target.count / network.outputCount, isTraining: true, dropoutStep: nil,
      threads: 2, into: &gradients, wantsInputGradient: false, loss: squaredError(target))
    return (result.outputs + [result.value], network.publishedTensors(gradients))
  }
  let reference = try fixture.doubles("output") + fixture.doubles("loss")
  let (outputs, gradients) = pass(network)
  let recorded = try gradients.map { try fixture.doubles("gradient.\($0.name)") }
  let scale = recorded.joined().map(abs).max() ?? 0
  let errors = zip(gradients, recorded).map { found, expected in
    // A gradient that is zero in PyTorch is compared with the largest one.
    let comparison = Comparison(found.values, with: expected)
    return expected.contains { $0 != 0 }
      ? comparison.relativeL2 : comparison.largestAbsolute / scale
  }
  var exchanged = network
  let c = network.configuration.hiddenChannels
  guard let index = network.parameters.firstIndex(where: { $0.name == "blocks.1.weights" }) else {
    throw FixtureError.missing(name: "blocks.1.weights", reason: "no such parameter")
  }
  let old = network.parameters[index].values
  for start in stride(from: 0, to: old.count, by: c * c) {
    for pair in 0..<c * c {
      exchanged.parameters[index].values[start + pair] = old[start + pair % c * c + pair / c]
    }
  }
  let sizes = network.configuration
  return ClaimMeasurement(
    worst(errors + [relativeError(outputs, reference)]),
    control: relativeError(pass(exchanged).outputs, reference),
    sizes: networkSizes(
      blocks: sizes.blockCount, points: sizes.latitudeCount * sizes.longitudeCount,
      lmax: sizes.lmax))
}

private func publishedGradient() throws -> ClaimMeasurement {
  let fixture = try Recorded("networks/nside4_two_blocks_train.safetensors")
  let network = try publishedNetwork(fixture)
  let maps = try fixture.lanes("input")
  let target = try fixture.doubles("target")
  let tensors = try gradient(network, maps, target: target, threads: 2)
  let loss = squaredError(target)
  func value(_ point: [Double]) -> Double {
    var copy = network
    var first = 0
    for i in copy.parameters.indices {
      let count = copy.parameters[i].count
      copy.parameters[i].values = Array(point[first..<first + count])
      first += count
    }
    var unused = copy.parameters.map(\.zeros)
    return copy.differentiate(
      maps, count: target.count / network.outputCount, isTraining: true, dropoutStep: nil,
      threads: 2, into: &unused, wantsInputGradient: false, loss: loss
    ).value
  }
  func check(_ gradients: [NamedTensor<Double>]) -> GradientCheck {
    GradientCheck(
      gradients.flatMap(\.values), at: network.parameters.flatMap(\.values),
      along: .directions(count: 3, seed: 1), stencil: .twoPoint,
      evaluationError: RoundingBound.probable(operations: 4096), of: value)
  }
  var wrong = tensors
  for i in wrong.indices where wrong[i].name == "blocks.0.weights" {
    for k in wrong[i].values.indices { wrong[i].values[k].negate() }
  }
  let found = check(tensors)
  return ClaimMeasurement(
    found.relativeL2, control: check(wrong).relativeL2, sizes: ["d": found.differencingBound])
}

// MARK: - Isotropic

private func isotropicNetwork(_ fixture: Recorded) throws -> IsotropicNetwork<Double> {
  let lmax = try fixture.number("lmax")
  let widths = (fixture.metadata["widths"] ?? "").split(separator: ",").compactMap { Int($0) }
  var network = try IsotropicNetwork<Double>(
    IsotropicConfiguration(
      nside: lmax / 2 + 1, lmax: lmax, inputChannels: fixture.number("channels"),
      channels: widths, gridRings: fixture.number("nlat"), readoutDegree: 1,
      outputCount: fixture.number("outputs")), seed: 1)
  for index in network.parameters.indices {
    let name = recordedName(network.parameters[index].name)
    let values = try fixture.doubles("parameter.\(name)")
    guard values.count == network.parameters[index].count else {
      throw FixtureError.missing(
        name: name,
        reason: "\(values.count) numbers, expected \(network.parameters[index].count)")
    }
    network.parameters[index].values = values
  }
  return network
}

private func recordedName(_ name: String) -> String {
  name.replacingOccurrences(of: "batchnorms", with: "batchnorm")
    .replacingOccurrences(of: "blocks.", with: "mixing.")
    .replacingOccurrences(of: ".weights", with: "")
}

private func isotropicAgainstPyTorch() throws -> ClaimMeasurement {
  let fixture = try Recorded("networks/isotropic_two_blocks.safetensors")
  let network = try isotropicNetwork(fixture)
  let shape = try fixture.tensors.tensor("input").shape
  let (lanes, numbers) = (shape[0] * shape[1], shape[2] * 2)
  let input = try fixture.doubles("input")
  let coefficients = (0..<numbers).flatMap { i in (0..<lanes).map { input[$0 * numbers + i] } }
  let loss = squaredError(try fixture.doubles("target"))
  func pass(_ network: IsotropicNetwork<Double>) -> (outputs: [Double], [NamedTensor<Double>]) {
    var gradients = network.parameters.map(\.zeros)
    let result = network.differentiate(
      .coefficients(coefficients), count: shape[0], isTraining: true, threads: 2,
      into: &gradients, wantsInputGradient: false, loss: loss)
    return (result.outputs + [result.value], gradients)
  }
  let reference = try fixture.doubles("output") + fixture.doubles("loss")
  let (outputs, gradients) = pass(network)
  let errors = try gradients.map {
    relativeError($0.values, try fixture.doubles("gradient.\(recordedName($0.name))"))
  }
  var shifted = network
  for index in shifted.parameters.indices where shifted.parameters[index].name == "blocks.0.weights"
  {
    let size = network.configuration.inputChannels * network.configuration.channels[0]
    let values = network.parameters[index].values
    shifted.parameters[index].values = Array(values[size...] + values[..<size])
  }
  let sizes = network.configuration
  return ClaimMeasurement(
    worst(errors + [relativeError(outputs, reference)]),
    control: relativeError(pass(shifted).outputs, reference),
    sizes: networkSizes(
      blocks: sizes.channels.count, points: 2 * sizes.gridRings * sizes.gridRings,
      lmax: sizes.lmax))
}

private func bandsOfTurnedSky() throws -> ClaimMeasurement {
  let lmax = 7
  let network = try IsotropicNetwork<Double>(
    IsotropicConfiguration(nside: 4, lmax: lmax, channels: [5], readoutDegree: 1), seed: 3)
  let synthesis = ScalarTransform<Double>(grid: try HealpixGrid(nside: 4), lmax: lmax)
  let a = randomCoefficients(lmax: lmax, seed: 21)
  let turned = a.rotated(by: Rotation(alpha: 0.7, beta: 1.1, gamma: -2.3))
  func bands(_ a: CoefficientStack<Double>) -> [Double] {
    network.bandValues(synthesis.synthesis(a).values, count: 1, threads: 1)
  }
  func cut(_ a: CoefficientStack<Double>) -> CoefficientStack<Double> {
    var a = a
    for l in 1...lmax { a[l, l] = 0 }
    return a
  }
  return ClaimMeasurement(
    relativeError(bands(turned), bands(a)),
    control: relativeError(bands(cut(turned)), bands(cut(a))), sizes: ["lmax": Double(lmax)])
}

// MARK: - Adam

private func adamError(_ options: AdamOptions) throws -> Double {
  let fixture = try Recorded("training/adam.safetensors")
  let start = try fixture.doubles("scales.float64.start")
  let gradients = try fixture.doubles("scales.float64.gradients")
  let rates = try fixture.doubles("learning_rates")
  var parameters = [NamedTensor(name: "p", shape: [start.count], values: start)]
  var optimiser = Adam(options: options, parameters: parameters)
  var trajectory: [Double] = []
  for step in rates.indices {
    let range = step * start.count..<(step + 1) * start.count
    var gradient = [NamedTensor(name: "p", shape: [start.count], values: Array(gradients[range]))]
    guard
      optimiser.update(&parameters, gradients: &gradient, learningRate: rates[step], threads: 1)
    else { return .infinity }
    trajectory += parameters[0].values
  }
  return relativeError(trajectory, try fixture.doubles("scales.float64.parameters"))
}

// MARK: - Conformance

/// How many outputs of the kit of one seed fail when answered from the inputs of another.
private func failures(
  kit: UInt64, answersTo other: UInt64, cases: [String] = []
) throws -> Double {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("sphere-claims-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  let places = ["kit", "other", "answers"].map { folder.appendingPathComponent($0) }
  for place in places {
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
  }
  let selection = CaseSelection(cases)
  try ConformanceKit(seed: kit, selection: selection).write(to: places[0])
  var asked = places[0]
  if other != kit {
    asked = places[1]
    try ConformanceKit(seed: other, selection: selection).write(to: asked)
  }
  try ReferenceBackend.run(KitCheck(kit: asked), to: places[2], as: Double.self)
  let report = try KitCheck(kit: places[0]).report(outputs: places[2], diagnoses: false)
  return Double(report.rows.count { !$0.passes })
}

// MARK: - Losses and lanes

/// Mean squared error and its gradient.
private func squaredError(
  _ target: [Double]
) -> (_ outputs: [Double]) -> (value: Double, gradient: [Double]) {
  { outputs in
    let n = Double(outputs.count)
    let differences = zip(outputs, target).map { $0 - $1 }
    return (differences.reduce(0) { $0 + $1 * $1 } / n, differences.map { 2 * $0 / n })
  }
}

extension Recorded {
  /// Maps `[B, C, pixel]` as lanes `[pixel][b C + c]`.
  func lanes(_ name: String) throws -> [Double] {
    let shape = try tensors.tensor(name).shape
    let (lanes, pixels) = (shape[0] * shape[1], shape[2])
    let values = try doubles(name)
    return (0..<pixels).flatMap { p in (0..<lanes).map { values[$0 * pixels + p] } }
  }
}

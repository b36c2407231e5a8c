import ArgumentParser
import FileFormats
import SpectralNetworks
import Training
import TrainingRuns

/// The losses of the published network by name.
enum PublishedLoss: String, CaseIterable, ExpressibleByArgument {
  case meanSquared = "mean-squared"
  case relativeHuber = "relative-huber"

  var loss: Loss {
    switch self {
    case .meanSquared: return .meanSquared
    case .relativeHuber: return PublishedVariant.relativeLoss
    }
  }
}

/// The parts of the published network and its training that differ from the published ones.
struct PublishedOptions: ParsableArguments {
  @Option(help: "Learning rate: plateau, the published rule, or one-cycle.")
  var schedule: TrainingRecipe.PublishedSchedule?

  @Option(
    help: ArgumentHelp(
      """
      What the gradient steps minimise: mean-squared, as published, or relative-huber (of the \
      relative error, with delta 0.02).
      """, valueName: "loss"))
  var loss: PublishedLoss?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest learning rate; default: 0.001.", valueName: "0...1"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Fraction of the steps, from the first on, in which the orders of a degree share a weight.",
      valueName: "0...1"))
  var sharedOrders: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bands of orders in every degree, each sharing a weight; default: 1.", valueName: "1...16"))
  var sharedBands: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Fraction of the steps, from the first on, that normalise with the batch's statistics; "
        + "later ones use "
        + "the running statistics.", valueName: "0.1...1"))
  var batchStatistics: Double?

  @Option(parsing: .unconditional, help: "Probability of dropout; default: 0.2, as published.")
  var dropout: Double?

  @Option(
    parsing: .unconditional, help: "Maps, of all, to which the dense layers are fitted in the end.")
  var readoutMaps: Int?

  @Option(
    help: ArgumentHelp(
      "Whether masked points get the mean of the observed ones; default: on a cut sky.",
      valueName: "true|false"))
  var inpainting: Bool?

  @Option(
    help: ArgumentHelp(
      "How maps reach the grid: containing-pixel, as published, bilinear, or harmonic.",
      valueName: "sampling"))
  var sampling: PublishedSampling?

  @Option(help: "What is read out: mean, as published, or power (ln of mean square).")
  var pooling: PublishedPooling?

  @Option(
    help: ArgumentHelp(
      """
      Tasks of a table: what is trained on of each parameter: quantile, 0...1 over its prior (the \
      default), or published, ln(r + offset) and tau as they are.
      """, valueName: "coordinate"))
  var targets: PublishedTargets?

  /// A few maps per weight of the dense layers.
  private static let leastReadoutMaps = 10_000

  /// The options that are given.
  var given: [String] {
    [
      ("--schedule", schedule != nil), ("--loss", loss != nil),
      ("--learning-rate", learningRate != nil), ("--shared-orders", sharedOrders != nil),
      ("--shared-bands", sharedBands != nil),
      ("--batch-statistics", batchStatistics != nil), ("--dropout", dropout != nil),
      ("--readout-maps", readoutMaps != nil), ("--inpainting", inpainting != nil),
      ("--sampling", sampling != nil),
      ("--pooling", pooling != nil), ("--targets", targets != nil),
    ].filter(\.1).map(\.0)
  }

  /// The network and training that the options ask for.
  var variant: PublishedVariant {
    PublishedVariant.published.with {
      $0.schedule = schedule ?? $0.schedule
      $0.loss = loss?.loss ?? $0.loss
      $0.maximumRate = learningRate ?? $0.maximumRate
      $0.shared = sharedOrders ?? $0.shared
      $0.sharedBands = sharedBands ?? $0.sharedBands
      $0.batchStatistics = batchStatistics ?? $0.batchStatistics
      $0.dropout = dropout ?? $0.dropout
      $0.readoutMaps = readoutMaps ?? $0.readoutMaps
      $0.inpaints = inpainting ?? $0.inpaints
      $0.sampling = sampling ?? $0.sampling
      $0.pooling = pooling ?? $0.pooling
      $0.targets = targets ?? $0.targets
    }
  }

  func validate() throws {
    for (option, value, range) in [
      ("--shared-orders", sharedOrders, 0.0...1),
      // Running statistics are means over the last ten batches or so: there must be many more than
      // that.
      ("--batch-statistics", batchStatistics, 0.1...1),
    ] {
      guard let value else { continue }
      guard range.contains(value) else {
        throw ValidationError(
          "\(option) is \(value), expected \(NumberText.short(range))")
      }
      guard schedule == .oneCycle else {
        throw ValidationError(
          "\(option) is a share of all steps, expected --schedule one-cycle, which makes them all")
      }
    }
    if let sharedBands {
      guard (1...16).contains(sharedBands) else {
        throw ValidationError("--shared-bands is \(sharedBands), expected 1...16")
      }
      guard sharedOrders ?? 0 > 0 else {
        throw ValidationError(
          "--shared-bands needs --shared-orders above 0: without it nothing is shared")
      }
    }
    guard (0...1).contains(learningRate ?? 1), learningRate != 0 else {
      throw ValidationError(
        "--learning-rate is \(learningRate ?? 0), expected above 0 and at most 1")
    }
    guard (0..<1).contains(dropout ?? 0) else {
      throw ValidationError("--dropout is \(dropout ?? 0), expected 0 or more and less than 1")
    }
    try requireRange("--readout-maps", readoutMaps, 0...TrainingRecipe.mostMaps)
    guard (readoutMaps ?? 0) == 0 || (readoutMaps ?? 0) >= Self.leastReadoutMaps else {
      throw ValidationError(
        "--readout-maps is \(readoutMaps ?? 0), expected 0 or at least \(Self.leastReadoutMaps): "
          + "there are more "
          + "than two thousand dense weights")
    }
  }
}

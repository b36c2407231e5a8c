import Foundation

/// Everything that determines the bits of a training run, besides the network and the maps.
///
/// A checkpoint holds it, and training resumes only under the same one.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  /// Number of training maps in all.
  public var maps: Int
  /// Maps per optimiser step.
  public var batch: Int
  /// Training maps between validations.
  public var mapsPerEpoch: Int
  /// Validation maps per epoch; 0 means no validation.
  public var validationMaps: Int
  /// Whether every epoch is validated on fresh maps (epoch e on indices e V..<(e + 1) V) or all on
  /// the same ones, 0..<V.
  public var redrawsValidation: Bool
  /// What plateau rule, early stopping and the choice of the best state look at.
  public var metric: ValidationMetric
  /// The seed of maps and initial weights. The loop itself draws nothing; it records the seed.
  public var seed: UInt64
  public var adam: AdamOptions
  public var loss: Loss
  public var schedule: LearningRateSchedule
  /// Stop after this many epochs in a row without strict improvement of the metric; nil: never.
  public var earlyStoppingPatience: Int?
  /// Whether the network ends with the state that had the best metric, or with the last one.
  public var keepsBest: Bool
  /// Steps between the points of the recorded loss curve.
  public var stepsPerRecord: Int
  /// What the maps and the network are: task, protocol, architecture, noise, mask, …
  public var labels: [String: String]

  /// A configuration without validation, for one pass of Adam at a fixed rate; set the rest.
  public init(
    maps: Int, batch: Int, mapsPerEpoch: Int? = nil, validationMaps: Int = 0,
    redrawsValidation: Bool = false, metric: ValidationMetric = .loss, seed: UInt64 = 0,
    adam: AdamOptions = AdamOptions(), loss: Loss = .meanSquared,
    schedule: LearningRateSchedule = .constant(rate: 1e-3), earlyStoppingPatience: Int? = nil,
    keepsBest: Bool = false, stepsPerRecord: Int = 50, labels: [String: String] = [:]
  ) {
    self.maps = maps
    self.batch = batch
    self.mapsPerEpoch = mapsPerEpoch ?? maps
    self.validationMaps = validationMaps
    self.redrawsValidation = redrawsValidation
    self.metric = metric
    self.seed = seed
    self.adam = adam
    self.loss = loss
    self.schedule = schedule
    self.earlyStoppingPatience = earlyStoppingPatience
    self.keepsBest = keepsBest
    self.stepsPerRecord = stepsPerRecord
    self.labels = labels
  }

  /// The maps of every step.
  public var plan: BatchPlan { BatchPlan(maps: maps, mapsPerEpoch: mapsPerEpoch, batch: batch) }

  /// The indices of the validation maps after `epoch`, counted from 0.
  func validationMaps(ofEpoch epoch: Int) -> Range<Int> {
    let start = redrawsValidation ? epoch * validationMaps : 0
    return start..<start + validationMaps
  }

  /// Map numbers up to here, and sums of two, are far from the limit of an integer.
  private static let mostMaps = 1 << 60

  /// Checks that the values make sense together.
  ///
  /// - Throws: `TrainingError.invalidConfiguration` for the first one that does not.
  public func validate() throws(TrainingError) {
    for (key, count) in [("maps", maps), ("batch", batch), ("mapsPerEpoch", mapsPerEpoch)] {
      try require(key, count, 1...Self.mostMaps ~= count, "1...\(Self.mostMaps)")
    }
    try require(
      "validationMaps", validationMaps, 0...Self.mostMaps ~= validationMaps,
      "0...\(Self.mostMaps)")
    let redrawn = plan.epochCount.multipliedReportingOverflow(by: validationMaps)
    try require(
      "validationMaps", validationMaps, !redrawn.overflow,
      "fewer, since \(plan.epochCount) epochs have more maps than can be counted")
    try require("stepsPerRecord", stepsPerRecord, stepsPerRecord > 0, "at least 1")
    try require("adam.beta1", adam.beta1, (0..<1).contains(adam.beta1), "0 <= beta1 < 1")
    try require("adam.beta2", adam.beta2, (0..<1).contains(adam.beta2), "0 <= beta2 < 1")
    try require("adam.epsilon", adam.epsilon, adam.epsilon >= 0, "0 or more")
    if case .huber(let delta) = loss { try require("loss.delta", delta, delta > 0, "above 0") }
    if case .relativeHuber(let delta) = loss {
      try require("loss.delta", delta, delta > 0, "above 0")
    }
    if case .negativeLogDensity = loss {
      try require(
        "validationMaps", validationMaps, validationMaps == 0,
        "0 with a density: validation sees estimates, of which the loss is no function")
    }
    try validateSchedule()
    if let patience = earlyStoppingPatience {
      try require("earlyStoppingPatience", patience, patience > 0, "at least 1")
    }
    let needsValidation = earlyStoppingPatience != nil || keepsBest || isPlateau
    try require(
      "validationMaps", validationMaps, validationMaps > 0 || !needsValidation,
      "at least 1, since plateau rule, early stopping and keepsBest judge by validation maps")
  }

  private var isPlateau: Bool {
    if case .plateau = schedule { return true }
    return false
  }

  private func validateSchedule() throws(TrainingError) {
    if let steps = schedule.stepCount {
      try require(
        "schedule.steps", steps, steps >= plan.stepCount,
        "at least the \(plan.stepCount) steps of \(maps) maps in batches of \(batch)")
    }
    switch schedule {
    case .constant(let rate):
      try require("schedule.rate", rate, rate > 0 && rate.isFinite, "above 0")
    case .oneCycle(let cycle):
      try require("schedule.maximum", cycle.maximum, cycle.maximum > 0, "above 0")
      let warmUp = cycle.warmUpFraction * Double(cycle.steps)
      try require(
        "schedule.warmUpFraction", cycle.warmUpFraction, warmUp > 1 && cycle.warmUpFraction < 1,
        "below 1 and more than one step of \(cycle.steps)")
      let divisor = min(cycle.initialDivisor, cycle.finalDivisor)
      try require("schedule.divisor", divisor, divisor > 0, "above 0")
    case .cosine(let cosine):
      let smallest = min(cosine.initial, cosine.final)
      try require("schedule.rate", smallest, smallest >= 0, "0 or more")
    case .plateau(let rule):
      try require("schedule.initialRate", rule.initialRate, rule.initialRate > 0, "above 0")
      try require("schedule.factor", rule.factor, 0 < rule.factor && rule.factor < 1, "in (0, 1)")
      try require("schedule.patience", rule.patience, rule.patience >= 0, "0 or more")
    }
  }

  private func require(
    _ key: String, _ found: some CustomStringConvertible, _ condition: Bool, _ expected: String
  ) throws(TrainingError) {
    guard condition else {
      throw .invalidConfiguration(key: key, found: found.description, expected: expected)
    }
  }
}

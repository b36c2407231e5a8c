import Kernels

/// Compares a position with what its configuration says about it.
struct StateCheck {
  let position: TrainingPosition
  let configuration: TrainingConfiguration
  let plan: BatchPlan
  let outputCount: Int
  let path: String

  /// Step and epoch, of which all counts are functions.
  func requireStep() throws(TrainingError) {
    let step = position.step
    try require(
      0 <= step && step <= plan.stepCount, "step", step, "0...\(plan.stepCount)")
    let completed = plan.epochsCompleted(after: step)
    // At the end of an epoch its validation may be still to come.
    let isEpochEnd = completed > 0 && step == plan.steps(ofEpoch: completed - 1).upperBound
    let validated = position.epochsValidated
    try require(
      validated == completed || isEpochEnd && validated == completed - 1, "epochsValidated",
      validated, "\(completed) after step \(step)")
    try require(
      position.secondsBefore.isFinite && position.secondsBefore >= 0, "secondsBefore",
      position.secondsBefore, "0 or more")
  }

  /// The validation curve, and what plateau rule and early stopping made of it.
  ///
  /// - Returns: the learning rates of the epochs so far and of the next, if the plateau rule sets
  ///   them.
  func requireValidations() throws(TrainingError) -> [Double]? {
    let curve = position.validationCurve
    let expected = configuration.validationMaps > 0 ? position.epochsValidated : 0
    try require(curve.count == expected, "validationCurve", curve.count, "\(expected) points")
    var rule: PlateauRule?
    if case .plateau(let found) = configuration.schedule { rule = found }
    var plateau = rule.map(PlateauState.init(rule:))
    var stopping = EarlyStoppingState()
    var rates = plateau.map { [$0.rate] }
    for (epoch, point) in curve.enumerated() {
      let value = try requirePoint(point, epoch: epoch, rate: plateau?.rate)
      if let rule { plateau?.update(value, rule: rule) }
      _ = stopping.update(value, epoch: epoch)
      if let plateau { rates?.append(plateau.rate) }
    }
    try require(position.plateau == plateau, "plateau", "another", "that of the validations")
    try require(position.stopping == stopping, "stopping", "another", "that of the validations")
    return rates
  }

  /// A point of the validation curve; returns what plateau rule and early stopping look at.
  private func requirePoint(
    _ point: ValidationPoint, epoch: Int, rate: Double?
  ) throws(TrainingError) -> Double {
    let key = "validationCurve[\(epoch)]"
    let step = plan.steps(ofEpoch: epoch).upperBound
    try require(point.epoch == epoch, "\(key).epoch", point.epoch, "\(epoch)")
    try require(point.step == step, "\(key).step", point.step, "\(step)")
    let maps = plan.mapsSeen(after: step)
    try require(point.maps == maps, "\(key).maps", point.maps, "\(maps)")
    try require(point.loss.isFinite, "\(key).loss", point.loss, "a finite number")
    try requireRate(point.learningRate, step: step, rate: rate, key: key)
    if let error = point.percentageError {
      try require(
        error.isOf(maps: configuration.validationMaps, outputs: outputCount),
        "\(key).percentageError", "another",
        "that of \(configuration.validationMaps) maps and \(outputCount) outputs")
    }
    let value =
      configuration.metric == .loss
      ? point.loss : point.percentageError?.mean.reduce(0, +) ?? .nan
    try require(value.isFinite, "\(key).percentageError", value, "a finite number")
    return value
  }

  /// The loss curve and the losses since its last point.
  func requireLossCurve(rates: [Double]?) throws(TrainingError) {
    let (step, interval) = (position.step, configuration.stepsPerRecord)
    // The last step of the run has a point, whatever the interval.
    let hasLast = step == plan.stepCount && !step.isMultiple(of: interval)
    let curve = position.lossCurve
    let expected = step / interval + (hasLast ? 1 : 0)
    try require(curve.count == expected, "lossCurve", curve.count, "\(expected) points")
    for (index, point) in curve.enumerated() {
      let key = "lossCurve[\(index)]"
      let own = hasLast && index == expected - 1 ? step : (index + 1) * interval
      try require(point.step == own, "\(key).step", point.step, "\(own)")
      try require(point.loss.isFinite, "\(key).loss", point.loss, "a finite number")
      try requireRate(
        point.learningRate, step: own, rate: rates?[(own - 1) / plan.stepsPerEpoch], key: key)
    }
    let pending = hasLast ? 0 : step % interval
    try require(
      position.pendingSteps == pending, "pendingSteps", position.pendingSteps, "\(pending)")
    let loss = position.pendingLoss
    try require(
      pending == 0 ? loss == 0 : loss.isFinite, "pendingLoss", loss,
      "the losses of \(pending) steps")
  }

  /// The learning rate that led to `step`: the plateau rule's, or the schedule's.
  private func requireRate(
    _ found: Double, step: Int, rate: Double?, key: String
  ) throws(TrainingError) {
    let expected = rate ?? configuration.schedule.rate(at: step - 1)
    try require(found == expected, "\(key).learningRate", found, "\(expected)")
  }

  private func require(
    _ condition: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String
  ) throws(TrainingError) {
    guard condition else {
      throw .damagedCheckpoint(
        path: path, reason: "position.\(key) is \(found), expected \(expected)")
    }
  }
}

extension TrainingPosition {
  /// Requires that this is a state that a run of the configuration can be in.
  ///
  /// Method: what follows from the configuration, the step and the curves is worked out again:
  ///         which epochs are complete, where the curves have points, the learning rates, and the
  ///         memories of plateau rule and early stopping. So no count can be out of range, and no
  ///         loop endless.
  ///
  /// - Throws: `TrainingError.damagedCheckpoint`.
  func requireState(
    of configuration: TrainingConfiguration, outputCount: Int, path: String
  ) throws(TrainingError) {
    let check = StateCheck(
      position: self, configuration: configuration, plan: configuration.plan,
      outputCount: outputCount, path: path)
    try check.requireStep()
    let rates = try check.requireValidations()
    try check.requireLossCurve(rates: rates)
  }
}

/// Lowers the learning rate when the validation metric stops falling; PyTorch's ReduceLROnPlateau
/// with mode `min` and a relative threshold.
///
/// Definition:  a value is better when value < best (1 − threshold); otherwise the epoch is bad.
///              After more than `patience` bad epochs in a row η becomes η · factor, provided that
///              this changes it by more than `smallestChange`, and the count starts again.
/// Checked by:  OptimiserFixtureTests (PyTorch), SchedulePropertyTests.
public struct PlateauRule: Codable, Sendable, Equatable {
  /// η of the first epoch.
  public var initialRate: Double
  /// η is multiplied by this, 0 < factor < 1.
  public var factor: Double
  /// Number of bad epochs in a row that are put up with.
  public var patience: Int
  /// Relative improvement that counts.
  public var threshold: Double
  /// η is left alone when it would change by no more than this.
  public var smallestChange: Double

  /// The published system's values; threshold and smallest change are PyTorch's defaults.
  public init(
    initialRate: Double = 1e-3, factor: Double = 0.1, patience: Int = 5,
    threshold: Double = 1e-4, smallestChange: Double = 1e-8
  ) {
    self.initialRate = initialRate
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.smallestChange = smallestChange
  }
}

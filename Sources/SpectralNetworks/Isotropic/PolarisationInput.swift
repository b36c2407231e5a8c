/// How an isotropic network reads polarisation maps.
public struct PolarisationInput: Codable, Sendable, Equatable {
  /// Filters of the observed pixels; nil: the full sky, analysed by least squares.
  public var filterBank: FilterBankConfiguration?

  /// Polarisation through filters, or of the full sky.
  public init(filterBank: FilterBankConfiguration? = nil) { self.filterBank = filterBank }
}

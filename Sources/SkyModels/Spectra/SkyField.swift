/// The fields of the sky. The raw value is the field's number in the addresses of random numbers.
public enum SkyField: Int, Sendable, Hashable, CaseIterable, Codable {
  /// T.
  case temperature = 0
  /// E, the part of the polarisation without curl; degrees l ≥ 2.
  case e = 1
  /// B, the part of the polarisation without gradient; degrees l ≥ 2.
  case b = 2

  /// The smallest degree at which the field has coefficients: 0 for T, 2 for E and B, since spin-2
  /// harmonics begin there.
  public var firstDegree: Int { self == .temperature ? 0 : 2 }

  /// The name of the field's own spectrum.
  public var spectrum: SpectrumName { .init(self, self) }
}

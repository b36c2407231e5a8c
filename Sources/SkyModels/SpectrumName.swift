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

/// The names of the spectra of T, E and B. Spectra are known by name everywhere, never by position:
/// programs order them differently (row 12 of Docs/Conventions.md).
public enum SpectrumName: String, Sendable, Hashable, CaseIterable, Codable {
  case tt, ee, bb, te, eb, tb

  /// The name of ⟨a b⟩; the order of the two fields does not matter.
  public init(_ first: SkyField, _ second: SkyField) {
    switch (first, second) {
    case (.temperature, .temperature): self = .tt
    case (.e, .e): self = .ee
    case (.b, .b): self = .bb
    case (.temperature, .e), (.e, .temperature): self = .te
    case (.e, .b), (.b, .e): self = .eb
    case (.temperature, .b), (.b, .temperature): self = .tb
    }
  }

  /// The two fields, T before E before B.
  public var fields: (SkyField, SkyField) {
    switch self {
    case .tt: return (.temperature, .temperature)
    case .ee: return (.e, .e)
    case .bb: return (.b, .b)
    case .te: return (.temperature, .e)
    case .eb: return (.e, .b)
    case .tb: return (.temperature, .b)
    }
  }

  /// Whether it is the spectrum of one field, a variance and therefore ≥ 0.
  public var isAuto: Bool { fields.0 == fields.1 }

  /// The smallest degree at which the spectrum may differ from zero.
  public var firstDegree: Int { max(fields.0.firstDegree, fields.1.firstDegree) }
}

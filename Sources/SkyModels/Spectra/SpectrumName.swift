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

/// The coordinates of a sky map, by the spellings of COORDSYS.
public enum SkyFrame: Sendable, Hashable {
  /// Galactic.
  case galactic
  /// Equatorial; ICRS, FK5 and J2000 are not told apart.
  case equatorial
  /// Ecliptic.
  case ecliptic

  /// A frame from its name: G, GAL, GALACTIC; C, Q, CEL, CELESTIAL, EQ, EQUATORIAL, ICRS, FK5,
  /// J2000, RADEC; E, ECL, ECLIPTIC. Upper and lower case are the same. Nil for other words.
  public init?(_ text: String) {
    switch text.uppercased().filter({ $0 != " " }) {
    case "G", "GAL", "GALACTIC": self = .galactic
    case "C", "Q", "CEL", "CELESTIAL", "EQ", "EQU", "EQUATORIAL", "ICRS", "FK5", "J2000", "RADEC":
      self = .equatorial
    case "E", "ECL", "ECLIPTIC": self = .ecliptic
    default: return nil
    }
  }

  /// Whether two texts of COORDSYS mean the same frame; unknown words are compared as they stand.
  public static func areSame(_ a: String, _ b: String) -> Bool {
    if let first = SkyFrame(a), let second = SkyFrame(b) { return first == second }
    return a.uppercased() == b.uppercased()
  }
}

/// What the unit of a FITS file is to a map.
public enum FitsUnit: Sendable, Hashable {
  /// A thermodynamic temperature of this many muK.
  case temperature(microkelvins: Double)
  /// A brightness temperature (Rayleigh-Jeans, antenna), whose ratio to the thermodynamic one
  /// depends on the frequency.
  case brightnessTemperature
  /// Anything else.
  case other

  /// The unit of maps in memory, as FITS spells it.
  public static let microkelvin = "uK"

  /// The factor from `unit` to muK: 1e6 for K, 1e3 for mK, 1 for muK; nil for other units.
  public static func microkelvinFactor(of unit: String) -> Double? {
    guard case .temperature(let factor) = FitsUnit(unit) else { return nil }
    return factor
  }

  /// The factor from the square of a temperature, such as uK2, K^2, mK**2 or [K]^2, to muK²; nil
  /// for other units.
  public static func squareMicrokelvinFactor(of unit: String) -> Double? {
    for mark in ["**2", "^2", "^{2}", "2"] where unit.hasSuffix(mark) {
      let base = unit.dropLast(mark.count)
      let isBracketed = base.hasPrefix("[") && base.hasSuffix("]")
      let name = isBracketed ? String(base.dropFirst().dropLast()) : String(base)
      if let factor = microkelvinFactor(of: name) { return factor * factor }
    }
    return nil
  }

  /// Words of the CMB community after the unit that mean thermodynamic temperature and change
  /// nothing.
  private static let thermodynamicWords = [
    "THERMODYNAMICTEMPERATURE", "THERMODYNAMIC", "THERMO", "CMB",
  ]
  private static let brightnessWords = [
    "BRIGHTNESSTEMPERATURE", "BRIGHTNESS", "ANTENNATEMPERATURE", "ANTENNA", "ANT", "A",
    "RAYLEIGHJEANS", "RJ",
  ]

  /// The meaning of a text such as K, K_CMB, K (CMB), mK,thermodynamic, milliKelvin, micro-K,
  /// uK_{CMB}, K_RJ.
  ///
  /// A capital M would be mega and is not taken for milli.
  public init(_ text: String) {
    let separators = " _,;:.-(){}[]\\$"
    let name = text.filter { !separators.contains($0) }
    let capitals = name.uppercased()
    for word in Self.brightnessWords where capitals.hasSuffix(word) {
      if Self.factor(name.dropLast(word.count)) != nil {
        self = .brightnessTemperature
        return
      }
    }
    let word = Self.thermodynamicWords.first { capitals.hasSuffix($0) } ?? ""
    self = Self.factor(name.dropLast(word.count)).map(Self.temperature) ?? .other
  }

  /// The factor of a unit without words after it.
  private static func factor(_ name: Substring) -> Double? {
    switch name {
    case "K", "k": return 1e6
    case "mK", "mk", "mKelvin", "mkelvin": return 1e3
    case "uK", "uk", "UK", "muK", "\u{b5}K", "\u{3bc}K", "uKelvin", "ukelvin", "muKelvin": return 1
    default: break
    }
    switch name.lowercased() {
    case "kelvin", "kelvins": return 1e6
    case "millik", "millikelvin", "millikelvins": return 1e3
    case "microk", "microkelvin", "microkelvins": return 1
    default: return nil
    }
  }
}

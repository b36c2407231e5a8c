import HarmonicTransforms
import SkyMaps

/// Factors of harmonic coefficients by degree: beams, pixel windows, and quotients of them.
///
/// Definition:  a'_lm = f_l a_lm, with a factor of its own for each of T, E and B; the spectra C^XY
///              are multiplied by f^X_l f^Y_l (Conventions 16).
/// Layout:      l = 0...lmax for each field.
/// Units:       none.
/// Equals:      healpy.almxfl, field by field.
/// Checked by:  MapFilterOracleTests (healpy), HarmonicTransferErrorTests.
public struct HarmonicTransfer: Sendable, Hashable {
  /// f_l of T.
  public let temperature: [Double]
  /// f_l of E.
  public let gradient: [Double]
  /// f_l of B.
  public let curl: [Double]

  /// Largest degree, inclusive.
  public var lmax: Int { temperature.count - 1 }

  /// Factors from their parts.
  ///
  /// Domain: at least one degree, as many for each field (preconditions).
  public init(temperature: [Double], gradient: [Double], curl: [Double]) {
    precondition(
      !temperature.isEmpty && temperature.count == gradient.count
        && temperature.count == curl.count,
      "\(temperature.count), \(gradient.count) and \(curl.count) factors")
    self.temperature = temperature
    self.gradient = gradient
    self.curl = curl
  }

  /// The factors 1, which change nothing.
  public static func unity(lmax: Int) -> HarmonicTransfer {
    let ones = [Double](repeating: 1, count: lmax + 1)
    return HarmonicTransfer(temperature: ones, gradient: ones, curl: ones)
  }

  /// A Gaussian beam, with the factors of spin 2 for E and B.
  public init(_ beam: GaussianBeam, lmax: Int) {
    let polarisation = beam.polarisation(lmax: lmax)
    self.init(
      temperature: beam.temperature(lmax: lmax), gradient: polarisation, curl: polarisation)
  }

  /// The pixel window of a resolution.
  ///
  /// - Throws: `HarmonicWindowError.notTabulated`; `MapToolError.windowTooShort` above 4 nside.
  public init(pixelsOf nside: Int, lmax: Int) throws {
    let window = try PixelWindow(nside: nside)
    guard lmax <= window.lmax else {
      throw MapToolError.windowTooShort(
        name: "the pixel window of nside \(nside)", lmax: window.lmax, needed: lmax)
    }
    let polarisation = Array(window.polarisation[0...lmax])
    self.init(
      temperature: Array(window.temperature[0...lmax]), gradient: polarisation,
      curl: polarisation)
  }

  /// The factors of a file. A file of one column gives it to every field, as healpy's
  /// `beam_window` does.
  ///
  /// - Throws: `MapToolError.windowTooShort`.
  public init(_ file: HarmonicWindowFile, lmax: Int) throws(MapToolError) {
    guard lmax <= file.lmax else {
      throw .windowTooShort(name: file.path, lmax: file.lmax, needed: lmax)
    }
    self.init(
      temperature: Array(file.temperature[0...lmax]), gradient: Array(file.gradient[0...lmax]),
      curl: Array(file.curl[0...lmax]))
  }

  /// f_l g_l.
  public func multiplied(by other: HarmonicTransfer) -> HarmonicTransfer {
    precondition(other.lmax == lmax, "factors up to \(lmax) and \(other.lmax)")
    return HarmonicTransfer(
      temperature: zip(temperature, other.temperature).map { $0 * $1 },
      gradient: zip(gradient, other.gradient).map { $0 * $1 },
      curl: zip(curl, other.curl).map { $0 * $1 })
  }

  /// f_l / g_l. E and B have no degrees below 2; there a g of 0 gives 0.
  ///
  /// - Parameters:
  ///   - other: g.
  ///   - name: what g is, for the message.
  ///   - fields: the letters of the fields that matter; others may have zeros, which give 0.
  /// - Returns: the quotients.
  /// - Throws: `MapToolError.windowVanishes` where g is not above 0 or the quotient is too large
  ///   for a number: healpy's harmonic_ud_grade puts 0 there.
  public func divided(
    by other: HarmonicTransfer, name: String, fields: String = "TEB"
  ) throws(MapToolError) -> HarmonicTransfer {
    precondition(other.lmax == lmax, "factors up to \(lmax) and \(other.lmax)")
    func quotient(
      _ above: [Double], _ below: [Double], _ field: String
    ) throws(MapToolError) -> [Double] {
      var values = [Double](repeating: 0, count: lmax + 1)
      for l in 0...lmax {
        let value = above[l] / below[l]
        if below[l] > 0 && value.isFinite {
          values[l] = value
        } else if fields.contains(field) && (field == "T" || l >= 2) {
          throw .windowVanishes(name: name, field: field, l: l, found: below[l])
        }
      }
      return values
    }
    return HarmonicTransfer(
      temperature: try quotient(temperature, other.temperature, "T"),
      gradient: try quotient(gradient, other.gradient, "E"),
      curl: try quotient(curl, other.curl, "B"))
  }

  /// 1 / f_l, see `divided`.
  ///
  /// - Throws: `MapToolError.windowVanishes`.
  public func inverse(name: String, fields: String = "TEB") throws(MapToolError) -> HarmonicTransfer
  {
    try HarmonicTransfer.unity(lmax: lmax).divided(by: self, name: name, fields: fields)
  }

  /// The largest factor of the fields with these letters, and its degree: what noise and rounding
  /// of the map are multiplied by.
  public func largest(fields: String) -> (factor: Double, l: Int) {
    var largest = (factor: 0.0, l: 0)
    for (field, first) in [("T", 0), ("E", 2), ("B", 2)] where fields.contains(field) {
      for l in stride(from: first, through: lmax, by: 1) where self[field][l] > largest.factor {
        largest = (self[field][l], l)
      }
    }
    return largest
  }

  /// The factors of a field by its letter: T, E or B.
  subscript(letter: String) -> [Double] {
    switch letter {
    case "T": return temperature
    case "E": return gradient
    default: return curl
    }
  }
}

extension SkyCoefficients {
  /// The letters of the fields that there are: T, EB or TEB.
  public var letters: String { fields.map(\.letter).joined() }

  /// f_l a_lm.
  ///
  /// - Parameter transfer: degrees up to lmax at least (a precondition).
  /// - Returns: coefficients of the same lmax and mmax.
  public func multiplied(by transfer: HarmonicTransfer) -> SkyCoefficients {
    precondition(transfer.lmax >= lmax, "factors up to \(transfer.lmax) for lmax \(lmax)")
    var result = self
    result.temperature = temperature?.scaled(byDegree: { transfer.temperature[$0] })
    result.polarisation = polarisation.map {
      SpinCoefficients(
        e: $0.e.scaled(byDegree: { transfer.gradient[$0] }),
        b: $0.b.scaled(byDegree: { transfer.curl[$0] }))
    }
    return result
  }
}

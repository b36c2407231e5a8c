/// A file of spherical harmonic coefficients as healpy.write_alm writes and healpy.read_alm reads
/// them: one binary table per field with the columns index, real, imag.
///
/// Rows:        index = l² + l + m + 1 for 0 <= m <= l, in any order, each (l, m) with l <= lmax
///              and m <= mmax at most once; those that are left out are zero, with a warning that
///              says how many. Negative m are not stored: the fields are real.
/// Fields:      known by EXTNAME where it tells (see `Field`), else by number: one table is T, two
///              are E and B, three are T, E and B, as healpy writes them.
/// Convention:  E and B do not depend on the sign of U, but the programs that write POLCCONV = IAU
///              do not agree on whether they changed it before the analysis: refused.
/// Degrees:     MAX-LPOL and MAX-MPOL of the header, or the largest of the indices.
/// Layout:      `values[2 i]` real, `values[2 i + 1]` imaginary, i = m (2 lmax + 1 - m)/2 + l:
///              m-major, all l = m...lmax of one order contiguous (Conventions 3).
/// Units:       muK where the file's unit is a temperature or missing ("unknown", as healpy
///              writes), else the file's.
/// Checked by:  AlmFileFixtureTests (healpy), AlmFileErrorTests,
///              WrittenFilesFixtureTests (healpy).
public struct AlmFile: Sendable, Equatable {
  /// The field that has the coefficients. The raw value is EXTNAME of written files.
  public enum Field: String, Sendable, CaseIterable {
    case t = "TEMPERATURE"
    case e = "GRADIENT"
    case b = "CURL"

    /// The field's letter.
    public var letter: String {
      switch self {
      case .t: return "T"
      case .e: return "E"
      case .b: return "B"
      }
    }

    /// The smallest degree of the field's coefficients: spin-2 harmonics begin at 2.
    public var firstDegree: Int { self == .t ? 0 : 2 }

    /// The field that EXTNAME names, if it names one: this program's words, or those of the HEALPix
    /// programs, "... (GRAD / ELECTRIC)".
    init?(extensionName: String?) {
      guard let name = extensionName?.uppercased() else { return nil }
      if name.contains("TEMPERATURE") {
        self = .t
      } else if name.contains("GRAD") || name.contains("ELECTRIC") {
        self = .e
      } else if name.contains("CURL") || name.contains("MAGNETIC") {
        self = .b
      } else {
        return nil
      }
    }
  }

  /// Largest degree, inclusive.
  public let lmax: Int
  /// Largest order, inclusive.
  public let mmax: Int
  /// The coefficients of each field, in the layout above.
  public let fields: [Field: [Double]]
  /// The unit of all coefficients; nil: none is known, muK is meant.
  public var unit: String?
  /// COORDSYS of the header, uninterpreted; healpy writes none.
  public var coordinateSystem: String?
  /// What was assumed while reading, one sentence each; to be shown to the user.
  public let warnings: [String]
  /// Where the coefficients were read from, for messages.
  public let path: String

  /// The largest degree that is read or written: 3 nside - 1 of the largest map that is read, which
  /// has nside 8192.
  public static let largestDegree = 3 * 8192 - 1

  /// Coefficients in memory.
  ///
  /// Domain: 0 <= mmax <= lmax; one list of 2 (lmax + 1 - mmax/2)(mmax + 1) numbers per field, and
  ///         at least one field (preconditions).
  public init(
    lmax: Int, mmax: Int, fields: [Field: [Double]], unit: String? = nil,
    coordinateSystem: String? = nil
  ) {
    self.init(
      lmax: lmax, mmax: mmax, fields: fields, unit: unit, coordinateSystem: coordinateSystem,
      warnings: [], path: "coefficients in memory")
  }

  init(
    lmax: Int, mmax: Int, fields: [Field: [Double]], unit: String?, coordinateSystem: String?,
    warnings: [String], path: String
  ) {
    precondition(
      0 <= mmax && mmax <= lmax && lmax <= Self.largestDegree, "lmax \(lmax), mmax \(mmax)")
    precondition(!fields.isEmpty, "a file of no coefficients")
    for (field, values) in fields {
      precondition(
        values.count == 2 * Self.count(lmax: lmax, mmax: mmax),
        "\(values.count) numbers of \(field.letter) for lmax \(lmax), mmax \(mmax)")
    }
    self.lmax = lmax
    self.mmax = mmax
    self.fields = fields
    self.unit = unit
    self.coordinateSystem = coordinateSystem
    self.warnings = warnings
    self.path = path
  }

  /// The number of (l, m) with m <= l <= lmax, m <= mmax.
  static func count(lmax: Int, mmax: Int) -> Int {
    (mmax + 1) * (2 * lmax + 2 - mmax) / 2
  }

  /// The place of (l, m) in `[(l, m)]`.
  static func place(l: Int, m: Int, lmax: Int) -> Int { m * (2 * lmax + 1 - m) / 2 + l }
}

import FileFormats
import Foundation

/// A map of T, of Q and U, or of all three on a HEALPix grid.
///
/// Layout:      one value per pixel in RING order; NESTED files are brought into it.
/// Masks:       NaN where a pixel was not observed, field by field; never a number.
/// Sign:        U is COSMO's (Conventions 12), whatever the file's POLCCONV.
/// Units:       `unit`; temperatures of files become muK (Conventions 8).
/// Checked by:  SkyMapTests, StokesColumnsTests.
public struct SkyMap: Sendable {
  /// Q and U.
  public struct Polarisation: Sendable, Equatable {
    public var q: [Double]
    public var u: [Double]

    public init(q: [Double], u: [Double]) {
      self.q = q
      self.u = u
    }
  }

  /// Resolution: 12 nside² pixels.
  public let nside: Int
  /// T, if the map has it.
  public var temperature: [Double]?
  /// Q and U, if the map has them.
  public var polarisation: Polarisation?
  /// The unit of all fields; nil: none is known, muK is meant.
  public var unit: String?
  /// COORDSYS of the file, uninterpreted.
  public var coordinateSystem: String?
  /// What was assumed or left out while reading, one sentence each; to be shown to the user.
  public let warnings: [String]
  /// The file as the caller named it, for messages.
  public let file: String
  /// The names of all columns of the file.
  public let columnNames: [String]

  /// A map in memory, RING order, COSMO's sign of U.
  ///
  /// Domain: at least one field, each of 12 nside² values (preconditions).
  public init(
    nside: Int, temperature: [Double]? = nil, polarisation: Polarisation? = nil,
    unit: String? = FitsUnit.microkelvin, coordinateSystem: String? = nil
  ) {
    self.nside = nside
    self.temperature = temperature
    self.polarisation = polarisation
    self.unit = unit
    self.coordinateSystem = coordinateSystem
    warnings = []
    file = "map in memory"
    columnNames = Self.fields(temperature, polarisation).map(\.name)
    precondition(!columnNames.isEmpty, "a map without fields")
    for (name, values) in fields {
      precondition(
        values.count == 12 * nside * nside, "\(name) has \(values.count) values, nside is \(nside)")
    }
  }

  /// Reads T, Q and U of a HEALPix file: see `StokesColumns` for how they are found.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public init(contentsOf url: URL) throws {
    let map = try HealpixMapFile(contentsOf: url).inRingOrder()
    let columns: StokesColumns
    do {
      columns = try StokesColumns(map)
    } catch {
      throw FitsError(file: url.relativePath, fault: error.fault)
    }
    nside = map.nside
    temperature = columns.temperature?.values
    if let q = columns.q, let u = columns.u {
      polarisation = Polarisation(q: q.values, u: u.values)
    }
    unit = columns.unit
    coordinateSystem = map.coordinateSystem
    warnings = map.warnings + columns.warnings
    file = url.relativePath
    columnNames = map.columns.map(\.name)
  }

  /// Number of pixels, 12 nside².
  public var pixelCount: Int { 12 * nside * nside }

  /// The fields that there are, in the order T, Q, U, under healpy's names of columns.
  public var fields: [(name: String, values: [Double])] { Self.fields(temperature, polarisation) }

  private static func fields(
    _ temperature: [Double]?, _ polarisation: Polarisation?
  ) -> [(name: String, values: [Double])] {
    var fields: [(name: String, values: [Double])] = []
    if let temperature { fields.append(("TEMPERATURE", temperature)) }
    if let polarisation {
      fields.append(("Q_POLARISATION", polarisation.q))
      fields.append(("U_POLARISATION", polarisation.u))
    }
    return fields
  }

  /// Whether each pixel was observed in every field that the map has.
  public var observed: [Bool] {
    var observed = [Bool](repeating: true, count: pixelCount)
    for (_, values) in fields {
      for (pixel, value) in values.enumerated() where value.isNaN { observed[pixel] = false }
    }
    return observed
  }

  /// Number of pixels that were not observed in at least one field.
  public var maskedCount: Int { observed.count { !$0 } }

  /// T of a map that must have it.
  ///
  /// - Throws: `FitsError` with `.missingStokes`.
  public func requireTemperature() throws(FitsError) -> [Double] {
    guard let temperature else {
      throw FitsError(
        file: file, fault: .missingStokes(needed: "a column TEMPERATURE", found: columnNames))
    }
    return temperature
  }

  /// Q and U of a map that must have them.
  ///
  /// - Throws: `FitsError` with `.missingStokes`.
  public func requirePolarisation() throws(FitsError) -> Polarisation {
    guard let polarisation else {
      throw FitsError(
        file: file,
        fault: .missingStokes(
          needed: "columns Q_POLARISATION and U_POLARISATION", found: columnNames))
    }
    return polarisation
  }

  /// The map as a file of float64 columns with healpy's names, RING order; polarised maps say
  /// POLCCONV = COSMO.
  public var mapFile: HealpixMapFile {
    HealpixMapFile(
      nside: nside,
      columns: fields.map {
        HealpixMapFile.Column(name: $0.name, values: $0.values, unit: unit)
      },
      coordinateSystem: coordinateSystem,
      polarisationConvention: polarisation == nil ? nil : "COSMO")
  }
}

import FileFormats
import Foundation

/// A map of T, of Q and U, or of all three on a HEALPix grid.
///
/// A file becomes a map in one direction: `HealpixTable` holds its bytes and its header,
/// `StokesColumns` says which of its columns are T, Q and U, `RingPlaces` where their values lie.
///
/// Layout:      one value per pixel in RING order; NESTED files are brought into it.
/// Masks:       NaN where a pixel was not observed, field by field; never a number.
/// Sign:        U is COSMO's (Conventions 12), whatever the file's POLCCONV.
/// Units:       `unit`; temperatures of files become muK (Conventions 8).
/// Checked by:  SkyMapTests, StokesColumnsTests.
public struct SkyMap: Sendable {
  /// Q and U.
  public struct Polarisation: Sendable, Equatable {
    /// Q, one value per pixel.
    public var q: [Double]
    /// U in COSMO's sign, one value per pixel.
    public var u: [Double]

    /// Q and U of the same pixels.
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
  /// COORDSYS of the file, uninterpreted; see `SkyFrame`.
  public var coordinateSystem: String?
  /// What was assumed or left out so far, one sentence each; to be shown to the user.
  public var warnings: [String]
  /// The file as the caller named it, for messages.
  public var file: String
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
  /// - Parameters:
  ///   - url: the file.
  ///   - selection: which table and columns; without it the first HEALPix table with all columns.
  /// - Throws: `FileError`, `FitsError`.
  public init(contentsOf url: URL, _ selection: MapSelection = MapSelection()) throws {
    try self.init(HealpixTable(contentsOf: url, selection), file: url.relativePath)
  }

  /// Reads T, Q and U of a table and brings them to the whole sphere in RING order.
  ///
  /// - Parameters:
  ///   - table: the table; no memory of the sky's size was taken for it.
  ///   - file: its file as the caller named it, for messages.
  /// - Throws: `FileError`, `FitsError`, `.tooLarge` before more memory is taken than there is.
  public init(_ table: HealpixTable, file: String) throws {
    do {
      let stored = try table.storedColumns()
      let stokes = try StokesColumns(stored, of: table)
      if stored.pixels != nil {
        try table.requireMemory(8 * table.pixelCount * stokes.fieldCount)
      }
      let places = try RingPlaces(table, stored.pixels)
      nside = table.nside
      temperature = stokes.temperature(in: stored.columns).map(places.ring)
      polarisation = stokes.polarisation(in: stored.columns).map {
        Polarisation(q: places.ring($0.q), u: places.ring($0.u))
      }
      unit = stokes.unit
      warnings = table.warnings + stored.warnings + stokes.warnings
    } catch let error as FitsError {
      throw FitsError(file: file, fault: error.fault)
    }
    coordinateSystem = table.coordinateSystem
    self.file = file
    columnNames = table.columnNames
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

  /// Takes the pixels that a mask does not observe out of every field: NaN where its weight is 0.
  ///
  /// Domain: a mask of the map's resolution (a precondition).
  public mutating func apply(_ mask: SkyMask) {
    precondition(mask.nside == nside, "the mask has nside \(mask.nside), the map \(nside)")
    for pixel in mask.weights.indices where mask.weights[pixel] == 0 {
      temperature?[pixel] = .nan
      polarisation?.q[pixel] = .nan
      polarisation?.u[pixel] = .nan
    }
  }

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

import FileFormats
import Foundation
import SkyMaps
import SphereGrids

/// Fields of a HEALPix map with names and units, ready to be drawn.
package struct MapFields: Sendable {
  /// One field, NaN where nothing was observed.
  package struct Field: Sendable {
    package var name: String
    package var values: [Double]

    /// A field from its values.
    package init(name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  package let nside: Int
  package let fields: [Field]
  /// The RING number of each value, ascending; nil: all pixels in RING order.
  package let pixels: [Int]?
  /// The unit of all fields; "" where it is none or they have several.
  package let unit: String
  /// What was assumed while reading, one sentence each.
  package let warnings: [String]

  /// Fields in memory, all pixels in RING order.
  package init(nside: Int, fields: [Field], unit: String) {
    self.nside = nside
    self.fields = fields
    self.unit = unit
    pixels = nil
    warnings = []
  }

  /// Reads a file: T, Q and U as far as there are, or the one field that is asked for. Columns that
  /// are known not to be Stokes parameters (hits, masks) are drawn by their names if there are no
  /// others. A partial-sky table is not expanded.
  ///
  /// - Throws: `FileError`, `FitsError`; `PageError.noField`.
  package init(
    contentsOf url: URL, _ selection: FieldSelection? = nil,
    in mapSelection: MapSelection = MapSelection()
  ) throws {
    let table = try HealpixTable(contentsOf: url, mapSelection)
    let stored = try table.storedColumns()
    let places = try RingPlaces(table, stored.pixels)
    nside = table.nside
    // Partial-sky tables keep their pixels, in ascending order.
    let order = stored.pixels.flatMap { _ in
      places.pixels.map { pixels in pixels.indices.sorted { pixels[$0] < pixels[$1] } }
    }
    pixels = order.flatMap { order in places.pixels.map { pixels in order.map { pixels[$0] } } }
    func field(_ name: String, _ stored: [Double]) -> Field {
      Field(name: name, values: order.map { $0.map { stored[$0] } } ?? places.ring(stored))
    }
    if case .column(let number)? = selection {
      guard stored.columns.indices.contains(number - 1) else {
        throw PageError.noField(
          file: url.relativePath, asked: "\(number)", found: table.columnNames)
      }
      let column = stored.columns[number - 1]
      fields = [field(column.name, column.values)]
      unit = column.unit ?? FitsUnit.microkelvin
      warnings = table.warnings + stored.warnings
      return
    }
    let stokes: StokesColumns
    do {
      stokes = try StokesColumns(stored, of: table)
    } catch {
      guard case .notStokes = error.fault, selection == nil else { throw error }
      fields = stored.columns.map { field($0.name, $0.values) }
      let units = Set(stored.columns.map { $0.unit ?? "" })
      unit = units.count == 1 ? units.first ?? "" : ""
      warnings = table.warnings + stored.warnings
      return
    }
    let polarisation = stokes.polarisation(in: stored.columns)
    let all = [
      ("T", stokes.temperature(in: stored.columns)), ("Q", polarisation?.q), ("U", polarisation?.u),
    ].compactMap { name, values in values.map { field(name, $0) } }
    let chosen = all.filter { selection == nil || selection?.text == $0.name }
    if let selection, chosen.isEmpty {
      throw PageError.noField(
        file: url.relativePath, asked: selection.text, found: table.columnNames)
    }
    fields = chosen
    unit = stokes.unit ?? FitsUnit.microkelvin
    warnings = table.warnings + stored.warnings + stokes.warnings
  }
}

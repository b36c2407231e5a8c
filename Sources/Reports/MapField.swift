import FileFormats
import Foundation
import SkyModels
import SphereGrids

/// Which fields of a map file are meant.
public enum FieldSelection: Sendable, Hashable {
  /// T, Q or U, found as `StokesColumns` does.
  case stokes(String)
  /// A column by its number from 1, whatever its name.
  case column(Int)

  /// A field from its text.
  ///
  /// - Throws: `PlotError.unknownField`.
  public init(_ text: String) throws(PlotError) {
    if ["T", "Q", "U"].contains(text.uppercased()) {
      self = .stokes(text.uppercased())
    } else if let number = Int(text), number >= 1 {
      self = .column(number)
    } else {
      throw .unknownField(text: text)
    }
  }

  var text: String {
    switch self {
    case .stokes(let letter): return letter
    case .column(let number): return "\(number)"
    }
  }
}

/// Fields of a HEALPix map with names and units, ready to be drawn.
public struct MapFields: Sendable {
  /// One field, RING order, NaN where nothing was observed.
  public struct Field: Sendable {
    public var name: String
    public var values: [Double]

    /// A field from its values.
    public init(name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  public let nside: Int
  public let fields: [Field]
  /// The unit of all fields.
  public let unit: String
  /// What was assumed while reading, one sentence each.
  public let warnings: [String]

  /// Fields in memory.
  public init(nside: Int, fields: [Field], unit: String) {
    self.nside = nside
    self.fields = fields
    self.unit = unit
    warnings = []
  }

  /// Reads a file: T, Q and U as far as there are, or the one field that is asked for.
  ///
  /// - Throws: `FileError`, `FitsError`; `PlotError.noField`.
  public init(contentsOf url: URL, _ selection: FieldSelection? = nil) throws {
    if case .column(let number)? = selection {
      let file = try HealpixMapFile(contentsOf: url).inRingOrder()
      guard file.columns.indices.contains(number - 1) else {
        throw PlotError.noField(
          file: url.relativePath, asked: "\(number)", found: file.columns.map(\.name))
      }
      let column = file.columns[number - 1]
      nside = file.nside
      fields = [Field(name: column.name, values: column.values)]
      unit = column.unit ?? FitsUnit.microkelvin
      warnings = file.warnings
      return
    }
    let map = try SkyMap(contentsOf: url)
    let all = map.fields.map { Field(name: String($0.name.prefix(1)), values: $0.values) }
    let chosen = all.filter { selection == nil || selection?.text == $0.name }
    if let selection, chosen.isEmpty {
      throw PlotError.noField(
        file: url.relativePath, asked: selection.text, found: map.columnNames)
    }
    nside = map.nside
    fields = chosen
    unit = map.unit ?? FitsUnit.microkelvin
    warnings = map.warnings
  }
}

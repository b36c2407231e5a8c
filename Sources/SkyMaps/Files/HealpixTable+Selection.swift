import FileFormats

extension HealpixTable {
  /// Whether a part describes itself as a HEALPix table.
  static func isHealpix(_ part: FitsPart) -> Bool {
    part.kind == .table
      && (part.text("PIXTYPE")?.uppercased() == "HEALPIX" || part.header["NSIDE"] != nil)
  }

  /// The part that is chosen, else the first of the HEALPix tables.
  ///
  /// - Throws: `FitsFault` with `.noSuchTable`, `.noHealpixTable`, `.coefficients`.
  static func chosenPart(
    _ choice: MapSelection.Table?, _ parts: [FitsPart], _ candidates: [FitsPart]
  ) throws(FitsFault) -> FitsPart {
    guard let choice else {
      guard let first = candidates.first else {
        if parts.contains(where: { AlmFile.hasCoefficients($0.columnNames) }) {
          throw .coefficients(expected: "a HEALPix map")
        }
        throw .noHealpixTable(found: parts.map(\.title))
      }
      return first
    }
    let fitting: [FitsPart]
    switch choice {
    case .number(let number): fitting = parts.filter { $0.number == number }
    case .name(let name):
      fitting = parts.filter { $0.text("EXTNAME")?.uppercased() == name.uppercased() }
    }
    guard fitting.count == 1, fitting[0].kind == .table else {
      throw .noSuchTable(
        asked: "\(choice)" + (fitting.count > 1 ? " (\(fitting.count) parts have this name)" : ""),
        expected: "table", found: parts.map(\.title))
    }
    return fitting[0]
  }

  /// The columns that are chosen, else all columns of pixel values; indices into the layout.
  ///
  /// - Throws: `FitsFault` with `.missingColumn`, `.ambiguousColumns`.
  static func chosenColumns(
    _ choice: [MapSelection.Column], _ data: [Int], _ layout: FitsTableLayout
  ) throws(FitsFault) -> [Int] {
    if choice.isEmpty { return data }
    let names = data.map { layout.columns[$0].name }
    var places: [Int] = []
    for wanted in choice {
      let fitting: [Int]
      switch wanted {
      case .number(let number):
        fitting = data.indices.contains(number - 1) ? [data[number - 1]] : []
      case .name(let name):
        fitting = data.filter { layout.columns[$0].name.uppercased() == name.uppercased() }
      }
      guard let place = fitting.first else {
        throw .missingColumn(name: "\(wanted)", found: names)
      }
      guard fitting.count == 1, !places.contains(place) else {
        throw .ambiguousColumns(
          meaning: "the chosen \(wanted)", found: fitting.map { layout.columns[$0].name })
      }
      places.append(place)
    }
    return places
  }
}

import FileFormats

extension HealpixTable {
  /// Whether the first column holds pixel numbers.
  static func isExplicit(
    _ part: FitsPart, _ layout: FitsTableLayout
  ) throws(FitsFault) -> Bool {
    let scheme = part.text("INDXSCHM")?.uppercased()
    let object = part.text("OBJECT")?.uppercased()
    let fault = FitsFault.badIndexing(scheme: scheme ?? "missing", object: object ?? "missing")
    switch (scheme, object) {
    case ("EXPLICIT", "FULLSKY"), ("IMPLICIT", "PARTIAL"): throw fault
    case ("EXPLICIT", _): return true
    case ("IMPLICIT", _): return false
    case (nil, _): return object == "PARTIAL" || layout.columns.first?.name.uppercased() == "PIXEL"
    default: throw fault
    }
  }

  /// ORDERING; RING where it is missing, with a warning.
  static func ordering(
    _ part: FitsPart, _ warnings: inout [String]
  ) throws(FitsFault) -> HealpixMapFile.Ordering {
    guard let text = part.text("ORDERING") else {
      warnings.append("the header has no ORDERING; RING is assumed")
      return .ring
    }
    switch text.uppercased() {
    case "RING": return .ring
    case "NESTED", "NEST": return .nested
    default: throw FitsFault.unknownOrdering(found: text)
    }
  }

  /// NSIDE of the header; without it, the resolution that has this number of pixels.
  static func nside(
    _ part: FitsPart, _ ordering: HealpixMapFile.Ordering, pixelCount: Int?,
    _ warnings: inout [String]
  ) throws(FitsFault) -> Int {
    let largest = HealpixMapFile.largestNside
    let expected =
      ordering == .nested
      ? "a power of two in 1...\(largest) (NESTED)" : "an integer in 1...\(largest)"
    let nside: Int
    if let text = part.text("NSIDE") {
      guard let number = Double(text), let integer = Int(exactly: number) else {
        throw FitsFault.invalidNside(found: text, expected: expected)
      }
      nside = integer
    } else {
      let root = (Double(pixelCount ?? 0) / 12).squareRoot()
      guard let pixelCount, let integer = Int(exactly: root), 12 * integer * integer == pixelCount
      else {
        let found = pixelCount.map { "missing for \($0) pixels" } ?? "missing"
        throw FitsFault.invalidNside(found: found, expected: expected)
      }
      nside = integer
      warnings.append("the header has no NSIDE; \(nside) is taken from the number of pixels")
    }
    guard 1...largest ~= nside, ordering == .ring || nside & (nside - 1) == 0 else {
      throw FitsFault.invalidNside(found: "\(nside)", expected: expected)
    }
    return nside
  }

  /// COORDSYS, or else COORD, of the table, or else of the primary header. All that are present
  /// must agree.
  static func coordinateSystem(
    _ part: FitsPart, _ primary: FitsPart, _ warnings: inout [String]
  ) throws(FitsFault) -> String? {
    try agreed(
      [("COORDSYS", part), ("COORD", part), ("COORDSYS", primary), ("COORD", primary)], &warnings
    ) { SkyFrame.areSame($0, $1) }
  }

  /// POLCCONV of the table, or else of the primary header. If both are present, they must agree.
  static func convention(
    _ part: FitsPart, _ primary: FitsPart, _ warnings: inout [String]
  ) throws(FitsFault) -> String? {
    try agreed([("POLCCONV", part), ("POLCCONV", primary)], &warnings) {
      $0.uppercased() == $1.uppercased()
    }
  }

  /// The first of several keywords that is present; a warning says so where it is not the usual
  /// one.
  private static func agreed(
    _ keywords: [(name: String, part: FitsPart)], _ warnings: inout [String],
    _ areSame: (String, String) -> Bool
  ) throws(FitsFault) -> String? {
    let found = keywords.compactMap { keyword in
      keyword.part.text(keyword.name).map { (keyword.name, keyword.part.number, $0) }
    }
    guard let first = found.first else { return nil }
    func text(_ item: (String, Int, String)) -> String {
      "\(item.0) of HDU \(item.1) is \(item.2)"
    }
    for other in found.dropFirst() where !areSame(first.2, other.2) {
      throw .conflictingKeywords(first: text(first), second: text(other))
    }
    if first.0 != keywords[0].name || first.1 != keywords[0].part.number {
      warnings.append("the table has no \(keywords[0].name); \(text(first)), which is taken")
    }
    return first.2
  }
}

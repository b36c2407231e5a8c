import Foundation
import MachineMemory

extension AlmFile {
  /// Reads every table of coefficients of a FITS file.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public init(contentsOf url: URL) throws {
    let (tables, others) = try FitsTable.read(url) { $0["TFIELDS"] != nil }
    do {
      try self.init(tables, others: others, path: url.path)
    } catch let fault as FitsFault {
      throw FitsError(file: url.path, fault: fault)
    }
  }

  private init(_ tables: [FitsTable], others: [String], path: String) throws {
    guard !tables.isEmpty else {
      throw FitsFault.noTable(expected: "a table with columns index, real, imag", found: others)
    }
    var warnings: [String] = []
    let names = try Self.fieldNames(tables, &warnings)
    var fields: [Field: [Double]] = [:]
    var units: [String] = []
    var shape: (lmax: Int, mmax: Int)?
    for (table, field) in zip(tables, names) {
      let list = try CoefficientList(table, field)
      if let shape, shape != (list.lmax, list.mmax) {
        throw FitsFault.coefficientShapesDiffer(
          field: field.letter, lmax: list.lmax, mmax: list.mmax, expectedLmax: shape.lmax,
          expectedMmax: shape.mmax)
      }
      shape = (list.lmax, list.mmax)
      warnings += list.warnings
      fields[field] = list.values
      units.append(list.unit ?? "")
    }
    guard Set(units).count == 1, let unit = units.first else {
      throw FitsFault.unitsDiffer(
        found: zip(names, units).map { "\($0.letter) in \($1.isEmpty ? "no unit" : $1)" })
    }
    self.init(
      lmax: shape?.lmax ?? 0, mmax: shape?.mmax ?? 0, fields: fields,
      unit: unit.isEmpty ? nil : unit,
      coordinateSystem: tables.lazy.compactMap { $0.text("COORDSYS") }.first, warnings: warnings,
      path: path)
  }

  /// A file may leave out all but one in this many coefficients ...
  static let largestSparseness = 1000
  /// ... and any share of up to this many: one wrong index must not decide about gigabytes.
  static let freeSparseCount = 1 << 20

  /// Whether columns of these names hold coefficients.
  package static func hasCoefficients(_ names: [String]) -> Bool {
    Set(names.map { $0.lowercased() }).isSuperset(of: ["index", "real", "imag"])
  }

  /// What the tables hold, in their order.
  private static func fieldNames(
    _ tables: [FitsTable], _ warnings: inout [String]
  ) throws(FitsFault) -> [Field] {
    let named = tables.map { Field(extensionName: $0.text("EXTNAME")) }
    let titles = tables.map { $0.text("EXTNAME") ?? "(no name)" }
    for table in tables {
      guard let convention = table.text("POLCCONV"), convention.uppercased() != "COSMO" else {
        continue
      }
      throw .conventionOfCoefficients(found: convention)
    }
    if named.allSatisfy({ $0 != nil }) {
      let fields = named.compactMap { $0 }
      guard Set(fields).count == fields.count else { throw .unclearCoefficients(found: titles) }
      guard fields.contains(.e) == fields.contains(.b) else {
        let missing = fields.contains(.e) ? "B" : "E"
        throw .columnWithoutPartner(
          name: missing == "B" ? "GRADIENT (E)" : "CURL (B)", missing: missing, found: titles)
      }
      return fields
    }
    switch tables.count {
    case 1: return [.t]
    case 2:
      warnings.append("two tables of coefficients without names are taken for E and B")
      return [.e, .b]
    case 3: return [.t, .e, .b]
    default: throw .unclearCoefficients(found: titles)
    }
  }
}

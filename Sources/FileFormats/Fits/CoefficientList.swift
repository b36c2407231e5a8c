import Foundation
import MachineMemory

/// The coefficients of one table.
struct CoefficientList {
  private(set) var lmax = 0
  private(set) var mmax = 0
  private(set) var values: [Double] = []
  private(set) var unit: String?
  private(set) var warnings: [String] = []

  init(_ table: FitsTable, _ field: AlmFile.Field) throws(FitsFault) {
    let (index, real, imaginary) = try CoefficientList.columns(table)
    let orders = try CoefficientList.orders(index)
    guard !orders.isEmpty else { throw .noCoefficients }
    lmax = try degree(table, "MAX-LPOL", atLeast: orders.reduce(0) { max($0, $1.l) })
    mmax = try degree(table, "MAX-MPOL", atLeast: orders.reduce(0) { max($0, $1.m) })
    guard mmax <= lmax else {
      throw .invalidDegree(keyword: "MAX-MPOL", found: "\(mmax)", expected: "at most \(lmax)")
    }
    let count = AlmFile.count(lmax: lmax, mmax: mmax)
    guard count <= AlmFile.largestSparseness * orders.count + AlmFile.freeSparseCount else {
      throw .tooSparse(
        field: field.letter, rows: orders.count, lmax: lmax, coefficients: count)
    }
    let (needed, available) = (16 * count, FreeMemory.bytes)
    guard needed <= available else {
      throw .tooLarge(
        content: "\(field.letter) up to lmax \(lmax)", needed: needed, available: available)
    }
    values = [Double](repeating: .nan, count: 2 * count)
    for (row, (l, m)) in orders.enumerated() {
      for (column, value) in [(real, real.values[row]), (imaginary, imaginary.values[row])]
      where !value.isFinite {
        throw .badValue(column: column.name, row: row, found: value, expected: "a finite number")
      }
      let place = 2 * AlmFile.place(l: l, m: m, lmax: lmax)
      guard values[place].isNaN else { throw .repeatedCoefficient(l: l, m: m, row: row) }
      values[place] = real.values[row]
      values[place + 1] = imaginary.values[row]
    }
    if orders.count < count {
      for place in values.indices where values[place].isNaN { values[place] = 0 }
      warnings.append(
        "\(field.letter): \(count - orders.count) of \(count) coefficients with l <= \(lmax) and "
          + "m <= "
          + "min(l, \(mmax)) are not in the file and are taken for 0")
    }
    clearImaginaryOfOrderZero(field)
    warnBelowFirstDegree(field)
    try convert(real, imaginary)
  }

  /// index, real and imag by name, or else the first three columns.
  private static func columns(
    _ table: FitsTable
  ) throws(FitsFault) -> (FitsTable.Column, FitsTable.Column, FitsTable.Column) {
    let names = table.columns.map { $0.name.lowercased() }
    let places = ["index", "real", "imag"].compactMap { names.firstIndex(of: $0) }
    let columns =
      places.count == 3 ? places.map { table.columns[$0] } : Array(table.columns.prefix(3))
    guard columns.count == 3, places.count == 3 || names.count == 3 else {
      throw .wrongColumns(
        found: table.columns.map(\.name) + table.omittedColumns, expected: "index, real, imag")
    }
    for column in columns where column.values.count != columns[0].values.count {
      throw .wrongColumns(
        found: columns.map { "\($0.name) (\($0.values.count) values)" },
        expected: "three columns of one length")
    }
    return (columns[0], columns[1], columns[2])
  }

  /// l and m of every row: index = l² + l + m + 1, so l = ⌊√(index − 1)⌋.
  private static func orders(_ column: FitsTable.Column) throws(FitsFault) -> [(l: Int, m: Int)] {
    let largest = Double((AlmFile.largestDegree + 1) * (AlmFile.largestDegree + 1))
    var orders: [(l: Int, m: Int)] = []
    orders.reserveCapacity(column.values.count)
    for (row, value) in column.values.enumerated() {
      guard value >= 1, value <= largest, let index = Int(exactly: value) else {
        throw .badValue(
          column: column.name, row: row, found: value,
          expected: "an integer l^2 + l + m + 1 with l <= \(AlmFile.largestDegree)")
      }
      // Exact: index < 2^53, and the root of a perfect square is.
      let l = Int(Double(index - 1).squareRoot())
      let m = index - 1 - l * l - l
      guard m >= 0 else {
        throw .badValue(
          column: column.name, row: row, found: value,
          expected: "an index of m >= 0 (l = \(l), m = \(m) is implied by m = \(-m))")
      }
      orders.append((l, m))
    }
    return orders
  }

  /// A largest degree or order: the keyword's, if there is one, else that of the rows.
  private func degree(
    _ table: FitsTable, _ keyword: String, atLeast found: Int
  ) throws(FitsFault) -> Int {
    guard let text = table.text(keyword) else { return found }
    guard let number = Double(text), let degree = Int(exactly: number), degree >= found,
      degree <= AlmFile.largestDegree
    else {
      throw .invalidDegree(
        keyword: keyword, found: text,
        expected: "an integer in \(found)...\(AlmFile.largestDegree), \(found) being the largest "
          + "of the rows")
    }
    return degree
  }

  /// a_l0 of a real field is real.
  private mutating func clearImaginaryOfOrderZero(_ field: AlmFile.Field) {
    var largest = 0.0
    for l in 0...lmax {
      largest = max(largest, values[2 * l + 1].magnitude)
      values[2 * l + 1] = 0
    }
    if largest > 0 {
      warnings.append(
        "imaginary parts of m = 0 of \(field.letter), up to \(largest), are left out: "
          + "the field is real")
    }
  }

  private mutating func warnBelowFirstDegree(_ field: AlmFile.Field) {
    for l in 0..<min(field.firstDegree, lmax + 1) {
      for m in 0...min(l, mmax) {
        let place = 2 * AlmFile.place(l: l, m: m, lmax: lmax)
        guard values[place] != 0 || values[place + 1] != 0 else { continue }
        warnings.append(
          "\(field.letter) has a coefficient at l = \(l), m = \(m), where spin 2 has none; "
            + "synthesis leaves it out")
      }
    }
  }

  /// Temperatures become muK; "unknown" is healpy's word for no unit.
  private mutating func convert(
    _ real: FitsTable.Column, _ imaginary: FitsTable.Column
  ) throws(FitsFault) {
    guard real.unit == imaginary.unit else {
      throw .unitsDiffer(
        found: [real, imaginary].map { "\($0.name) in \($0.unit ?? "no unit")" })
    }
    guard let text = real.unit, text.lowercased() != "unknown" else { return }
    let factor: Double
    switch FitsUnit(text) {
    case .temperature(let microkelvins): factor = microkelvins
    case .brightnessTemperature: throw .brightnessTemperature(column: real.name, unit: text)
    case .other:
      unit = text
      warnings.append("the coefficients have unit \(text), which is kept as it is")
      return
    }
    unit = FitsUnit.microkelvin
    if factor != 1 {
      for i in values.indices { values[i] *= factor }
    }
  }
}

import FileFormats

extension HealpixTable {
  /// The columns of a table as they are stored.
  public struct StoredColumns: Sendable {
    /// The pixel of each value, each at most once; nil: all pixels in order.
    public let pixels: [Int]?
    /// The columns; their values are parallel to `pixels`.
    public let columns: [HealpixMapFile.Column]
    /// What was assumed or left out, one sentence each.
    public let warnings: [String]
  }

  /// Reads the columns as they are stored.
  ///
  /// - Throws: `FileError`, `FitsError`.
  public func storedColumns() throws -> StoredColumns {
    let table = try file.table(part, columns: (isPartial ? [0] : []) + places)
    do throws(FitsFault) {
      let data = table.columns.dropFirst(isPartial ? 1 : 0)
      for column in data where !isPartial && column.values.count != pixelCount {
        throw .pixelCountMismatch(
          column: column.name, found: column.values.count, nside: nside)
      }
      let pixels = isPartial ? try pixelNumbers(table.columns[0]) : nil
      var columns: [HealpixMapFile.Column] = []
      var warnings: [String] = []
      let badData = part.text("BAD_DATA").flatMap { Double($0.replacing("D", with: "E")) }
      if badData == nil, let text = part.text("BAD_DATA") {
        throw .badHeader(
          part: part.number, keyword: "BAD_DATA", found: text, expected: "a number")
      }
      for column in data {
        if let pixels, column.values.count != pixels.count {
          throw .pixelListMismatch(
            column: column.name, found: column.values.count, expected: pixels.count)
        }
        columns.append(Self.interpreted(column, badData: badData, &warnings))
      }
      return StoredColumns(pixels: pixels, columns: columns, warnings: warnings)
    } catch {
      throw FitsError(file: path, fault: error)
    }
  }

  /// The pixel numbers of a partial-sky table, each valid and different from the others.
  private func pixelNumbers(_ column: FitsTable.Column) throws(FitsFault) -> [Int] {
    var pixels: [Int] = []
    pixels.reserveCapacity(column.values.count)
    var isIncreasing = true
    for (row, value) in column.values.enumerated() {
      guard let pixel = Int(exactly: value), 0..<pixelCount ~= pixel else {
        throw FitsFault.pixelOutOfRange(row: row, found: value, pixelCount: pixelCount)
      }
      isIncreasing = isIncreasing && pixel > pixels.last ?? -1
      pixels.append(pixel)
    }
    if isIncreasing { return pixels }
    var rows: [Int: Int] = [:]
    rows.reserveCapacity(pixels.count)
    for (row, pixel) in pixels.enumerated() {
      guard rows.updateValue(row, forKey: pixel) == nil else {
        throw FitsFault.repeatedPixel(pixel: pixel, row: row)
      }
    }
    return pixels
  }

  /// Marks unobserved pixels and converts temperatures to muK.
  private static func interpreted(
    _ column: FitsTable.Column, badData: Double?, _ warnings: inout [String]
  ) -> HealpixMapFile.Column {
    var factor = 1.0
    var unit = column.unit
    if let text = column.unit {
      switch FitsUnit(text) {
      case .temperature(let microkelvins):
        factor = microkelvins
        unit = FitsUnit.microkelvin
      case .brightnessTemperature:
        warnings.append(
          "column \(column.name) has unit \(text), a brightness temperature, which is kept as it is"
        )
      case .other:
        warnings.append("column \(column.name) has unit \(text), which is kept as it is")
      }
    }
    var (badCount, largeCount, infiniteCount) = (0, 0, 0)
    let values = column.values.map { value in
      if HealpixMapFile.isUnseen(value) { return Double.nan }
      if let badData, (value - badData).magnitude <= 1e-5 * badData.magnitude {
        badCount += 1
        return .nan
      }
      if value.isInfinite { infiniteCount += 1 }
      if value.isFinite, value.magnitude > HealpixMapFile.largestValue {
        largeCount += 1
        return .nan
      }
      return value * factor
    }
    func say(_ count: Int, _ what: String) {
      if count > 0 {
        warnings.append(
          "column \(column.name): \(count) values are \(what) and count as not observed")
      }
    }
    say(column.nullCount, "null (TNULL)")
    say(badCount, "BAD_DATA, \(badData ?? 0),")
    say(largeCount, "above \(HealpixMapFile.largestValue) in magnitude, as of a scaled UNSEEN,")
    if infiniteCount > 0 {
      warnings.append("column \(column.name) has \(infiniteCount) infinite values")
    }
    return HealpixMapFile.Column(
      name: column.name, values: values, unit: unit, storedUnit: column.unit,
      storedType: column.type)
  }
}

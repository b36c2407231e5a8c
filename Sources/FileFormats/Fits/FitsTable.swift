/// A table of a FITS file in memory: keywords and numeric columns [FITS4, 7.3].
///
/// Accuracy: values are `Double`: float32, float64 and integers up to 2^53 are exact; TSCALn and
///           TZEROn are applied; nulls (TNULLn) are NaN.
package struct FitsTable: Sendable, Equatable {
  package struct Keyword: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
      case text(String)
      case integer(Int)
      case real(Double)
    }

    package var name: String
    package var value: Value
    package var comment: String

    package init(_ name: String, _ value: Value, comment: String) {
      self.name = name
      self.value = value
      self.comment = comment
    }
  }

  package struct Column: Sendable, Equatable {
    /// TTYPEn, or "" if the file has none.
    package var name: String
    /// TUNITn.
    package var unit: String?
    /// All rows in sequence.
    package var values: [Double]
    /// Number of elements in each row (the repeat count of TFORMn).
    package var valuesPerRow: Int
    /// Element type, with TSCALn and TZEROn applied. Unsigned integers count as the next wider
    /// signed type.
    package var type: TensorData.DType
    /// After reading: how many values are nulls of the table (TNULLn, or a logical that is neither
    /// T nor F), which are NaN here.
    package var nullCount: Int

    package init(
      name: String, unit: String? = nil, values: [Double], valuesPerRow: Int = 1,
      type: TensorData.DType, nullCount: Int = 0
    ) {
      self.nullCount = nullCount
      self.name = name
      self.unit = unit
      self.values = values
      self.valuesPerRow = valuesPerRow
      self.type = type
    }
  }

  /// A column of texts (TFORMn = wA).
  package struct TextColumn: Sendable, Equatable {
    /// TTYPEn, or "" if the file has none.
    package var name: String
    /// One text per row, without blanks at the end; characters that a terminal would act on are
    /// spelled out after reading.
    package var values: [String]

    package init(name: String, values: [String]) {
      self.name = name
      self.values = values
    }
  }

  /// Keywords to be written after those that describe the columns.
  package var keywords: [Keyword] = []
  package var columns: [Column] = []
  /// Columns of texts: written before the others, and read on request.
  package var textColumns: [TextColumn] = []
  /// After reading: every keyword of the header as text, the first of each name.
  package private(set) var header: [String: String] = [:]
  /// After reading: columns that are not numbers, with their types.
  package internal(set) var omittedColumns: [String] = []

  package init(
    keywords: [Keyword] = [], textColumns: [TextColumn] = [], columns: [Column]
  ) {
    self.keywords = keywords
    self.textColumns = textColumns
    self.columns = columns
  }

  init(header: [String: String]) { self.header = header }

  /// A keyword of the header without surrounding blanks; nil if it is missing or empty.
  package func text(_ name: String) -> String? {
    FitsTable.text(header[name])
  }

  static func text(_ value: String?) -> String? {
    guard let value else { return nil }
    let trimmed = value.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
    return trimmed.isEmpty ? nil : String(trimmed)
  }
}

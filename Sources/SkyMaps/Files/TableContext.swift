/// What is known of a table beside its columns, for the search of T, Q and U.
struct TableContext: Sendable {
  /// EXTNAME.
  var extensionName: String?
  /// Titles of other HEALPix tables of the file.
  var otherTables: [String] = []
  /// Whether the columns were chosen one by one.
  var hasChosenColumns = false
}

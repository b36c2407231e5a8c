import Foundation

extension FitsTable {
  /// Reads the tables of a file that `accept` wants, in the order of the file.
  ///
  /// - Parameters:
  ///   - url: a FITS file, perhaps compressed with gzip.
  ///   - texts: whether columns of texts are read too.
  ///   - accept: decides by the header's keywords.
  /// - Returns: the tables, and one line about each other part of the file.
  /// - Throws: `FileError`, `FitsError`.
  package static func read(
    _ url: URL, texts: Bool = false, where accept: (_ header: [String: String]) -> Bool
  ) throws -> (tables: [FitsTable], others: [String]) {
    let file = try FitsFile(url)
    var tables: [FitsTable] = []
    var others: [String] = []
    for part in file.parts {
      if part.kind == .table, accept(part.header) {
        tables.append(try file.table(part, texts: texts))
      } else {
        others.append(part.title)
      }
    }
    return (tables, others)
  }
}

import FileFormats

/// Which table of a FITS file is meant, and which of its columns.
///
/// Tables:      by number, counted from 0 at the primary part as astropy and healpy do, so that 1
///              is the first table of most files; or by EXTNAME. Without a choice, the first
///              HEALPix table.
/// Columns:     by TTYPEn or by number, counted from 1 among the numeric columns of pixel values
///              (the list of pixel numbers of a partial-sky table does not count). Without a
///              choice, all. Upper and lower case are the same in names.
/// Checked by:  RealMapFixtureTests, RealFileTests.
public struct MapSelection: Sendable, Hashable {
  /// A table of a file.
  public enum Table: Sendable, Hashable, CustomStringConvertible {
    /// From 0, the primary part.
    case number(Int)
    /// EXTNAME.
    case name(String)

    /// A number if the text is one that is not negative, else a name.
    public init(_ text: String) {
      if let number = Int(text), number >= 0 { self = .number(number) } else { self = .name(text) }
    }

    /// The choice for messages.
    public var description: String {
      switch self {
      case .number(let number): return "HDU \(number)"
      case .name(let name): return "EXTNAME \(printable(name))"
      }
    }
  }

  /// A column of a table.
  public enum Column: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    case number(Int)
    /// TTYPEn.
    case name(String)

    /// A number if the text is one above 0, else a name.
    public init(_ text: String) {
      if let number = Int(text), number >= 1 { self = .number(number) } else { self = .name(text) }
    }

    /// The choice for messages.
    public var description: String {
      switch self {
      case .number(let number): return "number \(number)"
      case .name(let name): return printable(name)
      }
    }
  }

  /// The table; nil: the first HEALPix table.
  public var table: Table?
  /// The columns, in this order; none: all, in the file's order.
  public var columns: [Column]

  /// A choice; without arguments what a file offers first.
  public init(table: Table? = nil, columns: [Column] = []) {
    self.table = table
    self.columns = columns
  }
}

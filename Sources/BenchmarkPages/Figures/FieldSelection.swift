import FileFormats
import Foundation
import SphereGrids

/// Which fields of a map file are meant.
package enum FieldSelection: Sendable, Hashable {
  /// T, Q or U, found as `StokesColumns` does.
  case stokes(String)
  /// A column by its number from 1, whatever its name.
  case column(Int)

  /// A field from its text.
  ///
  /// - Throws: `PageError.unknownField`.
  package init(_ text: String) throws(PageError) {
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

/// Sizes of the tables.
package enum RecurrenceBlock {
  /// Colatitudes of a block.
  package static let width = 16
  /// Steps of a table.
  package static let steps = 64
}

import FileFormats
import Foundation

/// Spectra in bins of degrees, as a table or as text.
///
/// FITS:        a row per bin with the columns FIRST, LAST (degrees, inclusive), ELL (their mean),
///              then a column per spectrum under its two letters.
/// Text:        a header `first,last,l,TT,...`, then a line per bin, every number with the shortest
///              digits that read back to it.
/// Units:       `unit`, the product of the maps'.
/// Checked by:  SkyToolTests.
public struct BandPowersFile: Sendable, Equatable {
  /// The degrees of each bin.
  public let ranges: [Range<Int>]
  /// Band powers by name, one per bin.
  public let spectra: [SpectraFile.Spectrum]
  /// TUNITn of the spectra.
  public var unit: String?

  /// Band powers in memory: a value per bin in every spectrum (a precondition).
  public init(ranges: [Range<Int>], spectra: [SpectraFile.Spectrum], unit: String? = nil) {
    precondition(
      !ranges.isEmpty && spectra.allSatisfy { $0.values.count == ranges.count },
      "\(ranges.count) bins")
    self.ranges = ranges
    self.spectra = spectra
    self.unit = unit
  }

  /// The band powers of a name.
  public subscript(name: String) -> [Double]? { spectra.first { $0.name == name }?.values }

  private var degrees: [(name: String, values: [Double], type: TensorData.DType)] {
    [
      ("FIRST", ranges.map { Double($0.lowerBound) }, .int32),
      ("LAST", ranges.map { Double($0.upperBound - 1) }, .int32),
      ("ELL", ranges.map { Double($0.lowerBound + $0.upperBound - 1) / 2 }, .float64),
    ]
  }

  /// Writes float64 columns.
  ///
  /// - Throws: `FileError`.
  public func write(to url: URL) throws {
    let columns =
      degrees.map { FitsTable.Column(name: $0.name, values: $0.values, type: $0.type) }
      + spectra.map {
        FitsTable.Column(name: $0.name, unit: unit, values: $0.values, type: .float64)
      }
    let keywords = [
      FitsTable.Keyword("EXTNAME", .text("BAND POWERS"), comment: "C_l, one row per bin")
    ]
    try FitsTable.write([FitsTable(keywords: keywords, columns: columns)], to: url)
  }

  /// Writes text.
  ///
  /// - Throws: `FileError`.
  public func writeText(to url: URL) throws {
    let header = (["first", "last", "l"] + spectra.map(\.name)).joined(separator: ",")
    let rows = ranges.indices.map { bin in
      let range = ranges[bin]
      let words =
        ["\(range.lowerBound)", "\(range.upperBound - 1)", "\(degrees[2].values[bin])"]
        + spectra.map { "\($0.values[bin])" }
      return words.joined(separator: ",")
    }
    try AtomicFile.write(Data((([header] + rows).joined(separator: "\n") + "\n").utf8), to: url)
  }
}

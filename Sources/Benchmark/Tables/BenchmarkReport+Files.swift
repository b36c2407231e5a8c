import FileFormats
import Foundation

extension BenchmarkReport {
  /// Writes `table.md`, `table.json` and, for every model, `predictions-NAME.csv` into a folder,
  /// each file complete or not at all.
  ///
  /// - Throws: `FileError`.
  package func writeTables(to folder: URL) throws {
    let table = try table
    func write(_ text: String, _ name: String) throws {
      try AtomicFile.write(Data((text + "\n").utf8), to: folder.appendingPathComponent(name))
    }
    try write("# Benchmark\n\n" + table.markdown, "table.md")
    try write(table.json, "table.json")
    for score in scores { try write(score.predictionTable, "predictions-\(score.name).csv") }
  }
}

extension ModelScore {
  /// Truth, prediction, error bar and optimal estimate of every map as comma-separated values.
  ///
  /// Layout: `map,ell_e,ell_e_prediction,ell_e_error,ell_e_optimal,…`; maps count from 0, and map k
  ///         is mk.fits of `sphere simulate` with the same settings and seed. What does not exist
  ///         is empty.
  /// Digits: as many as read back to the same bits.
  package var predictionTable: String {
    let columns = parameters.map(\.parameter).flatMap { name in
      [name, "\(name)_prediction", "\(name)_error", "\(name)_optimal"]
    }
    let lines = (0..<mapCount).map { map in
      let cells = parameters.flatMap { own in
        [
          "\(own.truths[map])", "\(own.predictions[map])",
          own.errorBars.isEmpty ? "" : "\(own.errorBars[map])",
          map < own.optimal.count ? "\(own.optimal[map])" : "",
        ]
      }
      return (["\(map)"] + cells).joined(separator: ",")
    }
    return ([(["map"] + columns).joined(separator: ",")] + lines).joined(separator: "\n")
  }
}

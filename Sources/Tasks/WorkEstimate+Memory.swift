import Baselines
import Foundation
import LinearAlgebra
import MachineMemory

extension WorkEstimate {
  /// Refuses a stage that needs more memory than there is.
  ///
  /// - Parameter available: bytes that can be had.
  /// - Throws: `TaskError.notEnoughMemory`, which names the smaller stages that fit.
  public func requireMemory(
    available: Double = Double(FreeMemory.bytes)
  ) throws(TaskError) {
    guard bytes > available else { return }
    // Of every kind of alternative the largest that fits: kinds differ in their words without
    // digits.
    var kinds: Set<String> = []
    var fits: [String] = []
    for alternative in alternatives where alternative.bytes <= available {
      let kind = alternative.change.filter { !$0.isNumber }.replacing("filters", with: "filter")
      if kinds.insert(kind).inserted { fits.append(alternative.change) }
    }
    throw .notEnoughMemory(
      stage: stage, subject: subject, needed: bytes, available: available, fits: fits)
  }

  /// What the stage takes, in a line for the user; nil if it takes neither long nor much.
  public func announcement(threads: Int) -> String? {
    let seconds = multiplications == 0 ? 0 : seconds(threads: threads)
    guard seconds >= Self.long || bytes >= Self.large else { return nil }
    let time = seconds >= Self.long ? ", about \(timeText(seconds))" : ""
    return "\(stage): about \(byteText(bytes)) of memory\(time)"
  }

  /// Whether the stage takes more than a few seconds.
  public func isLong(threads: Int) -> Bool { seconds(threads: threads) >= Self.long }

  private static let long = 5.0
  private static let large = 1e9
}

/// Bytes for reading: 2.4 GB, 1.2 TB.
public func byteText(_ bytes: Double) -> String {
  bytes >= 1e12
    ? String(format: "%.1f TB", bytes / 1e12) : FreeMemory.text(Int(max(bytes, 0)))
}

/// About so many seconds, for reading: 40 s, 6 min, 3 h.
package func timeText(_ seconds: Double) -> String {
  if seconds < 100 { return String(format: "%.0f s", seconds) }
  if seconds < 6000 { return String(format: "%.0f min", seconds / 60) }
  return String(format: "%.0f h", seconds / 3600)
}

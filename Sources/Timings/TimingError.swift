import Faults

/// Why nothing could be timed.
package enum TimingError: UserError, Equatable {
  /// The run ended before the time to be measured was over.
  case endedEarly(maps: Int, seconds: Double)

  package var description: String {
    switch self {
    case .endedEarly(let maps, let seconds):
      return "all \(maps) maps were seen within \(seconds) s: give --seconds less"
    }
  }
}

extension TimingError {
  package var faultClass: FaultClass { .usage }
}

import Faults
import FileFormats
import Foundation

/// Why a record cannot be written or read.
public enum RunRecordError: UserError, Sendable, Hashable {
  /// JSON cannot express infinity.
  case notFinite(key: String, value: Double)
  case notARecord(path: String, reason: String)

  public var description: String {
    switch self {
    case .notFinite(let key, let value):
      return "run record: the result \(key) is \(value), expected a finite number; "
        + "leave it out or measure it again"
    case .notARecord(let path, let reason):
      return "\(path): expected '\(RunRecord.currentFormat)', found something else (\(reason)); "
        + "name the record beside a model"
    }
  }
}

extension RunRecordError {
  public var faultClass: FaultClass {
    switch self {
    case .notARecord: return .badInput
    case .notFinite: return .failure
    }
  }
}

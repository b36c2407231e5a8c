import ArgumentParser
import Benchmark
import Faults
import FileFormats
import LinearAlgebra
import MapTools
import Models
import Tasks

/// The exit codes, those of sysexits.h where it has one.
enum Status {
  static let failure: Int32 = 1
  static let usage: Int32 = 64
  static let badInput: Int32 = 65
  static let missingInput: Int32 = 66
  static let cannotWrite: Int32 = 73
}

/// The message for the user: the error's own words, without what a terminal would act on, and the
/// options that change what the error is about.
func errorText(_ error: any Error) -> String {
  let text = printable("\(error)")
  guard let options = options(for: error) else { return text }
  return "\(text) (\(options))"
}

/// The options of the command line that an error of a library is about.
func options(for error: any Error) -> String? {
  switch error {
  case TaskError.maskNotSupported: return "--fsky, --mask"
  case TaskError.notEnoughMemory(_, let subject, _, _, _): return subject.options
  case ModelError.maskNotSupported: return "--mask"
  case MapToolError.notConverged: return "--lmax, --tolerance, --max-iterations"
  case MapToolError.maskedPixels: return "--zero-masked"
  case MapToolError.componentsOfPolarisation: return "--method, --temperature-only"
  case ModelFolderError.noRecord: return "--train"
  case ModelFolderError.otherRun: return "--output"
  case let error as FitsError: return options(for: error.fault)
  default: return nil
  }
}

func options(for fault: FitsFault) -> String? {
  switch fault {
  case .notStokes(_, let otherTables) where !otherTables.isEmpty: return "--hdu, --column"
  case .notStokes, .unclearColumns, .missingColumn, .ambiguousColumns:
    return "--column, of masks --mask-column"
  case .noSuchTable, .noHealpixTable: return "--hdu, of masks --mask-hdu"
  case .coefficients: return "sphere synthesize"
  default: return nil
  }
}

extension WorkEstimate.Subject {
  /// The options that make it smaller.
  fileprivate var options: String {
    switch self {
    case .filters: return "--fiducials, --nside, --fsky, --mask"
    case .pixels: return "--nside, --fsky, --mask"
    case .step: return "--batch, --nside"
    case .features: return "--maps"
    case .resolution: return "--nside"
    case .file: return "the size of the map"
    }
  }
}

/// The exit code of an error.
func programExitCode(_ error: any Error) -> ExitCode {
  ExitCode((error as? any UserError)?.faultClass.status ?? Status.failure)
}

extension FaultClass {
  /// The exit code.
  fileprivate var status: Int32 {
    switch self {
    case .usage: return Status.usage
    case .badInput: return Status.badInput
    case .missingInput: return Status.missingInput
    case .cannotWrite: return Status.cannotWrite
    case .failure, .interruption: return Status.failure
    }
  }
}

import AblationStudies
import ArgumentParser
import Baselines
import BenchmarkTasks
import Conformance
import FileFormats
import Foundation
import HarmonicTransforms
import MapTools
import Reporting
import Reports
import Reproduction
import SkyMaps
import SkyModels
import SpectralNetworks
import SphereGrids
import Training

/// The exit codes, those of sysexits.h where it has one.
enum Status {
  static let failure: Int32 = 1
  static let usage: Int32 = 64
  static let badInput: Int32 = 65
  static let missingInput: Int32 = 66
  static let cannotWrite: Int32 = 73
}

/// What to tell the user: the error's own words, without what a terminal would act on, and the
/// options that change what it complains of.
func errorText(_ error: any Error) -> String {
  let text = printable("\(error)")
  guard let options = options(for: error) else { return text }
  return "\(text) (\(options))"
}

/// The options of the command line that an error of a library is about.
func options(for error: any Error) -> String? {
  switch error {
  case BenchmarkError.maskNotSupported: return "--fsky, --mask"
  case BenchmarkError.notEnoughMemory(let stage, _, _, _):
    if stage.contains("its file") { return "the size of the map" }
    if stage.contains("filter") { return "--fiducials, --nside, --fsky, --mask" }
    if stage.contains("pixels") { return "--nside, --fsky, --mask" }
    if stage.contains("per step") { return "--batch, --nside" }
    return stage.contains("features") ? "--maps" : "--nside"
  case ModelError.maskNotSupported: return "--mask"
  case MapToolError.notConverged: return "--lmax, --tolerance, --max-iterations"
  case MapToolError.maskedPixels: return "--zero-masked"
  case MapToolError.componentsOfPolarisation: return "--method, --temperature-only"
  case ReproductionError.noRecord: return "--train"
  case ReproductionError.otherRun: return "--output"
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

/// The exit code of an error.
func programExitCode(_ error: any Error) -> ExitCode { ExitCode(status(of: error)) }

private func status(of error: any Error) -> Int32 {
  switch error {
  case let error as ProgramError: return error.exitCode
  case let error as FileError:
    if error.isOutputFault { return Status.cannotWrite }
    switch error {
    case .notARegularFile, .gitLFSPointer: return Status.badInput
    default: return Status.missingInput
    }
  case is FitsError, is SafetensorsError, is PyTorchError, is TensorError, is StateDictionaryError:
    return Status.badInput
  case let error as ModelError:
    switch error {
    case .maskNotSupported, .wrongOutputs, .inpaintingKnown, .noTask: return Status.usage
    default: return Status.badInput
    }
  case let error as BenchmarkError: return status(of: error)
  case let error as TrainingError: return status(of: error)
  case is NetworkConfigurationError, is SkyMaskError: return Status.usage
  case is SkyMaskFileError, is NamedSpectraError: return Status.badInput
  case let error as HealpixError:
    if case .invalidNside = error { return Status.usage }
    return Status.badInput
  case let error as BaselineError:
    switch error {
    case .tooFewMaps, .floorNotPositive, .noiseNotPositive, .correlatedFields,
      .covarianceNotPositive, .tooManyParameters:
      return Status.usage
    default: return Status.badInput
    }
  case let error as MapToolError: return status(of: error)
  case let error as PlotError:
    if case .unknownField = error { return Status.usage }
    return Status.badInput
  case let error as ReportingError: return status(of: error)
  case let error as ConformanceError:
    if case .nothingMatches = error { return Status.usage }
    return Status.badInput
  case HarmonicTransformError.notEnoughMemory: return Status.usage
  case is HarmonicTransformError: return Status.badInput
  case let error as ReproductionError:
    switch error {
    case .noModels, .noRecord: return Status.missingInput
    case .otherRun: return Status.cannotWrite
    }
  case let error as AblationError:
    if case .otherRun = error { return Status.cannotWrite }
    return Status.badInput
  case let error as RunRecordError:
    if case .notARecord = error { return Status.badInput }
    return Status.failure
  default: return Status.failure
  }
}

private func status(of error: BenchmarkError) -> Int32 {
  switch error {
  case .unknownTask, .invalidNoise, .invalidSkyFraction, .maskNotSupported,
    .invalidNside, .tooFewMaps, .tooManyMaps, .invalidBatch, .notEnoughMemory:
    return Status.usage
  case .predictionNotFinite: return Status.badInput
  case .degenerateBands, .interrupted: return Status.failure
  }
}

private func status(of error: TrainingError) -> Int32 {
  switch error {
  case .invalidConfiguration, .configurationDiffers: return Status.usage
  case .zeroTarget, .notACheckpoint, .checkpointTensorDiffers, .damagedCheckpoint,
    .outdatedCheckpoint:
    return Status.badInput
  case .diverged: return Status.failure
  case .checkpointExists: return Status.cannotWrite
  }
}

/// Data that cannot be drawn are unusable input; texts and sizes come from options.
private func status(of error: ReportingError) -> Int32 {
  switch error {
  case .notFinite, .notPositive, .outsideRange, .lengthsDiffer, .empty, .invalidRange:
    return Status.badInput
  case .noGlyph, .noRoom: return Status.usage
  case .drawingFailed: return Status.failure
  }
}

private func status(of error: MapToolError) -> Int32 {
  switch error {
  case .degreeBeyondMap, .componentsOfPolarisation, .unknownGrid, .gridOutOfRange:
    return Status.usage
  case .maskedPixels, .mapsDiffer, .ordersMissing, .nothingObserved: return Status.badInput
  case .notConverged: return Status.failure
  }
}

import Faults
import LinearAlgebra

/// Why a task cannot be set up as asked.
public enum TaskError: UserError, Sendable, Hashable {
  case unknownTask(found: String, known: [String])
  /// A task or an architecture of another definition has the name.
  case nameTaken(kind: String, name: String)
  case invalidNoise(found: Double)
  case invalidSkyFraction(found: Double)
  /// T1 is defined on the full sky.
  case maskNotSupported(task: String)
  /// A noise map for a task of the benchmark, whose noise is the same everywhere.
  case noiseMapNotSupported(task: String)
  /// The grid has too few pixels for the degrees of the task, or more than map files can have.
  case invalidNside(found: Int)
  /// The grid or the table has too few degrees, or a sky has too few for the task.
  case invalidDegree(found: Int, most: Int, nside: Int)
  /// Full width at half maximum, arc minutes.
  case invalidBeam(found: Double)
  /// A beam by degree with too few of them, or that is not finite.
  case invalidBeamWindow(found: String, expected: String)
  /// The table of spectra has none of the fields that are observed.
  case tableWithoutField(observe: String, found: [String])
  /// No spectrum that is observed depends on a parameter beyond its noise.
  case nothingToLearn
  /// The published pipeline makes no other sky of the task's spectra than the physical one.
  case noPublishedSky(task: String)
  /// A choice that tasks of tables do not have.
  case notForTables(what: String, expected: String)
  /// A file that is no task file.
  case notATaskFile(file: String, reason: String)
  case tooFewMaps(found: Int, least: Int, use: String)
  case tooManyMaps(found: Int, most: Int)
  /// A stage would need more bytes than there are.
  case notEnoughMemory(
    stage: String, subject: WorkEstimate.Subject, needed: Double, available: Double,
    fits: [String])
  /// The architecture has no recipe.
  case notTrainable(architecture: String)
  /// Maps per step.
  case invalidBatch(found: Int)
  /// The bands of a network do not vary independently.
  case degenerateBands(component: Int, variance: Double)
  /// A prediction is infinite or not a number.
  case predictionNotFinite(map: String, value: Double)
  /// The interruption flag was raised in a stage without checkpoint.
  case interrupted

  public var description: String {
    switch self {
    case .unknownTask(let found, let known):
      return "there is no task '\(found)'; choose one of \(known.joined(separator: ", "))"
    case .nameTaken(let kind, let name):
      return "another \(kind) is called '\(name)', expected a name that is free"
    case .invalidNoise(let found):
      return "the noise is \(found), expected a standard deviation per pixel in "
        + "0...\(TaskSettings.largestNoise)"
    case .invalidSkyFraction(let found):
      return "the sky fraction is \(found), expected 0 < f_sky <= 1"
    case .maskNotSupported(let task):
      return "task \(task) is defined on the full sky; leave sky fraction and mask out"
    case .noiseMapNotSupported(let task):
      return "task \(task) has the same noise everywhere; a noise map goes with a table of "
        + "spectra, which can be made of it: sphere task --task \(task) --output task.json"
    case .invalidNside(let found):
      return "nside is \(found), expected \(TaskSettings.nsides): a grid carries degrees up to "
        + "3 nside - 1, the tasks have degrees up to \(TaskSettings.lmax), and maps of a higher "
        + "nside "
        + "cannot be read"
    case .invalidDegree(let found, let most, let nside):
      return "the largest degree is \(found), expected 3...\(most): the spectra end there, or the "
        + "grid of nside \(nside), which carries degrees up to \(3 * nside - 1)"
    case .invalidBeam(let found):
      return "the beam's full width at half maximum is \(found), expected "
        + "\(TaskSettings.beams) arc minutes"
    case .invalidBeamWindow(let found, let expected):
      return "the beam has \(found), expected \(expected)"
    case .tableWithoutField(let observe, let found):
      return "maps of \(observe) are observed, and the table has the spectra "
        + "\(found.joined(separator: ", ")); expected "
        + (observe == "T" ? "TT" : "EE or BB") + " among them"
    case .nothingToLearn:
      return "no map tells the parameters apart: the observed spectra with their noise hardly "
        + "change over the prior; observe other fields, less noise or more degrees"
    case .noPublishedSky(let task):
      return "\(task) has no published sky, expected maps of Q and U from a table with EE and BB, "
        + "or the physical protocol"
    case .notForTables(let what, let expected):
      return "\(what) does not go with a table of spectra, expected \(expected)"
    case .notATaskFile(let file, let reason):
      return "\(file): this is no task file, expected JSON with a task, as Docs/YourOwnSky.md says "
        + "(\(reason))"
    case .tooFewMaps(let found, let least, let use):
      return "\(found) maps for \(use), expected at least \(least); ask for more maps"
    case .tooManyMaps(let found, let most):
      return "\(found) maps, expected at most \(most)"
    case .notEnoughMemory(let stage, _, let needed, let available, let fits):
      let remedy =
        fits.isEmpty ? "take a machine with more" : "what fits: \(fits.joined(separator: "; "))"
      return "\(stage) needs about \(byteText(needed)) of memory, \(byteText(available)) are free; "
        + remedy
    case .notTrainable(let architecture):
      return "networks of the architecture \(architecture) have no recipe here, expected one of "
        + "the benchmark; they can be trained with TrainingLoop, read, and used to predict"
    case .invalidBatch(let found):
      return "\(found) maps per step, expected \(TaskSettings.batches)"
    case .degenerateBands(let component, let variance):
      return "principal component \(component) of the network's band powers has the variance "
        + "\(variance): bands depend on each other; use fewer channels"
    case .predictionNotFinite(let map, let value):
      return "\(map): the prediction is \(value), expected a finite number; "
        + "check the map's values and unit"
    case .interrupted:
      return "interrupted"
    }
  }
}

extension TaskError {
  public var faultClass: FaultClass {
    switch self {
    case .predictionNotFinite, .notATaskFile, .nothingToLearn, .tableWithoutField:
      return .badInput
    case .degenerateBands: return .failure
    case .interrupted: return .interruption
    default: return .usage
    }
  }
}

import Faults
import Tasks

/// Faults of a command line that no module below knows.
enum ProgramError: UserError {
  /// A folder stands where a file is to be written.
  case outputIsFolder(path: String)
  /// The disk has fewer free bytes than are to be written.
  case diskTooSmall(path: String, needed: Double, available: Double)
  /// The file beside the model is not a record of a run.
  case recordInTheWay(path: String)
  /// A folder of shipped files was not found.
  case shippedFilesMissing(folder: String, tried: [String])
  /// A model that is neither a file nor shipped.
  case unknownModel(name: String, similar: [String])
  /// A run of the benchmark that does not exist.
  case unknownPreset(name: String, similar: [String])
  /// A model of the benchmark that is shown from its record.
  case weightsNotShipped(name: String)
  /// Conversion between these two kinds is not known.
  case cannotConvert(from: String, to: String)
  /// A network that a state dict, which has tensors only, would not describe.
  case notInStateDict(path: String, settings: String)
  /// An option that changes nothing here.
  case optionWithoutUse(options: String, reason: String)
  /// No exact estimator is known for this row of the benchmark.
  case noEstimator(task: String, skyProtocol: String, isCut: Bool)
  /// The noise of the coefficients is correlated, and no exact posterior of them is known.
  case correlatedNoise(lmax: Int, nside: Int)
  /// A file of posteriors lacks maps of these numbers.
  case noSuchMaps(file: String, asked: [Int], found: [Int])
  /// More maps than one picture has colours for.
  case tooManyMaps(file: String, found: Int, most: Int)
  /// Parameters that a file does not have.
  case unknownParameters(option: String, found: [String], expected: [String])
  /// The file is of no kind that can be inspected.
  case unknownKind(path: String)

  var description: String {
    switch self {
    case .outputIsFolder(let path):
      return "\(path): is a folder, expected the name of a file to write; add a file name"
    case .diskTooSmall(let path, let needed, let available):
      return "\(path): needs \(byteText(needed)) of disk, \(byteText(available)) are free; ask for "
        + "fewer maps or a lower nside, or name a folder on another disk"
    case .recordInTheWay(let path):
      return "\(path): is not a record of a training run and would be overwritten by one; "
        + "move it away or choose another --output"
    case .shippedFilesMissing(let folder, let tried):
      return "\(folder): not found in \(tried.joined(separator: ", ")); "
        + "run from the package's folder or name the folder"
    case .unknownModel(let name, let similar):
      return "\(name): there is no such file, and no shipped model of this name; "
        + (similar.isEmpty
          ? "'sphere models' lists the shipped ones"
          : "did you mean \(similar.joined(separator: ", "))?")
    case .unknownPreset(let name, let similar):
      return "--preset is \(name), expected a run that 'sphere train --help' lists"
        + (similar.isEmpty ? "" : "; did you mean \(similar.joined(separator: ", "))?")
    case .weightsNotShipped(let name):
      return "\(name): the weights of this model are not shipped, only the record of its training; "
        + "'sphere train --preset \(name) --output \(name).safetensors' makes them"
    case .cannotConvert(let from, let to):
      return "cannot convert \(from) to \(to), expected .pt to .safetensors or back; "
        + "rename the files"
    case .notInStateDict(let path, let settings):
      return
        "\(path): the network's \(settings), which a .pt file cannot say and its readers would "
        + "take "
        + "for the published ones; keep the .safetensors file"
    case .optionWithoutUse(let options, let reason):
      return "\(options): without effect, since \(reason); leave it out"
    case .noEstimator(let task, let skyProtocol, let isCut):
      return "there is no exact estimator for task \(task) on the \(skyProtocol) sky"
        + (isCut ? " behind this mask" : "") + "; expected the physical sky and, if it is cut, at "
        + "most \(TaskSettings.mostEvaluatedPixels) pixels (f_sky 0.5 at nside 16); "
        + "'sphere limits' has the Cramer-Rao bound of any mask"
    case .correlatedNoise(let lmax, let nside):
      return "degrees up to \(lmax) with noise at nside \(nside): the noise of the coefficients is "
        + "correlated above l = \(2 * nside), and there is no exact posterior; expected --lmax "
        + "\(2 * nside) or less"
    case .noSuchMaps(let file, let asked, let found):
      func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
      return "--only is \(list(asked)), expected numbers of maps of \(file), which are "
        + list(found)
    case .tooManyMaps(let file, let found, let most):
      return "\(file) holds posteriors of \(found) maps, expected at most \(most) in one picture; "
        + "choose some with --only"
    case .unknownParameters(let option, let found, let expected):
      return "\(option) names \(found.joined(separator: ", ")), expected some of "
        + expected.joined(separator: ", ")
    case .unknownKind(let path):
      return "\(path): expected a file named .fits, .fits.gz, .safetensors, .pt, .pth or .json"
    }
  }

  var faultClass: FaultClass {
    switch self {
    case .outputIsFolder, .diskTooSmall, .recordInTheWay: return .cannotWrite
    case .notInStateDict: return .badInput
    case .shippedFilesMissing, .unknownModel, .weightsNotShipped: return .missingInput
    case .cannotConvert, .unknownKind, .unknownPreset, .noEstimator, .optionWithoutUse,
      .correlatedNoise, .noSuchMaps, .tooManyMaps, .unknownParameters:
      return .usage
    }
  }
}

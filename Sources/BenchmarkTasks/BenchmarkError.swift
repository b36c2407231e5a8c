/// Why a task cannot be set up as asked.
public enum BenchmarkError: Error, Sendable, Hashable, CustomStringConvertible {
  case unknownTask(found: String, known: [String])
  case invalidNoise(found: Double)
  case invalidSkyFraction(found: Double)
  /// T1 is defined on the full sky.
  case maskNotSupported(task: String)
  /// The grid has too few pixels for the degrees of the task.
  case degreesBeyondGrid(nside: Int, lmax: Int)
  case tooFewMaps(found: Int, least: Int, use: String)
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
    case .invalidNoise(let found):
      return "the noise is \(found), expected a finite standard deviation per pixel >= 0"
    case .invalidSkyFraction(let found):
      return "the sky fraction is \(found), expected 0 < f_sky <= 1"
    case .maskNotSupported(let task):
      return "task \(task) is defined on the full sky; leave --fsky and --mask out"
    case .degreesBeyondGrid(let nside, let lmax):
      return "nside is \(nside), whose grid carries degrees up to 3 nside - 1 = \(3 * nside - 1); "
        + "the task has lmax \(lmax): use nside \((lmax + 3) / 3) or more"
    case .tooFewMaps(let found, let least, let use):
      return "\(found) maps for \(use), expected at least \(least); ask for more maps"
    case .invalidBatch(let found):
      return "\(found) maps per step, expected 1...\(1 << 20)"
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

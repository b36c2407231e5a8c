/// Why a likelihood, a posterior or a comparison cannot be computed.
public enum BaselineError: Error, Sendable, Hashable, CustomStringConvertible {
  case degreesOutside(found: ClosedRange<Int>, available: ClosedRange<Int>)
  case noiseLength(found: Int, expected: Int)
  case noiseNotAVariance(l: Int, value: Double)
  case noPower(l: Int, parameter: Double)
  case realisedLength(found: Int, expected: Int)
  case realisedNotPositive(l: Int, value: Double)
  case gridTooCoarse(standardDeviation: Double, spacing: Double)
  case lengthsDiffer(truths: Int, found: Int)
  case tooFewMaps(found: Int)
  case truthNotPositive(map: Int, value: Double)
  case notFinite(map: Int, value: Double)

  public var description: String {
    switch self {
    case .degreesOutside(let found, let available):
      return "degrees l = \(found) asked for, the model has l = \(available); shorten the range"
    case .noiseLength(let found, let expected):
      return "the noise spectrum has \(found) values, the model \(expected); "
        + "give N_l for l = 0...\(expected - 1)"
    case .noiseNotAVariance(let l, let value):
      return "the noise power must be finite and >= 0, found \(value) at l = \(l)"
    case .noPower(let l, let parameter):
      return "signal and noise both vanish at l = \(l) for the parameter \(parameter): "
        + "the likelihood is not defined; leave this degree out"
    case .realisedLength(let found, let expected):
      return "the realised spectrum has \(found) values, expected \(expected), "
        + "l = 0...\(expected - 1)"
    case .realisedNotPositive(let l, let value):
      return "the realised power must be finite and > 0, found \(value) at l = \(l); "
        + "a degree that was removed from the map must be left out of the likelihood too"
    case .gridTooCoarse(let standardDeviation, let spacing):
      return "the posterior's standard deviation \(standardDeviation) is below the grid spacing "
        + "\(spacing); use more grid points, or, if it piles up at an end of the prior range, "
        + "check that the map has this model's sky, noise and units"
    case .lengthsDiffer(let truths, let found):
      return "\(found) predictions for \(truths) true values; compare the same maps"
    case .tooFewMaps(let found):
      return "a comparison with an error bar needs at least 2 maps, found \(found)"
    case .truthNotPositive(let map, let value):
      return "the relative error needs a true value > 0, found \(value) for map \(map)"
    case .notFinite(let map, let value):
      return "found the prediction \(value) for map \(map); predictions must be finite"
    }
  }
}

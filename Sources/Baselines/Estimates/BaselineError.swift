import Faults
import SkyModels

/// Why a likelihood, a posterior or a comparison cannot be computed.
public enum BaselineError: UserError, Sendable, Hashable {
  case degreesOutside(found: ClosedRange<Int>, available: ClosedRange<Int>)
  case noiseLength(found: Int, expected: Int)
  case noiseNotAVariance(l: Int, value: Double)
  case noPower(l: Int, parameter: Double)
  case realisedFields(found: Int, expected: Int)
  case realisedLength(found: Int, expected: Int)
  case realisedNotPositive(l: Int, value: Double)
  case gridTooCoarse(standardDeviation: Double, spacing: Double)
  case lengthsDiffer(truths: Int, found: Int)
  case tooFewMaps(found: Int)
  case truthNotPositive(map: Int, value: Double)
  case notFinite(map: Int, value: Double)
  case parametersDiffer(found: Int, expected: Int)
  case correlatedFields(spectrum: SpectrumName, l: Int)
  case entangledParameters(spectrum: SpectrumName, parameters: [String])
  case parameterWithoutPower(name: String)
  case temperatureInPixels
  case tooManyParameters(found: Int, supported: Int)
  case floorNotPositive(found: Double)
  case noiseNotPositive(found: Double)
  case covarianceNotPositive(parameters: [Double], row: Int)
  case mapPixels(found: Int, expected: Int)
  case pixelNotFinite(map: Int, pixel: Int, value: Double)
  case noModeRatio(l: Int, ratio: Double)
  case interrupted

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
    case .realisedFields(let found, let expected):
      return "realised spectra of \(found) fields, the likelihood has \(expected); "
        + "list one for each of its components, in their order"
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
    case .parametersDiffer(let found, let expected):
      return "found values of \(found) parameters, expected \(expected); "
        + "compare the same parameters in the same order"
    case .correlatedFields(let spectrum, let l):
      return "the model has the cross spectrum \(spectrum.rawValue), not 0 at l = \(l), expected "
        + "fields without correlation; on a sky whose E and B are fully correlated, as in the "
        + "published protocol, the covariance is singular and the ratio B/E of any mode gives the "
        + "parameters without error: there is no limit above rounding (ModeRatioFit)"
    case .entangledParameters(let spectrum, let parameters):
      return "the spectrum \(spectrum.rawValue) depends on the parameters "
        + "\(parameters.joined(separator: ", ")), expected one; the likelihood does not factorise: "
        + "use the joint posterior of pixels (CutSkyLimit)"
    case .parameterWithoutPower(let name):
      return "no spectrum depends on the parameter \(name): maps say nothing about it; remove it "
        + "from the model"
    case .temperatureInPixels:
      return "the model has temperature, the pixel likelihood is that of Q and U; "
        + "expected a model of E and B alone"
    case .tooManyParameters(let found, let supported):
      return
        "the model has \(found) parameters, a posterior is tabulated for at most \(supported); "
        + "fix some of them"
    case .floorNotPositive(let found):
      return "the floor must be finite and >= 0 as a fraction of the rms, found \(found); "
        + "the default is \(PixelFloor.standard)"
    case .noiseNotPositive(let found):
      return "the noise's standard deviation must be finite and >= 0, found \(found)"
    case .covarianceNotPositive(let parameters, let row):
      return "the pixel covariance at the parameters \(parameters) is not positive definite: the "
        + "factorisation stops at row \(row); without noise it is numerically singular: raise the "
        + "floor (\(PixelFloor.standard) of the rms is the default)"
    case .mapPixels(let found, let expected):
      return "found \(found) pixels in a map, expected \(expected); give whole maps of the mask's "
        + "nside, RING order"
    case .pixelNotFinite(let map, let pixel, let value):
      return
        "map \(map) has \(value) at the observed pixel \(pixel); mask the pixel or mend the map"
    case .noModeRatio(let l, let ratio):
      return "the ratio B/E at l = \(l) is \(ratio), expected a finite number > 0: this is no sky "
        + "whose E and B are fully correlated"
    case .interrupted:
      return "stopped before the end; nothing was kept"
    }
  }
}

extension BaselineError {
  public var faultClass: FaultClass {
    switch self {
    case .tooFewMaps, .floorNotPositive, .noiseNotPositive, .correlatedFields,
      .covarianceNotPositive, .tooManyParameters:
      return .usage
    case .interrupted: return .interruption
    default: return .badInput
    }
  }
}

import Faults

/// Why a list of numbers is not a spectrum.
public enum SkyModelError: UserError, Sendable, Hashable {
  case empty
  case negativePower(l: Int, value: Double)
  case notFinite(l: Int, value: Double)
  case monopoleOfDl(value: Double)

  public var description: String {
    switch self {
    case .empty:
      return "a spectrum needs at least C_0, found no values; list C_l from l = 0 on"
    case .negativePower(let l, let value):
      return "C_l is a variance and must be >= 0, found \(value) at l = \(l); "
        + "a noise-subtracted estimate is not a model: fit one to it first"
    case .notFinite(let l, let value):
      return "C_l must be finite, found \(value) at l = \(l); remove or model this degree"
    case .monopoleOfDl(let value):
      return "D_l = l(l+1) C_l / 2pi must be 0 at l = 0, found \(value); "
        + "if the list holds C_l, or starts at l = 2, convert it or pad it with zeros first"
    }
  }
}

extension SkyModelError {
  public var faultClass: FaultClass { .badInput }
}

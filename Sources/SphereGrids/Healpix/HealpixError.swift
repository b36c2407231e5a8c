import Faults

/// Requests to a HEALPix grid that have no answer.
public enum HealpixError: UserError, Hashable {
  /// nside is not in 1...65536.
  case invalidNside(Int)
  /// NESTED indices exist for powers of two only.
  case nestedNeedsPowerOfTwo(nside: Int)
  /// A pixel number is outside 0..<12 nside².
  case pixelOutOfRange(pixel: Int, nside: Int)
  /// A number of pixels is not 12 nside² for any nside.
  case invalidPixelCount(Int)
  /// A colatitude is outside 0...π or not finite.
  case invalidColatitude(Double)
  /// A longitude is not finite.
  case invalidLongitude(Double)
  /// The radius of a disc is negative or not finite.
  case invalidRadius(Double)

  public var description: String {
    switch self {
    case .invalidNside(let nside):
      return "nside is \(nside), expected 1...\(HealpixGrid.largestNside)"
    case .nestedNeedsPowerOfTwo(let nside):
      return "nside is \(nside), but NESTED pixel numbers exist for powers of two only; "
        + "use RING or another nside"
    case .pixelOutOfRange(let pixel, let nside):
      return "pixel \(pixel) is outside 0..<\(12 * nside * nside), the pixels of nside \(nside)"
    case .invalidPixelCount(let count):
      return "\(count) values are no HEALPix map, which has 12 nside² values (12, 48, 108, ...)"
    case .invalidColatitude(let theta):
      return "colatitude \(theta) rad is outside 0...π; it is counted from the north pole, "
        + "a latitude b has θ = π/2 − b"
    case .invalidLongitude(let phi):
      return "longitude \(phi) rad is not a finite number"
    case .invalidRadius(let radius):
      return "disc radius \(radius) rad is not a finite number ≥ 0"
    }
  }
}

extension HealpixError {
  public var faultClass: FaultClass {
    switch self {
    case .invalidNside: return .usage
    default: return .badInput
    }
  }
}

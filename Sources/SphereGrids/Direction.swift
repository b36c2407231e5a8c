import Foundation

/// A direction on the sphere: colatitude from the north pole and eastward longitude, radians.
public struct Direction: Sendable, Hashable, CustomStringConvertible {
  /// Colatitude θ, 0...π.
  public var theta: Double
  /// Longitude φ, of any finite value; φ and φ + 2π are the same direction.
  public var phi: Double

  public init(theta: Double, phi: Double) {
    self.theta = theta
    self.phi = phi
  }

  public var description: String { "(θ \(theta), φ \(phi))" }

  /// The angle between two directions, 0...π radians.
  ///
  /// Definition:  hav d = hav(θ − θ') + sin θ sin θ' hav(φ − φ'), hav x = sin²(x/2); accurate for
  ///              small angles, where cos d = cos θ cos θ' + ... is not.
  public func angularDistance(to other: Direction) -> Double {
    let haversine = haversineOfDistance(
      colatitudeDifference: theta - other.theta, sineProduct: sin(theta) * sin(other.theta),
      longitudeDifference: phi - other.phi)
    return 2 * asin(min(1, haversine.squareRoot()))
  }
}

/// sin²(d/2) of the angle d between two directions: the measure by which distances are compared.
func haversineOfDistance(
  colatitudeDifference: Double, sineProduct: Double, longitudeDifference: Double
) -> Double {
  let halfHeight = sin(colatitudeDifference / 2)
  let halfTurn = sin(longitudeDifference / 2)
  return halfHeight * halfHeight + sineProduct * halfTurn * halfTurn
}

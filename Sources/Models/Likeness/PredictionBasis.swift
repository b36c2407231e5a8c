import Foundation
import LinearAlgebra

/// The products of Chebyshev polynomials of a map's predictions up to some total degree.
///
///     φ(p) = Π_o T_(d_o)(u_o),   Σ_o d_o ≤ degree,   u_o = (2p_o − a_o − b_o)/(b_o − a_o)
///
/// with a...b the range of the predictions of the calibration. Outside it u is that of the nearer
/// end: a polynomial would run away there.
struct PredictionBasis: Codable, Sendable, Equatable {
  /// a and b of every parameter.
  let lower, upper: [Double]
  /// Largest total degree.
  let degree: Int

  /// The basis on the range of some predictions, `[map][parameter]`.
  init(_ predictions: [[Double]], degree: Int) {
    let parameters = predictions[0].count
    lower = (0..<parameters).map { o in predictions.reduce(.infinity) { min($0, $1[o]) } }
    upper = (0..<parameters).map { o in predictions.reduce(-.infinity) { max($0, $1[o]) } }
    self.degree = degree
  }

  /// Largest degree.
  static let largestDegree = 10

  /// Whether these are functions of so many parameters.
  func isUsable(parameters: Int) -> Bool {
    lower.count == parameters && upper.count == parameters
      && (1...Self.largestDegree).contains(degree)
      && zip(lower, upper).allSatisfy { $0.isFinite && $1.isFinite && $0 <= $1 }
  }

  /// Number of functions for so many parameters.
  static func count(parameters: Int, degree: Int) -> Int {
    (0..<parameters).reduce(1) { $0 * (degree + parameters - $1) / ($1 + 1) }
  }

  /// The functions at one map's predictions.
  func values(_ prediction: [Double]) -> [Double] {
    var values = [1.0]
    var degrees = [0]
    for o in prediction.indices {
      let width = upper[o] - lower[o]
      let u =
        width > 0 ? max(-1, min(1, (2 * prediction[o] - lower[o] - upper[o]) / width)) : 0
      var polynomials = [1.0, u]
      while polynomials.count <= degree {
        let n = polynomials.count
        polynomials.append(2 * u * polynomials[n - 1] - polynomials[n - 2])
      }
      var (next, nextDegrees): ([Double], [Int]) = ([], [])
      for (value, used) in zip(values, degrees) {
        for d in 0...(degree - used) {
          next.append(value * polynomials[d])
          nextDegrees.append(used + d)
        }
      }
      (values, degrees) = (next, nextDegrees)
    }
    return values
  }
}

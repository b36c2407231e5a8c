import Foundation

extension GaussianSmoothing<Double> {
  /// y_lm of one field by its formula, the exponential of every number anew: the slow twin of
  /// `forward`.
  func forwardByDefinition(l: Int, _ x: Double, width: Double) -> Double {
    x / exp(Double(l) * Double(l + 1) * width * width / 2)
  }
}

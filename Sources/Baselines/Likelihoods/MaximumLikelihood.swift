import Foundation

/// The parameter of largest likelihood within the prior range.
public struct MaximumLikelihood: Sendable, Hashable {
  /// θ̂.
  public let estimate: Double
  /// The likelihood is largest at an end of the prior range, and would rise beyond it.
  public let isAtBoundary: Bool
  /// (½ d²(−2 ln L)/dθ²)^(−½) at θ̂, the error bar of a normal likelihood; nil at the boundary.
  public let curvatureError: Double?
}

extension LikelihoodGrid {
  /// Maximises the likelihood of a map over the prior range.
  ///
  /// Method:     the best grid point, then a bracketed root of the slope of −2 ln L between its
  ///             neighbours: secant steps, halving when one leaves the bracket or hardly shrinks
  ///             it.
  /// Accuracy:   10⁻¹⁰ of the prior range.
  /// Checked by: MaximumLikelihoodTests.
  ///
  /// - Parameter realised: Ĉ_l of every field of the likelihood, `[field][l]`.
  /// - Returns: the estimate, with its error bar where the likelihood has a maximum inside.
  /// - Throws: `BaselineError.realisedFields`, `.realisedLength` or `.realisedNotPositive`.
  public func maximumLikelihood(
    realised: [[Double]]
  ) throws(BaselineError) -> MaximumLikelihood {
    let values = try logLikelihood(realised: realised)
    let (estimate, isAtBoundary) = maximum(of: values, realised: realised)
    return MaximumLikelihood(
      estimate: estimate, isAtBoundary: isAtBoundary,
      curvatureError: isAtBoundary ? nil : curvatureError(at: estimate, realised: realised))
  }

  /// The same for one field.
  ///
  /// - Throws: as above.
  public func maximumLikelihood(realised: [Double]) throws(BaselineError) -> MaximumLikelihood {
    try maximumLikelihood(realised: [realised])
  }

  /// The maximum near the largest of the tabulated values.
  func maximum(of logLikelihood: [Double], realised: [[Double]]) -> (Double, isAtBoundary: Bool) {
    var best = 0
    for j in logLikelihood.indices where logLikelihood[j] > logLikelihood[best] {
      best = j
    }
    let last = parameters.count - 1
    let low = parameters[max(best - 1, 0)]
    let high = parameters[min(best + 1, last)]
    let slopeLow = likelihood.slope(at: low, realised: realised)
    let slopeHigh = likelihood.slope(at: high, realised: realised)
    // −2 ln L falls towards its minimum: the slope is negative before and positive after it.
    if best == 0 && slopeLow >= 0 { return (low, true) }
    if best == last && slopeHigh <= 0 { return (high, true) }
    // Without a change of sign the likelihood has several maxima between grid points; the best of
    // the tabulated ones is then the answer, to the spacing.
    guard slopeLow < 0 && slopeHigh > 0 else { return (parameters[best], false) }
    return (
      root(between: (low, slopeLow), and: (high, slopeHigh), realised: realised), false
    )
  }

  /// The zero of the slope within a bracket, by the Illinois variant of false position
  /// [DowellJarratt1971]: it converges superlinearly and never leaves the bracket.
  private func root(
    between first: (Double, Double), and second: (Double, Double), realised: [[Double]]
  ) -> Double {
    let tolerance = 1e-10 * (parameters[parameters.count - 1] - parameters[0])
    var (low, slopeLow) = first
    var (high, slopeHigh) = second
    var side = 0
    for _ in 0..<100 where high - low > tolerance {
      let middle = (low * slopeHigh - high * slopeLow) / (slopeHigh - slopeLow)
      let slope = likelihood.slope(at: middle, realised: realised)
      if slope == 0 { return middle }
      if slope < 0 {
        if abs(middle - low) < tolerance { return middle }
        (low, slopeLow) = (middle, slope)
        if side == -1 { slopeHigh /= 2 }
        side = -1
      } else {
        if abs(high - middle) < tolerance { return middle }
        (high, slopeHigh) = (middle, slope)
        if side == 1 { slopeLow /= 2 }
        side = 1
      }
    }
    return 0.5 * (low + high)
  }

  /// The error bar from the curvature, a central difference of the slope over a thousandth of the
  /// Fisher error; nil where −2 ln L is not convex.
  private func curvatureError(at estimate: Double, realised: [[Double]]) -> Double? {
    let range = likelihood.family.parameterRange
    let room = min(estimate - range.lowerBound, range.upperBound - estimate)
    let fisherError = 1 / likelihood.fisherInformation(at: estimate).squareRoot()
    let h = min(1e-3 * fisherError, room)
    let rise =
      likelihood.slope(at: estimate + h, realised: realised)
      - likelihood.slope(at: estimate - h, realised: realised)
    return rise > 0 ? (2 / (rise / (2 * h))).squareRoot() : nil
  }
}

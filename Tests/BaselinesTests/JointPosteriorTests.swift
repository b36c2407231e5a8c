import Foundation
import SpecialFunctions
import Testing
import Verification

@testable import Baselines

/// Posteriors on a grid whose moments are known in closed form. ln L is a polynomial of low degree,
/// so that its interpolation is exact and the sums alone are seen.
@Suite("Posterior of one or two parameters on a grid")
struct JointPosteriorTests {
  private static func axis(
    _ range: ClosedRange<Double>, points: Int = CutSkyPosterior.pointCount
  ) -> JointPosterior.Axis {
    JointPosterior.Axis(
      range: range,
      interpolation: LocalInterpolation(
        nodes: CutSkyPosterior.standardNodeCount, points: points))
  }

  private static func nodes(_ range: ClosedRange<Double>) -> [Double] {
    let last = Double(CutSkyPosterior.standardNodeCount - 1)
    return (0..<CutSkyPosterior.standardNodeCount).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / last
    }
  }

  /// ln L = c x y on the unit square: the marginal of either parameter is (eᶜˣ − 1)/(c x), whose
  /// integral is Σ_k cᵏ⁻¹/(k k!) and whose first moment ((eᶜ − 1)/c − 1)/c. The trapezoidal rule of
  /// 600 intervals errs by h²c²/12 = 8 · 10⁻⁶ of a density at most, and by less in the mean.
  /// Control: ends that count whole add h (1 + eᶜˣ)/2 to a marginal, which moves the mean by
  /// about 10⁻⁴.
  @Test("Ends of the prior count one half")
  func ends() throws {
    let c = 6.0
    let x = Self.nodes(0...1)
    let axis = Self.axis(0...1)
    let posterior = try JointPosterior(
      axes: [axis, axis], logLikelihood: x.flatMap { own in x.map { c * own * $0 } })
    var (integral, term) = (0.0, 1.0)
    for k in 1...60 {
      term *= (k == 1 ? 1 : c) / Double(k)
      integral += term / Double(k)
    }
    let mean = ((exp(c) - 1) / c - 1) / c / integral
    for marginal in posterior.marginals {
      #expect(abs(marginal.mean - mean) <= 8e-6, "\(marginal.mean) against \(mean)")
    }
    let points = axis.points
    let whole = Posterior(
      parameters: points,
      logDensity: points.map { x in
        log((x == 0 ? 1 : (exp(c * x) - 1) / (c * x)) + (1 + exp(c * x)) / 1200)
      })
    #expect(abs(whole.mean - mean) > 5e-5)
    #expect(posterior.isAtBoundary == [true, true] && posterior.maximum == [1, 1])
  }

  /// A posterior two fine spacings wide, as narrow as those of the full prior get: the trapezoidal
  /// rule of a Gaussian errs by exp(−2π² · 4), which is nothing, so that rounding of ln L, 2 · 10⁴
  /// at the far nodes, is left. Control: on a quarter of the points there is no posterior.
  @Test("A posterior of a three-hundredth of the prior")
  func narrow() throws {
    let range = 5.0...20
    let (centre, sigma) = (11.2345, 15.0 / 300)
    let logLikelihood = Self.nodes(range).map {
      -0.5 * ($0 - centre) * ($0 - centre) / (sigma * sigma)
    }
    let posterior = try JointPosterior(
      axes: [Self.axis(range)], logLikelihood: logLikelihood)
    #expect(abs(posterior.marginals[0].mean - centre) <= 1e-8 * sigma)
    #expect(abs(posterior.marginals[0].standardDeviation - sigma) <= 1e-8 * sigma)
    #expect(abs(posterior.maximum[0] - centre) <= 1e-6 * sigma)
    #expect(posterior.isAtBoundary == [false])
    let coarse = thrown {
      try JointPosterior(
        axes: [Self.axis(range, points: 151)], logLikelihood: logLikelihood)
    }
    guard case .gridTooCoarse? = coarse as? BaselineError else {
      Issue.record("\(String(describing: coarse))")
      return
    }
  }
}

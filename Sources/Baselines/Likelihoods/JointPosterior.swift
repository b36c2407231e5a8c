import Foundation
import SpecialFunctions

/// The posterior of one or two parameters under uniform priors, from ln L at equally spaced nodes.
///
/// Method:     ln L is interpolated (`LocalInterpolation`) to a fine grid; marginal densities are
///             trapezoidal sums over the other parameter.
/// Accuracy:   see `CutSkyPosterior`.
/// Checked by: JointPosteriorTests, CutSkyPosteriorTests, PixelFullSkyTests.
struct JointPosterior: Sendable {
  /// The marginal posterior of every parameter.
  let marginals: [Posterior]
  /// The parameters of largest likelihood, refined by a parabola through neighbouring points.
  let maximum: [Double]
  /// Whether the maximum lies at an end of the range of each parameter.
  let isAtBoundary: [Bool]

  /// Where ln L is tabulated.
  struct Axis: Sendable {
    let range: ClosedRange<Double>
    let interpolation: LocalInterpolation

    var spacing: Double {
      (range.upperBound - range.lowerBound) / Double(interpolation.pointCount - 1)
    }
    /// The axis between two of its nodes, with fine points about as close; the whole axis if
    /// these are its ends.
    func part(_ nodes: ClosedRange<Int>) -> Axis {
      let count = interpolation.nodeCount
      guard nodes.count < count else { return self }
      let width = range.upperBound - range.lowerBound
      let cells = Double(count - 1)
      let points = Double(interpolation.pointCount - 1) * Double(nodes.count - 1) / cells
      let lower = range.lowerBound + width * Double(nodes.lowerBound) / cells
      let upper = range.lowerBound + width * Double(nodes.upperBound) / cells
      return Axis(
        range: lower...upper,
        interpolation: LocalInterpolation(
          nodes: nodes.count, points: Int(points.rounded(.up)) + 1))
    }

    /// The fine points.
    var points: [Double] {
      (0..<interpolation.pointCount).map { range.lowerBound + Double($0) * spacing }
    }
  }

  /// A posterior from ln L at the nodes, `[node of the first parameter][node of the second]`.
  ///
  /// - Throws: `BaselineError.gridTooCoarse` when a marginal is narrower than the fine spacing.
  init(axes: [Axis], logLikelihood: [Double]) throws(BaselineError) {
    precondition(axes.count == 1 || axes.count == 2, "\(axes.count) parameters")
    let rows = axes[0].interpolation.pointCount
    let columns = axes.count == 2 ? axes[1].interpolation.pointCount : 1
    let fine = Self.interpolated(axes, logLikelihood)
    var best = 0
    for k in fine.indices where fine[k] > fine[best] { best = k }

    var sums = [[Double](repeating: 0, count: rows), [Double](repeating: 0, count: columns)]
    for i in 0..<rows {
      for j in 0..<columns {
        let relative = fine[i * columns + j] - fine[best]
        // exp(−60) is 10⁻²⁶ of the largest density.
        if relative < -60 { continue }
        let density = exp(relative)
        sums[0][i] += (j == 0 || j == columns - 1) && columns > 1 ? 0.5 * density : density
        sums[1][j] += i == 0 || i == rows - 1 ? 0.5 * density : density
      }
    }
    var marginals: [Posterior] = []
    for (axis, sum) in zip(axes, sums) {
      let marginal = Posterior(parameters: axis.points, logDensity: sum.map(log))
      guard marginal.standardDeviation > axis.spacing else {
        throw .gridTooCoarse(
          standardDeviation: marginal.standardDeviation, spacing: axis.spacing)
      }
      marginals.append(marginal)
    }
    self.marginals = marginals
    let place = [best / columns, best % columns]
    isAtBoundary = axes.indices.map {
      place[$0] == 0 || place[$0] == axes[$0].interpolation.pointCount - 1
    }
    let offsets = Self.parabolicOffsets(
      fine, place: place, columns: columns, free: isAtBoundary.map { !$0 })
    maximum = axes.indices.map {
      axes[$0].range.lowerBound + (Double(place[$0]) + offsets[$0]) * axes[$0].spacing
    }
  }

  /// ln L at the fine points, `[first][second]`.
  static func interpolated(_ axes: [Axis], _ logLikelihood: [Double]) -> [Double] {
    guard axes.count == 2 else { return axes[0].interpolation(logLikelihood, inner: 1) }
    let (first, second) = (axes[0].interpolation, axes[1].interpolation)
    var rows: [Double] = []
    rows.reserveCapacity(first.nodeCount * second.pointCount)
    for i in 0..<first.nodeCount {
      let row = logLikelihood[i * second.nodeCount..<(i + 1) * second.nodeCount]
      rows += second(Array(row), inner: 1)
    }
    return first(rows, inner: second.pointCount)
  }

  /// The maximum of the parabola through the points beside the largest, in units of the spacing; 0
  /// for parameters that are not free.
  private static func parabolicOffsets(
    _ fine: [Double], place: [Int], columns: Int, free: [Bool]
  ) -> [Double] {
    func value(_ i: Int, _ j: Int) -> Double { fine[(place[0] + i) * columns + place[1] + j] }
    func axis(_ step: (Int) -> Double) -> (slope: Double, curvature: Double) {
      (0.5 * (step(1) - step(-1)), step(1) - 2 * step(0) + step(-1))
    }
    func limited(_ offset: Double) -> Double { offset.isFinite ? min(max(offset, -1), 1) : 0 }
    var offsets = free.map { _ in 0.0 }
    let first = free[0] ? axis { value($0, 0) } : nil
    let second = free.count == 2 && free[1] ? axis { value(0, $0) } : nil
    switch (first, second) {
    case (let a?, let b?):
      let mixed = 0.25 * (value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1))
      let determinant = a.curvature * b.curvature - mixed * mixed
      offsets[0] = limited((mixed * b.slope - b.curvature * a.slope) / determinant)
      offsets[1] = limited((mixed * a.slope - a.curvature * b.slope) / determinant)
    case (let a?, nil): offsets[0] = limited(-a.slope / a.curvature)
    case (nil, let b?): offsets[1] = limited(-b.slope / b.curvature)
    case (nil, nil): break
    }
    return offsets
  }
}

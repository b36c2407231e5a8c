import Foundation
import Models
import Plotting
import SpecialFunctions

extension CornerPlot {
  /// The joint posteriors of some maps: marginal densities in θ with their 68 % intervals, contours
  /// of the regions of highest density in θ of 68.27 and 95.45 %.
  ///
  /// Ranges:     from the probability 0.0005 to 0.9995 of all maps, with a margin, and the truths.
  /// Names:      of maps without their folders where that tells them apart.
  /// Checked by: PosteriorFigureTests.
  ///
  /// - Parameters:
  ///   - file: the posteriors.
  ///   - truths: values to be marked, by the parameters' names.
  ///   - title: stands above all panels.
  /// - Returns: the picture.
  package static func posteriors(
    _ file: PosteriorFile, truths: [String: Double] = [:], title: String = ""
  ) -> CornerPlot {
    let short = file.entries.map { URL(fileURLWithPath: $0.map).lastPathComponent }
    let names = Set(short).count == short.count ? short : file.entries.map(\.map)
    let parameters = file.parameters.indices.map { index in
      let own = file.parameters[index]
      return Parameter(
        name: own.name, unit: own.unit,
        range: range(file, index, truth: truths[own.name]), truth: truths[own.name])
    }
    let entries = zip(names, file.entries).map { name, entry in
      let grid = entry.posterior
      let pairs = grid.axes.indices.flatMap { row in (0..<row).map { (column: $0, row: row) } }
      return Entry(
        name: name, curves: grid.axes.indices.map { curve(grid, $0) },
        surfaces: pairs.map { surface(grid, $0.column, $0.row) })
    }
    return CornerPlot(title, parameters: parameters, entries: entries)
  }

  /// The probabilities at the ends of an axis: 3.3 standard deviations of a normal density.
  private static let tail = 0.0005
  /// Of an axis, at both ends.
  private static let margin = 0.04
  /// Points of a curve, and along a side of a surface, at least.
  private static let curvePoints = 400
  private static let surfacePoints = 160

  private static func range(
    _ file: PosteriorFile, _ index: Int, truth: Double?
  ) -> ClosedRange<Double> {
    let prior = file.parameters[index].range
    var (low, high) = (Double.infinity, -Double.infinity)
    for entry in file.entries {
      low = min(low, entry.posterior.quantile(index, tail))
      high = max(high, entry.posterior.quantile(index, 1 - tail))
    }
    let room = margin * (high - low)
    (low, high) = (max(low - room, prior.lowerBound), min(high + room, prior.upperBound))
    guard let truth else { return low...high }
    // A truth at the frame would not be seen.
    let more = margin * (max(high, truth) - min(low, truth))
    return min(low, truth - more)...max(high, truth + more)
  }

  private static func curve(_ grid: PosteriorGrid, _ index: Int) -> Curve {
    let own = grid.marginal(over: [index])
    let finer = own.refined(by: factor(own, curvePoints))
    let summary = grid.summary(index)
    return Curve(
      x: finer.axes[0].values, density: finer.parameterDensity, median: summary.median,
      interval: summary.interval68)
  }

  private static func surface(_ grid: PosteriorGrid, _ column: Int, _ row: Int) -> Surface {
    let own = grid.marginal(over: [column, row])
    let finer = own.refined(by: factor(own, surfacePoints))
    return Surface(
      x: finer.axes[0].values, y: finer.axes[1].values, density: finer.parameterDensity,
      levels: PosteriorGrid.intervalProbabilities.map { finer.parameterLevel(probability: $0) })
  }

  private static func factor(_ grid: PosteriorGrid, _ points: Int) -> Int {
    let fewest = grid.axes.map(\.quantiles.count).min() ?? points
    return max(1, (points + fewest - 2) / (fewest - 1))
  }
}

import SkyModels
import SpecialFunctions

/// Posteriors with known numbers, in place of a model's.
enum PosteriorExamples {
  static let parameters = [
    ModelParameter(name: "r", prior: .logUniform(0...0.1, offset: 1e-3)),
    ModelParameter(
      name: "amplitude", prior: .gaussian(1...3, mean: 2, standardDeviation: 0.5), unit: "uK"),
    ModelParameter(name: "tau", prior: .uniform(0.02...0.1)),
  ]

  /// A normal density in q of the first parameters around `centre`, with the widths σ; one of
  /// infinite width is not constrained.
  static func grid(_ centre: [Double], deviations: [Double]) -> PosteriorGrid {
    PosteriorGrid.zoomed(parameters.prefix(centre.count).map(\.prior)) { quantiles in
      let axes = quantiles.enumerated().map { axis, q in
        q.map {
          -0.5 * (($0 - centre[axis]) / deviations[axis]) * (($0 - centre[axis]) / deviations[axis])
        }
      }
      return axes.reduce([0]) { sums, own in sums.flatMap { sum in own.map { sum + $0 } } }
    }
  }
}

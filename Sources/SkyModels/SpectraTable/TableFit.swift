import Foundation
import SpecialFunctions

/// All ways to interpolate a table, and the best of them.
struct TableFit {
  let table: SpectraTable
  private(set) var variants: [InterpolationReport.Variant] = []
  private(set) var chosen: InterpolationReport.Variant
  private(set) var interpolant: TableInterpolant
  /// The error of each axis of a grid, in the chosen way.
  private var perAxis: [Double] = []

  init(_ table: SpectraTable) {
    self.table = table
    var best: (InterpolationReport.Variant, [Double], () -> TableInterpolant)?
    for coordinates in Self.coordinates(of: table) {
      let priors = table.parameters.map { coordinates == .priors ? $0.prior : nil }
      switch table.layout {
      case .grid(let axes):
        let fit = GridFit(table, axes: axes, priors: priors)
        for quantity in InterpolationReport.Quantity.allCases {
          let interpolant = fit.interpolant(quantity)
          let (variant, errors) = fit.error(interpolant, coordinates: coordinates)
          variants.append(variant)
          if variant.error < best?.0.error ?? .infinity || best == nil {
            best = (variant, errors, { interpolant })
          }
        }
      case .scattered:
        let fit = ScatteredFit(table, priors: priors)
        let order = Array(table.nodes.indices)
        for quantity in InterpolationReport.Quantity.allCases {
          let values = PackedSpectra(table, order: order, quantity: quantity)
          for degree in 0..<fit.largestDegree + 1 {
            let variant = fit.error(values, degree: degree, coordinates: coordinates)
            variants.append(variant)
            if variant.error < best?.0.error ?? .infinity || best == nil {
              best = (variant, [], { fit.interpolant(values, degree: degree) })
            }
          }
        }
      }
    }
    guard let (variant, errors, make) = best else {
      preconditionFailure("no way to interpolate was tried")
    }
    chosen = variant
    perAxis = errors
    interpolant = make()
  }

  /// The coordinates of the priors count where one of them differs from θ.
  private static func coordinates(
    of table: SpectraTable
  ) -> [InterpolationReport.Coordinates] {
    let differ = table.parameters.contains { parameter in
      if case .logUniform = parameter.prior { return true }
      return false
    }
    return differ ? [.parameters, .priors] : [.parameters]
  }

  /// How many nodes would probably do.
  ///
  /// Method: the error of polynomials through q points goes with the power q of the spacing, the
  ///         divergence with 2 q. On a grid the axis by axis, q the points that were left; for
  ///         scattered nodes the spacing is N^(−1/d) and q the degree plus one. Never more than
  ///         four times as many, where the law cannot be trusted.
  ///
  /// - Returns: one number per axis of a grid, else one for all.
  func enoughNodes(bound: Double) -> [Int] {
    func factor(_ error: Double, _ power: Double) -> Double {
      min(4, max(1, pow(error / bound, 1 / power)))
    }
    switch table.layout {
    case .grid(let axes):
      return zip(axes, perAxis).map { axis, error in
        guard error > bound else { return axis.count }
        let points = Double(min(LagrangeAxis.mostPoints, axis.count - 1))
        return 1 + Int((Double(axis.count - 1) * factor(error, 2 * points)).rounded(.up))
      }
    case .scattered:
      let count = Double(table.parameters.count)
      let points = Double((chosen.degree ?? 0) + 1)
      let more = factor(chosen.error, 2 * points / count)
      return [Int((Double(table.nodes.count) * more).rounded(.up))]
    }
  }
}

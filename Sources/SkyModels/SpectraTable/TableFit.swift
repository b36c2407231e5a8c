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
  /// Method: the divergence goes with a power of the spacing. On a grid the power is measured, axis
  ///         by axis, by the error with every second value of the axis; it is at most 2 q with
  ///         polynomials through q points, and taken for 2 where it is less. For scattered nodes
  ///         the spacing is N^(−1/d), and the power 2 q with q the degree plus one. A quarter is
  ///         added for safety; never more than four times as many, where no law can be trusted.
  ///
  /// - Returns: one number per axis of a grid, else one for all.
  func enoughNodes(bound: Double) -> [Int] {
    func factor(_ error: Double, _ power: Double) -> Double {
      min(4, 1.25 * max(1, pow(error / bound, 1 / power)))
    }
    switch table.layout {
    case .grid(let axes):
      let priors = table.parameters.map { chosen.coordinates == .priors ? $0.prior : nil }
      let fit = GridFit(table, axes: axes, priors: priors)
      return axes.indices.map { axis in
        let (count, error) = (axes[axis].count, perAxis[axis])
        guard error > bound else { return count }
        let coarse = fit.worstNode(interpolant.packed, axis: axis, step: 2).error
        let measured = count >= 5 && coarse > error ? log2(coarse / error) : 0
        let points = Double(min(LagrangeAxis.mostPoints, count - 1))
        let power = min(max(measured, 2), 2 * points)
        return 1 + Int((Double(count - 1) * factor(error, power)).rounded(.up))
      }
    case .scattered:
      let count = Double(table.parameters.count)
      let points = Double((chosen.degree ?? 0) + 1)
      let more = factor(chosen.error, 2 * points / count)
      return [Int((Double(table.nodes.count) * more).rounded(.up))]
    }
  }
}

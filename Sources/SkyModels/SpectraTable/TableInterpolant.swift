import Foundation
import SpecialFunctions

/// A rule that gives spectra at any θ as weighted sums of packed rows.
///
/// On a grid the rows are the nodes and the weights products of `LagrangeAxis` weights; for
/// scattered nodes the rows are coefficients and the weights the functions of a `PolynomialBasis`.
struct TableInterpolant: Sendable {
  enum Basis: Sendable {
    /// Rows in the order of the grid, the last axis fastest.
    case grid([LagrangeAxis])
    case polynomials(PolynomialBasis)
  }

  let basis: Basis
  let packed: PackedSpectra
  /// The prior whose coordinate replaces θ_i; nil: θ_i itself.
  let priors: [ParameterPrior?]

  /// The coordinates of θ.
  static func coordinates(_ values: [Double], _ priors: [ParameterPrior?]) -> [Double] {
    zip(values, priors).map { value, prior in prior?.coordinate(of: value) ?? value }
  }

  /// Spectra at θ.
  func spectra(at values: [Double]) -> NamedSpectra {
    let x = Self.coordinates(values, priors)
    switch basis {
    case .grid(let axes):
      let weights = zip(axes, x).map { $0.weights(at: $1) }
      return packed.spectra(
        packed.sum(rows: Self.rows(axes, weights), weights: Self.products(weights.map(\.values))))
    case .polynomials(let functions):
      let weights = functions.values(at: x).values
      return packed.spectra(packed.sum(rows: Array(weights.indices), weights: weights))
    }
  }

  /// ∂C_l/∂θ_i: the derivative of the interpolant.
  func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
    let x = Self.coordinates(values, priors)
    let spectra = spectra(at: values)
    let (rows, slopes) = rowsAndSlopes(x)
    return slopes.enumerated().map { axis, weights in
      let scale = priors[axis]?.coordinateSlope(at: values[axis]) ?? 1
      return packed.derivatives(
        packed.sum(rows: rows, weights: weights.map { $0 * scale }), at: spectra)
    }
  }

  private func rowsAndSlopes(_ x: [Double]) -> (rows: [Int], slopes: [[Double]]) {
    switch basis {
    case .grid(let axes):
      let weights = zip(axes, x).map { $0.weights(at: $1) }
      let slopes = axes.indices.map { axis in
        Self.products(weights.indices.map { $0 == axis ? weights[$0].slopes : weights[$0].values })
      }
      return (Self.rows(axes, weights), slopes)
    case .polynomials(let functions):
      let slopes = functions.values(at: x).slopes
      return (Array(functions.exponents.indices), slopes)
    }
  }

  /// The rows of all combinations of the axes' nodes, the last axis fastest.
  static func rows(_ axes: [LagrangeAxis], _ weights: [LagrangeAxis.Weights]) -> [Int] {
    var rows = [0]
    for (axis, weight) in zip(axes, weights) {
      let places = weight.first..<weight.first + weight.values.count
      rows = rows.flatMap { row in places.map { row * axis.nodes.count + $0 } }
    }
    return rows
  }

  /// All products of one number of each list, the last list fastest.
  static func products(_ lists: [[Double]]) -> [Double] {
    lists.reduce([1]) { products, list in
      products.flatMap { product in list.map { product * $0 } }
    }
  }
}

extension ParameterPrior {
  /// The derivative of `coordinate(of:)`.
  func coordinateSlope(at value: Double) -> Double {
    if case .logUniform(_, let c) = self { return 1 / (value + c) }
    return 1
  }
}

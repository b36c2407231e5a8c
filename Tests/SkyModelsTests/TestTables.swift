import Foundation
import SkyModels

/// Tables of spectra that are given by formulas.
enum TestTables {
  typealias Powers = (tt: Double, ee: Double, bb: Double, te: Double)

  /// All combinations of values, the last axis fastest.
  static func product(_ axes: [[Double]]) -> [[Double]] {
    axes.reduce([[]]) { nodes, axis in nodes.flatMap { node in axis.map { node + [$0] } } }
  }

  /// Spectra of a formula: TT at all l, the others from l = 2 on.
  static func spectra(lmax: Int, _ powers: (Int) -> Powers) throws -> NamedSpectra {
    let list = (0...lmax).map(powers)
    func cut(_ values: [Double]) -> [Double] { [0, 0] + values.dropFirst(2) }
    return try NamedSpectra(
      tt: list.map(\.tt), ee: cut(list.map(\.ee)), bb: cut(list.map(\.bb)),
      te: cut(list.map(\.te)))
  }

  static func table(
    _ parameters: [ModelParameter], nodes: [[Double]], lmax: Int,
    _ powers: (Int, [Double]) -> Powers
  ) throws -> SpectraTable {
    try SpectraTable(
      parameters: parameters, nodes: nodes, spectrumNames: [.tt, .ee, .bb, .te],
      spectra: try nodes.map { node in try spectra(lmax: lmax) { powers($0, node) } })
  }

  static let two = [
    ModelParameter(name: "a", prior: .logUniform(0...1, offset: 0.05), unit: "K"),
    ModelParameter(name: "b", prior: .gaussian(-1...2, mean: 0.5, standardDeviation: 0.7)),
  ]
  static let axes: [[Double]] = [
    [0, 0.21, 0.55, 0.8, 1], [-1, -0.8, -0.5, -0.1, 0.3, 0.7, 1.1, 1.5, 1.8, 2],
  ]

  /// Polynomials of degree 2 in a and 6 in b: what leaving a node out still reproduces.
  static func polynomials(_ l: Int, _ theta: [Double]) -> Powers {
    let (a, b) = (theta[0], theta[1])
    let scale = 1 / Double(1 + l * l)
    let tt = scale * (3 + a - 0.4 * a * a + 0.1 * b - 0.02 * b * b * b + 0.01 * pow(b, 6))
    let ee = scale * (1 + 0.5 * a * b + 0.3 * b * b + 0.2 * a * a)
    return (tt, ee, scale * (0.1 + a + 0.01 * b * b), scale * (0.3 - 0.1 * b + 0.05 * a * b))
  }

  /// Exponentials of polynomials in ln(a + 0.05) and b, and a correlation that is one.
  static func exponentials(_ l: Int, _ theta: [Double]) -> Powers {
    let (x, b) = (log(theta[0] + 0.05), theta[1])
    let scale = -log(Double(1 + l * l))
    let tt = exp(scale + 1 + 0.5 * x - 0.1 * x * x + 0.2 * b)
    let ee = exp(scale - 1 + 0.3 * x + 0.4 * b - 0.1 * b * b * b)
    let correlation = 0.3 + 0.05 * x + 0.1 * b - 0.02 * x * b
    return (tt, ee, exp(scale - 3 + x), correlation * (tt * ee).squareRoot())
  }
}

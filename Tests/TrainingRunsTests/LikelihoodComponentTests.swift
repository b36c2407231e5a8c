import Foundation
import LinearAlgebra
import RandomFields
import SkyModels
import Tasks
import Testing

@testable import TrainingRuns

/// The combinations of band powers that a likelihood depends on.
struct LikelihoodComponentTests {
  /// Two parameters whose spectra differ in slope and height.
  private static func settings(noise: Double) throws -> TaskSettings {
    let first = ModelParameter(name: "a", range: 1...2)
    let second = ModelParameter(name: "b", range: -1...0)
    let axis = (0..<7).map { Double($0) / 6 }
    let nodes = axis.flatMap { a in axis.map { [1 + a, $0 - 1] } }
    let table = try SpectraTable(
      parameters: [first, second], nodes: nodes, spectrumNames: [.tt],
      spectra: nodes.map { node in
        try NamedSpectra(
          tt: (0...40).map { node[0] * exp(node[1] * log(Double($0 + 1))) })
      })
    return try TaskSettings(
      task: BenchmarkTask(TableTask(name: "toy", observe: .temperature, table: table)),
      noise: noise)
  }

  /// With p_l = (2l + 1)/4π Ĉ_l of many maps, ln L(θ) − ln L(θ_0) is a linear function of the
  /// components but for a residual of the order of what is left out; half of them do not do.
  @Test(arguments: [0.0, 2])
  func theLikelihoodIsLinearInTheComponents(_ noise: Double) throws {
    let settings = try Self.settings(noise: noise)
    let components = try LikelihoodComponents(settings)
    #expect((2...12).contains(components.rows.count))
    let model = settings.model()
    let white = noise * noise * 4 * .pi / 3072
    func total(_ values: [Double]) -> [Double] { model.spectra(at: values).tt.map { $0 + white } }
    let centre = total([1.5, -0.5])
    let maps = (0..<200).map { map -> [Double] in
      let normals = RandomStream(
        MapKey(seed: 1, split: .test, index: UInt64(map)), purpose: .noise
      ).normals(count: centre.count)
      return centre.indices.map {
        centre[$0] * (1 + (2 / Double(2 * $0 + 1)).squareRoot() * normals[$0])
      }
    }
    let values = maps.map { map in
      components.values(map.enumerated().map { Double(2 * $0 + 1) / (4 * .pi) * $1 })
    }
    for point in [[1.1, -0.9], [1.9, -0.1], [1.3, -0.2]] {
      let t = total(point)
      let differences = maps.map { map in
        map.indices.reduce(0) {
          $0 - 0.5 * Double(2 * $1 + 1) * map[$1] * (1 / t[$1] - 1 / centre[$1])
        }
      }
      let all = try Self.residual(differences, values)
      let half = try Self.residual(differences, values.map { [$0[0]] })
      #expect(all < 0.02, "\(point)")
      #expect(half > 0.1, "\(point)")
    }
  }

  /// Root mean square of y − (1, x) β at the β of least squares.
  private static func residual(_ y: [Double], _ x: [[Double]]) throws -> Double {
    let rows = x.map { [1] + $0 }
    let matrix = Matrix(rows: rows.count, columns: rows[0].count) { rows[$0][$1] }
    let gram = matrix.transposed.multiplied(by: matrix)
    let beta = try CholeskyFactor(gram).solve(matrix.transposed.multiplied(by: y))
    let fitted = matrix.multiplied(by: beta)
    let square = zip(y, fitted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (square / Double(y.count)).squareRoot()
  }

  /// Spectra that do not change, or only far below the noise, are nothing to learn from.
  @Test func noiseThatHidesEverythingIsRefused() throws {
    let settings = try Self.settings(noise: 1e6)
    #expect(throws: TaskError.nothingToLearn) { try LikelihoodComponents(settings) }
  }
}

import Foundation
import SpecialFunctions
import Testing

@testable import Models

/// Draws from posteriors: moments, determinism, the table.
@Suite("Samples of posteriors")
struct PosteriorSamplesTests {
  /// Means within five standard errors σ/√n, variances within five of √(2/n) beside the share of
  /// the cells. Control: the other map's mean is hundreds of standard errors away.
  @Test("Moments", arguments: 1...3)
  func moments(dimensions: Int) {
    let count = 20_000
    let deviations = Array([0.05, 0.08, 0.06].prefix(dimensions))
    let grids = [0.35, 0.6].map {
      PosteriorExamples.grid([Double](repeating: $0, count: dimensions), deviations: deviations)
    }
    let draws = grids.enumerated().map { index, grid in
      PosteriorSamples(count: count, seed: 4).values(grid, number: index + 1)
    }
    let root = Double(count).squareRoot()
    for (grid, own) in zip(grids, draws) {
      #expect(own.count == count && own.allSatisfy { $0.count == dimensions })
      let (means, covariance) = grid.moments
      for axis in 0..<dimensions {
        let (mean, variance) = (means[axis], covariance[axis][axis])
        let found = own.reduce(0) { $0 + $1[axis] } / Double(count)
        let spread =
          own.reduce(0) { $0 + ($1[axis] - found) * ($1[axis] - found) } / Double(count)
        #expect(abs(found - mean) < 5 * variance.squareRoot() / root, "\(dimensions) \(axis)")
        #expect(abs(spread / variance - 1) < 5 * 2 / root + 0.01, "\(dimensions) \(axis)")
      }
      if dimensions > 1 {
        let mixed =
          own.reduce(0) { $0 + ($1[0] - means[0]) * ($1[1] - means[1]) } / Double(count)
        let scale = grid.standardDeviations[0] * grid.standardDeviations[1]
        #expect(abs(mixed / scale - grid.correlation[0][1]) < 5 / root)
      }
    }
    let other = draws[1].reduce(0) { $0 + $1[0] } / Double(count)
    #expect(abs(other - grids[0].mean[0]) > 100 * grids[0].standardDeviations[0] / root)
  }

  /// A draw follows from seed, map and its place alone.
  @Test("Determinism")
  func determinism() {
    let grid = PosteriorExamples.grid([0.4, 0.5], deviations: [0.05, 0.08])
    let few = PosteriorSamples(count: 10, seed: 7).values(grid, number: 2)
    let many = PosteriorSamples(count: 100, seed: 7).values(grid, number: 2)
    #expect(Array(many.prefix(10)) == few)
    #expect(PosteriorSamples(count: 10, seed: 8).values(grid, number: 2) != few)
    #expect(PosteriorSamples(count: 10, seed: 7).values(grid, number: 3) != few)
  }

  @Test("The table")
  func table() throws {
    let grid = PosteriorExamples.grid([0.4, 0.5], deviations: [0.05, 0.08])
    let file = PosteriorFile(
      parameters: Array(PosteriorExamples.parameters.prefix(2)),
      entries: [2, 5].map { PosteriorFile.Entry(map: "m.fits", number: $0, posterior: grid) })
    let samples = PosteriorSamples(count: 3, seed: 1)
    let lines = samples.csv(file).split(separator: "\n").map(String.init)
    #expect(lines.count == 7 && lines[0] == "map,r,amplitude")
    for (line, values) in zip(
      lines.dropFirst(), samples.values(grid, number: 2) + samples.values(grid, number: 5))
    {
      #expect(line.split(separator: ",").dropFirst().map { Double($0) } == values)
    }
    #expect(lines[1...].map { $0.prefix(2) } == ["2,", "2,", "2,", "5,", "5,", "5,"])
  }
}

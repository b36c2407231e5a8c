import Foundation
import Testing

@testable import Plotting

/// Lines of one value against shapes whose areas are known.
@Suite("Contours")
struct ContourLoopsTests {
  private static func axis(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
    (0..<count).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1)
    }
  }

  private static func values(
    _ x: [Double], _ y: [Double], _ function: (Double, Double) -> Double
  ) -> [Double] {
    x.flatMap { x in y.map { function(x, $0) } }
  }

  /// The region of probability P of a normal density with the widths σ, τ and correlation ρ has the
  /// area −2 ln(1 − P) π σ τ √(1 − ρ²). Linear interpolation with ten points to a σ: 10⁻³.
  @Test("Ellipses", arguments: [0.6827, 0.9545])
  func ellipse(probability: Double) {
    let (sigma, tau, rho) = (0.3, 1.7, 0.5)
    let (x, y) = (Self.axis(-1.8...1.8, 121), Self.axis(-10...10, 121))
    let density = Self.values(x, y) { x, y in
      let (a, b) = (x / sigma, y / tau)
      return exp(-(a * a - 2 * rho * a * b + b * b) / (2 * (1 - rho * rho)))
    }
    let loops = ContourLoops.loops(x: x, y: y, values: density, level: 1 - probability)
    let expected =
      -2 * log(1 - probability) * Double.pi * sigma * tau * (1 - rho * rho).squareRoot()
    #expect(loops.count == 1)
    #expect(abs(ContourLoops.area(loops) / expected - 1) < 2e-3)
    // Control: the level of another probability has another area.
    let other = ContourLoops.loops(x: x, y: y, values: density, level: 0.5)
    #expect(abs(ContourLoops.area(other) / expected - 1) > 0.1)
  }

  /// A function that is linear along edges has its line exactly where it is: a triangle, closed
  /// along two sides of the grid. The whole grid is one line around it, nothing none.
  @Test("Rims of the grid")
  func rim() {
    let (x, y) = ([0, 0.5, 1, 2], Self.axis(0...2, 5))
    let plane = Self.values(x, y) { -$0 - $1 }
    let triangle = ContourLoops.loops(x: x, y: y, values: plane, level: -1)
    #expect(triangle.count == 1 && abs(ContourLoops.area(triangle) - 0.5) < 1e-12)
    let whole = ContourLoops.loops(x: x, y: y, values: plane, level: -10)
    #expect(whole.count == 1 && abs(ContourLoops.area(whole) - 4) < 1e-12)
    #expect(ContourLoops.loops(x: x, y: y, values: plane, level: 1).isEmpty)
  }

  /// A ring: its rim is anticlockwise, its hole clockwise, so that areas subtract.
  @Test("Holes and islands")
  func holes() {
    let x = Self.axis(-3...3, 241)
    let ring = Self.values(x, x) { -abs(($0 * $0 + $1 * $1).squareRoot() - 2) }
    let loops = ContourLoops.loops(x: x, y: x, values: ring, level: -0.5)
    let areas = loops.map { ContourLoops.area([$0]) }.sorted()
    #expect(areas.count == 2 && areas[0] < 0 && areas[1] > 0)
    #expect(abs(ContourLoops.area(loops) / (4 * .pi) - 1) < 1e-3, "\(areas)")
    let islands = Self.values(x, x) { x, y in
      max(-(x - 2) * (x - 2) - y * y, -(x + 2) * (x + 2) - y * y)
    }
    let two = ContourLoops.loops(x: x, y: x, values: islands, level: -0.25)
    #expect(two.count == 2 && abs(ContourLoops.area(two) / (0.5 * .pi) - 1) < 3e-3)
  }

  /// Opposite corners of a cell: the mean decides whether they are joined. Both choices are closed
  /// lines with areas below and above half of the cell.
  @Test("Saddles")
  func saddles() {
    let x = [0.0, 1]
    for (high, count) in [(1.0, 2), (10, 1)] {
      let loops = ContourLoops.loops(x: x, y: x, values: [high, -3, -3, high], level: 0)
      #expect(loops.count == count)
      #expect((ContourLoops.area(loops) > 0.5) == (count == 1), "\(ContourLoops.area(loops))")
    }
  }
}

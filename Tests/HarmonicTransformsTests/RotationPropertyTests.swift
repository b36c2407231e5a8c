import Foundation
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Rotations by Euler angles")
struct RotationPropertyTests {
  /// Angles of all signs, beyond full turns, and where α and γ have no meaning of their own.
  static let rotations: [Rotation] = [
    .identity, Rotation(alpha: 0.3, beta: 0.7, gamma: -1.1),
    Rotation(alpha: -2.9, beta: 2.4, gamma: 2.6), Rotation(alpha: 1, beta: -0.4, gamma: 0.2),
    Rotation(alpha: 7, beta: 5, gamma: -9), Rotation(alpha: 2, beta: 0, gamma: 1),
    Rotation(alpha: 2, beta: .pi, gamma: 1), Rotation(alpha: 2, beta: 1e-9, gamma: 1),
    Rotation(alpha: -1, beta: 3.1415926, gamma: 2.5),
  ]

  static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    a.map { row in (0..<3).map { j in (0..<3).reduce(0) { $0 + row[$1] * b[$1][j] } } }
  }

  static func transposed(_ a: [[Double]]) -> [[Double]] { (0..<3).map { j in a.map { $0[j] } } }

  /// Elements are sums of two products of numbers up to 1, and errors of angles up to 2π enter with
  /// their size: 32 u covers both, for a product of two.
  static let bound = 32 * 0x1p-53

  private func difference(_ a: [[Double]], _ b: [[Double]]) -> Double {
    zip(a.joined(), b.joined()).reduce(0) {
      max($0, ($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1))
    }
  }

  /// R = R_z(α) R_y(β) R_z(γ) from the matrices of single rotations, and Rᵀ = R⁻¹.
  @Test("Matrix of the three rotations", arguments: Self.rotations)
  func matrix(r: Rotation) {
    func aboutZ(_ a: Double) -> [[Double]] {
      [[cos(a), -sin(a), 0], [sin(a), cos(a), 0], [0, 0, 1]]
    }
    let aboutY = [[cos(r.beta), 0, sin(r.beta)], [0, 1, 0], [-sin(r.beta), 0, cos(r.beta)]]
    let expected = Self.product(aboutZ(r.alpha), Self.product(aboutY, aboutZ(r.gamma)))
    #expect(difference(r.matrix, expected) <= Self.bound)
    #expect(difference(r.inverse.matrix, Self.transposed(r.matrix)) <= Self.bound)
    // Control: the first and the last angle exchanged.
    let exchanged = Rotation(alpha: r.gamma, beta: r.beta, gamma: r.alpha)
    if abs(sin(r.beta)) > 0.1 {
      #expect(difference(exchanged.matrix, expected) > 1000 * Self.bound)
    }
  }

  /// The matrix of a product is the product of the matrices, in this order.
  @Test("Products", arguments: Self.rotations, Self.rotations)
  func products(second: Rotation, first: Rotation) {
    let expected = Self.product(second.matrix, first.matrix)
    let product = second.after(first)
    #expect(difference(product.matrix, expected) <= Self.bound, "\(product)")
    let other = Self.product(first.matrix, second.matrix)
    if difference(expected, other) > 1e-6 {
      #expect(difference(first.after(second).matrix, expected) > 1000 * Self.bound)
    }
  }

  /// R⁻¹ R: β is zero within rounding, and so is α + γ, a multiple of 2π. From the elements of the
  /// matrix product, of the size of β, α + γ would be any number.
  @Test("A rotation undone", arguments: Self.rotations)
  func undone(r: Rotation) {
    let nothing = r.inverse.after(r)
    #expect(abs(nothing.beta) <= 8 * 0x1p-53)
    let rest = (nothing.alpha + nothing.gamma).remainder(dividingBy: 2 * .pi)
    #expect(abs(rest) <= Self.bound, "\(nothing)")
  }

  /// The north pole goes to (β, α); a point on the equator to where a rotation by hand puts it.
  @Test("Directions")
  func directions() {
    let pole = Rotation(alpha: 0.8, beta: 0.5, gamma: 2).applied(to: Direction(theta: 0, phi: 0))
    #expect(abs(pole.theta - 0.5) <= Self.bound && abs(pole.phi - 0.8) <= Self.bound)
    let turned = Rotation(alpha: 0.25, beta: 0, gamma: 0.5)
      .applied(to: Direction(theta: 1.2, phi: 1))
    #expect(abs(turned.theta - 1.2) <= Self.bound && abs(turned.phi - 1.75) <= Self.bound)
    // x, tilted by π/2 about y, is −z.
    let tilted = Rotation(alpha: 0, beta: .pi / 2, gamma: 0).applied(to: SIMD3(1, 0, 0))
    #expect(abs(tilted.x) <= Self.bound && abs(tilted.z + 1) <= Self.bound)
  }
}

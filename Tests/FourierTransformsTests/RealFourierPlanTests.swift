import Kernels
import Numerics
import Testing
import Verification

@testable import FourierTransforms

@Suite("Real Fourier transforms of rings")
struct RealFourierPlanTests {
  @Test("Both directions against the sums", arguments: [1, 2, 3, 4, 5, 8, 12, 17, 64, 97, 360])
  func sums(n: Int) {
    var numbers = TestNumbers(seed: UInt64(n))
    let field = (0..<n).map { _ in numbers.normal() }
    let (double, single) = (orders(field, as: Double.self), orders(field, as: Float.self))
    let expected = directDFT(field.map { Complex($0, 0) })
    let scale = expected.reduce(0) { max($0, $1.length) } + 1
    for m in 0...n / 2 {
      let exact = expected[m]
      let found = Complex(double[2 * m], double[2 * m + 1])
      #expect((found - exact).length <= 8 * Double(n).squareRoot() * 0x1p-53 * scale, "order \(m)")
      let rounded = Complex(single[2 * m], single[2 * m + 1])
      #expect((rounded - exact).length <= 8 * Double(n).squareRoot() * 0x1p-24 * scale)
    }
  }

  /// The orders of a field, and a check that they give n times the field back.
  private func orders<T: FourierScalar>(_ field: [Double], as type: T.Type) -> [Double] {
    let plan = RealFourierPlan<T>(n: field.count)
    let (points, orders) = (
      AlignedBuffer<T>(count: field.count), AlignedBuffer<T>(count: plan.orderNumbers)
    )
    for k in field.indices { points[k] = T(field[k]) }
    plan.forward(points.view(), to: orders.view())
    let result = orders.array().map { Double($0) }
    plan.backward(orders.view(), to: points.view())
    let n = Double(field.count)
    let bound = 16 * n.squareRoot() * n * (T.self == Float.self ? 0x1p-24 : 0x1p-53) * 4
    for k in field.indices { #expect(abs(Double(points[k]) - n * field[k]) <= bound) }
    return result
  }
}

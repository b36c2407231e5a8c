import Kernels
import Numerics
import Testing
import Verification

@testable import FourierTransforms

@Suite("Fourier transform of lanes against the direct sum")
struct LaneFourierDefinitionTests {
  /// Relative L2 error of an FFT: a few rounding errors per factor of n [Higham2002, thm 24.2];
  /// 8 log2(2n) u covers the general radices. Blind to: a sign shared with `directDFT`
  /// (`singleOrder` sees it).
  @Test(
    "Both directions",
    arguments: [1, 2, 3, 4, 5, 7, 8, 12, 13, 20, 36, 64, 96, 97, 128, 144, 360])
  func bothDirections(n: Int) {
    check(n, Float.self, unit: 0x1p-24)
    check(n, Double.self, unit: 0x1p-53)
  }

  private func check<T: FourierScalar>(_ n: Int, _ type: T.Type, unit: Double) {
    let (lanes, stride) = (32, 48)
    var numbers = TestNumbers(seed: UInt64(n))
    let field = AlignedBuffer<T>(count: n * stride)
    for i in 0..<field.count { field[i] = T(numbers.normal()) }
    let before = field.array()
    let orders = AlignedBuffer<T>(count: n * lanes)
    let plan = LaneFourierPlan<T>(n: n, fieldStride: stride, lanes: lanes)
    plan.forward(field.view(), to: orders.view())
    #expect(field.array() == before, "the input changed")
    let bound = 8 * Double(max(1, Double(2 * n).exponent)) * unit
    for lane in [0, 14, lanes - 2] {
      let z = (0..<n).map {
        Complex(Double(field[$0 * stride + lane]), Double(field[$0 * stride + lane + 1]))
      }
      let expected = directDFT(z)
      let got = (0..<n).flatMap {
        [Double(orders[$0 * lanes + lane]), Double(orders[$0 * lanes + lane + 1])]
      }
      let error = relativeError(got, expected.flatMap { [$0.real, $0.imaginary] })
      #expect(error <= bound, "n \(n), lane \(lane): \(error) > \(bound)")
      let wrong = relativeError(got, expected.flatMap { [$0.real, -$0.imaginary] })
      #expect(wrong > 1000 * bound, "a conjugated transform passes")
    }
    let back = AlignedBuffer<T>(count: n * stride)
    plan.backward(orders.view(), to: back.view())
    let scaled = (0..<n).flatMap { k in
      (0..<lanes).map { Double(back[k * stride + $0]) / Double(n) }
    }
    let original = (0..<n).flatMap { k in (0..<lanes).map { Double(field[k * stride + $0]) } }
    #expect(relativeError(scaled, original) <= 2 * bound)
  }

  /// z_k = e^{2πi k/n} has Z_1 = n and nothing else: pins the sign of the exponent.
  @Test("A single order comes out where it went in")
  func singleOrder() {
    let n = 8
    let z = (0..<n).map { Complex<Double>(length: 1, phase: 2 * .pi * Double($0) / Double(n)) }
    let orders = directDFT(z)
    #expect((orders[1] - Complex(Double(n))).length <= 8 * Double(n) * 0x1p-53)
    #expect(orders[n - 1].length <= 8 * Double(n) * 0x1p-53)
  }
}

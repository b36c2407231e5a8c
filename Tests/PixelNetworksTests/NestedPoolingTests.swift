import Kernels
import SphereGrids
import Testing
import Verification

@testable import PixelNetworks

/// ReLU and the mean of four children.
@Suite("Pooling of children")
struct NestedPoolingTests {
  static let (nside, maps, channels) = (4, 2, 3)
  let pooling = NestedPooling(nside: nside, channels: channels)

  private func applied(_ y: [Double]) -> [Double] {
    var z = [Double](repeating: .nan, count: y.count / 4)
    y.withView { y in z.withMutableView { pooling.forward(y, maps: Self.maps, to: $0) } }
    return z
  }

  private func gradient(_ dz: [Double], _ y: [Double]) -> [Double] {
    var dy = y
    dz.withView { dz in
      dy.withMutableView { pooling.backward(dz, replacing: $0, maps: Self.maps) }
    }
    return dy
  }

  /// The mean over the pixels whose centres lie in the coarse pixel, found by position; integers,
  /// exact.
  @Test("Means over the pixels within a pixel")
  func definition() throws {
    let (fine, coarse) = (try HealpixGrid(nside: 4), try HealpixGrid(nside: 2))
    let row = Self.maps * Self.channels
    var numbers = TestNumbers(seed: 1)
    let y = (0..<192 * row).map { _ in (numbers.uniform() * 32).rounded() - 16 }
    var expected = [Double](repeating: 0, count: 48 * row)
    for pixel in 0..<192 {
      let centre = try fine.centre(of: pixel, ordering: .nested)
      let q = try coarse.pixel(at: centre, ordering: .nested)
      for i in 0..<row { expected[q * row + i] += max(0, y[pixel * row + i]) / 4 }
    }
    #expect(applied(y) == expected)
    // Negative control: RING numbers have no children 4q...4q+3.
    let ringOrdered = try (0..<192).flatMap { pixel in
      let start = try fine.nestedPixel(ring: pixel) * row
      return y[start..<start + row]
    }
    #expect(applied(ringOrdered) != expected)
  }

  /// Away from the kink the function is linear, so that differencing is all that errs.
  @Test("Gradient")
  func gradients() {
    var numbers = TestNumbers(seed: 2)
    let count = 192 * Self.maps * Self.channels
    let y = (0..<count).map { _ in numbers.uniform(0.1, 1) * (numbers.uniform() < 0.5 ? -1 : 1) }
    let dz = numbers.normals(count / 4)
    func check(_ gradient: [Double]) -> GradientCheck {
      GradientCheck(
        gradient, at: y, along: .directions(count: 6, seed: 3), stencil: .twoPoint,
        evaluationError: RoundingBound.probable(operations: count)
      ) { (y: [Double]) in zip(applied(y), dz).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let found = check(gradient(dz, y))
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    let unmasked = check(gradient(dz, y.map(abs)))
    #expect(unmasked.relativeL2 > 1000 * unmasked.differencingBound, "\(unmasked)")
  }

  /// The derivative at 0 is 0, as PyTorch takes it.
  @Test("At the kink")
  func kink() {
    let count = 192 * Self.maps * Self.channels
    let zeros = [Double](repeating: 0, count: count)
    #expect(gradient([Double](repeating: 1, count: count / 4), zeros) == zeros)
  }
}

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

  /// The mean over the pixels whose centres lie in the coarse pixel, found by position; integers,
  /// exact.
  @Test("Means over the pixels within a pixel")
  func definition() throws {
    let row = Self.maps * Self.channels
    var numbers = TestNumbers(seed: 1)
    let y = (0..<192 * row).map { _ in (numbers.uniform() * 32).rounded() - 16 }
    let expected = try pooling.forwardByDefinition(y, maps: Self.maps)
    #expect(pooling.forward(y, maps: Self.maps) == expected)
    // Negative control: RING numbers have no children 4q...4q+3.
    let fine = try HealpixGrid(nside: Self.nside)
    let ringOrdered = try (0..<192).flatMap { pixel in
      let start = try fine.nestedPixel(ring: pixel) * row
      return y[start..<start + row]
    }
    #expect(pooling.forward(ringOrdered, maps: Self.maps) != expected)
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
      ) { (y: [Double]) in
        zip(pooling.forward(y, maps: Self.maps), dz).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let found = check(pooling.backward(dz, saved: y, maps: Self.maps))
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    let unmasked = check(pooling.backward(dz, saved: y.map(abs), maps: Self.maps))
    #expect(unmasked.relativeL2 > 1000 * unmasked.differencingBound, "\(unmasked)")
  }

  /// The derivative at 0 is 0, as PyTorch takes it.
  @Test("At the kink")
  func kink() {
    let count = 192 * Self.maps * Self.channels
    let zeros = [Double](repeating: 0, count: count)
    let ones = [Double](repeating: 1, count: count / 4)
    #expect(pooling.backward(ones, saved: zeros, maps: Self.maps) == zeros)
  }
}

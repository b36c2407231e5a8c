import Kernels
import SpectralNetworks
import Testing
import Verification

@testable import PixelNetworks

/// The fully connected layer as a matrix product against its slow twin, `LinearLayer`.
@Suite("Dense layer as a product")
struct DenseProductTests {
  struct Sizes: Sendable {
    var rows: Int
    var inputs: Int
    var outputs: Int
  }

  static let sizes = [
    Sizes(rows: 4, inputs: 384, outputs: 128), Sizes(rows: 3, inputs: 128, outputs: 1),
    Sizes(rows: 1, inputs: 5, outputs: 7),
  ]

  /// y, x̄, w̄, b̄ of both. Sums of n products of independent numbers, n the longest of the three.
  private func errors<T: LaneScalar>(
    _ s: Sizes, _ type: T.Type, scale: T = 1
  ) -> (largest: Double, bound: Double) {
    var numbers = TestNumbers(seed: 4)
    let x = numbers.normals(s.rows * s.inputs).map { T($0) }
    let weights = numbers.normals(s.inputs * s.outputs).map { T($0) }
    let bias = numbers.normals(s.outputs).map { T($0) }
    let dy = numbers.normals(s.rows * s.outputs).map { T($0) }
    let product = DenseProduct<T>(inputCount: s.inputs, outputCount: s.outputs)
    let scaled = weights.map { scale * $0 }
    let y = product.forward(x, weights: scaled, bias: bias)
    var dw = [T](repeating: 0, count: weights.count)
    var db = [T](repeating: 0, count: s.outputs)
    let dx = product.backward(dy, saved: x, weights: scaled, accumulatingInto: &dw, &db)
    let layer = LinearLayer(inputCount: s.inputs, outputCount: s.outputs)
    var expectedWeights = [T](repeating: 0, count: weights.count)
    var expectedBias = [T](repeating: 0, count: s.outputs)
    let expected = layer.backward(
      dy, saved: x, weights: weights, accumulatingInto: &expectedWeights, &expectedBias)
    let pairs = [
      (y, layer.forward(x, weights: weights, bias: bias)), (dx, expected), (dw, expectedWeights),
      (db, expectedBias),
    ]
    let terms = max(s.inputs, s.outputs, s.rows) + 1
    return (
      pairs.map { relativeError($0.0, $0.1) }.max() ?? .infinity,
      RoundingBound.probable(operations: terms, T.self)
    )
  }

  @Test("Output and gradients", arguments: sizes)
  func twin(_ s: Sizes) {
    for found in [errors(s, Double.self), errors(s, Float.self)] {
      #expect(found.largest <= found.bound, "\(s): \(found)")
    }
    // Negative control: weights that are a percent too large, 10¹³ times the bound in Double.
    let control = errors(s, Double.self, scale: 1.01)
    #expect(control.largest > 1000 * control.bound)
  }
}

import HarmonicTransforms
import Testing
import Verification

@testable import SpectralNetworks

/// The linear layer, the rectifier and dropout: formulas and gradients.
@Suite("Dense layers")
struct DenseLayerTests {
  static let (rows, inputs, outputs) = (3, 4, 5)
  let layer = LinearLayer(inputCount: inputs, outputCount: outputs)

  struct Numbers {
    var x: [Double]
    var w: [Double]
    var b: [Double]
    var dy: [Double]

    init(seed: UInt64) {
      var numbers = TestNumbers(seed: seed)
      x = numbers.normals(rows * inputs)
      w = numbers.normals(outputs * inputs)
      b = numbers.normals(outputs)
      dy = numbers.normals(rows * outputs)
    }
  }

  /// relu(NaN) is NaN, and its derivative there 1, as in PyTorch.
  @Test("NaN passes the rectifier")
  func notANumber() {
    let x: [Double] = [-1, .nan, 2, 0, -0.0]
    let y = RectifiedLinear.forward(x)
    #expect(y[1].isNaN && [y[0], y[2], y[3], y[4]] == [0, 2, 0, 0])
    #expect(RectifiedLinear.backward([3, 4, 5, 6, 7], saved: x) == [0, 4, 5, 0, 0])
  }

  /// y_bo = Σ_k x_bk w_ok + b_o, exact for small integers.
  @Test("Linear layer is its formula")
  func linearFormula() {
    let integers = { (count: Int, shift: Int) in
      (0..<count).map { Double(($0 * 7 + shift) % 11 - 5) }
    }
    let (x, w, b) = (integers(12, 1), integers(20, 3), integers(5, 8))
    let y = layer.forward(x, weights: w, bias: b)
    #expect(y == layer.forwardByDefinition(x, weights: w, bias: b))
    let exchanged = layer.forwardByDefinition(x, weights: w.transposed(rows: Self.inputs), bias: b)
    #expect(exchanged != y, "the numbers do not tell rows of w from columns")
    let dy = integers(15, 4)
    var (dw, db) = ([Double](repeating: 0, count: 20), [Double](repeating: 0, count: 5))
    let dx = layer.backward(dy, saved: x, weights: w, accumulatingInto: &dw, &db)
    let gradients = layer.backwardByDefinition(dy, saved: x, weights: w)
    #expect(dx == gradients.input && dw == gradients.weights && db == gradients.bias)
    #expect(
      layer.forward(x.map { Float($0) }, weights: w.map { Float($0) }, bias: b.map { Float($0) })
        == y.map { Float($0) })
  }

  private func check(
    _ n: Numbers,
    spoiling spoil: (inout [Double], inout [Double], inout [Double]) -> Void = { _, _, _ in }
  ) -> GradientCheck {
    var dw = [Double](repeating: 0, count: n.w.count)
    var db = [Double](repeating: 0, count: n.b.count)
    var dx = layer.backward(n.dy, saved: n.x, weights: n.w, accumulatingInto: &dw, &db)
    spoil(&dx, &dw, &db)
    return GradientCheck(
      dx + dw + db, at: n.x + n.w + n.b,
      evaluationError: RoundingBound.probable(operations: 16 * n.dy.count)
    ) { (point: [Double]) in
      let rest = Array(point.dropFirst(n.x.count))
      let y = layer.forward(
        Array(point.prefix(n.x.count)), weights: Array(rest.prefix(n.w.count)),
        bias: Array(rest.suffix(n.b.count)))
      return zip(y, n.dy).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// All elements of x, w and b; bilinear, so that differences have no truncation error.
  @Test("Gradients of the linear layer", arguments: UInt64(0)..<3)
  func linearGradients(seed: UInt64) {
    let n = Numbers(seed: seed)
    let found = check(n)
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    #expect(found.differencingBound < 1e-9, "the check is weak: \(found)")
  }

  @Test("Negative controls: bias of one row, a weight's sign, x̄ of the transposed weights")
  func linearNegativeControls() {
    let n = Numbers(seed: 1)
    let oneRow = check(n) { _, _, db in db = Array(n.dy.prefix(Self.outputs)) }
    let sign = check(n) { _, dw, _ in dw[3] = -dw[3] }
    let transposed = check(n) { dx, _, _ in
      dx = n.x.indices.map { i in
        (0..<Self.outputs).reduce(0) {
          $0 + n.dy[i / Self.inputs * Self.outputs + $1] * n.w[i % Self.inputs * Self.outputs + $1]
        }
      }
    }
    for found in [oneRow, sign, transposed] {
      #expect(found.relativeL2 > 1000 * found.differencingBound, "\(found)")
    }
  }

  /// The caller zeroes the gradients; the layer adds. Integers, exact.
  @Test("Gradients are added")
  func accumulation() {
    let ones = [Double](repeating: 1, count: 20)
    var (dw, db) = (ones, [Double](repeating: 2, count: 5))
    _ = layer.backward(
      [Double](repeating: 1, count: 15), saved: (0..<12).map { Double($0) }, weights: ones,
      accumulatingInto: &dw, &db)
    // One more than Σ_b x_bk = (0 + 4 + 8) + 3 k, in each of the five rows.
    let row = [13.0, 16, 19, 22]
    #expect(dw == row + row + row + row + row)
    #expect(db == [5, 5, 5, 5, 5])
  }

  /// Away from the kink the rectifier is linear. Blind to the kink itself, which `kink` pins.
  @Test("Gradient of the rectifier")
  func rectifier() {
    var numbers = TestNumbers(seed: 4)
    let x = (0..<20).map { $0 % 2 == 0 ? 0.1 + numbers.uniform() : -0.1 - numbers.uniform() }
    let dy = numbers.normals(20)
    func check(_ gradient: [Double]) -> GradientCheck {
      GradientCheck(gradient, at: x, evaluationError: RoundingBound.probable(operations: 320)) {
        (x: [Double]) in zip(RectifiedLinear.forward(x), dy).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let found = check(RectifiedLinear.backward(dy, saved: x))
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    let unmasked = check(dy)
    #expect(unmasked.relativeL2 > 1000 * unmasked.differencingBound, "\(unmasked)")
  }

  /// max(0, x) and its derivative at 0, both zeros, and NaN, which is not repaired.
  @Test("The rectifier at and near its kink")
  func kink() {
    let x = [0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 2, -2]
    #expect(RectifiedLinear.forward(x) == [0, 0, .leastNonzeroMagnitude, 0, 2, 0])
    let ones = [Double](repeating: 1, count: 6)
    #expect(RectifiedLinear.backward(ones, saved: x) == [0, 0, 1, 0, 1, 0])
    #expect(RectifiedLinear.forward(x) == RectifiedLinear.forwardByDefinition(x))
    #expect(
      RectifiedLinear.backward(ones, saved: x)
        == RectifiedLinear.backwardByDefinition(ones, saved: x))
  }

  /// Dropout with given factors is diagonal: its own transpose, and its gradient the factors.
  @Test("Dropout with fixed factors")
  func dropout() {
    var numbers = TestNumbers(seed: 6)
    let factors = (0..<24).map { _ in numbers.uniform() < 0.25 ? 0 : 1 / 0.75 }
    let check = AdjointCheck(
      inputCount: 24, outputCount: 24, terms: 1, seed: 3,
      forward: { (x: [Double]) in Dropout.apply(x, factors: factors) },
      transpose: { Dropout.apply($0, factors: factors) })
    #expect(check.mismatch <= check.roundingBound, "\(check)")
    #expect(Dropout.apply([1, 2, 3], factors: [0, 2, 1.5]) == [0, 4, 4.5])
    // Without the scale of what is kept, the pair is no transpose.
    let unscaled = AdjointCheck(
      inputCount: 24, outputCount: 24, terms: 1, seed: 3,
      forward: { (x: [Double]) in Dropout.apply(x, factors: factors) },
      transpose: { zip($0, factors).map { $1 == 0 ? 0 : $0 } })
    #expect(unscaled.mismatch > 1000 * unscaled.roundingBound, "\(unscaled)")
  }
}

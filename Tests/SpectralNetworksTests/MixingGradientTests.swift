import HarmonicTransforms
import Kernels
import Numerics
import Testing
import Verification

@testable import SpectralNetworks

/// The two mixings against their formulas with complex numbers, and their gradients.
///
/// Everything is linear in x and linear in w: differences of the function have no truncation error,
/// and what is left is rounding (`GradientCheck.differencingBound`).
@Suite("Mixing of channels")
struct MixingGradientTests {
  /// Tiny, with fewer orders than degrees, and different numbers of everything.
  static let (lmax, mmax, maps, inputs, outputs) = (3, 2, 2, 2, 3)
  static let orderwise = OrderwiseMixing<Double>(
    inputChannels: inputs, outputChannels: outputs, lmax: lmax, mmax: mmax)
  static let degreewise = DegreewiseMixing<Double>(
    inputChannels: inputs, outputChannels: outputs, lmax: lmax, mmax: mmax)

  // MARK: - Running a mixing

  private func forward<M: SpectralMixing>(
    _ mixing: M, _ x: [Double], _ w: [Double]
  ) -> [Double] where M.Scalar == Double {
    let lanes = Self.maps * mixing.outputChannels
    var y = [Double](repeating: .nan, count: 2 * coefficientCount(lmax: 3, mmax: 2) * lanes)
    x.withView { x in
      w.withView { w in
        y.withMutableView { y in
          for m in 0...mixing.mmax {
            mixing.forward(
              order: m, maps: Self.maps, panel(x, m, mixing.inputChannels),
              to: panel(y, m, mixing.outputChannels), weights: w)
          }
        }
      }
    }
    return y
  }

  private func backward<M: SpectralMixing>(
    _ mixing: M, _ x: [Double], _ w: [Double], _ dy: [Double], into dw: inout [Double]
  ) -> [Double] where M.Scalar == Double {
    var dx = [Double](repeating: .nan, count: x.count)
    x.withView { x in
      w.withView { w in
        dy.withView { dy in
          dx.withMutableView { dx in
            dw.withMutableView { dw in
              for m in 0...mixing.mmax {
                mixing.backward(
                  order: m, maps: Self.maps, panel(x, m, mixing.inputChannels),
                  panel(dy, m, mixing.outputChannels), to: panel(dx, m, mixing.inputChannels),
                  weights: w, accumulatingInto: dw)
              }
            }
          }
        }
      }
    }
    return dx
  }

  private func panel(_ view: BufferView<Double>, _ m: Int, _ channels: Int) -> Panel<Double> {
    let stride = Self.maps * channels
    return Panel(
      view.at(2 * coefficientIndex(l: m, m: m, lmax: Self.lmax) * stride), stride: stride)
  }

  // MARK: - Definitions

  /// Coefficients as complex numbers: lane b C + c.
  private func stack(_ values: [Double], channels: Int) -> CoefficientStack<Double> {
    CoefficientStack(lmax: Self.lmax, mmax: Self.mmax, lanes: Self.maps * channels, values: values)
  }

  /// w_lm,io or w_l,io.
  private func weight<M: SpectralMixing>(
    _ mixing: M, _ w: [Double], l: Int, m: Int, i: Int, o: Int
  ) -> Complex<Double> {
    let place = i * mixing.outputChannels + o
    let size = mixing.inputChannels * mixing.outputChannels
    guard mixing is OrderwiseMixing<Double> else { return Complex(w[l * size + place]) }
    let first = 2 * coefficientIndex(l: l, m: m, lmax: mixing.lmax) * size + place
    return Complex(w[first], w[first + size])
  }

  /// y_o,lm = Σ_i w_io x_i,lm.
  private func byDefinition<M: SpectralMixing>(
    _ mixing: M, _ x: [Double], _ w: [Double]
  ) -> [Double] {
    let x = stack(x, channels: mixing.inputChannels)
    var y = CoefficientStack<Double>(
      lmax: Self.lmax, mmax: Self.mmax, lanes: Self.maps * mixing.outputChannels)
    for m in 0...Self.mmax {
      for l in m...Self.lmax {
        for b in 0..<Self.maps {
          for o in 0..<mixing.outputChannels {
            for i in 0..<mixing.inputChannels {
              y[l, m, b * mixing.outputChannels + o] +=
                weight(mixing, w, l: l, m: m, i: i, o: o) * x[l, m, b * mixing.inputChannels + i]
            }
          }
        }
      }
    }
    return y.values
  }

  private func numbers<M: SpectralMixing>(
    _ mixing: M, seed: UInt64
  ) -> (x: [Double], w: [Double], dy: [Double]) {
    var numbers = TestNumbers(seed: seed)
    let count = 2 * coefficientCount(lmax: Self.lmax, mmax: Self.mmax) * Self.maps
    return (
      numbers.normals(count * mixing.inputChannels), numbers.normals(mixing.weightCount),
      numbers.normals(count * mixing.outputChannels)
    )
  }

  // MARK: - Tests

  /// Every y is a sum of at most 2 I products; both sides differ by the rounding of these sums.
  @Test("Forward is the formula", arguments: UInt64(0)..<3)
  func definition(seed: UInt64) {
    func check<M: SpectralMixing>(_ mixing: M) where M.Scalar == Double {
      let (x, w, _) = numbers(mixing, seed: seed)
      let expected = byDefinition(mixing, x, w)
      let bound = RoundingBound.probable(operations: 2 * Self.inputs)
      #expect(relativeError(forward(mixing, x, w), expected) <= bound)
      // Two inputs exchanged are no rounding.
      var other = x
      other.swapAt(0, 1)
      #expect(relativeError(byDefinition(mixing, other, w), expected) > 1000 * bound)
    }
    check(Self.orderwise)
    check(Self.degreewise)
    // Nor are conjugate weights.
    let (x, w, _) = numbers(Self.orderwise, seed: seed)
    let size = Self.inputs * Self.outputs
    let conjugate = w.indices.map { ($0 / size) % 2 == 1 ? -w[$0] : w[$0] }
    #expect(
      relativeError(forward(Self.orderwise, x, conjugate), byDefinition(Self.orderwise, x, w))
        > 1000 * RoundingBound.probable(operations: 2 * Self.inputs))
  }

  /// f(x, w) = Σ c_k y_k(x, w) along every element of x and w, those of Im w at m = 0 included.
  ///
  /// Blind to: an error that forward and backward share (`definition`).
  @Test("Gradients of all elements", arguments: UInt64(0)..<3)
  func gradients(seed: UInt64) {
    func check<M: SpectralMixing>(_ mixing: M) where M.Scalar == Double {
      let (x, w, dy) = numbers(mixing, seed: seed)
      var dw = [Double](repeating: 0, count: w.count)
      let dx = backward(mixing, x, w, dy, into: &dw)
      let check = gradientCheck(mixing, dx + dw, x, w, dy)
      #expect(check.relativeL2 <= check.differencingBound, "\(type(of: mixing)): \(check)")
      #expect(check.differencingBound < 1e-9, "the check is weak: \(check)")
      var twice = dw
      _ = backward(mixing, x, w, dy, into: &twice)
      // Each element of dw is a sum of few products, and adding is one more rounding.
      #expect(
        relativeError(twice, dw.map { 2 * $0 }) <= RoundingBound.probable(operations: 16),
        "gradients must be added")
    }
    check(Self.orderwise)
    check(Self.degreewise)
  }

  /// The largest terms of f are of the size of Σ |c_k y_k|, about √n times f itself.
  private func gradientCheck<M: SpectralMixing>(
    _ mixing: M, _ gradient: [Double], _ x: [Double], _ w: [Double], _ dy: [Double]
  ) -> GradientCheck where M.Scalar == Double {
    GradientCheck(
      gradient, at: x + w, evaluationError: RoundingBound.probable(operations: 16 * dy.count)
    ) { (point: [Double]) in
      let y = forward(mixing, Array(point.prefix(x.count)), Array(point.dropFirst(x.count)))
      return zip(y, dy).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// ⟨W x, y⟩ = ⟨x, Wᵀ y⟩ for the real and imaginary parts as separate numbers.
  @Test("Transpose", arguments: UInt64(0)..<3)
  func transpose(seed: UInt64) {
    func check<M: SpectralMixing>(_ mixing: M) where M.Scalar == Double {
      let (x, w, dy) = numbers(mixing, seed: seed)
      let check = AdjointCheck(
        inputCount: x.count, outputCount: dy.count, terms: 2 * Self.outputs, seed: seed + 10,
        forward: { forward(mixing, $0, w) },
        transpose: { (y: [Double]) in
          var dw = [Double](repeating: 0, count: w.count)
          return backward(mixing, x, w, y, into: &dw)
        })
      #expect(check.mismatch <= check.roundingBound, "\(type(of: mixing)): \(check)")
    }
    check(Self.orderwise)
    check(Self.degreewise)
  }

  /// A backward step without the conjugate of the weights, or of x, or with one sign changed.
  @Test("Negative control: missing conjugate")
  func missingConjugate() {
    let mixing = Self.orderwise
    let (x, w, dy) = numbers(mixing, seed: 1)
    var dw = [Double](repeating: 0, count: w.count)
    let dx = backward(mixing, x, w, dy, into: &dw)
    let size = Self.inputs * Self.outputs
    let conjugateWeights = w.indices.map { ($0 / size) % 2 == 1 ? -w[$0] : w[$0] }
    let lanes = Self.maps * Self.inputs
    let conjugateInput = x.indices.map { ($0 / lanes) % 2 == 1 ? -x[$0] : x[$0] }
    var (ignored, wrongWeights) = (dw.map { _ in 0.0 }, dw.map { _ in 0.0 })
    let wrongInput = backward(mixing, x, conjugateWeights, dy, into: &ignored)
    _ = backward(mixing, conjugateInput, w, dy, into: &wrongWeights)
    for (gradient, name) in [
      (wrongInput + dw, "weights not conjugated"), (dx + wrongWeights, "x not conjugated"),
      (dx + dw.indices.map { $0 == 0 ? -dw[$0] : dw[$0] }, "one sign"),
    ] {
      let check = gradientCheck(mixing, gradient, x, w, dy)
      #expect(check.relativeL2 > 1000 * check.differencingBound, "\(name): \(check)")
    }
  }

  /// The factor 2 of m > 0 belongs to the full sphere, not to stored coefficients.
  @Test("Negative control: orders m > 0 counted twice, or their imaginary parts not at all")
  func ordersCountedTwice() {
    let mixing = Self.degreewise
    let (x, w, dy) = numbers(mixing, seed: 2)
    var dw = [Double](repeating: 0, count: w.count)
    let dx = backward(mixing, x, w, dy, into: &dw)
    let firstOfOrder1 = 2 * coefficientIndex(l: 1, m: 1, lmax: Self.lmax) * Self.maps * Self.outputs
    let lanes = Self.maps * Self.outputs
    let doubled = dy.indices.map { $0 >= firstOfOrder1 ? 2 * dy[$0] : dy[$0] }
    let real = dy.indices.map { ($0 / lanes) % 2 == 0 ? dy[$0] : 0 }
    for wrong in [doubled, real] {
      var wrongWeights = dw.map { _ in 0.0 }
      _ = backward(mixing, x, w, wrong, into: &wrongWeights)
      let check = gradientCheck(mixing, dx + wrongWeights, x, w, dy)
      #expect(check.relativeL2 > 1000 * check.differencingBound, "\(check)")
    }
  }

  /// Groups are the full mixing with the blocks of the weights between different groups zero, in
  /// forward, in the gradient of the input, and in that of the weights within groups.
  @Test("Groups of channels")
  func groups() {
    let (inputs, outputs, groups) = (4, 6, 2)
    let grouped = DegreewiseMixing<Double>(
      inputChannels: inputs, outputChannels: outputs, lmax: Self.lmax, mmax: Self.mmax,
      groups: groups)
    let full = DegreewiseMixing<Double>(
      inputChannels: inputs, outputChannels: outputs, lmax: Self.lmax, mmax: Self.mmax)
    var numbers = TestNumbers(seed: 31)
    let w = numbers.normals(grouped.weightCount)
    #expect(grouped.shape == [4, 2, 2, 3] && grouped.weightCount == 4 * 12)
    func widened(_ w: [Double]) -> [Double] {
      var wide = [Double](repeating: 0, count: full.weightCount)
      for (place, value) in w.enumerated() {
        let (o, i, g, l) = (place % 3, place / 3 % 2, place / 6 % 2, place / 12)
        wide[(l * inputs + g * 2 + i) * outputs + g * 3 + o] = value
      }
      return wide
    }
    let count = 2 * coefficientCount(lmax: Self.lmax, mmax: Self.mmax) * Self.maps
    let x = numbers.normals(count * inputs)
    let dy = numbers.normals(count * outputs)
    let bound = RoundingBound.probable(operations: 8 * inputs)
    let y = forward(grouped, x, w)
    #expect(relativeError(y, forward(full, x, widened(w))) <= bound)
    var dw = [Double](repeating: 0, count: w.count)
    var wide = [Double](repeating: 0, count: full.weightCount)
    let dx = backward(grouped, x, w, dy, into: &dw)
    #expect(relativeError(dx, backward(full, x, widened(w), dy, into: &wide)) <= bound)
    let inside = widened([Double](repeating: 1, count: w.count))
    #expect(relativeError(widened(dw), zip(wide, inside).map { $0 * $1 }) <= 4 * bound)
    // Negative control: the groups in the other order.
    let exchanged = Array(w.indices.map { w[$0 / 12 * 12 + ($0 + 6) % 12] })
    #expect(relativeError(forward(grouped, x, exchanged), y) > 1000 * bound)
  }
}

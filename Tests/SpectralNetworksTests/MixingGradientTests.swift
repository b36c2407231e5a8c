import HarmonicTransforms
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

  private func forward<M: SpectralMixing>(
    _ mixing: M, _ x: [Double], _ w: [Double]
  ) -> [Double] where M.Scalar == Double {
    mixing.forward(x, maps: Self.maps, weights: w)
  }

  private func backward<M: SpectralMixing>(
    _ mixing: M, _ x: [Double], _ w: [Double], _ dy: [Double], into dw: inout [Double]
  ) -> [Double] where M.Scalar == Double {
    mixing.backward(dy, saved: x, maps: Self.maps, weights: w, accumulatingInto: &dw)
  }

  // MARK: - Definitions

  /// `[(l, m)][re, im][lane]` as complex numbers `[lane][(l, m)]`.
  private func complex(_ values: [Double]) -> [Complex<Double>] {
    values.transposed(rows: 2 * coefficientCount(lmax: Self.lmax, mmax: Self.mmax)).complexNumbers
  }

  /// The inverse of `complex`.
  private func lanesLast(_ values: [Complex<Double>], channels: Int) -> [Double] {
    values.realPairs.transposed(rows: Self.maps * channels)
  }

  /// y by the mixing's definition, in the layout of `forward`.
  private func byDefinition<M: SpectralMixing>(
    _ mixing: M, _ x: [Double], _ w: [Double]
  ) -> [Double] {
    let y =
      switch mixing {
      case let mixing as OrderwiseMixing<Double>:
        mixing.forwardByDefinition(
          complex(x), maps: Self.maps, weights: mixing.publishedWeights(w))
      case let mixing as DegreewiseMixing<Double>:
        mixing.forwardByDefinition(complex(x), maps: Self.maps, weights: w)
      default: preconditionFailure("no definition of \(type(of: mixing))")
      }
    return lanesLast(y, channels: mixing.outputChannels)
  }

  /// x̄ and w̄ by the mixing's definition, in the layouts of `backward`.
  private func gradientsByDefinition<M: SpectralMixing>(
    _ mixing: M, _ x: [Double], _ w: [Double], _ dy: [Double]
  ) -> (input: [Double], weights: [Double]) {
    switch mixing {
    case let mixing as OrderwiseMixing<Double>:
      let found = mixing.backwardByDefinition(
        complex(dy), saved: complex(x), maps: Self.maps, weights: mixing.publishedWeights(w))
      return (
        lanesLast(found.input, channels: mixing.inputChannels),
        mixing.weights(published: found.weights)
      )
    case let mixing as DegreewiseMixing<Double>:
      let found = mixing.backwardByDefinition(
        complex(dy), saved: complex(x), maps: Self.maps, weights: w)
      return (lanesLast(found.input, channels: mixing.inputChannels), found.weights)
    default: preconditionFailure("no definition of \(type(of: mixing))")
    }
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
  @Test("Forward and backward are the formulas", arguments: UInt64(0)..<3)
  func definition(seed: UInt64) {
    func check<M: SpectralMixing>(_ mixing: M) where M.Scalar == Double {
      let (x, w, dy) = numbers(mixing, seed: seed)
      let expected = byDefinition(mixing, x, w)
      let bound = RoundingBound.probable(operations: 2 * Self.inputs)
      #expect(relativeError(forward(mixing, x, w), expected) <= bound)
      var dw = [Double](repeating: 0, count: w.count)
      let dx = backward(mixing, x, w, dy, into: &dw)
      let gradients = gradientsByDefinition(mixing, x, w, dy)
      let terms = RoundingBound.probable(operations: 2 * Self.maps * (Self.mmax + 1))
      #expect(relativeError(dx, gradients.input) <= terms)
      #expect(relativeError(dw, gradients.weights) <= terms)
      // Two inputs exchanged are no rounding.
      var other = x
      other.swapAt(0, 1)
      #expect(relativeError(byDefinition(mixing, other, w), expected) > 1000 * bound)
      #expect(
        relativeError(gradientsByDefinition(mixing, other, w, dy).weights, dw) > 1000 * terms)
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
    #expect(relativeError(y, byDefinition(grouped, x, w)) <= bound)
    var dw = [Double](repeating: 0, count: w.count)
    var wide = [Double](repeating: 0, count: full.weightCount)
    let dx = backward(grouped, x, w, dy, into: &dw)
    #expect(relativeError(dx, backward(full, x, widened(w), dy, into: &wide)) <= bound)
    let gradients = gradientsByDefinition(grouped, x, w, dy)
    #expect(relativeError(dx, gradients.input) <= bound)
    #expect(relativeError(dw, gradients.weights) <= 4 * bound)
    let inside = widened([Double](repeating: 1, count: w.count))
    #expect(relativeError(widened(dw), zip(wide, inside).map { $0 * $1 }) <= 4 * bound)
    // Negative control: the groups in the other order.
    let exchanged = Array(w.indices.map { w[$0 / 12 * 12 + ($0 + 6) % 12] })
    #expect(relativeError(forward(grouped, x, exchanged), y) > 1000 * bound)
  }
}

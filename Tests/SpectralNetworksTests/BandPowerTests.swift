import HarmonicTransforms
import Numerics
import Testing
import Verification

@testable import SpectralNetworks

/// Powers of bands from spectra against their definition, and that against a mixing followed by
/// Parseval's sum.
///
/// All three sum the same products in another order: rounding of (lmax + 1)² terms.
@Suite("Powers of bands from spectra")
struct BandPowerTests {
  private static let (lmax, channels, bands, maps) = (6, 2, 6, 3)
  private static let bound = RoundingBound.probable(operations: 4 * 49)
  private let layer = BandPowers<Double>(lmax: lmax, channels: channels, bands: bands)

  private struct Problem {
    var x: CoefficientStack<Double>
    var weights: [Double]
    var dp: [Double]

    init() {
      var numbers = TestNumbers(seed: 5)
      x = CoefficientStack(lmax: lmax, lanes: maps * channels)
      for i in x.values.indices { x.values[i] = numbers.normal() }
      x.clearImaginaryOfOrderZero()
      weights = numbers.normals((lmax + 1) * bands)
      dp = numbers.normals(maps * bands)
    }

    /// x as `[map][channel][(l, m)]`.
    var complex: [Complex<Double>] {
      x.values.transposed(rows: x.values.count / x.lanes).complexNumbers
    }
  }

  @Test("Powers and gradients", arguments: 1...2)
  func formulas(threads: Int) {
    let p = Problem()
    let (found, spectra) = layer.forward(p.x, weights: p.weights, threads: threads)
    var dw = [Double](repeating: 0, count: p.weights.count)
    let dx = layer.backward(
      p.dp, saved: p.x, spectra, weights: p.weights, accumulatingInto: &dw, threads: threads)
    let powers = layer.forwardByDefinition(p.complex, maps: Self.maps, weights: p.weights)
    let gradients = layer.backwardByDefinition(
      p.dp, saved: p.complex, maps: Self.maps, weights: p.weights)
    #expect(relativeError(found, powers) <= Self.bound)
    #expect(relativeError(dw, gradients.weights) <= Self.bound)
    #expect(
      relativeError(
        dx.values.transposed(rows: dx.values.count / dx.lanes), gradients.input.realPairs)
        <= Self.bound)
    // Negative control: weights that are not squared.
    let linear = layer.forward(
      p.x, weights: p.weights.map { abs($0).squareRoot() }, threads: threads
    ).powers
    #expect(relativeError(linear, powers) > 1000 * Self.bound)
  }

  /// y_o,lm = w_lo x_g,lm, then Σ |y_o,lm|²: what the powers stand for. Control: the bands of the
  /// other channel.
  @Test("The powers of a mixing whose groups have one input")
  func mixing() {
    let p = Problem()
    let mixing = DegreewiseMixing<Double>(
      inputChannels: Self.channels, outputChannels: Self.bands, lmax: Self.lmax, mmax: Self.lmax,
      groups: Self.channels)
    let readout = PowerReadout<Double>(lmax: Self.lmax, mmax: Self.lmax)
    let y = mixing.forwardByDefinition(p.complex, maps: Self.maps, weights: p.weights)
    let gradients = mixing.backwardByDefinition(
      readout.backwardByDefinition(p.dp, saved: y), saved: p.complex, maps: Self.maps,
      weights: p.weights)
    let expected = layer.backwardByDefinition(
      p.dp, saved: p.complex, maps: Self.maps, weights: p.weights)
    let powers = layer.forwardByDefinition(p.complex, maps: Self.maps, weights: p.weights)
    #expect(relativeError(readout.forwardByDefinition(y), powers) <= Self.bound)
    #expect(relativeError(gradients.weights, expected.weights) <= Self.bound)
    #expect(relativeError(gradients.input.realPairs, expected.input.realPairs) <= Self.bound)
    let half = Self.bands / 2
    let exchanged = p.weights.indices.map {
      p.weights[$0 / Self.bands * Self.bands + ($0 + half) % Self.bands]
    }
    let other = layer.forwardByDefinition(p.complex, maps: Self.maps, weights: exchanged)
    #expect(relativeError(other, powers) > 1000 * Self.bound)
  }
}

import HarmonicTransforms
import Kernels
import Testing
import Verification

@testable import SpectralNetworks

/// Powers of bands from spectra against the slow twin, the mixing followed by Parseval's sum.
///
/// Both sum the same products in another order: rounding of (lmax + 1)² terms.
/// Blind to: what the mixing and the sum have in common (MixingGradientTests, PowerReadoutTests).
@Suite("Powers of bands from spectra")
struct BandPowerTests {
  private static let (lmax, channels, bands, maps) = (6, 2, 6, 3)
  private static let bound = RoundingBound.probable(operations: 4 * 49)

  private struct Problem {
    var x: [Double]
    var weights: [Double]
    var dp: [Double]
  }

  private func problem() -> Problem {
    var numbers = TestNumbers(seed: 5)
    let lanes = Self.maps * Self.channels
    var x = CoefficientStack<Double>(lmax: Self.lmax, lanes: lanes)
    for i in x.values.indices { x.values[i] = numbers.normal() }
    x.clearImaginaryOfOrderZero()
    return Problem(
      x: x.values, weights: numbers.normals((Self.lmax + 1) * Self.bands),
      dp: numbers.normals(Self.maps * Self.bands))
  }

  private func buffer(_ values: [Double], lanes: Int, stride: Int) -> AlignedBuffer<Double> {
    let buffer = AlignedBuffer<Double>(count: values.count / lanes * stride)
    for (i, value) in values.enumerated() { buffer[i / lanes * stride + i % lanes] = value }
    return buffer
  }

  /// Powers, gradient of the weights and gradient of the coefficients by the slow twin.
  private func slow(_ p: Problem) -> (powers: [Double], dw: [Double], dx: [Double]) {
    let mixing = DegreewiseMixing<Double>(
      inputChannels: Self.channels, outputChannels: Self.bands, lmax: Self.lmax, mmax: Self.lmax,
      groups: Self.channels)
    let readout = PowerReadout<Double>(lmax: Self.lmax, mmax: Self.lmax)
    let (inLanes, outLanes) = (Self.maps * Self.channels, Self.maps * Self.bands)
    let stride = paddedLaneStride(outLanes, of: Double.self)
    let x = buffer(p.x, lanes: inLanes, stride: inLanes)
    let dx = AlignedBuffer<Double>(count: p.x.count)
    let y = AlignedBuffer<Double>(count: p.x.count / inLanes * stride)
    var dw = [Double](repeating: 0, count: p.weights.count)
    func panel(_ b: AlignedBuffer<Double>, _ m: Int, _ stride: Int) -> Panel<Double> {
      Panel(b.view(2 * coefficientIndex(l: m, m: m, lmax: Self.lmax) * stride), stride: stride)
    }
    var powers: [Double] = []
    p.weights.withView { w in
      for m in 0...Self.lmax {
        mixing.forward(
          order: m, maps: Self.maps, panel(x, m, inLanes), to: panel(y, m, stride), weights: w)
      }
      powers = readout.forward(y, laneStride: stride, lanes: outLanes, threads: 1)
      readout.backward(p.dp, y, laneStride: stride, threads: 1)
      dw.withMutableView { dw in
        for m in 0...Self.lmax {
          mixing.backward(
            order: m, maps: Self.maps, panel(x, m, inLanes), panel(y, m, stride),
            to: panel(dx, m, inLanes), weights: w, accumulatingInto: dw)
        }
      }
    }
    return (powers, dw, dx.array())
  }

  @Test("Powers and gradients", arguments: 1...2)
  func againstMixing(threads: Int) {
    let p = problem()
    let lanes = Self.maps * Self.channels
    let stride = paddedLaneStride(lanes, of: Double.self)
    let x = buffer(p.x, lanes: lanes, stride: stride)
    let powers = BandPowers<Double>(
      lmax: Self.lmax, channels: Self.channels, bands: Self.bands)
    let spectra = powers.spectra(x.view(), laneStride: stride, lanes: lanes, threads: threads)
    let found = powers.forward(spectra, weights: p.weights)
    var dw = [Double](repeating: 0, count: p.weights.count)
    let factors = powers.backward(
      p.dp, saved: spectra, weights: p.weights, accumulatingInto: &dw)
    powers.inputGradient(factors, x.view(), laneStride: stride, threads: threads)
    let dx = p.x.indices.map { x[$0 / lanes * stride + $0 % lanes] }
    let expected = slow(p)
    #expect(relativeError(found, expected.powers) <= Self.bound)
    #expect(relativeError(dw, expected.dw) <= Self.bound)
    #expect(relativeError(dx, expected.dx) <= Self.bound)
    // Negative control: weights that are not squared.
    let linear = powers.forward(spectra, weights: p.weights.map { abs($0).squareRoot() })
    #expect(relativeError(linear, expected.powers) > 1000 * Self.bound)
  }
}

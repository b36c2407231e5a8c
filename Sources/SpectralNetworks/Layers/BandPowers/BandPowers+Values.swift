import HarmonicTransforms
import Kernels

extension BandPowers {
  /// The powers of a plain stack of coefficients.
  ///
  /// - Parameters:
  ///   - x: lanes map * channels + channel.
  ///   - weights: `[l][channel][band of the channel]`.
  ///   - threads: any number gives the same bits.
  /// - Returns: p, `[map][band]`, and the spectra that `backward` reads.
  package func forward(
    _ x: CoefficientStack<T>, weights: [T], threads: Int
  ) -> (powers: [Double], saved: [[Double]]) {
    let (panel, stride) = padded(x)
    let spectra = panel.withView {
      self.spectra($0, laneStride: stride, lanes: x.lanes, threads: threads)
    }
    return (forward(spectra, weights: weights), spectra)
  }

  /// Returns x̄ and adds w̄.
  ///
  /// - Parameters:
  ///   - dp: p̄, `[map][band]`.
  ///   - x: what forward was given.
  ///   - spectra: what forward saved.
  ///   - weights: as forward was given them.
  ///   - dw: w̄, in the layout of w.
  ///   - threads: any number gives the same bits.
  /// - Returns: x̄.
  package func backward(
    _ dp: [Double], saved x: CoefficientStack<T>, _ spectra: [[Double]], weights: [T],
    accumulatingInto dw: inout [T], threads: Int
  ) -> CoefficientStack<T> {
    let factors = backward(dp, saved: spectra, weights: weights, accumulatingInto: &dw)
    let (panel, stride) = padded(x)
    inputGradient(factors, panel.view(), laneStride: stride, threads: threads)
    var dx = x
    for i in dx.values.indices { dx.values[i] = panel[i / x.lanes * stride + i % x.lanes] }
    return dx
  }

  /// Rows of whole registers, with zeros after the lanes.
  private func padded(_ x: CoefficientStack<T>) -> (AlignedBuffer<T>, stride: Int) {
    let stride = paddedLaneStride(x.lanes, of: T.self)
    let panel = AlignedBuffer<T>(count: x.values.count / x.lanes * stride)
    for (i, value) in x.values.enumerated() { panel[i / x.lanes * stride + i % x.lanes] = value }
    return (panel, stride)
  }
}

import HarmonicTransforms
import Kernels

/// Mixes channels with complex weights for every (l, m): the published spectral convolution.
///
///     forward     y_o,lm = Σ_i w_lm,io x_i,lm
///     backward    x̄_i,lm = Σ_o w*_lm,io ȳ_o,lm
///                 w̄_lm,io = x*_i,lm ȳ_o,lm   (summed over the maps of the batch)
///
/// z̄ = ∂L/∂Re z + i ∂L/∂Im z (Conventions 6). Such weights commute with rotations about the polar
/// axis only. Weights with l < m do not exist here; published files have them and nothing depends
/// on them.
/// Shapes:     w `[(l, m)][re, im][input][output]`, (l, m) as in `coefficientIndex`.
/// Method:     three real products for a complex one (`complexMatrixProduct`). Where an order is
///             real in fields (m = 0 and the Nyquist order), one: then the gradients of imaginary
///             weights are zero exactly.
/// Cost:       6 maps I O operations per (l, m) and direction.
/// Checked by: MixingGradientTests, PublishedFixtureTests.
package struct OrderwiseMixing<T: LaneScalar>: SpectralMixing {
  package let inputChannels: Int
  package let outputChannels: Int
  package let lmax: Int
  package let mmax: Int

  /// The mixing of so many channels for all (l, m) with m ≤ mmax.
  package init(inputChannels: Int, outputChannels: Int, lmax: Int, mmax: Int) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.lmax = lmax
    self.mmax = mmax
  }

  package var weightCount: Int {
    2 * coefficientCount(lmax: lmax, mmax: mmax) * inputChannels * outputChannels
  }
  package var orderGroups: [[Int]] { (0...mmax).map { [$0] } }
  package var groupsAreDisjoint: Bool { true }

  /// (input, output), the weights of (l, m).
  @inline(__always)
  private func matrix(_ w: BufferView<T>, l: Int, m: Int) -> ComplexMatrixView<T> {
    let size = inputChannels * outputChannels
    let start = w.at(2 * coefficientIndex(l: l, m: m, lmax: lmax) * size)
    return ComplexMatrixView(
      real: MatrixView(start, rowStride: outputChannels),
      imaginary: MatrixView(start.at(size), rowStride: outputChannels))
  }

  /// Scratch for the products of one (l, m).
  private func scratchCount(maps: Int) -> Int {
    let most = max(maps, inputChannels, outputChannels)
    return complexProductScratchCount(rows: most, depth: most, T.self)
  }

  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func forward(
    order m: Int, maps: Int, _ x: Panel<T>, to y: Panel<T>, weights: BufferView<T>
  ) {
    withScratch(T.self, count: scratchCount(maps: maps)) { scratch in
      for l in m...lmax {
        let (a, w) = (x.matrix(l - m, channels: inputChannels), matrix(weights, l: l, m: m))
        let target = y.matrix(l - m, channels: outputChannels)
        if x.isReal {
          product(maps, a.real, w.real, into: target.real, .replacing)
          y.clearImaginary(l - m, count: maps * outputChannels)
        } else {
          complexMatrixProduct(
            rows: maps, columns: outputChannels, depth: inputChannels, a, w, into: target,
            scratch: scratch)
        }
      }
    }
  }

  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func backward(
    order m: Int, maps: Int, _ x: Panel<T>, _ dy: Panel<T>, to dx: Panel<T>?,
    weights: BufferView<T>, accumulatingInto dw: BufferView<T>
  ) {
    withScratch(T.self, count: scratchCount(maps: maps)) { scratch in
      for l in m...lmax {
        let a = x.matrix(l - m, channels: inputChannels)
        let p = dy.matrix(l - m, channels: outputChannels)
        let (w, gradient) = (matrix(weights, l: l, m: m), matrix(dw, l: l, m: m))
        let target = dx?.matrix(l - m, channels: inputChannels)
        if x.isReal && dy.isReal {
          weightProduct(maps, a.real, p.real, into: gradient.real, .adding)
          if let target, let dx {
            inputProduct(maps, p.real, w.real, into: target.real, .replacing)
            dx.clearImaginary(l - m, count: maps * inputChannels)
          }
          continue
        }
        complexMatrixProduct(
          rows: inputChannels, columns: outputChannels, depth: maps, a.transposed, p,
          into: gradient, conjugating: .left, .adding, scratch: scratch)
        if let target {
          complexMatrixProduct(
            rows: maps, columns: inputChannels, depth: outputChannels, p, w.transposed,
            into: target, conjugating: .right, scratch: scratch)
        }
      }
    }
  }
}

// The three products of a mixing, with x (maps, I), y (maps, O), w (I, O).

extension SpectralMixing {
  /// y (+)= x w.
  @inline(__always)
  func product(
    _ maps: Int, _ x: MatrixView<Scalar>, _ w: MatrixView<Scalar>, into y: MatrixView<Scalar>,
    _ mode: ProductMode
  ) {
    matrixProduct(
      rows: maps, columns: outputChannels, depth: inputChannels, x, w, into: y, mode)
  }

  /// x̄ (+)= ȳ wᵀ.
  @inline(__always)
  func inputProduct(
    _ maps: Int, _ dy: MatrixView<Scalar>, _ w: MatrixView<Scalar>, into dx: MatrixView<Scalar>,
    _ mode: ProductMode
  ) {
    matrixProduct(
      rows: maps, columns: inputChannels, depth: outputChannels, dy, w.transposed, into: dx, mode)
  }

  /// w̄ (+)= xᵀ ȳ.
  @inline(__always)
  func weightProduct(
    _ maps: Int, _ x: MatrixView<Scalar>, _ dy: MatrixView<Scalar>, into dw: MatrixView<Scalar>,
    _ mode: ProductMode
  ) {
    matrixProduct(
      rows: inputChannels, columns: outputChannels, depth: maps, x.transposed, dy, into: dw, mode)
  }
}

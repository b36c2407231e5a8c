import Numerics

extension DirectTransform {
  /// The gradient of synthesis, ∂L/∂Re a_lm + i ∂L/∂Im a_lm of the stored coefficients, from
  /// f̄_p = ∂L/∂f_p:
  ///
  ///     ā_lm = (2 − δ_m0) Σ_p f̄_p Y*_lm(p)
  ///
  /// An order that synthesis counts once has no factor 2, and like order 0 no imaginary part.
  /// The slow twin of `ScalarTransform.synthesisGradient` (Conventions 6).
  package func synthesisGradient(_ df: FieldStack<Double>) -> CoefficientStack<Double> {
    analysis(df, weighted: false).mapping { m, sum in
      m == 0 || m == orderCountedOnce ? Complex(sum.real, 0) : sum.multiplied(by: 2)
    }
  }

  /// The gradient of analysis, f̄_p = w_p Σ_{m ≥ 0} Re(ā_lm Y_lm(p)), from that of the stored
  /// coefficients; analysis evaluates the Nyquist order whatever synthesis does.
  ///
  /// The slow twin of `ScalarTransform.analysisGradient`.
  package func analysisGradient(_ da: CoefficientStack<Double>) -> FieldStack<Double> {
    DirectTransform(grid: grid, lmax: lmax, mmax: mmax).synthesis(da.halvingPositiveOrders())
      .weighted()
  }
}

extension FieldStack where T == Double {
  /// w_p f_p.
  func weighted() -> FieldStack {
    var result = self
    for ring in grid.rings {
      for i in ring.start * lanes..<(ring.start + ring.count) * lanes {
        result.values[i] *= ring.weight
      }
    }
    return result
  }
}

extension CoefficientStack where T == Double {
  /// `body` of every coefficient.
  func mapping(
    _ body: (_ m: Int, Complex<Double>) -> Complex<Double>
  ) -> CoefficientStack {
    var result = self
    for m in 0...mmax {
      for l in m...lmax {
        for lane in 0..<lanes { result[l, m, lane] = body(m, self[l, m, lane]) }
      }
    }
    return result
  }

  /// z_l0 and z_lm/2: what synthesis, which counts m > 0 twice, turns into Σ_{m ≥ 0} Re(z_lm Y_lm).
  func halvingPositiveOrders() -> CoefficientStack {
    mapping { m, z in m == 0 ? z : z.multiplied(by: 0.5) }
  }
}

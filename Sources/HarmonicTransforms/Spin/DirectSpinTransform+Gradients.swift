import Numerics

extension DirectSpinTransform {
  /// The gradient of synthesis of the stored E and B: (2 − δ_m0) times the sums of `analysis`
  /// without weights, real for m = 0.
  ///
  /// The slow twin of `SpinTransform.synthesisGradient`.
  package func synthesisGradient(_ df: SpinFields<Double>) -> SpinCoefficients<Double> {
    func doubled(_ a: CoefficientStack<Double>) -> CoefficientStack<Double> {
      a.mapping { m, sum in m == 0 ? Complex(sum.real, 0) : sum.multiplied(by: 2) }
    }
    let sums = analysis(df, weighted: false)
    return SpinCoefficients(e: doubled(sums.e), b: doubled(sums.b))
  }

  /// The gradient of analysis: w_p times the synthesis of coefficients that are halved for m > 0.
  ///
  /// The slow twin of `SpinTransform.analysisGradient`.
  package func analysisGradient(_ da: SpinCoefficients<Double>) -> SpinFields<Double> {
    let f = synthesis(
      SpinCoefficients(e: da.e.halvingPositiveOrders(), b: da.b.halvingPositiveOrders()))
    return SpinFields(q: f.q.weighted(), u: f.u.weighted())
  }
}

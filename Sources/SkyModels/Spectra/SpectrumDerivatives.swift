/// Derivatives of the six spectra with respect to one parameter, l = 0...lmax, of any sign.
public struct SpectrumDerivatives: Sendable, Hashable {
  /// The largest degree, inclusive.
  public let lmax: Int
  private var values: [SpectrumName: [Double]] = [:]

  /// Derivatives that are all zero.
  public init(lmax: Int) {
    precondition(lmax >= 0, "lmax \(lmax) must be >= 0")
    self.lmax = lmax
  }

  /// ∂C_l/∂θ of one name, l = 0...lmax.
  public subscript(name: SpectrumName) -> [Double] {
    get { values[name] ?? [Double](repeating: 0, count: lmax + 1) }
    set {
      precondition(
        newValue.count == lmax + 1, "\(newValue.count) derivatives for lmax \(lmax)")
      values[name] = newValue
    }
  }
}

/// An angular power spectrum C_l, l = 0...lmax, of one isotropic Gaussian field.
///
/// Definition: ⟨a_lm conj(a_l'm')⟩ = δ_ll' δ_mm' C_l.
/// Units:      the square of the map's unit, μK² for temperature and polarisation in μK. Always
///             C_l, never D_l = l(l + 1) C_l / 2π; `init(dl:)` converts.
/// Domain:     every C_l is finite and ≥ 0; anything else is refused with its degree named.
/// Checked by: SkyModelTests.
public struct PowerSpectrum: Sendable, Hashable {
  /// C_l at index l.
  public let values: [Double]

  /// The largest degree, inclusive.
  public var lmax: Int { values.count - 1 }

  /// C_l.
  public subscript(l: Int) -> Double { values[l] }

  /// A spectrum from its C_l, l = 0...lmax.
  ///
  /// - Throws: `SkyModelError.empty`, `.negativePower` or `.notFinite`.
  public init(_ values: [Double]) throws(SkyModelError) {
    guard !values.isEmpty else { throw .empty }
    for (l, value) in values.enumerated() {
      guard value.isFinite else { throw .notFinite(l: l, value: value) }
      guard value >= 0 else { throw .negativePower(l: l, value: value) }
    }
    self.values = values
  }

  /// A spectrum from D_l = l(l + 1) C_l / 2π, l = 0...lmax.
  ///
  /// D_0 is zero whatever C_0 is, so the monopole of the result is zero.
  ///
  /// - Throws: `SkyModelError.monopoleOfDl` if D_0 ≠ 0, else as `init(_:)`.
  public init(dl: [Double]) throws(SkyModelError) {
    guard let monopole = dl.first else { throw .empty }
    guard monopole == 0 else { throw .monopoleOfDl(value: monopole) }
    var values = dl
    for l in 1..<max(dl.count, 1) {
      values[l] = dl[l] * 2 * .pi / Double(l * (l + 1))
    }
    try self.init(values)
  }

  /// A spectrum of values that are finite and nonnegative by construction (a precondition), as a
  /// `SpectrumFamily` makes them.
  public init(nonnegative values: [Double]) {
    precondition(
      !values.isEmpty && values.allSatisfy { $0 >= 0 && $0.isFinite },
      "found \(values.first { !($0 >= 0 && $0.isFinite) } ?? .nan), expected powers >= 0")
    self.values = values
  }

  /// D_l = l(l + 1) C_l / 2π, l = 0...lmax, for drawing.
  public var dl: [Double] {
    values.enumerated().map { l, value in Double(l * (l + 1)) * value / (2 * .pi) }
  }
}

/// How a spectrum is shown.
package enum SpectrumForm: String, CaseIterable, Sendable {
  /// l(l+1) C_l/2π.
  case dl
  /// C_l.
  case cl
}

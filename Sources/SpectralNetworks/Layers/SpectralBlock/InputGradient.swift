/// Which gradient of its input a block's backward step makes.
package enum InputGradient: Sendable {
  case none
  /// The orders of the gradient of a field, in `BlockMemory.input`, for `synthesiseGradient`.
  case field
  /// The gradient of the coefficients, which replaces them in `BlockMemory.coefficients`.
  case coefficients
}

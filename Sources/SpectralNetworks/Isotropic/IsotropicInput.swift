import FourierTransforms

/// What enters the isotropic network.
package enum IsotropicInput<T: FourierScalar> {
  /// Maps `[pixel][lane]`.
  case maps([T])
  /// Their coefficients, `[(l, m)][re, im][lane]`.
  case coefficients([T])
}

/// How cos θ enters t_l = α_l (cos θ − b_l) of the Wigner recurrence.
package enum SpinStepForm: Int, Sendable, CaseIterable {
  /// α_l y − α_l b_l, y = cos θ.
  case cosine
  /// −α_l y + α_l (1 − b_l), y = 1 − cos θ.
  case fromNorth
  /// α_l y − α_l (1 + b_l), y = 1 + cos θ.
  case fromSouth
}

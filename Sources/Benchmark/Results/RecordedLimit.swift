/// The least possible error of one parameter of one row, as computed once with many skies.
package struct RecordedLimit: Sendable, Hashable {
  /// The error of the optimal estimator over simulated skies, percent; nil where it is not
  /// computed.
  package let optimal: ValueWithError?
  /// The Cramér-Rao bound averaged over the prior, percent: it binds estimators without bias only.
  package let cramerRao: Double?
}

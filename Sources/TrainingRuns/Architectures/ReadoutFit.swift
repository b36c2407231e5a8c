import ReadoutFits

/// What the last fit of a readout reports.
package struct ReadoutFit {
  /// Of polynomials, one per parameter.
  package var closedForm: [ClosedFormReport] = []
  /// Of a density.
  package var density: DensityFitReport?
  /// Of dense layers.
  package var dense: DenseFitReport?

  /// No report yet.
  package init() {}
}

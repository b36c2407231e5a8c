import ReadoutFits

/// What the last fit of a readout reports.
package struct ReadoutFit {
  /// Of polynomials, one per parameter.
  package var closedForm: [ClosedFormReport] = []
  /// Of a density.
  package var density: DensityFitReport?
  /// Of dense layers.
  package var dense: DenseFitReport?

  /// The reports that there are.
  package init(
    closedForm: [ClosedFormReport] = [], density: DensityFitReport? = nil,
    dense: DenseFitReport? = nil
  ) {
    self.closedForm = closedForm
    self.density = density
    self.dense = dense
  }
}

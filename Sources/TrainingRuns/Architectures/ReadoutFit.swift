import ReadoutFits

/// What the last fit of a readout reports.
package struct ReadoutFit {
  var closedForm: [ClosedFormReport] = []
  var density: DensityFitReport?
  var dense: DenseFitReport?
}

import SpecialFunctions

/// How estimates follow the truth: the slope of their linear fit over the middle half of a prior.
///
/// Definition:  Σ (t − t̄) v / Σ (t − t̄)² over the maps with ¼ ≤ q(truth) ≤ ¾, by default t the
///              truth itself. 1 for estimates without bias there, 0 for a constant. A mean of a
///              posterior that knows little has less than 1: it leans to the prior's middle.
///
/// - Parameters:
///   - values: v, the estimates.
///   - truths: likewise, in the parameter's unit.
///   - prior: the prior.
///   - coordinate: what t is of a truth; v is in the same coordinate.
/// - Returns: the slope; nil for maps of one truth, which have none, and for fewer than three.
func responseSlope(
  _ values: [Double], truths: [Double], prior: ParameterPrior,
  coordinate: (Double) -> Double = { $0 }
) -> Double? {
  let middle = truths.indices.filter { (0.25...0.75).contains(prior.quantile(of: truths[$0])) }
  let own = middle.map { coordinate(truths[$0]) }
  // The spread of one truth would be rounding.
  guard own.count > 2, own.min() != own.max() else { return nil }
  let mean = own.reduce(0, +) / Double(own.count)
  let spread = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return zip(middle, own).reduce(0) { $0 + ($1.1 - mean) * values[$1.0] } / spread
}

import Faults

/// Why no error can be expected: nothing is extrapolated.
package enum ExpectationError: UserError, Hashable {
  /// Nothing is measured of the method on maps of this spin and precision.
  case notMeasured(method: String, spin: Int, precision: String)
  /// The resolution is outside the table of the method.
  case nsideOutsideTable(found: Int, expected: ClosedRange<Int>, method: String)
  /// There are weights per pixel for some resolutions only.
  case withoutWeights(found: Int, expected: [Int], method: String)
  /// The degree is outside the table of the method at this resolution; `grid` names it.
  case degreeOutsideTable(found: Int, expected: ClosedRange<Int>, method: String, grid: String)

  package var description: String {
    switch self {
    case .notMeasured(let method, let spin, let precision):
      return "\(method) is not measured for spin \(spin) in \(precision); expected spin 0 or 2"
    case .nsideOutsideTable(let found, let expected, let method):
      return "nside is \(found), expected \(expected.lowerBound)...\(expected.upperBound): that is "
        + "what is measured of \(method), and nothing is extrapolated"
    case .withoutWeights(let found, let expected, let method):
      return "nside is \(found), expected one of "
        + "\(expected.map { "\($0)" }.joined(separator: ", ")) for \(method): HEALPix has "
        + "weights for powers of two"
    case .degreeOutsideTable(let found, let expected, let method, let grid):
      return "lmax is \(found), expected \(expected.lowerBound)...\(expected.upperBound): that is "
        + "what is measured of \(method) on \(grid), and nothing is extrapolated"
    }
  }

  package var faultClass: FaultClass { .usage }
}

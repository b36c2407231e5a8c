import Verification

/// How far a backend's output is from the expected one.
/// Checked by: MeasureDefinitionTests.
public enum Measure: String, Codable, Sendable {
  /// ‖x − e‖ / ‖e‖ over the whole tensor, ‖x‖ where e vanishes; with a scale, ‖x − e‖ / max(‖e‖,
  /// scale).
  case relativeL2 = "relative_l2"
  /// The largest ‖x − e‖ / max(‖e‖, 10⁻³⁰) of the rows along the last axis.
  case rowL2 = "row_l2"
  /// max |x − e|.
  case absolute
  /// Number of elements that differ.
  case equal
  /// The largest deviation of a random sample from its distribution, in standard errors.
  case distribution

  /// Norm below which a row counts as zero: far below any value of interest, and its rounding
  /// errors are still numbers in `Float`.
  static var smallestRowNorm: Double { 1e-30 }

  /// The error of `value`.
  ///
  /// - Parameters:
  ///   - value: finite numbers.
  ///   - reference: as many.
  ///   - rowLength: length of the last axis.
  ///   - scale: see `relativeL2`.
  /// - Returns: the error, infinite where no comparison is possible.
  func error(
    of value: [Double], from reference: [Double], rowLength: Int, scale: Double? = nil
  ) -> Double {
    guard value.count == reference.count else { return .infinity }
    if value.isEmpty { return 0 }
    guard rowLength > 0 else { return .infinity }
    switch self {
    case .relativeL2:
      guard let scale else { return Comparison(value, with: reference).relativeL2 }
      return Self.quotient(value[...], reference[...], smallestNorm: scale)
    case .absolute: return Comparison(value, with: reference).largestAbsolute
    case .equal: return Double(zip(value, reference).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) })
    case .rowL2:
      return stride(from: 0, to: value.count, by: rowLength).reduce(0.0) { largest, first in
        let row = first..<min(first + rowLength, value.count)
        return max(
          largest,
          Self.quotient(value[row], reference[row], smallestNorm: Self.smallestRowNorm))
      }
    case .distribution: return .infinity
    }
  }

  /// ‖x − e‖ / max(‖e‖, smallestNorm); infinite where a norm is not finite.
  private static func quotient(
    _ value: ArraySlice<Double>, _ reference: ArraySlice<Double>, smallestNorm: Double
  ) -> Double {
    func norm(_ x: [Double]) -> Double {
      Comparison(x, with: [Double](repeating: 0, count: x.count)).relativeL2
    }
    let distance = norm(zip(value, reference).map { $0 - $1 })
    let scale = norm(Array(reference))
    return distance.isFinite && scale.isFinite ? distance / max(scale, smallestNorm) : .infinity
  }
}

/// How the Legendre stage of a transform is computed.
///
/// `table`       Legendre functions in tables, summed by matrix products: best for many fields.
/// `recurrence`  Legendre functions computed on the way, for every transform anew
///               (`RecurrenceTransform`): best for few fields, and the only one whose memory stays
///               of the order of the fields.
/// `automatic`   the faster one by the sizes alone, never by timing: the same call gives the same
///               bits.
public enum TransformPath: String, Sendable, CaseIterable {
  case automatic
  case table
  case recurrence

  /// The largest lmax at which transforms on Gauss-Legendre rings are compared with another
  /// library's, for spins 0 to 3 (LargeTransformOracleSlowTests). Larger ones are computed the same
  /// way.
  public static let largestTestedDegree = 4095
  /// The same on HEALPix.
  public static let largestTestedHealpixDegree = 1023

  /// Whether the recurrence is used.
  ///
  /// The border is measured (Docs/Performance): the matrix product takes eight fields in `Double`
  /// for the price of one, and the recurrence does not.
  func usesRecurrence(lmax: Int, lanes: Int) -> Bool {
    switch self {
    case .table: return false
    case .recurrence: return true
    case .automatic: return lanes <= 4
    }
  }
}

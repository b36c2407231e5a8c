/// The element types of real numbers in written tables.
public enum FitsPrecision: Sendable {
  /// 4 bytes, TFORMn = E: numbers up to 3.4e38 in magnitude, 24 bits.
  case float32
  /// 8 bytes, TFORMn = D: every `Double` as it is.
  case float64
}

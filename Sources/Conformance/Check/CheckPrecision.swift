/// The precision in which a backend computes, where the type of its files does not say it.
public enum CheckPrecision: String, Sendable, CaseIterable {
  /// What the files say: F64, or F32 with tables made in float64 and rounded once.
  case files
  /// Float32 throughout: Legendre functions, phases and nodes by float32 recurrences too.
  case float32All = "f32-all"
  /// Products of TF32 numbers (10 stored bits), sums in float32.
  case tf32
  /// Products of float16 numbers (10 stored bits), sums in float32.
  case float16 = "f16"
  /// Products of bfloat16 numbers (7 stored bits), sums in float32.
  case bfloat16 = "bf16"

  /// The unit roundoff of the factors of products, 2^-p with p the bits of a significand.
  var unitRoundoff: Double? {
    switch self {
    case .files, .float32All: return nil
    case .tf32, .float16: return 0x1p-11
    case .bfloat16: return 0x1p-8
    }
  }
}

/// The letters that LAPACK's routines take as options.
extension CChar {
  /// 'L': the lower triangle is stored.
  static let lower = CChar(UInt8(ascii: "L"))
  /// 'V': eigenvectors too.
  static let vectors = CChar(UInt8(ascii: "V"))
  /// 'N': the matrix itself, not its transpose; or a diagonal that is not all ones.
  static let notTransposed = CChar(UInt8(ascii: "N"))
  static let notUnit = CChar(UInt8(ascii: "N"))
}

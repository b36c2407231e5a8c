import Verification

extension TestNumbers {
  /// Standard normal numbers in single precision.
  package static func floats(_ count: Int, seed: UInt64) -> [Float] {
    var numbers = TestNumbers(seed: seed)
    return numbers.normals(count).map { Float($0) }
  }
}

/// How far an evaluation is.
package struct BenchmarkProgress: Sendable {
  /// What is being done, in words.
  package let stage: String
  /// Maps done and in all.
  package let done: Int
  package let total: Int
}

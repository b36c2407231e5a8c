/// The precision in which a study computes.
package enum StudyPrecision: String, Sendable, Hashable, CaseIterable {
  case double = "Double"
  case single = "Float"
}

import Testing
import Verification

@testable import BenchmarkPages

@Suite("Errors in parts of the prior")
struct BinnedErrorsTests {
  /// Errors of 1, 2 and 3 % in three bins of known numbers of maps; a bin with fewer maps than
  /// `leastMaps` is not shown, the upper end of the prior lies in the last bin.
  @Test("Means, centres and bins that are left out")
  func bins() {
    let least = BinnedErrors.leastMaps
    var truths: [Double] = []
    var predictions: [Double] = []
    func add(_ truth: Double, percent: Double, count: Int) {
      for i in 0..<count {
        truths.append(truth)
        // Either side of the truth: the sign does not matter.
        predictions.append(truth * (1 + (i.isMultiple(of: 2) ? 0.01 : -0.01) * percent))
      }
    }
    add(6, percent: 1, count: least)
    add(9, percent: 5, count: least - 1)
    add(12, percent: 2, count: 2 * least)
    add(20, percent: 3, count: least)
    let errors = BinnedErrors(
      truths: truths, predictions: predictions, prior: 5...20, binCount: 5)
    #expect(errors.centres == [6.5, 12.5, 18.5])
    for (found, expected) in zip(errors.errors, [1.0, 2, 3]) {
      #expect(abs(found.value - expected) < 1e-12)
      #expect((found.standardError ?? .nan) < 1e-12)
    }
  }
}

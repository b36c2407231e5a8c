import Testing
import Verification

@testable import BenchmarkPages

@Suite("Errors in parts of the prior")
struct BinnedErrorsTests {
  /// Errors of 1 ± ½, 2 ± ½ and 3 ± ½ % in three bins of known numbers of maps, half of each: means
  /// to 16 roundings of a few percent, standard errors ½ √(n/(n − 1))/√n. A bin with fewer maps
  /// than `leastMaps` is not shown, the upper end of the prior lies in the last bin. Control: the
  /// scatter without the division by √n.
  @Test("Means, centres and bins that are left out")
  func bins() throws {
    let least = BinnedErrors.leastMaps
    var truths: [Double] = []
    var predictions: [Double] = []
    func add(_ truth: Double, percent: Double, count: Int) {
      for i in 0..<count {
        truths.append(truth)
        // Either side of the truth: the sign does not matter.
        let own = percent + (i / 2 % 2 == 0 ? 0.5 : -0.5)
        predictions.append(truth * (1 + (i.isMultiple(of: 2) ? 0.01 : -0.01) * own))
      }
    }
    add(6, percent: 1, count: least)
    add(9, percent: 5, count: least - 1)
    add(12, percent: 2, count: 2 * least)
    add(20, percent: 3, count: least)
    let errors = BinnedErrors(
      truths: truths, predictions: predictions, prior: 5...20, binCount: 5)
    #expect(errors.centres == [6.5, 12.5, 18.5])
    for (found, (mean, count)) in zip(errors.errors, [(1.0, least), (2, 2 * least), (3, least)]) {
      // 1 + 0.01 e − 1 has lost two digits of e.
      let bound = 1600 * Double.ulpOfOne
      #expect(abs(found.value - mean) <= bound)
      let n = Double(count)
      let scatter = 0.5 * (n / (n - 1)).squareRoot()
      let standardError = try #require(found.standardError)
      #expect(abs(standardError - scatter / n.squareRoot()) <= bound)
      #expect(abs(standardError - scatter) > 1000 * bound)
    }
  }
}

import Testing

@testable import Kernels

@Suite("Numbers that are not finite")
struct FiniteNumbersTests {
  @Test("Every place and every kind", arguments: [0, 1, 7, 8, 31, 100])
  func places(count: Int) {
    let double = (0..<count).map { Double($0) * 1e300 - 1e301 }
    let single = (0..<count).map { Float($0) * 1e36 - 1e37 }
    #expect(firstNotFinite(double) == nil)
    #expect(firstNotFinite(single) == nil)
    for place in 0..<count {
      for bad in [Double.nan, .infinity, -.infinity] {
        var (x, y) = (double, single)
        x[place] = bad
        y[place] = Float(bad)
        #expect(firstNotFinite(x) == place)
        #expect(firstNotFinite(y) == place)
      }
    }
    if count > 2 {
      var two = double
      two[count - 1] = .nan
      two[1] = .infinity
      #expect(firstNotFinite(two) == 1)
    }
  }
}

import Testing
import Verification

@testable import Plotting

/// Ticks as functions of the range, by exact expectation: integers and decimal numbers compare with
/// `==`. Blind to: whether labels collide, which depends on the size of the panel.
@Suite("Ticks")
struct AxisTicksTests {
  @Test("Linear ranges")
  func linear() {
    #expect(AxisTicks.linear(0...1).map(\.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(AxisTicks.linear(0...1).map(\.position) == [0, 0.2, 0.4, 0.6, 0.8, 1])
    #expect(AxisTicks.linear(-1...1).map(\.label) == ["-1.0", "-0.5", "0.0", "0.5", "1.0"])
    #expect(AxisTicks.linear(0...47).map(\.position) == [0, 10, 20, 30, 40])
    #expect(AxisTicks.linear(1e-7...3e-7).count >= 3)
    #expect(AxisTicks.linear(-2.5e9...7.5e9).map(\.position) == [-2e9, 0, 2e9, 4e9, 6e9])
  }

  /// Numbers of any size have ticks or none, and never trap.
  @Test("Ends of the range of numbers")
  func extremes() {
    let largest = Double.greatestFiniteMagnitude
    #expect(AxisTicks.linear(0...4e20).map(\.label).last == "4 10^{20}")
    #expect(AxisTicks.linear(1e20...2e20).map(\.label).first == "1.0 10^{20}")
    #expect(AxisTicks.linear(-largest...largest).isEmpty)
    for range in [
      0...largest, -largest / 2...largest / 3, 1e300...1.0000001e300, 1e20...1e20.nextUp,
      0...Double.leastNonzeroMagnitude, 0...1e-300, 1e18...1.0001e18, -1e19...1e19,
    ] {
      let ticks = AxisTicks.linear(range)
      #expect(ticks.count <= 7 && ticks.allSatisfy { $0.position.isFinite }, "\(range)")
    }
    #expect(!AxisTicks.linear(-1e19...1e19).isEmpty)
    for range in [1e-300...1e300, Double.leastNonzeroMagnitude...1, 1...largest] {
      #expect(AxisTicks.logarithmic(range).count <= 9, "\(range)")
    }
  }

  /// At most as many as asked for, and at least a third of them: steps grow by at most 2.5.
  @Test("Numbers of ticks", arguments: [2, 3, 7, 12])
  func counts(most: Int) {
    var numbers = TestNumbers(seed: 1)
    for _ in 0..<200 {
      let low = numbers.uniform(-5, 5)
      let ticks = AxisTicks.linear(low...low + numbers.uniform(1e-3, 100), most: most)
      #expect(ticks.count <= most && 3 * (ticks.count + 1) >= most)
      #expect(Set(ticks.map(\.label)).count == ticks.count, "labels repeat: \(ticks)")
    }
  }

  @Test("Logarithmic ranges")
  func logarithmic() {
    let decades = AxisTicks.logarithmic(1e-3...100)
    #expect(decades.map(\.label) == ["10^{-3}", "10^{-2}", "10^{-1}", "1", "10", "10^{2}"])
    #expect(decades.map(\.position) == [1e-3, 1e-2, 1e-1, 1, 10, 100])
    let wide = AxisTicks.logarithmic(1e-16...1)
    #expect(wide.count <= 8 && wide.map(\.position).contains(1e-15) && wide.last?.position == 1)
    #expect(AxisTicks.logarithmic(3...30).map(\.label) == ["5", "10", "20"])
    #expect(AxisTicks.logarithmic(2.1...2.4).count >= 2)
  }
}

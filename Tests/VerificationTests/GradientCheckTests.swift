import Foundation
import Testing
import Verification

@Suite("Gradient check")
struct GradientCheckTests {

  /// f(x) = Σ_k sin(x_k) exp(x_{k+1} / 2): every component is non-zero and varies over L ~ 1.
  static func smooth(_ x: [Double]) -> Double {
    zip(x, x.dropFirst() + [0]).reduce(0) { $0 + sin($1.0) * exp($1.1 / 2) }
  }

  /// Its gradient: cos(x_k) exp(x_{k+1}/2) + ½ sin(x_{k−1}) exp(x_k/2).
  static func smoothGradient(_ x: [Double]) -> [Double] {
    x.indices.map { k in
      let after = k + 1 < x.count ? x[k + 1] : 0
      let before = k > 0 ? 0.5 * sin(x[k - 1]) * exp(x[k] / 2) : 0
      return cos(x[k]) * exp(after / 2) + before
    }
  }

  static let point: [Double] = {
    var numbers = TestNumbers(seed: 5)
    return numbers.normals(12)
  }()

  static let probes: [GradientCheck.Probe] = [.elements, .directions(count: 8, seed: 1)]

  /// The right gradient passes within the error that the derivation of the step promises.
  ///
  /// Bound: `differencingBound`, with twice that for truncation because f⁽⁵⁾ is only of the order
  /// of |f|/L⁵. Blind to: nothing here; the negative controls show what is seen.
  @Test("A right gradient passes", arguments: probes, [GradientCheck.Stencil.fourPoint, .twoPoint])
  func rightGradient(_ probe: GradientCheck.Probe, _ stencil: GradientCheck.Stencil) {
    let check = GradientCheck(
      GradientCheckTests.smoothGradient(GradientCheckTests.point), at: GradientCheckTests.point,
      along: probe, stencil: stencil, of: GradientCheckTests.smooth)
    #expect(check.relativeL2 <= 2 * check.differencingBound, "\(check)")
  }

  /// The bound itself is small enough to be of use: 10⁻¹⁰ with four points, 10⁻⁸ with two.
  @Test("Attainable accuracy")
  func attainableAccuracy() {
    for (stencil, accuracy) in [(GradientCheck.Stencil.fourPoint, 1e-10), (.twoPoint, 1e-8)] {
      let check = GradientCheck(
        GradientCheckTests.smoothGradient(GradientCheckTests.point), at: GradientCheckTests.point,
        stencil: stencil, of: GradientCheckTests.smooth)
      #expect(check.differencingBound < accuracy, "\(check)")
    }
  }

  /// A gradient with one fault.
  struct Fault: Sendable, CustomStringConvertible {
    let description: String
    let apply: @Sendable ([Double]) -> [Double]
  }

  static let faults = [
    Fault(description: "all signs") { $0.map { -$0 } },
    Fault(description: "factor 2") { $0.map { 2 * $0 } },
    Fault(description: "one sign") {
      $0.enumerated().map { $0.offset == 7 ? -$0.element : $0.element }
    },
    Fault(description: "one zero") { $0.enumerated().map { $0.offset == 0 ? 0 : $0.element } },
    Fault(description: "shifted by one") { Array($0.dropFirst() + $0.prefix(1)) },
    Fault(description: "relative 10⁻⁶") { $0.map { $0 * (1 + 1e-6) } },
  ]

  /// Every fault exceeds the bound a thousandfold, element by element and along random directions.
  @Test("Negative controls", arguments: faults, probes)
  func wrongGradient(_ fault: Fault, _ probe: GradientCheck.Probe) {
    let check = GradientCheck(
      fault.apply(GradientCheckTests.smoothGradient(GradientCheckTests.point)),
      at: GradientCheckTests.point, along: probe, of: GradientCheckTests.smooth)
    #expect(check.relativeL2 > 1000 * 2 * check.differencingBound, "\(fault): \(check)")
  }

  /// Comparing element by element names the component that is wrong.
  @Test("The worst element is named")
  func worstElement() {
    var gradient = GradientCheckTests.smoothGradient(GradientCheckTests.point)
    gradient[4] += 0.1
    let check = GradientCheck(
      gradient, at: GradientCheckTests.point, of: GradientCheckTests.smooth)
    #expect(check.comparison.worst.index == 4)
  }

  /// Quartic polynomials are differenced without truncation, and quintic ones are not: on
  /// f = x⁵ at 0, where f' = 0, the four-point formula leaves −4 h⁴ and the two-point one h⁴.
  @Test("Order of the formulas")
  func order() {
    let quartic = GradientCheck([32.0], at: [2]) { $0[0] * $0[0] * $0[0] * $0[0] }
    #expect(quartic.relativeL2 <= quartic.differencingBound)
    let four = GradientCheck([0.0], at: [0]) { pow($0[0], 5) }
    let h = four.step
    #expect(abs(four.comparison.worst.reference / (-4 * h * h * h * h) - 1) < 1e-12)
    let two = GradientCheck([0.0], at: [0], stencil: .twoPoint) { pow($0[0], 3) }
    #expect(abs(two.comparison.worst.reference / (two.step * two.step) - 1) < 1e-12)
  }

  /// What cannot be compared is refused.
  @Test("Refusals")
  func refusals() {
    let wrongCount = GradientCheck([1.0], at: [1, 2]) { $0[0] }
    #expect(wrongCount.relativeL2 == .infinity)
    let empty = GradientCheck([], at: []) { _ in 0 }
    #expect(empty.relativeL2 == .infinity)
    let notFinite = GradientCheck([1.0], at: [0]) { log($0[0]) }
    #expect(notFinite.relativeL2 == .infinity)
    let noDirections = GradientCheck([1.0], at: [0], along: .directions(count: 0, seed: 0)) {
      $0[0]
    }
    #expect(noDirections.relativeL2 == .infinity)
  }
}

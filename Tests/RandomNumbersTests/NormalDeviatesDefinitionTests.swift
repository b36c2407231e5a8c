import Foundation
import Testing
import Verification

@testable import RandomNumbers

@Suite("Box-Muller in vector registers")
struct NormalDeviatesDefinitionTests {

  /// Against the definition with the mathematical library. With radius r, the vector code errs by
  /// 6 u r and the definition by more: its angle reaches 2π and is rounded three times, 3 · 2π u,
  /// and the four roundings of its other steps. Blind to: an error common to both.
  @Test("Pairs against the definition")
  func pairs() {
    let stream = RandomStream(seed: 61, purpose: .sky)
    let z = stream.normals(count: 20_000)
    let u = Double.ulpOfOne / 2
    var worst = 0.0
    var worstControl = 0.0
    for block in 0..<10_000 {
      let (x, y) = NormalDeviates.pairByDefinition(stream.words(block: block))
      let radius = (x * x + y * y).squareRoot()
      let bound = (6 + 4 + 6 * .pi) * u * radius
      for error in [abs(z[2 * block] - x) / bound, abs(z[2 * block + 1] - y) / bound] {
        worst = max(worst, error.isNaN ? .infinity : error)
      }
      worstControl = max(worstControl, abs(z[2 * block] - y) / bound)
    }
    #expect(worst <= 1, "\(worst) of the bound")
    // Negative control: the two numbers of a pair exchanged.
    #expect(worstControl > 1000)
  }

  /// ln u, sin x and cos x against the library, at the ends of their ranges, where the fraction
  /// changes sides at √½, and between. The library is within 1 u of the truth, the series within 3.
  @Test("Elementary functions")
  func elementaryFunctions() {
    var numbers = TestNumbers(seed: 62)
    let u = Double.ulpOfOne / 2
    var arguments = [0x1p-53, 0x3p-53, 0.5, 0.25, 1 - 0x1p-53, 1 - 0x3p-53]
    let rootHalf = Double(0.5).squareRoot()
    arguments += [rootHalf, rootHalf.nextUp, rootHalf.nextDown]
    arguments += (0..<20_000).map { _ in numbers.uniform() }.filter { $0 > 0 }
    arguments += (0..<2000).map { _ in exp(numbers.uniform(-36, 0)) }
    for x in arguments {
      let value = NormalDeviates.logarithm(SIMD4(repeating: x))[0]
      #expect(abs(value - log(x)) <= 4 * u * abs(log(x)), "ln \(x)")
    }
    for x in arguments {
      let angle = (x - 0.5) * .pi / 2
      let (c, s) = (
        NormalDeviates.cosine(SIMD4(repeating: angle))[1],
        NormalDeviates.sine(SIMD4(repeating: angle))[2]
      )
      #expect(abs(c - cos(angle)) <= 4 * u, "cos \(angle)")
      #expect(abs(s - sin(angle)) <= 4 * u * abs(angle), "sin \(angle)")
    }
  }
}

import Foundation

/// Reproducible random numbers for tests: SplitMix64 [Steele, Lea and Flood 2014].
///
/// The product's own random numbers are counter-based (`RandomFields`); tests use another
/// generator, so that an error there cannot hide in its own checks. `SPHERE_TEST_SEED` is added to
/// every seed.
package struct TestNumbers: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Added to every seed; 0 unless the environment variable `SPHERE_TEST_SEED` says otherwise.
  package static let seedOffset =
    ProcessInfo.processInfo.environment["SPHERE_TEST_SEED"].flatMap(UInt64.init) ?? 0

  package init(seed: UInt64) {
    state = (seed &+ TestNumbers.seedOffset) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF0
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1).
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [low, high).
  package mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Standard normal, by Box and Muller.
  package mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// `count` standard normal numbers.
  package mutating func normals(_ count: Int) -> [Double] { (0..<count).map { _ in normal() } }
}

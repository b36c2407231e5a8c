import Kernels

/// A precision for which a library of Fourier transforms is linked: FFTW (`FFTWPlans.swift`), or
/// KISS FFT in a build without FFTW (`KissFFTPlans.swift`, Docs/Decisions/fftw-licence.md).
public protocol FourierScalar: LaneScalar {
  /// A plan for complex transforms of interleaved data: n points, `inputStride` (`outputStride`)
  /// complex numbers apart, for `count` transforms whose values are adjacent. Nil when the
  /// library refuses.
  static func makeFourierPlan(
    n: Int, inputStride: Int, outputStride: Int, count: Int, backward: Bool,
    _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
  ) -> OpaquePointer?
  /// Runs a plan on other memory of the same alignment.
  static func executeFourierPlan(
    _ plan: OpaquePointer, _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer)
  /// A plan for one transform of n adjacent real numbers to n/2 + 1 complex ones, or back; the way
  /// back uses its input as scratch. Nil when the library refuses.
  static func makeRealFourierPlan(
    n: Int, backward: Bool, _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
  ) -> OpaquePointer?
  /// Runs a plan of real transforms on other memory of the same alignment.
  static func executeRealFourierPlan(
    _ plan: OpaquePointer, backward: Bool, _ input: UnsafeMutableRawPointer,
    _ output: UnsafeMutableRawPointer)
  /// Frees a plan.
  static func destroyFourierPlan(_ plan: OpaquePointer)
}

import FourierTransforms
import HarmonicTransforms
import Kernels
import RandomNumbers
import SphereGrids

/// How long the transforms of one size take.
///
/// What is timed:  whole calls that read and write fields and coefficients of the caller's;
///                 not the preparation of the transform, which serves any number of calls.
/// Which time:     the shortest of some calls, since other programs only make a call longer.
package struct TransformTiming: Sendable {
  /// The rings.
  package var grid: any RingGrid
  /// Largest degree.
  package var lmax: Int
  /// 0 for temperature, 2 for polarisation, at most 8.
  package var spin: Int
  /// Number of fields, or of pairs of fields.
  package var lanes: Int
  /// Tables or recurrence.
  package var path: TransformPath
  package var threads: Int
  /// How many calls are made.
  package var repeats: Int
  /// Iterations of the analysis (`ScalarTransform.iterated`); 0 is one pass.
  package var iterations: Int

  package init(
    grid: any RingGrid, lmax: Int, spin: Int, lanes: Int, path: TransformPath, threads: Int,
    repeats: Int, iterations: Int = 0
  ) {
    self.grid = grid
    self.lmax = lmax
    self.spin = spin
    self.lanes = lanes
    self.path = path
    self.threads = threads
    self.repeats = repeats
    self.iterations = iterations
  }

  /// Bytes that a call takes, fields and coefficients included (`ScalarTransform.memory`).
  package func memory<T: FourierScalar>(as type: T.Type) -> Int {
    let scalar = ScalarTransform<T>(grid: grid, lmax: lmax, path: path)
    return spin > 0
      ? SpinTransform(scalar, spin: spin).memory(lanes: lanes) : scalar.memory(lanes: lanes)
  }

  /// Milliseconds of one synthesis and of one analysis, of all fields.
  ///
  /// - Throws: `HarmonicTransformError`, with `.notEnoughMemory` before anything is computed.
  package func milliseconds<T: FourierScalar>(
    as type: T.Type
  ) throws -> (synthesis: Double, analysis: Double) {
    let scalar = ScalarTransform<T>(grid: grid, lmax: lmax, path: path)
    if spin > 0 {
      try SpinTransform(scalar, spin: spin).requireMemory(lanes: lanes)
    } else {
      try scalar.requireMemory(lanes: lanes)
    }
    let stream = RandomStream(seed: 1, purpose: .sky, index: UInt64(lmax))
    var a = CoefficientStack<T>(lmax: lmax, lanes: lanes)
    for i in a.values.indices { a.values[i] = T(stream.normal(i)) }
    a.clearImaginaryOfOrderZero()
    guard spin > 0 else {
      var f = scalar.synthesis(a, threads: threads)
      return (
        shortest { scalar.synthesis(a, into: &f, threads: threads) },
        try shortest {
          if iterations == 0 {
            try scalar.analysis(f, .lossy, into: &a, threads: threads)
          } else {
            a = try scalar.iterated(f, iterations: iterations, threads: threads)
          }
        }
      )
    }
    let transform = SpinTransform(scalar, spin: spin)
    var b = SpinCoefficients(e: a, b: a)
    var f = transform.synthesis(b, threads: threads)
    return (
      shortest { transform.synthesis(b, into: &f, threads: threads) },
      try shortest {
        if iterations == 0 {
          try transform.analysis(f, .lossy, into: &b, threads: threads)
        } else {
          b = try transform.iterated(f, iterations: iterations, threads: threads)
        }
      }
    )
  }

  private func shortest(_ body: () throws -> Void) rethrows -> Double {
    var shortest = Double.infinity
    for _ in 0..<max(1, repeats) {
      let start = ContinuousClock.now
      try body()
      let duration = start.duration(to: .now).components
      shortest = min(
        shortest, Double(duration.seconds) * 1e3 + Double(duration.attoseconds) * 1e-15)
    }
    return shortest
  }
}

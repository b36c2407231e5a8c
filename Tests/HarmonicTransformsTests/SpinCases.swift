import HarmonicTransforms
import Kernels
import SphereGrids
import Verification

/// A transform case with a spin.
struct SpinCase: Sendable, CustomStringConvertible {
  var base: TransformCase
  var spin: Int
  var path: TransformPath
  var description: String { "spin \(spin), \(base), \(path)" }

  init(_ base: TransformCase, spin: Int, path: TransformPath = .automatic) {
    self.base = base
    self.spin = spin
    self.path = path
  }

  /// Small grids of every kind with spin 2, and other spins on two of them; on both paths.
  static let small: [SpinCase] = TransformCase.paths.flatMap { path in
    TransformCase.small.map { SpinCase($0, spin: 2, path: path) }
      + [1, 3, 4, 8].flatMap { spin in
        [
          SpinCase(
            TransformCase(GaussLegendreGrid(lmax: 12), lmax: 12, lanes: 2), spin: spin,
            path: path),
          SpinCase(
            TransformCase(ClenshawCurtisGrid(ringCount: 8, longitudeCount: 16), lmax: 11, mmax: 8),
            spin: spin, path: path),
        ]
      }
  }

  /// Random coefficients: normal, real for m = 0, zero below the spin.
  func coefficients<T: LaneScalar>(
    seed: UInt64, as type: T.Type = T.self
  ) -> SpinCoefficients<T> {
    var a = SpinCoefficients<T>(
      e: base.coefficients(seed: 2 * seed), b: base.coefficients(seed: 2 * seed + 1))
    a.e.forEachCoefficient { l, _, first in
      guard l < spin else { return }
      for i in first..<first + 2 * base.lanes { (a.e.values[i], a.b.values[i]) = (0, 0) }
    }
    return a
  }

  /// Random fields, normal at every point.
  func fields<T: LaneScalar>(seed: UInt64, as type: T.Type = T.self) -> SpinFields<T> {
    SpinFields(q: base.field(seed: 2 * seed), u: base.field(seed: 2 * seed + 1))
  }

  func transform<T>(as type: T.Type = T.self) -> SpinTransform<T> {
    SpinTransform(grid: base.grid, spin: spin, lmax: base.lmax, mmax: base.mmax, path: path)
  }
}

extension SpinCoefficients {
  /// E, then B.
  var values: [T] { e.values + b.values }
}

extension SpinFields {
  /// Q, then U.
  var values: [T] { q.values + u.values }
}

extension SpinCoefficients where T == Double {
  func rounded() -> SpinCoefficients<Float> {
    SpinCoefficients<Float>(e: e.rounded(), b: b.rounded())
  }
}

extension SpinFields where T == Double {
  func rounded() -> SpinFields<Float> { SpinFields<Float>(q: q.rounded(), u: u.rounded()) }
}

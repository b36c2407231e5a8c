import FourierTransforms
import Kernels
import SphereGrids

/// Analysis on an equiangular grid with both poles up to lmax = rings − 2, where the quadrature of
/// the same grid ends at half of that: 73 rings of 144 longitudes carry lmax 71.
///
/// Definition:  a_lm = ∫ (I f) Y*_lm dΩ, I f the interpolation along great circles
///              (`MeridianInterpolation`). A field of degree ≤ rings − 2 equals its interpolation,
///              and its coefficients come back; of any other field this is the best approximation
///              of I f.
/// Method:      interpolation to 2 rings − 1 rings, and the Clenshaw-Curtis quadrature there, which
///              is exact to degree 2 rings − 1. Nothing is inverted, so nothing is ill-conditioned.
/// Domain:      lmax ≤ rings − 2: of degree rings − 1 the order 1 already has as many functions as
///              there are rings, but all of them vanish at the poles. lmax ≤ (longitudes − 1)/2,
///              and an even number of longitudes, so that every meridian has an opposite one.
/// Accuracy:    of the order of lmax rounding errors (EquiangularAnalysisPropertyTests).
/// Cost:        2 · rings · points multiply-adds before an analysis on twice the rings.
/// Checked by:  EquiangularAnalysisDefinitionTests (Fourier series and direct sums, dense least
///              squares), EquiangularAnalysisOracleTests (ducc0), EquiangularAnalysisPropertyTests,
///              EquiangularAnalysisErrorTests.
public final class EquiangularAnalysis<T: FourierScalar>: Sendable {
  /// The grid of all fields.
  public let grid: ClenshawCurtisGrid
  /// Largest degree, inclusive.
  public var lmax: Int { transform.lmax }
  /// Largest order, inclusive.
  public var mmax: Int { transform.mmax }

  private let interpolation: MeridianInterpolation<T>
  private let transform: ScalarTransform<T>

  /// The largest lmax on a grid: min(rings − 2, ⌊(longitudes − 1)/2⌋).
  public static func largestDegree(on grid: ClenshawCurtisGrid) -> Int {
    min(grid.ringCount - 2, (grid.longitudeCount - 1) / 2)
  }

  /// Prepares the analysis.
  ///
  /// - Parameters:
  ///   - grid: the rings.
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order; lmax when nil.
  /// - Throws: `HarmonicTransformError.degreeBeyondInterpolation` or `.oddLongitudes`.
  public init(
    grid: ClenshawCurtisGrid, lmax: Int, mmax: Int? = nil
  ) throws(HarmonicTransformError) {
    try grid.requireInterpolation(lmax: lmax)
    self.grid = grid
    interpolation = MeridianInterpolation(from: grid)
    transform = ScalarTransform(grid: interpolation.fine, lmax: lmax, mmax: mmax)
  }

  /// The coefficients of fields.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid` or `.notFinite`.
  public func analysis(
    _ f: FieldStack<T>, threads: Int = 1
  ) throws(HarmonicTransformError) -> CoefficientStack<T> {
    try f.requireUsable(on: grid)
    return try transform.analysis(interpolation.interpolated(f), threads: threads)
  }

  /// The gradient with respect to the field, given that with respect to the stored coefficients:
  /// the transpose of `analysis`.
  public func analysisGradient(_ da: CoefficientStack<T>, threads: Int = 1) -> FieldStack<T> {
    interpolation.transposed(transform.analysisGradient(da, threads: threads))
  }
}

extension ClenshawCurtisGrid {
  /// Throws unless the interpolation along the meridians carries lmax.
  func requireInterpolation(lmax: Int) throws(HarmonicTransformError) {
    let largest = EquiangularAnalysis<Double>.largestDegree(on: self)
    guard lmax <= largest else {
      throw .degreeBeyondInterpolation(grid: name, lmax: lmax, largest: largest)
    }
    guard longitudeCount.isMultiple(of: 2) else {
      throw .oddLongitudes(grid: name, count: longitudeCount)
    }
  }
}

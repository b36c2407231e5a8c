import Foundation
import FourierTransforms
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SphereGrids

/// How maps become the coefficients that enter the first block of an isotropic network: a fixed
/// linear map with an exact transpose.
///
///     ScalarInput       C fields, each by least squares                  C channels
///     QuadratureInput   C fields, each by quadrature with corrections    C channels
///     PolarisedInput    Q and U of the full sky by either                E, B
///     FilterBank        the observed Q and U, or T                E, B, or T, of every filter
///     IterativeFilterBank   the same without a dense matrix
///
/// Layout: maps `[pixel][map * fields + field]`, coefficients
/// `[(l, m)][re, im][map * channels + channel]`.
/// Checked by: NetworkGradientTests, FilterBankTests, IterativeFilterBankTests,
///             SpinLeastSquaresTests.
protocol SphereInput<Scalar>: Sendable {
  associatedtype Scalar: FourierScalar

  /// What brings a number of maps into coefficients, with memory of its own.
  func makeLoader(maps: Int) -> any SphereInputLoader<Scalar>

  /// The gradient of the maps, given that of the coefficients.
  ///
  /// - Parameters:
  ///   - gradient: `[(l, m)][re, im][map * channels + channel]` without gaps.
  ///   - count: number of maps.
  ///   - threads: any number gives the same bits.
  /// - Returns: `[pixel][map * fields + field]`.
  func gradient(_ gradient: CoefficientStack<Scalar>, count: Int, threads: Int) -> [Scalar]
}

extension IsotropicConfiguration {
  /// The input of a network of these sizes. A `FilterBank` is made by as many threads as there are
  /// cores; no bit depends on them.
  ///
  /// - Throws: `HealpixError`, `HarmonicTransformError.singularAnalysis`, what `FilterBank` throws.
  func makeInput<T: FourierScalar>(
    progress: WorkProgress = WorkProgress()
  ) throws -> any SphereInput<T> {
    let grid = try HealpixGrid(nside: nside)
    let threads = ProcessInfo.processInfo.activeProcessorCount
    if let filterBank {
      guard filterBank.iteration != nil else {
        return try FilterBank(
          filterBank, nside: nside, lmax: lmax, threads: threads, progress: progress)
      }
      if filterBank.fieldCount == 1 {
        return try IterativeFilterBank(
          filterBank, ScalarTransform<T>(grid: grid, lmax: lmax), nside: nside, lmax: lmax,
          threads: threads, progress: progress)
      }
      return try IterativeFilterBank(
        filterBank, SpinTransform<T>(grid: grid, spin: 2, lmax: lmax), nside: nside, lmax: lmax,
        threads: threads, progress: progress)
    }
    switch (polarisation != nil, quadratureIterations) {
    case (true, let iterations?):
      return PolarisedInput(
        analysis: .quadrature(
          SpinTransform(grid: grid, spin: 2, lmax: lmax), iterations: iterations))
    case (true, nil):
      return PolarisedInput(
        analysis: .leastSquares(
          try SpinLeastSquaresAnalysis(grid: grid, spin: 2, lmax: lmax)))
    case (false, let iterations?):
      return QuadratureInput(
        transform: ScalarTransform(grid: grid, lmax: lmax), fields: inputChannels,
        iterations: iterations)
    case (false, nil):
      return ScalarInput(
        analysis: try LeastSquaresAnalysis(grid: grid, lmax: lmax), fields: inputChannels)
    }
  }
}

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
///     FilterBank        the observed Q and U                             E, B of every filter
///
/// Layout: maps `[pixel][map * fields + field]`, coefficients
/// `[(l, m)][re, im][map * channels + channel]`.
/// Checked by: NetworkGradientTests, FilterBankTests, SpinLeastSquaresTests.
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
    if let iterations = quadratureIterations, polarisation?.filterBank == nil {
      guard polarisation != nil else {
        return QuadratureInput(
          transform: ScalarTransform(grid: grid, lmax: lmax), fields: inputChannels,
          iterations: iterations)
      }
      return PolarisedInput(
        analysis: .quadrature(
          SpinTransform(grid: grid, spin: 2, lmax: lmax), iterations: iterations))
    }
    guard let polarisation else {
      return ScalarInput(
        analysis: try LeastSquaresAnalysis(grid: grid, lmax: lmax), fields: inputChannels)
    }
    guard let bank = polarisation.filterBank else {
      return PolarisedInput(
        analysis: .leastSquares(
          try SpinLeastSquaresAnalysis(grid: grid, spin: 2, lmax: lmax)))
    }
    return try FilterBank(
      bank, nside: nside, lmax: lmax, threads: ProcessInfo.processInfo.activeProcessorCount,
      progress: progress)
  }
}

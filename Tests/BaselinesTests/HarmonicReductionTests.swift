import HarmonicTransforms
import LinearAlgebra
import RandomFields
import SkyMaps
import SkyModels
import SphereGrids
import Testing
import Verification

@testable import Baselines

@Suite("Likelihood of coefficients in place of pixels")
struct HarmonicReductionTests {
  private static let noiseMap = try? NoiseMap(
    nside: 4, deviations: (0..<192).map { 0.1 + 0.3 * Float($0 % 13) / 12 })

  private func model(isScalar: Bool) -> any SkyModel {
    isScalar ? UncorrelatedModel.temperaturePeak(lmax: 6) : smallPeaks(lmax: 6, floor: 1e-2)
  }

  private func likelihood(isScalar: Bool, isReduced: Bool) throws -> PixelLikelihood {
    try PixelLikelihood(
      model(isScalar: isScalar), mask: SkyMask.fullSky(nside: 4),
      fields: isScalar ? [.temperature] : [.e, .b], noiseMap: Self.noiseMap,
      floor: PixelFloor(fraction: 0), isReduced: isReduced, threads: 2)
  }

  /// Differences of ln L between parameters, its slopes and the Fisher information are those of the
  /// pixels, to the rounding of covariances whose condition number is below 10⁵. Control: the same
  /// maps with the noise of the mean variance.
  @Test("Equals the likelihood of the pixels", arguments: [true, false])
  func equals(isScalar: Bool) throws {
    let pixels = try likelihood(isScalar: isScalar, isReduced: false)
    let reduced = try likelihood(isScalar: isScalar, isReduced: true)
    #expect(reduced.dataCount == (isScalar ? 49 : 90))
    #expect(reduced.dataCount < pixels.dataCount)
    var numbers = TestNumbers(seed: 5)
    let maps = ObservedMaps(
      count: 2, values: (0..<2 * pixels.dataCount).map { _ in 0.5 * numbers.normal() })
    let data = reduced.data(maps, threads: 2)
    #expect(pixels.data(maps).values == maps.values)
    let center = priorMean(of: pixels.model)
    let other = center.map { 1.1 * $0 }
    let bound = 1e5 * RoundingBound.probable(operations: 400)
    func difference(_ likelihood: PixelLikelihood, _ maps: ObservedMaps) throws -> [Double] {
      zip(
        try likelihood.logLikelihood(at: other, maps: maps),
        try likelihood.logLikelihood(at: center, maps: maps)
      ).map { $0 - $1 }
    }
    let expected = try difference(pixels, maps)
    #expect(relativeError(try difference(reduced, data), expected) <= bound)
    let slopes = try pixels.gradient(at: center, maps: maps).flatMap { $0 }
    #expect(
      relativeError(try reduced.gradient(at: center, maps: data).flatMap { $0 }, slopes) <= bound)
    let information = try pixels.fisherInformation(at: center).storage
    #expect(
      relativeError(try reduced.fisherInformation(at: center).storage, information) <= bound)

    let even = try PixelLikelihood(
      model(isScalar: isScalar), mask: SkyMask.fullSky(nside: 4),
      fields: isScalar ? [.temperature] : [.e, .b],
      noise: Self.noiseMap?.rms(mask: nil) ?? 0, floor: PixelFloor(fraction: 0), threads: 2)
    #expect(relativeError(try difference(even, maps), expected) > 1000 * bound)
  }

  /// Where pixels do not determine the coefficients, or have no noise, there is no reduction.
  @Test("Refusals")
  func refusals() throws {
    let model = smallPeaks(lmax: 6, floor: 1e-2)
    #expect(throws: LinearAlgebraError.self) {
      try PixelLikelihood(
        model, mask: SkyMask.cap(nside: 4, skyFraction: 0.1), noise: 0.1, floor: PixelFloor(),
        isReduced: true)
    }
    #expect(throws: BaselineError.noiseNotPositive(found: 0)) {
      try PixelLikelihood(
        model, mask: SkyMask.fullSky(nside: 4), floor: PixelFloor(fraction: 0), isReduced: true)
    }
  }
}

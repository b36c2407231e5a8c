import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SphereGrids
import Testing
import Verification

@testable import SpectralNetworks

@Suite("Filter bank by iteration")
struct IterativeFilterBankTests {
  private static let (nside, lmax, count) = (4, 7, 3)

  private func configuration(
    isScalar: Bool, steps: Int, exactDegree: Int = 4
  ) -> FilterBankConfiguration {
    var bank = FilterBankConfiguration.uneven(isScalar: isScalar)
    bank.iteration = .init(steps: steps, exactDegree: exactDegree)
    return bank
  }

  private func input<T: FourierScalar>(
    _ configuration: FilterBankConfiguration
  ) throws -> any SphereInput<T> {
    let grid = try HealpixGrid(nside: Self.nside)
    guard configuration.iteration != nil else {
      return try FilterBank<T>(configuration, nside: Self.nside, lmax: Self.lmax, threads: 2)
    }
    if configuration.fieldCount == 1 {
      return try IterativeFilterBank(
        configuration, ScalarTransform<T>(grid: grid, lmax: Self.lmax), nside: Self.nside,
        lmax: Self.lmax, threads: 2)
    }
    return try IterativeFilterBank(
      configuration, SpinTransform<T>(grid: grid, spin: 2, lmax: Self.lmax), nside: Self.nside,
      lmax: Self.lmax, threads: 2)
  }

  private func load<T>(
    _ input: some SphereInput<T>, _ maps: [T], channels: Int, threads: Int = 1
  ) -> [T] {
    let rows = 2 * coefficientCount(lmax: Self.lmax, mmax: Self.lmax)
    let lanes = Self.count * channels
    var result = [T](repeating: .nan, count: rows * lanes)
    let loader = input.makeLoader(maps: Self.count)
    result.withMutableView { loader.load(maps, to: $0, stride: lanes, threads: threads) }
    return result
  }

  private func maps(isScalar: Bool, seed: UInt64) -> [Double] {
    randomMaps(
      nside: Self.nside, lanes: Self.count * (isScalar ? 1 : 2), seed: seed, as: Double.self)
  }

  /// With many steps the dense filter: what is left falls with the steps, and the distance from
  /// the dense filter with it, down to the rounding of a system whose condition number is at most
  /// 1 + trace/variance, here below 10⁶.
  @Test("Converges to the dense filter", arguments: [true, false])
  func converges(isScalar: Bool) throws {
    let maps = maps(isScalar: isScalar, seed: 1)
    let channels = isScalar ? 2 : 4
    var dense = configuration(isScalar: isScalar, steps: 1)
    dense.iteration = nil
    let exact: any SphereInput<Double> = try input(dense)
    let expected = load(exact, maps, channels: channels)
    func error(steps: Int, exactDegree: Int) throws -> Double {
      let own: any SphereInput<Double> = try input(
        configuration(isScalar: isScalar, steps: steps, exactDegree: exactDegree))
      return relativeError(load(own, maps, channels: channels), expected)
    }
    let errors = try [2, 8, 60].map { try error(steps: $0, exactDegree: 4) }
    #expect(errors[0] > 1e-3, "two steps are no solution: \(errors)")
    #expect(errors[1] < errors[0] / 3 && errors[2] < errors[1] / 100, "\(errors)")
    #expect(errors[2] <= 1e6 * RoundingBound.probable(operations: 400), "\(errors)")
    // The block of all degrees is the system itself: one step is enough.
    let direct = try error(steps: 1, exactDegree: Self.lmax)
    #expect(direct <= 1e6 * RoundingBound.probable(operations: 400), "\(direct)")
  }

  /// A filter with few steps is linear, has its exact transpose, and depends on no other map of the
  /// batch; threads change no bit.
  @Test("Linear with an exact transpose", arguments: [true, false])
  func linear(isScalar: Bool) throws {
    let own: any SphereInput<Double> = try input(configuration(isScalar: isScalar, steps: 3))
    let channels = isScalar ? 2 : 4
    let (x, y) = (maps(isScalar: isScalar, seed: 1), maps(isScalar: isScalar, seed: 2))
    let images = [x, y, zip(x, y).map { 2 * $0 - 3 * $1 }].map { load(own, $0, channels: channels) }
    let sum = zip(images[0], images[1]).map { 2 * $0 - 3 * $1 }
    #expect(relativeError(images[2], sum) <= RoundingBound.probable(operations: 4000))
    #expect(load(own, x, channels: channels, threads: 2) == images[0])

    var numbers = TestNumbers(seed: 3)
    let a = numbers.normals(images[0].count)
    let gradient = CoefficientStack<Double>(
      lmax: Self.lmax, mmax: Self.lmax, lanes: Self.count * channels, values: a)
    let back = own.gradient(gradient, count: Self.count, threads: 2)
    let check = AdjointCheck(image: images[0], y: a, x: x, transposed: back, terms: 4000)
    #expect(check.mismatch <= check.roundingBound, "\(check)")
    var broken = back
    for i in broken.indices where i % 2 == 1 { broken[i] = -broken[i] }
    let control = AdjointCheck(image: images[0], y: a, x: x, transposed: broken, terms: 4000)
    #expect(control.mismatch > 1000 * control.roundingBound)
  }

  /// In single precision the filter is that of double precision to the rounding of its system.
  @Test("Single precision")
  func single() throws {
    let configuration = configuration(isScalar: false, steps: 10)
    let maps = maps(isScalar: false, seed: 1)
    let exact: any SphereInput<Double> = try input(configuration)
    let rounded: any SphereInput<Float> = try input(configuration)
    let double = load(exact, maps, channels: 4)
    let float = load(rounded, maps.map { Float($0) }, channels: 4)
    #expect(relativeError(float.map { Double($0) }, double) < 1e-3)
  }

  /// No steps, and too many, are refused.
  @Test("Steps that are refused", arguments: [0, 1001])
  func refused(steps: Int) {
    #expect(throws: NetworkConfigurationError.self) {
      let _: any SphereInput<Double> = try input(configuration(isScalar: false, steps: steps))
    }
  }
}

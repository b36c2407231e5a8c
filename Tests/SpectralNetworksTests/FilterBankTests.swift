import FileFormats
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SphereGrids
import Testing
import Verification

@testable import SpectralNetworks

extension FilterBankConfiguration {
  /// Half of the pixels of nside 4, two fiducials up to lmax 7.
  static func small(variance: Double = 1e-3) -> FilterBankConfiguration {
    let spectra = [0.5, 2].map { slope in
      (0...7).map { l in l < 2 ? 0 : 1 / (1 + slope * Double(l)) }
    }
    return FilterBankConfiguration(
      observed: (0..<192).map { $0 % 3 != 0 || $0 > 100 },
      fiducials: [
        Fiducial(ee: spectra[0], bb: spectra[1]), Fiducial(ee: spectra[1], bb: spectra[0]),
      ], variance: variance)
  }
}

extension FilterBankConfiguration {
  /// The same pixels with noise of their own, fourfold over the sky; `isScalar`: filters of T.
  static func uneven(isScalar: Bool, scale: Float = 1) -> FilterBankConfiguration {
    var bank = small(variance: 1e-4)
    if isScalar { bank.fiducials = bank.fiducials.map { Fiducial(tt: $0.ee.map { $0 + 0.1 }) } }
    let pixels = (0..<192).filter { $0 % 3 != 0 || $0 > 100 }
    bank.deviations = PackedNumbers(
      pixels.map { scale * (0.05 + 0.15 * Float($0 % 17) / 16) })
    return bank
  }
}

@Suite("Filter bank of a cut sky")
struct FilterBankTests {
  private static let (nside, lmax) = (4, 7)

  private func bank<T>(_ configuration: FilterBankConfiguration) throws -> FilterBank<T> {
    try FilterBank(configuration, nside: Self.nside, lmax: Self.lmax, threads: 2)
  }

  private func apply<T>(_ bank: FilterBank<T>, _ maps: [T], count: Int, threads: Int = 1) -> [T] {
    let rows = 2 * coefficientCount(lmax: Self.lmax, mmax: Self.lmax)
    var result = [T](repeating: .nan, count: rows * count * bank.channels)
    result.withMutableView {
      bank.apply(maps, count: count, to: $0, stride: count * bank.channels, threads: threads)
    }
    return result
  }

  /// Against LAPACK's solution for every map. The bound: rounding of n terms times the condition
  /// number of the covariance, here at most trace/σ².
  @Test("Equals its definition")
  func definition() throws {
    let configuration = FilterBankConfiguration.small()
    let bank: FilterBank<Double> = try bank(configuration)
    let pixels = try #require(configuration.observedPixels(nside: Self.nside))
    #expect(pixels == bank.pixels && pixels.count < 192)
    let count = 3
    let maps: [Double] = randomMaps(nside: Self.nside, lanes: 2 * count, seed: 1, as: Double.self)
    let found = apply(bank, maps, count: count)
    let (expected, condition) = try FilterBank<Double>.coefficientsByDefinition(
      maps, count: count, configuration, nside: Self.nside, lmax: Self.lmax)
    let bound = condition * RoundingBound.probable(operations: 2 * pixels.count)
    #expect(bound < 1e-8)
    #expect(relativeError(found, expected) <= bound)
    #expect(apply(bank, maps, count: count, threads: 2) == found)
    // Negative control: a hundredth more variance is another filter.
    let other: FilterBank<Double> = try self.bank(.small(variance: 1.01e-3))
    #expect(relativeError(apply(other, maps, count: count), expected) > 1000 * bound)
  }

  /// Uneven noise, of T and of Q and U, against LAPACK with the noise of every pixel.
  @Test("Uneven noise", arguments: [true, false])
  func unevenNoise(isScalar: Bool) throws {
    let configuration = FilterBankConfiguration.uneven(isScalar: isScalar)
    let bank: FilterBank<Double> = try bank(configuration)
    let (count, fields) = (3, isScalar ? 1 : 2)
    #expect(bank.channels == 2 * fields)
    let maps: [Double] = randomMaps(
      nside: Self.nside, lanes: fields * count, seed: 1, as: Double.self)
    let found = apply(bank, maps, count: count)
    let (expected, condition) = try FilterBank<Double>.coefficientsByDefinition(
      maps, count: count, configuration, nside: Self.nside, lmax: Self.lmax)
    let bound = condition * RoundingBound.probable(operations: fields * bank.pixels.count)
    #expect(relativeError(found, expected) <= bound)
    var numbers = TestNumbers(seed: 3)
    let a = numbers.normals(found.count)
    let back = bank.transpose(a, count: count, threads: 2)
    let check = AdjointCheck(image: found, y: a, x: maps, transposed: back, terms: 400)
    #expect(check.mismatch <= check.roundingBound, "\(check)")
    // Negative control: the mean noise everywhere is another filter.
    var even = configuration
    let values = configuration.deviations?.values ?? []
    let square = values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
    even.deviations = nil
    even.variance += square
    let other: FilterBank<Double> = try self.bank(even)
    #expect(relativeError(apply(other, maps, count: count), expected) > 1000 * bound)
  }

  /// Numbers that are no noise, or not one per pixel, are refused.
  @Test("Deviations that are refused", arguments: [[Float(1)], [-1], [.nan]])
  func refusedDeviations(values: [Float]) throws {
    var bank = FilterBankConfiguration.uneven(isScalar: false)
    let count = bank.deviations?.values.count ?? 0
    bank.deviations = PackedNumbers(
      values == [1] ? values : [Float](repeating: 1, count: count - 1) + values)
    #expect(throws: NetworkConfigurationError.self) {
      let _: FilterBank<Double> = try self.bank(bank)
    }
  }

  /// ⟨F d, a⟩ = ⟨d, Fᵀ a⟩; unobserved pixels get no gradient.
  @Test("Transpose")
  func transpose() throws {
    let bank: FilterBank<Double> = try bank(.small())
    let count = 2
    let maps: [Double] = randomMaps(nside: Self.nside, lanes: 2 * count, seed: 2, as: Double.self)
    let image = apply(bank, maps, count: count)
    var numbers = TestNumbers(seed: 3)
    let a = numbers.normals(image.count)
    let back = bank.transpose(a, count: count, threads: 2)
    let check = AdjointCheck(image: image, y: a, x: maps, transposed: back, terms: 400)
    #expect(check.mismatch <= check.roundingBound, "\(check)")
    #expect(back[0] == 0 && back[1] == 0, "pixel 0 is not observed")
    var broken = back
    for i in broken.indices where i % 2 == 1 { broken[i] = -broken[i] }
    let control = AdjointCheck(image: image, y: a, x: maps, transposed: broken, terms: 400)
    #expect(control.mismatch > 1000 * control.roundingBound)
  }

  /// On skies of the fiducial the filtered coefficients have a covariance below one: the mean of
  /// their squares over degrees of freedom is the number of modes that the pixels determine, at
  /// most 2 pixels.
  @Test("White of order one on its own sky")
  func whitening() throws {
    let configuration = FilterBankConfiguration.small(variance: 1e-8)
    let bank: FilterBank<Double> = try bank(configuration)
    let transform = SpinTransform<Double>(
      grid: try HealpixGrid(nside: Self.nside), spin: 2, lmax: Self.lmax)
    let count = 200
    var numbers = TestNumbers(seed: 4)
    var a = SpinCoefficients<Double>(lmax: Self.lmax, lanes: count)
    for l in 2...Self.lmax {
      for m in 0...l {
        for lane in 0..<count {
          let index = 2 * coefficientIndex(l: l, m: m, lmax: Self.lmax)
          for part in 0...(m == 0 ? 0 : 1) {
            let share = (m == 0 ? 1 : 0.5)
            let fiducial = configuration.fiducials[0]
            let place = (index + part) * count + lane
            a.e.values[place] = (share * fiducial.ee[l]).squareRoot() * numbers.normal()
            a.b.values[place] = (share * fiducial.bb[l]).squareRoot() * numbers.normal()
          }
        }
      }
    }
    let f = transform.synthesis(a)
    let maps = zip(f.q.values, f.u.values).flatMap { [$0, $1] }
    let found = apply(bank, maps, count: count)
    // The observed values outnumber the 120 degrees of freedom: without noise they determine them
    // all.
    var squares = [Double](repeating: 0, count: count)
    let rows = 2 * coefficientCount(lmax: Self.lmax, mmax: Self.lmax)
    for row in 0..<rows {
      let isZonal = row < 2 * (Self.lmax + 1)
      for map in 0..<count {
        for kind in 0...1 {
          let value = found[(row * count + map) * bank.channels + kind]
          squares[map] += (isZonal ? 1 : 2) * value * value
        }
      }
    }
    let score = StandardScore(of: squares, expected: 120)
    #expect(score.magnitude < 5, "\(score)")
    #expect(StandardScore(of: squares, expected: 130).magnitude > 5)
  }

  @Test("Refusals and the mask's digits")
  func refusals() throws {
    let observed = (0..<192).map { $0 == 0 || $0 == 6 || $0 == 191 }
    let configuration = FilterBankConfiguration(observed: observed, fiducials: [], variance: 1)
    #expect(configuration.observed.hasPrefix("82") && configuration.observed.hasSuffix("1"))
    #expect(configuration.observedPixels(nside: 4) == [0, 6, 191])
    #expect(configuration.observedPixels(nside: 2) == nil)
    #expect(
      FilterBankConfiguration.pixels(
        ofHexadecimal: String(repeating: "x", count: 48), nside: 4) == nil)
    var wrong = FilterBankConfiguration.small()
    wrong.fiducials = []
    #expect(throws: NetworkConfigurationError.self) { try bank(wrong) as FilterBank<Float> }
    wrong = .small(variance: 0)
    #expect(throws: NetworkConfigurationError.self) { try bank(wrong) as FilterBank<Float> }
    wrong = .small()
    wrong.fiducials[1].bb.removeLast()
    #expect(throws: NetworkConfigurationError.self) { try bank(wrong) as FilterBank<Float> }
    wrong = .small()
    wrong.observed = String(repeating: "0", count: 48)
    #expect(throws: NetworkConfigurationError.self) { try bank(wrong) as FilterBank<Float> }
  }

  /// The making is announced, reported and stopped, and watching changes no bit.
  @Test("Progress, estimate and stop")
  func progress() throws {
    let configuration = FilterBankConfiguration.small()
    let log = Locked<(estimates: [WorkEstimate], reports: [Int])>(([], []))
    let bank = try FilterBank<Float>(
      configuration, nside: Self.nside, lmax: Self.lmax, threads: 2,
      progress: WorkProgress(
        announce: { estimate in log.withLock { $0.estimates.append(estimate) } },
        isStopped: { false }, update: { done, _ in log.withLock { $0.reports.append(done) } }))
    let maps: [Float] = randomMaps(nside: Self.nside, lanes: 4, seed: 2, as: Float.self)
    let plain: FilterBank<Float> = try self.bank(configuration)
    #expect(apply(bank, maps, count: 2) == apply(plain, maps, count: 2))
    let (estimates, reports) = log.withLock { $0 }
    let estimate = try #require(estimates.first)
    #expect(estimates.count == 1)
    #expect(
      estimate == configuration.workEstimate(nside: Self.nside, lmax: Self.lmax),
      "\(estimate)")
    #expect(estimate.stage == "making 2 filters of \(bank.pixels.count) pixels")
    // The finished filters alone: 2 filters, E and B, 36 coefficients, real and imaginary, Q and U,
    // 4 bytes.
    #expect(estimate.bytes > Double(2 * 2 * 36 * 2 * 2 * bank.pixels.count * 4))
    #expect(estimate.alternatives.map(\.change) == ["1 filter"])
    #expect(reports.first == 0 && reports.last == 100 && reports == reports.sorted())
    // The last part ends at all that was announced, to the tiles at the diagonal.
    #expect(reports[reports.count - 2] >= 85, "\(reports)")

    #expect(throws: LinearAlgebraError.interrupted) {
      try FilterBank<Float>(
        configuration, nside: Self.nside, lmax: Self.lmax, threads: 2,
        progress: WorkProgress(isStopped: { true }))
    }
    struct Refusal: Error {}
    #expect(throws: Refusal.self) {
      try FilterBank<Float>(
        configuration, nside: Self.nside, lmax: Self.lmax, threads: 2,
        progress: WorkProgress(announce: { _ in throw Refusal() }, isStopped: { false }))
    }
  }

  /// Memory grows with the fourth power of nside where covariances are most of it.
  @Test("Estimate of large masks")
  func estimate() throws {
    func estimate(_ nside: Int) throws -> WorkEstimate {
      let spectrum = [Double](repeating: 1, count: 48)
      let configuration = FilterBankConfiguration(
        observed: [Bool](repeating: true, count: 12 * nside * nside),
        fiducials: [.init(ee: spectrum, bb: spectrum), .init(ee: spectrum, bb: spectrum)],
        variance: 1)
      return try #require(configuration.workEstimate(nside: nside, lmax: 47))
    }
    let (small, large) = (try estimate(64), try estimate(128))
    #expect((12...16).contains(large.bytes / small.bytes))
    #expect(
      large.alternatives.map(\.change) == [
        "1 filter", "maps of nside 64", "maps of nside 32", "maps of nside 16",
      ])
    #expect(abs(large.alternatives[1].bytes / small.bytes - 1) < 1e-12)
    #expect(
      FilterBankConfiguration(observed: [true], fiducials: [], variance: 1)
        .workEstimate(nside: 128, lmax: 47) == nil)
  }
}

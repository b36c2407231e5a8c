import Foundation
import HarmonicTransforms
import Kernels
import Resampling
import SkyModels
import SpectralNetworks
import SphereGrids
import Verification

/// What Docs/Findings.md says of the published system, as numbers.
let findingClaims: [Claim] = [
  Claim(
    "finding.one-field", .findings,
    "The published order of spectra makes E and B of healpy's maps one random number",
    equation: "B_lm/C_l^BB = E_lm/C_l^EE", bound: Bound("12 u", "worst mode"),
    control: "the same list read with new=True",
    tests: ["PublishedSkyOracleTests", "ModeRatioFitTests"], blindTo: "what the number is"
  ) {
    let list = try HealpyOrder()
    return ClaimMeasurement(
      try list.largestDifference("wrong"), control: try list.largestDifference("right"))
  },
  Claim(
    "finding.power", .findings,
    "and their power C_EE²/C_TT, here at the peak 10⁵ times what was asked for",
    equation: "⟨E²⟩/C_l^EE, mean over l with C_l^EE > 0.1", bound: Bound("10⁴"),
    control: "the same list read with new=True", tests: ["PublishedSkyOracleTests"],
    blindTo: "single degrees", relation: .atLeast
  ) {
    let list = try HealpyOrder()
    return ClaimMeasurement(
      try list.meanPower("wrong"), control: try list.meanPower("right"))
  },
  Claim(
    "finding.round-trip", .findings,
    "Coefficients do not survive the published transform: 47 degrees, 33 orders on 32 x 64 points",
    equation: "‖A S a − a‖/‖a‖", bound: Bound("0.5"), control: "16 degrees",
    tests: ["FindingTests", "GridExactnessTests"], blindTo: "—", relation: .atLeast
  ) {
    ClaimMeasurement(
      try publishedRoundTrip(lmax: 46), control: try publishedRoundTrip(lmax: 15))
  },
  Claim(
    "finding.rows", .findings, "The sampled rows are not the rows of the transform's grid",
    equation: "max_j |j π/32 − j π/31| / (π/32)", bound: Bound("0.9", of: "a row"),
    control: "the nodes against j π/31",
    tests: ["FindingTests", "HealpixOracleTests"], blindTo: "—", relation: .atLeast
  ) {
    let sampled = PublishedSamplingGrid().rings.map(\.theta)
    let assumed = ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64).rings.map(\.theta)
    let row = Double.pi / 32
    return ClaimMeasurement(
      Comparison(sampled, with: assumed).largestAbsolute / row,
      control: Comparison(assumed, with: (0..<32).map { Double($0) * .pi / 31 }).largestAbsolute
        / row)
  },
  Claim(
    "finding.unread-pixels", .findings,
    "1,336 of the 3,072 pixels are never read by the published sampling",
    equation: "pixels that contain no point θ_j = j π/32, φ_k = 2π k/64",
    bound: Bound("0", "deviation from 1336"),
    control: "least squares, which reads all pixels",
    tests: ["HealpixOracleTests", "FindingTests"], blindTo: "—"
  ) {
    let grid = try HealpixGrid(nside: 16)
    let read = Set(try PublishedSamplingGrid().directions.map { try grid.pixel(at: $0) })
    let fit = try LeastSquaresAnalysis<Double>(grid: grid, lmax: 47)
    // A pixel is read when some coefficient has a gradient there.
    let gradient = fit.analysisGradient(randomCoefficients(lmax: 47, seed: 31))
    let unread = gradient.values.count { $0 == 0 }
    return ClaimMeasurement(
      abs(Double(grid.pointCount - read.count - 1336)),
      control: abs(Double(unread - 1336)))
  },
  Claim(
    "finding.not-equivariant", .findings,
    "Weights per degree and order do not commute with rotations, those about z excepted",
    equation: "‖W D a − D W a‖/‖W a‖", bound: Bound("0.1"), control: "a rotation about z",
    tests: ["EquivarianceTests", "FindingTests"], blindTo: "—", relation: .atLeast
  ) {
    ClaimMeasurement(
      orderwiseChange(Rotation(alpha: 0.7, beta: 1.1, gamma: -2.3)),
      control: orderwiseChange(Rotation(alpha: 0.7, beta: 0, gamma: 0)))
  },
  Claim(
    "finding.mean", .findings,
    "Without a ReLU the mean over the points sees 24 of the 1,984 real degrees of freedom",
    equation: "∂(Σ_p f_p)/∂z_lm ≠ 0 for m = 0, l even", bound: Bound("0", "deviation from 24"),
    control: "with a ReLU", tests: ["FindingTests"], blindTo: "—"
  ) {
    let seen = degreesSeenByMean { _ in 1 }
    let rectified = degreesSeenByMean { $0 > 0 ? 1 : 0 }
    return ClaimMeasurement(abs(seen - 24), control: abs(rectified - 24))
  },
  Claim(
    "finding.not-bilinear", .findings, "The containing pixel is not bilinear interpolation",
    equation: "‖f_pixel − f_bilinear‖/‖f_bilinear‖, white map, healpy's interpolation",
    bound: Bound("0.3"), control: "our interpolation against healpy's",
    tests: ["ResamplerFixtureTests", "FindingTests"], blindTo: "smooth maps, which differ less",
    relation: .atLeast
  ) {
    let fixture = try Recorded("healpix/resampling.safetensors")
    let map = try fixture.doubles("map_16")
    let bilinear = try fixture.doubles("published")
    let source = try HealpixGrid(nside: 16)
    func error(_ method: ResamplingMethod) -> Double {
      let resampler = Resampler<Double>(from: source, to: PublishedSamplingGrid(), method: method)
      return relativeError(resampler.apply(map), bilinear)
    }
    return ClaimMeasurement(error(.containingPixel), control: error(.bilinear))
  },
]

// MARK: - healpy's order of spectra

/// Coefficients that healpy drew from one list of spectra, misread and read as meant.
private struct HealpyOrder {
  let fixture: Recorded
  let ee: [Double]
  let bb: [Double]
  static let lmax = 47

  init() throws {
    fixture = try Recorded("spectra/healpy_order.safetensors")
    ee = try fixture.doubles("spectra.ee")
    bb = try fixture.doubles("spectra.bb")
  }

  /// Real and imaginary parts of E and B, l ≥ 2, with their degree and order.
  private func modes(_ order: String) throws -> [(l: Int, m: Int, e: Double, b: Double)] {
    let e = try fixture.doubles("\(order).e")
    let b = try fixture.doubles("\(order).b")
    let index = (0...Self.lmax).flatMap { m in (m...Self.lmax).map { (l: $0, m: m) } }
    return e.indices.compactMap { i in
      let (l, m) = index[i / 2 % index.count]
      return l < 2 || (m == 0 && i % 2 == 1) ? nil : (l, m, e[i], b[i])
    }
  }

  /// max |B/C_BB − E/C_EE| / |E/C_EE|.
  func largestDifference(_ order: String) throws -> Double {
    worst(
      try modes(order).map { mode in
        let e = mode.e / ee[mode.l]
        return abs(mode.b / bb[mode.l] - e) / abs(e)
      })
  }

  /// Mean of E²/C_EE over the modes of degrees with power.
  func meanPower(_ order: String) throws -> Double {
    let samples = try modes(order).filter { ee[$0.l] > 0.1 }.map {
      $0.e * $0.e / ee[$0.l] * ($0.m == 0 ? 1 : 2)
    }
    return samples.reduce(0, +) / Double(samples.count)
  }
}

// MARK: - The published transform and layer

/// ‖A S a − a‖/‖a‖ on the published grid, orders up to 32, unit normal parts.
package func publishedRoundTrip(lmax: Int, seed: UInt64 = 33) throws -> Double {
  let grid = ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64)
  let transform = ScalarTransform<Double>(
    grid: grid, lmax: lmax, mmax: min(32, lmax), nyquist: .once)
  var a = randomCoefficients(lmax: lmax, mmax: min(32, lmax), seed: seed)
  // The order 32 of 64 longitudes is real on the grid.
  a.forEachCoefficient { _, m, first in if m == 32 { a.values[first + 1] = 0 } }
  return relativeError(try transform.analysis(transform.synthesis(a), .lossy).values, a.values)
}

/// How far W D is from D W, W a random complex weight per (l, m).
package func orderwiseChange(_ rotation: Rotation) -> Double {
  let lmax = 12
  let mixing = OrderwiseMixing<Double>(
    inputChannels: 1, outputChannels: 1, lmax: lmax, mmax: lmax)
  var numbers = TestNumbers(seed: 34)
  let weights = numbers.normals(mixing.weightCount)
  func mixed(_ a: CoefficientStack<Double>) -> CoefficientStack<Double> {
    var b = a
    b.values = mixing.forward(a.values, maps: 1, weights: weights)
    // A real field: the imaginary part of order 0 does not enter it.
    b.clearImaginaryOfOrderZero()
    return b
  }
  let a = randomCoefficients(lmax: lmax, seed: 35)
  return relativeError(
    mixed(a.rotated(by: rotation)).values, mixed(a).rotated(by: rotation).values)
}

/// How many real and imaginary parts the sum over the published grid's points depends on, when the
/// field f is passed through a function with derivative `slope`.
package func degreesSeenByMean(_ slope: (Double) -> Double) -> Double {
  let grid = ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64)
  let transform = ScalarTransform<Double>(grid: grid, lmax: 46, mmax: 32, nyquist: .once)
  let f = transform.synthesis(randomCoefficients(lmax: 46, mmax: 32, seed: 36))
  let slopes = FieldStack(grid: grid, lanes: 1, values: f.values.map(slope))
  let gradient = transform.synthesisGradient(slopes).values
  let largest = gradient.map(abs).max() ?? 0
  return Double(gradient.count { abs($0) > 1e-12 * largest })
}

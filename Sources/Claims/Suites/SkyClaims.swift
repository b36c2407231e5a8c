import Foundation
import HarmonicTransforms
import Models
import RandomFields
import SkyMaps
import SkyModels
import SphereGrids
import Tasks
import Verification

/// Random fields, windows, spectra of tau, shipped models.
let skyClaims: [Claim] = [
  Claim(
    "field.spectra", .skies, "Simulated float32 maps have the spectrum they were asked for",
    equation: "Σ_l ((⟨Ĉ_l⟩/C_l − 1)/√(2/((2l + 1) N)))² / 48",
    bound: Bound("1 + 5 √(2/(lmax + 1))"),
    control: "imaginary parts of full variance",
    tests: ["GaussianMapTests", "GaussianCoefficientTests", "PolarisationMapTests"],
    blindTo: "correlations between coefficients (tested apart)"
  ) {
    let (lmax, count) = (47, 256)
    let grid = try HealpixGrid(nside: 16)
    let model = PeakedModel().spectrum(at: 12)
    let maps = GaussianMapSynthesizer<Float>(grid: grid, lmax: lmax).maps(
      0..<count, seed: 8, split: .limit, noise: 0, threads: 2
    ) { _ in model }
    let spectra = try LeastSquaresAnalysis<Float>(grid: grid, lmax: lmax)
      .analysis(maps, threads: 2).spectra()
    func perDegree(_ factor: (Int) -> Double) -> Double {
      ChiSquare(
        deviations: (0...lmax).map { l in
          let mean = spectra.reduce(0) { $0 + $1[l] } / Double(count)
          return (factor(l) * mean / model[l] - 1) / (2 / Double((2 * l + 1) * count)).squareRoot()
        }
      ).perDegree
    }
    return ClaimMeasurement(
      perDegree { _ in 1 }, control: perDegree { Double(4 * $0 + 1) / Double(2 * $0 + 1) },
      sizes: ["lmax": Double(lmax)])
  },
  Claim(
    "windows", .skies, "Pixel windows of nside 16 are healpy's", equation: "w_l of T, E and B",
    bound: Bound("0", "largest |Δ|"), control: "next degree",
    tests: ["HarmonicWindowOracleTests", "PixelWindowDefinitionTests"],
    blindTo: "the difference between pixels"
  ) {
    let fixture = try Recorded("spectra/windows.safetensors")
    let window = try PixelWindow(nside: 16)
    let pairs = [
      (window.temperature, try fixture.doubles("pixel.16.t")),
      (window.polarisation, try fixture.doubles("pixel.16.p")),
    ]
    return ClaimMeasurement(
      worst(pairs.map { Comparison($0, with: $1).largestAbsolute }),
      control: least(
        pairs.map { Comparison($0.dropLast(), with: $1.dropFirst()).largestAbsolute }))
  },
  Claim(
    "models.regression", .skies, "The shipped model reads healpy's maps as recorded",
    equation: "predictions of Fixtures/maps/t1", bound: Bound("10⁻⁶", "relative L2"),
    control: "predictions of other maps",
    tests: ["WorkflowTests", "ShippedModelTests"],
    blindTo: "what was wrong when recorded (the truths in the tests see it)"
  ) {
    let model = try ModelFile.read(
      FixtureStore.url("models/t1-physical-isotropic-noise0.safetensors"))
    let table = try String(
      decoding: FixtureStore.data("regression/predictions.csv"), as: UTF8.self)
    let rows = table.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    let recorded = try rows.map { row in
      guard row.count == 3, row[0].hasPrefix("Fixtures/"), let value = Double(row[1]) else {
        throw FixtureError.missing(
          name: "regression/predictions.csv",
          reason: "the row \(row.joined(separator: ",")) is no file with a value and its error")
      }
      return value
    }
    let found = try rows.map { row -> Double in
      let url = FixtureStore.url(String(row[0].dropFirst("Fixtures/".count)))
      let map = try SkyMap(
        contentsOf: url, isPolarised: model.readsPolarisation, nside: model.settings().nside)
      return Double(
        model.network.predict(interleaved([map]), count: 1, threads: 1).first ?? .nan)
    }
    return ClaimMeasurement(
      relativeError(found, recorded), control: relativeError(found.reversed(), recorded))
  },
]

import FileFormats
import HarmonicTransforms
import SkyMaps
import SphereGrids
import Testing
import Verification

@testable import MapTools

/// What holds without an oracle.
@Suite("Analysis of maps")
struct MapAnalysisPropertyTests {
  /// Coefficients of T, E and B that differ from zero wherever they may.
  static func random(lmax: Int, seed: UInt64) -> SkyCoefficients {
    var numbers = TestNumbers(seed: seed)
    func stack(from first: Int) -> CoefficientStack<Double> {
      var stack = CoefficientStack<Double>(lmax: lmax)
      for m in 0...lmax {
        for l in max(m, first)..<lmax + 1 {
          stack[l, m] = .init(numbers.normal(), m == 0 ? 0 : numbers.normal())
        }
      }
      return stack
    }
    return SkyCoefficients(
      temperature: stack(from: 0),
      polarisation: SpinCoefficients(e: stack(from: 2), b: stack(from: 2)))
  }

  /// The fit returns the coefficients of a band-limited map, up to the condition number of
  /// synthesis squared (about 50 at lmax = 3 nside − 1) times the tolerance; quadrature does not.
  /// Blind to: a scale common to both directions (MapToolsOracleTests sees that).
  @Test("Least squares undoes synthesis", arguments: [(4, 8), (4, 11), (3, 6)])
  func inverse(nside: Int, lmax: Int) throws {
    let truth = Self.random(lmax: lmax, seed: 3)
    let map = try truth.map(nside: nside)
    let fit = MapAnalysis(
      lmax: lmax, method: .leastSquares(tolerance: 1e-13, maximumIterations: 1000))
    let (found, reports) = try fit.coefficients(of: map)
    #expect(reports.map(\.field) == ["T", "Q, U"])
    let quadrature = try MapAnalysis(lmax: lmax).coefficients(of: map).coefficients
    for (k, (a, b)) in zip(found.fields, truth.fields).enumerated() {
      #expect(relativeError(a.coefficients.values, b.coefficients.values) <= 100e-13, "\(a.letter)")
      let plain = quadrature.fields[k].coefficients.values
      #expect(relativeError(plain, b.coefficients.values) > 1e-8)
    }
    for report in reports { #expect(report.report.stop == .converged) }
  }

  @Test("Refusals")
  func refusals() throws {
    let map = try Self.random(lmax: 8, seed: 4).map(nside: 4)
    for method in [
      MapAnalysis.Method.quadrature(iterations: 0),
      .leastSquares(tolerance: 1e-6, maximumIterations: 9),
    ] {
      #expect(
        throws: MapToolError.degreeBeyondMap(file: "map in memory", lmax: 12, nside: 4)
      ) { try MapAnalysis(lmax: 12, method: method).coefficients(of: map) }
    }
    do {
      let hasty = MapAnalysis.Method.leastSquares(tolerance: 1e-12, maximumIterations: 2)
      _ = try MapAnalysis(lmax: 8, method: hasty).coefficients(of: map)
      Issue.record("two iterations are accepted")
    } catch let error as MapToolError {
      guard case .notConverged(_, "T", 2, let reached, 1e-12) = error, reached > 1e-12 else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test("Cross spectra of maps that do not fit")
  func crossSpectra() throws {
    let coefficients = Self.random(lmax: 5, seed: 4)
    let map = try coefficients.map(nside: 4)
    var temperature = map
    temperature.polarisation = nil
    var galactic = map
    galactic.coordinateSystem = "G"
    var celestial = map
    celestial.coordinateSystem = "C"
    let estimate = MapSpectra(MapAnalysis(lmax: 5))
    for (first, second, property) in [
      (map, try coefficients.map(nside: 8), "nside"), (galactic, celestial, "coordinate system"),
    ] {
      do {
        _ = try estimate.spectra(of: first, with: second)
        Issue.record("another \(property) is accepted")
      } catch let error as MapToolError {
        guard case .mapsDiffer(_, _, property: property, _, _) = error else {
          Issue.record("\(error)")
          return
        }
      }
    }
    #expect(try estimate.spectra(of: map, with: galactic).file.spectra.count == 9)
    #expect(try estimate.spectra(of: temperature).file.spectra.map(\.name) == ["TT"])
    // Maps of different fields have the spectra of the pairs that there are, the same numbers.
    let all = try estimate.spectra(of: map, with: map).file
    var polarisation = map
    polarisation.temperature = nil
    for (first, second, names) in [
      (temperature, map, ["TT", "TE", "TB"]), (map, temperature, ["TT", "ET", "BT"]),
      (temperature, polarisation, ["TE", "TB"]),
    ] {
      let cross = try estimate.spectra(of: first, with: second).file
      #expect(cross.spectra.map(\.name) == names)
      for spectrum in cross.spectra { #expect(spectrum.values == all[spectrum.name]) }
    }
  }
}

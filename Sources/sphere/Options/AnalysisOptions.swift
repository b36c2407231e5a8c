import ArgumentParser
import FileFormats
import Foundation
import HarmonicTransforms
import LinearAlgebra
import MachineMemory
import MapTools
import SkyMaps
import SphereGrids

/// How maps are analysed.
struct AnalysisOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Quadrature with N improvements, as healpy's iter; no ring or pixel weights (default: 3, \
      unless \
      --tolerance is given).
      """)
  var iter: Int?

  @Option(
    parsing: .unconditional,
    help: """
      Least squares by conjugate gradients until the normal equations hold to T, relatively; \
      prints \
      iterations and residuals.
      """)
  var tolerance: Double?

  @Option(
    name: .customLong("max-iterations"), parsing: .unconditional,
    help: "Largest number of iterations of least squares.")
  var maximumIterations: Int = 1000

  func validate() throws {
    guard iter == nil || tolerance == nil else {
      throw ValidationError("give either --iter N or --tolerance T")
    }
    if let iter, !(0...1000).contains(iter) {
      throw ValidationError("--iter is \(iter), expected 0...1000")
    }
    if let tolerance, !(tolerance > 0 && tolerance < 1) {
      throw ValidationError("--tolerance is \(tolerance), expected a number above 0 and below 1")
    }
    try requireRange("--max-iterations", maximumIterations, 1...1_000_000)
  }

  /// The rule; without options `standard`.
  func method(standard: MapAnalysis.Method = .quadrature(iterations: 3)) -> MapAnalysis.Method {
    if let iter { return .quadrature(iterations: iter) }
    if let tolerance {
      return .leastSquares(tolerance: tolerance, maximumIterations: maximumIterations)
    }
    return standard
  }

  /// The fit that gives the coefficients of a band-limited map back without the error of
  /// quadrature.
  var fit: MapAnalysis.Method {
    .leastSquares(tolerance: 1e-12, maximumIterations: maximumIterations)
  }

  /// Refuses the fit of a map in which zeros stand for what was not observed: the fit would take
  /// them for data.
  func requireQuadrature(_ option: String) throws {
    guard tolerance == nil else {
      throw ValidationError(
        "\(option) puts zeros where nothing was observed, and least squares would fit them; "
          + "leave --tolerance out")
    }
  }
}

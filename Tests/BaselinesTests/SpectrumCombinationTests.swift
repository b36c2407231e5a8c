import Foundation
import SkyMaps
import SkyModels
import Testing
import Verification

@testable import Baselines

@Suite("Spectra as combinations of a few")
struct SpectrumCombinationTests {
  /// Quadratic in a parameter: three spectra make all of them, to the tolerance; two do not.
  @Test("Combinations give the spectra")
  func combinations() throws {
    func power(_ t: Double, _ l: Int) -> Double {
      guard l >= 2 else { return 0 }
      let shape = 1 + 0.3 * t * Double(l) + 0.1 * t * t * Double(l * l)
      return shape / Double(l * (l + 1))
    }
    let spectra: [[Double]] = (0..<40).map { i in
      (0...30).map { power(Double(i) / 39, $0) }
    }
    let found = SpectrumCombinations(spectra)
    try #require(found.chosen.count == 3 && found.coefficients.count == 40)
    func error(_ count: Int) -> Double {
      var largest = 0.0
      for (i, spectrum) in spectra.enumerated() {
        for l in 2...30 {
          let sum = (0..<count).reduce(0.0) {
            $0 + found.coefficients[i][$1] * spectra[found.chosen[$1]][l]
          }
          largest = max(largest, abs(sum / spectrum[l] - 1))
        }
      }
      return largest
    }
    #expect(error(3) < 1e-12)
    #expect(error(2) > 1e-3)
    #expect(found.coefficients.allSatisfy { $0.allSatisfy { abs($0) < 10 } })
  }

  /// The covariances of all nodes of a model whose E and B both depend on both parameters, against
  /// ln L at these parameters without any combination.
  @Test("Likelihoods at nodes")
  func nodes() throws {
    let likelihood = try PixelLikelihood(
      TiltedModel(), mask: SkyMask.cap(nside: 4, skyFraction: 0.3), noise: 0.05,
      floor: PixelFloor(), threads: 2)
    let posterior = try CutSkyPosterior(likelihood, nodes: 9)
    var numbers = TestNumbers(seed: 8)
    let maps = ObservedMaps(
      count: 2, values: (0..<2 * likelihood.dataCount).map { _ in 0.3 * numbers.normal() })
    let found = try posterior.logLikelihoods(maps, threads: 2, progress: .init())
    for node in [0, 13, 40, 80] {
      let expected = try likelihood.logLikelihood(at: posterior.nodes[node], maps: maps)
      #expect(relativeError(found[node], expected) < 1e-10)
    }
  }
}

/// E and B with amplitudes and a mixture of two shapes that both parameters change.
private struct TiltedModel: SkyModel {
  let lmax = 8
  let spectrumNames = [SpectrumName.ee, .bb]
  let parameters = [
    ModelParameter(name: "a", range: 0.5...2), ModelParameter(name: "b", range: 0.5...2),
  ]

  func spectra(at values: [Double]) -> NamedSpectra {
    func spectrum(_ x: Double, _ y: Double) -> [Double] {
      (0...lmax).map { $0 < 2 ? 0 : (x + y * y / Double($0)) / Double($0 * $0) }
    }
    let (a, b) = (values[0], values[1])
    guard let result = try? NamedSpectra(ee: spectrum(a, b), bb: spectrum(0.3 * b, a)) else {
      preconditionFailure("two variances are spectra")
    }
    return result
  }

  func derivatives(at values: [Double]) -> [SpectrumDerivatives] {
    preconditionFailure("slopes are not needed")
  }
}

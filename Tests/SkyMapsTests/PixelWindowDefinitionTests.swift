import Foundation
import SphereGrids
import Testing

@testable import SkyMaps

@Suite("Pixel windows by their definition")
struct PixelWindowDefinitionTests {
  /// w_l of T from k² points in each pixel.
  ///
  /// The addition theorem turns 4π/(2l + 1) Σ_m |w_lm|² into the mean of P_l(cos γ) over pairs of
  /// points of the pixel. Points are the centres of the children of nside k·nside, so each stands
  /// for a small pixel, whose own window w_l(k·nside) multiplies what they miss. The twelve faces
  /// are eight like face 0 and four like face 4.
  private func window(nside: Int, k: Int, lmax: Int) throws -> [Double] {
    let fine = try HealpixGrid(nside: nside * k)
    let small = try PixelWindow(nside: nside * k).temperature
    var sums = [Double](repeating: 0, count: lmax + 1)
    for (face, copies) in [(0, 8.0), (4, 4.0)] {
      for pixel in face * nside * nside..<(face + 1) * nside * nside {
        let points = try (pixel * k * k..<(pixel + 1) * k * k).map { child -> SIMD3<Double> in
          let at = try fine.centre(of: try fine.ringPixel(nested: child))
          return SIMD3(
            sin(at.theta) * cos(at.phi), sin(at.theta) * sin(at.phi), cos(at.theta))
        }
        let weight = copies / Double(12 * nside * nside) / Double(points.count * points.count)
        for p in points {
          for q in points {
            let x = (p * q).sum()
            var (below, here) = (1.0, x)
            sums[0] += weight
            for l in 1..<(lmax + 1) {
              sums[l] += weight * here
              (below, here) = (
                here, (Double(2 * l + 1) * x * here - Double(l) * below) / Double(l + 1)
              )
            }
          }
        }
      }
    }
    return sums.indices.map { sums[$0].squareRoot() * small[$0] }
  }

  /// The error of k points a side is c/k² + O(k^−4): k = 4 and 8 give an extrapolation, and the
  /// tabulated window must lie within the extrapolation's correction (W_8 − W_4)/3 of it, which is
  /// 2e-3 of the window at most. Blind to: the windows of E and B.
  @Test("Temperature window of nside 2 and 4", arguments: [2, 4])
  func temperature(nside: Int) throws {
    let lmax = 4 * nside
    let tabulated = try PixelWindow(nside: nside).temperature
    let (coarse, fine) = (
      try window(nside: nside, k: 4, lmax: lmax), try window(nside: nside, k: 8, lmax: lmax)
    )
    for l in 1...lmax {
      let correction = (fine[l] - coarse[l]) / 3
      #expect(abs(fine[l] + correction - tabulated[l]) <= abs(correction), "l = \(l)")
      #expect(abs(correction) < 2e-3 * tabulated[l])
      // Negative control: the square, the factor of C_l.
      #expect(abs(fine[l] - tabulated[l] * tabulated[l]) > 10 * abs(correction), "l = \(l)")
    }
  }
}

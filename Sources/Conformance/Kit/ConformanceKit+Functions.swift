import FileFormats
import Foundation
import SphereGrids

extension ConformanceKit {
  /// Colatitudes from pole to pole, the neighbourhoods of both included.
  private static var colatitudes: [Double] {
    [0, 1e-6, 0.03, 1.0, 1.9, .pi - 1e-3, .pi]
  }

  static func functionCases() -> [CaseDraft] {
    let theta: NamedTensors = ["theta": TensorData(colatitudes)]
    let fewer: NamedTensors = ["theta": TensorData([0, 1e-4, 0.7, .pi - 0.02])]
    return [
      CaseDraft(
        "legendre-lmax64", .legendre,
        CaseData(
          parameters: ["lmax": 64, "orders": .integers(Array(0...64))], inputs: theta)),
      CaseDraft(
        "legendre-lmax1024", .legendre,
        CaseData(parameters: ["lmax": 1024, "orders": [0, 1, 100, 700]], inputs: fewer)),
      CaseDraft(
        "spin-legendre-lmax32", .spinLegendre,
        CaseData(
          parameters: [
            "lmax": 32, "spin": 2, "orders": [-32, -5, -2, -1, 0, 1, 2, 3, 16],
          ], inputs: theta)),
    ]
      + [1, 32, 33].map { count in
        CaseDraft(
          "gauss-legendre-n\(count)", .gaussLegendre,
          CaseData(parameters: ["count": .integer(count)]))
      }
      + [32, 33].map { count in
        CaseDraft(
          "clenshaw-curtis-n\(count)", .clenshawCurtis,
          CaseData(parameters: ["count": .integer(count)]))
      }
  }

  // MARK: - HEALPix

  static func healpixCases(seed: UInt64) -> [CaseDraft] {
    func numbers(_ id: String) -> CaseNumbers { CaseNumbers(seed: seed, id: id) }
    let all = Array(0..<12 * 8 * 8)
    return [3, 4].map { nside in
      CaseDraft(
        "healpix-centres-nside\(nside)", .healpixCentres,
        CaseData(parameters: ["nside": .integer(nside)]))
    } + [
      CaseDraft(
        "healpix-pixels-nside4", .healpixPixelOfDirection,
        CaseData(
          parameters: ["nside": 4],
          inputs: directions(numbers("healpix-pixels-nside4"), count: 100, ties: true))),
      CaseDraft(
        "healpix-pixels-nside5", .healpixPixelOfDirection,
        CaseData(
          parameters: ["nside": 5],
          inputs: directions(numbers("healpix-pixels-nside5"), count: 100, ties: true))),
      CaseDraft(
        "healpix-pixels-published", .healpixPixelOfDirection,
        CaseData(parameters: ["nside": 16], inputs: published(latitudes: 32, longitudes: 64))),
      CaseDraft(
        "healpix-nested-to-ring-nside8", .healpixNestedToRing,
        CaseData(parameters: ["nside": 8], inputs: ["nested": tensor(all)])),
      CaseDraft(
        "healpix-ring-to-nested-nside8", .healpixRingToNested,
        CaseData(parameters: ["nside": 8], inputs: ["ring": tensor(all)])),
      CaseDraft(
        "healpix-interpolation-nside4", .healpixInterpolation,
        CaseData(
          parameters: ["nside": 4],
          inputs: directions(numbers("healpix-interpolation-nside4"), count: 60, ties: false))),
      CaseDraft(
        "healpix-pixels-nside8192", .healpixPixelOfDirection,
        CaseData(
          parameters: ["nside": 8192],
          inputs: delicate(numbers("healpix-pixels-nside8192"), nside: 8192))),
      CaseDraft(
        "healpix-interpolation-poles-nside16", .healpixInterpolation,
        CaseData(
          parameters: ["nside": 16],
          inputs: polar(numbers("healpix-interpolation-poles-nside16"), nside: 16))),
    ]
  }

  /// Where formulas of pixels lose digits or change: at 10⁻¹ to 10⁻⁹ from both poles, on both sides
  /// of |z| = 2/3, where the polar caps begin, and on it, at random longitudes; and near the poles
  /// at 10⁻¹¹ of their longitude from edges of pixels. The latter are on the right side only if the
  /// distance from the pole comes from sin θ: 1 − cos θ has lost too many digits.
  private static func delicate(_ numbers: CaseNumbers, nside: Int) -> NamedTensors {
    let distances = (1...9).flatMap { k in [1, 0.3].map { $0 * pow(10, Double(-k)) } }
    let steps = [0, 1e-12, 1e-9, 1e-6, 1e-3].flatMap { [$0, -$0] }
    let near = distances + distances.map { .pi - $0 }
    let edge = [2.0 / 3, -2.0 / 3].flatMap { z in steps.map { acos(z) + $0 } }
    var theta = (near + edge).flatMap { [$0, $0, $0] }
    var phi = numbers.uniforms("phi", count: theta.count, 0, 2 * .pi)
    for colatitude in [2e-4, 5e-4, 1e-3, 3e-3].flatMap({ [$0, .pi - $0] }) {
      // Edges that run towards the pole cross this colatitude at k/h of a quarter turn, k whole.
      let h = Double(nside) * sin(colatitude) / ((1 + abs(cos(colatitude))) / 3).squareRoot()
      for k in 1...Int(h) {
        for side in [-1e-11, 1e-11] {
          theta.append(colatitude)
          phi.append((Double(k % 4) + Double(k) / h * (1 + side)) * .pi / 2)
        }
      }
    }
    return ["theta": TensorData(theta), "phi": TensorData(phi)]
  }

  /// Directions between the first ring of pixels and the north pole, and the last and the south
  /// pole, where all four pixels of the ring count.
  private static func polar(_ numbers: CaseNumbers, nside: Int) -> NamedTensors {
    let first = acos(1 - 1 / (3 * Double(nside * nside)))
    let north = numbers.uniforms("theta", count: 24, 0, first)
    let theta = north + north.map { .pi - $0 }
    let phi = numbers.uniforms("phi", count: theta.count, 0, 2 * .pi)
    return ["theta": TensorData(theta), "phi": TensorData(phi)]
  }

  /// Random directions, both poles and their neighbourhoods; with `ties`, points on edges and
  /// corners of pixels, and longitudes outside 0..<2π.
  static func directions(_ numbers: CaseNumbers, count: Int, ties: Bool) -> NamedTensors {
    var theta = numbers.uniforms("z", count: count, -1, 1).map { acos($0) }
    var phi = numbers.uniforms("phi", count: count, 0, 2 * .pi)
    theta += [0, 1e-4, .pi - 1e-4, .pi]
    phi += [1, 2, 3, 4]
    if ties {
      for colatitude in [0, Double.pi / 2, Double.pi] {
        for quarter in -2...6 {
          theta.append(colatitude)
          phi.append(Double(quarter) * .pi / 4)
        }
      }
      theta += [0.3, 1.4, 2.9, 0.1]
      phi += [0, .pi / 2, 1000, -20]
    }
    return ["theta": TensorData(theta), "phi": TensorData(phi)]
  }

  /// The points θ_j = jπ/latitudes, φ_k = 2πk/longitudes of the published network.
  static func published(latitudes: Int, longitudes: Int) -> NamedTensors {
    let grid = PublishedSamplingGrid(ringCount: latitudes, longitudeCount: longitudes)
    let directions = grid.directions
    return [
      "theta": TensorData(directions.map(\.theta)), "phi": TensorData(directions.map(\.phi)),
    ]
  }
}

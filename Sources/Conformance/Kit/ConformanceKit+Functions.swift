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
    ]
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

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
    return legendreCases(theta, fewer) + spinFunctionCases(theta) + symbolCases()
      + nodeCases()
  }

  private static func legendreCases(_ theta: NamedTensors, _ fewer: NamedTensors) -> [CaseDraft] {
    [
      ("legendre-lmax64", 64, Array(0...64), theta),
      ("legendre-lmax1024", 1024, [0, 1, 100, 700], fewer),
      ("legendre-lmax2047", 2047, [0, 2, 1500], fewer),
      ("legendre-lmax0", 0, [0], theta), ("legendre-lmax1", 1, [0, 1], theta),
      ("legendre-none", 3, [0, 3], ["theta": TensorData([Double]())]),
    ].map { (id: String, lmax: Int, orders: [Int], angles: NamedTensors) in
      CaseDraft(
        id, .legendre,
        CaseData(
          parameters: ["lmax": .integer(lmax), "orders": .integers(orders)], inputs: angles))
    }
  }

  private static func spinFunctionCases(_ theta: NamedTensors) -> [CaseDraft] {
    let tables = [1, 2, 3].map { spin in
      CaseDraft(
        spin == 2 ? "spin-legendre-lmax32" : "spin\(spin)-legendre-lmax32", .spinLegendre,
        CaseData(
          parameters: [
            "lmax": 32, "spin": .integer(spin), "orders": [-32, -5, -2, -1, 0, 1, 2, 3, 16],
          ], inputs: theta))
    }
    let pairs: [(String, Int, [Int], [Int])] = [
      ("lmax24", 24, [0, 1, -1, 2, -2, 5, 24, -24, 7], [0, 2, 1, -2, -1, 3, 24, 23, -12]),
      ("lmax512", 512, [0, 3, -200, 512], [2, -2, 150, 1]),
    ]
    let wigner = pairs.map { name, lmax, m, n in
      CaseDraft(
        "wigner-d-\(name)", .wignerD,
        CaseData(
          parameters: ["lmax": .integer(lmax), "m": .integers(m), "n": .integers(n)],
          inputs: [
            "beta": TensorData([
              0, 1e-5, .pi / 4, 1.0, .pi / 2, 3 * .pi / 4, .pi - 1e-4, .pi,
            ])
          ]))
    }
    return tables + wigner + (0...3).map(harmonics)
  }

  /// Values of single spin-weighted harmonics, orders of both signs, angles in full.
  private static func harmonics(_ spin: Int) -> CaseDraft {
    let degrees = [0, 1, 2, 3, 5, 12, 60, 300].filter { $0 >= spin }
    let pairs = degrees.flatMap { l in
      Set([-l, -l / 2, -1, 0, 1, l / 3, l]).filter { abs($0) <= l }.sorted().map { (l, $0) }
    }
    let theta = pairs.indices.map { 0.11 + Double($0 * 37 % 100) * 0.029 }
    let phi = pairs.indices.map { Double($0 * 61 % 100) * 0.0625 }
    return CaseDraft(
      "spin-harmonics-\(spin)", .spinHarmonics,
      CaseData(
        parameters: ["spin": .integer(spin)],
        inputs: [
          "l": tensor(pairs.map(\.0)), "m": tensor(pairs.map(\.1)), "theta": TensorData(theta),
          "phi": TensorData(phi),
        ]))
  }

  private static func symbolCases() -> [CaseDraft] {
    let columns = [
      [0, 0, 0, 0], [1, 1, 0, 0], [2, 2, 2, -2], [3, 5, -1, 2], [8, 8, 0, 0], [12, 9, 2, -2],
      [40, 30, -17, 5], [200, 150, 2, -2], [600, 700, 0, 0],
    ]
    return columns.map { c in
      CaseDraft(
        "wigner-3j-" + c.map { $0 < 0 ? "m\(-$0)" : "\($0)" }.joined(separator: "-"), .wigner3j,
        CaseData(
          parameters: [
            "l2": .integer(c[0]), "l3": .integer(c[1]), "m2": .integer(c[2]),
            "m3": .integer(c[3]),
          ]))
    }
  }

  private static func nodeCases() -> [CaseDraft] {
    let rules: [(String, Operation, [Int])] = [
      ("gauss-legendre", .gaussLegendre, [1, 2, 3, 32, 33, 128, 511, 1024]),
      ("clenshaw-curtis", .clenshawCurtis, [2, 3, 32, 33, 128, 513]),
      ("fejer1", .fejerFirst, [1, 2, 3, 32, 33, 256]),
      ("fejer2", .fejerSecond, [1, 2, 3, 32, 33, 256]),
      ("driscoll-healy", .driscollHealy, [2, 4, 32, 34, 256]),
      ("mcewen-wiaux", .mcEwenWiaux, [1, 2, 3, 32, 33, 256]),
    ]
    return rules.flatMap { name, operation, counts in
      counts.map { count in
        CaseDraft(
          "\(name)-n\(count)", operation, CaseData(parameters: ["count": .integer(count)]))
      }
    }
  }

  // MARK: - HEALPix

  static func healpixCases(seed: UInt64) -> [CaseDraft] {
    func numbers(_ id: String) -> CaseNumbers { CaseNumbers(seed: seed, id: id) }
    let all = Array(0..<12 * 8 * 8)
    return [1, 2, 3, 4, 8].map { nside in
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
      + [1, 2, 3, 16, 64, 256].map { nside in
        let id = "healpix-pixels-nside\(nside)"
        return CaseDraft(
          id, .healpixPixelOfDirection,
          CaseData(
            parameters: ["nside": .integer(nside)],
            inputs: directions(numbers(id), count: 100, ties: true)))
      }
      + [1, 2, 3, 64, 256].map { nside in
        let id = "healpix-interpolation-nside\(nside)"
        return CaseDraft(
          id, .healpixInterpolation,
          CaseData(
            parameters: ["nside": .integer(nside)],
            inputs: directions(numbers(id), count: 40, ties: false)))
      }
      + [1, 2, 256].flatMap { nside in
        let pixels = numbers("healpix-orderings-nside\(nside)").pixels(nside: nside)
        return [
          CaseDraft(
            "healpix-nested-to-ring-nside\(nside)", .healpixNestedToRing,
            CaseData(parameters: ["nside": .integer(nside)], inputs: ["nested": pixels])),
          CaseDraft(
            "healpix-ring-to-nested-nside\(nside)", .healpixRingToNested,
            CaseData(parameters: ["nside": .integer(nside)], inputs: ["ring": pixels])),
        ]
      }
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

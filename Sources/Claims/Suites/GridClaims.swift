import FileFormats
import Foundation
import HarmonicTransforms
import Resampling
import SpecialFunctions
import SphereGrids
import Verification

/// HEALPix and ring grids, resampling.
let gridClaims: [Claim] = [
  Claim(
    "healpix.containing-pixel", .grids,
    "The pixel that contains a direction is healpy's, ties on edges and corners included",
    equation: "[Gorski2005, eq. 2 to 9]",
    bound: Bound("0", "pixels that differ, of 6758 directions"),
    control: "nearest centre", tests: ["HealpixOracleTests", "HealpixDefinitionTests"],
    blindTo: "directions between the recorded ones (all pixels of nside ≤ 16 are in the tests)"
  ) {
    let fixture = try Recorded("healpix/pixels.safetensors")
    let points = try fixture.directions("points")
    let grid = try HealpixGrid(nside: 16)
    let oracle = try fixture.integers("ring_16")
    guard points.count == 6758 else {
      throw FixtureError.missing(name: "points", reason: "\(points.count) of 6758 directions")
    }
    func different(_ pixel: (Direction) throws -> Int) rethrows -> Double {
      Double(try points.indices.count { try pixel(points[$0]) != oracle[$0] })
    }
    return ClaimMeasurement(
      try different { try grid.pixel(at: $0) },
      control: different { grid.nearestPoint(to: $0) })
  },
  Claim(
    "healpix.nested", .grids, "RING and NESTED numbers are healpy's, both ways",
    equation: "[Gorski2005, sec. 4]",
    bound: Bound("0", "pixels of nside 16 that differ"),
    control: "next pixel", tests: ["HealpixOracleTests", "HealpixDefinitionTests"],
    blindTo: "larger nside"
  ) {
    let oracle = try Recorded("healpix/pixels.safetensors").integers("ring2nest_16")
    let grid = try HealpixGrid(nside: 16)
    let wrong = try oracle.indices.count {
      try grid.nestedPixel(ring: $0) != oracle[$0] || grid.ringPixel(nested: oracle[$0]) != $0
    }
    let shifted = try oracle.indices.dropLast().count {
      try grid.nestedPixel(ring: $0 + 1) != oracle[$0]
    }
    return ClaimMeasurement(Double(wrong), control: Double(shifted))
  },
  Claim(
    "grids.exact-degree", .grids,
    "Weights integrate harmonics up to the claimed degree: Gauss-Legendre, Clenshaw-Curtis",
    equation: "Σ_p w_p Y_lm(p) = √4π δ_l0, l ≤ exactDegree",
    bound: Bound("1", of: "(4 (l + 4) + √points) √(2l + 1) 2u", "worst ratio"),
    control: "one degree more",
    tests: ["GridExactnessTests", "QuadraturePropertyTests"],
    blindTo: "sizes between the ones tested"
  ) {
    let grids: [any RingGrid] = [
      GaussLegendreGrid(lmax: 16), GaussLegendreGrid(ringCount: 8, longitudeCount: 15),
      ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64),
      ClenshawCurtisGrid(ringCount: 9, longitudeCount: 16),
    ]
    func ratio(_ grid: any RingGrid, _ l: Int) -> Double {
      let roundings = 4 * Double(l + 4) + Double(grid.pointCount).squareRoot()
      return quadratureError(grid, degree: l)
        / (roundings * Double(2 * l + 1).squareRoot() * Double.ulpOfOne)
    }
    let within = grids.flatMap { grid in (0...grid.exactDegree).map { ratio(grid, $0) } }
    return ClaimMeasurement(
      worst(within),
      control: least(grids.map { ratio($0, $0.exactDegree + 1) }))
  },
  Claim(
    "resampling.bilinear", .grids, "Bilinear interpolation is healpy's",
    equation: "linear in φ on two rings, then in θ",
    bound: Bound("1024 u", of: "max |map|", "largest |Δ|"),
    control: "value of the containing pixel",
    tests: ["ResamplerFixtureTests", "ResamplerDefinitionTests"],
    blindTo: "targets that are no product grids"
  ) {
    let fixture = try Recorded("healpix/resampling.safetensors")
    let map = try fixture.doubles("map_16")
    let source = try HealpixGrid(nside: 16)
    let reference = try fixture.doubles("published")
    func error(_ method: ResamplingMethod) -> Double {
      let target = PublishedSamplingGrid()
      let resampler = Resampler<Double>(from: source, to: target, method: method)
      return Comparison(resampler.apply(map), with: reference).largestAbsolute
    }
    let scale = map.map(abs).max() ?? 0
    return ClaimMeasurement(
      error(.bilinear) / scale, control: error(.containingPixel) / scale)
  },
  Claim(
    "resampling.transpose", .grids, "Resampling and its transpose",
    equation: "⟨W x, y⟩ = ⟨x, Wᵀ y⟩", bound: transposeBound(of: "‖Wx‖‖y‖"),
    control: "resampling back", tests: ["ResamplerTransposeTests"], blindTo: "errors of W itself"
  ) {
    let source = try HealpixGrid(nside: 8)
    let target = GaussLegendreGrid(lmax: 15)
    let there = Resampler<Double>(from: source, to: target, method: .bilinear)
    let back = Resampler<Double>(from: target, to: source, method: .bilinear)
    func check(_ transpose: ([Double]) -> [Double]) -> AdjointCheck {
      AdjointCheck(
        inputCount: source.pointCount, outputCount: target.pointCount, terms: 64, seed: 1,
        forward: { (x: [Double]) in there.apply(x) }, transpose: transpose)
    }
    let found = check { there.transpose($0) }
    return ClaimMeasurement(found, control: check { back.apply($0) })
  },
]

/// max over m of |Σ_p w_p Y_lm − √4π δ_l0| / √4π.
private func quadratureError(_ grid: any RingGrid, degree l: Int) -> Double {
  worst(
    (0...l).map { m in
      var (real, imaginary) = (l == 0 ? -(4 * Double.pi).squareRoot() : 0, 0.0)
      for ring in grid.rings {
        let value = normalisedLegendre(
          m: m, lmax: l, cosTheta: ring.cosTheta, sinTheta: ring.sinTheta)[l - m]
        for k in 0..<ring.count {
          let angle = Double(m) * (ring.phi0 + 2 * .pi * Double(k) / Double(ring.count))
          real += ring.weight * value * cos(angle)
          imaginary += ring.weight * value * sin(angle)
        }
      }
      return hypot(real, imaginary) / (4 * Double.pi).squareRoot()
    })
}

/// A recorded file of the fixtures.
struct Recorded {
  let tensors: NamedTensors
  let metadata: [String: String]

  /// - Throws: `FixtureError.missing`, `SafetensorsError`.
  init(_ name: String) throws {
    let file = try SafetensorsFile(data: FixtureStore.data(name), name: name)
    (tensors, metadata) = (file.tensors, file.metadata)
  }

  func doubles(_ name: String) throws -> [Double] {
    let tensor = try tensors.tensor(name)
    return tensor.dtype == .int64 ? try tensor.integers().map(Double.init) : try tensor.doubles()
  }

  func integers(_ name: String) throws -> [Int] {
    try tensors.tensor(name).integers().map { Int($0) }
  }

  /// Colatitudes and longitudes, (count, 2).
  func directions(_ name: String) throws -> [Direction] {
    let values = try doubles(name)
    return stride(from: 0, to: values.count, by: 2).map {
      Direction(theta: values[$0], phi: values[$0 + 1])
    }
  }

  /// The cases of a file of transforms: what stands before `.coefficients`.
  ///
  /// - Throws: `FixtureError.missing` when there are fewer than expected.
  func cases(atLeast count: Int) throws -> [String] {
    let ending = ".coefficients"
    let names = tensors.names.filter { $0.hasSuffix(ending) }
      .map { String($0.dropLast(ending.count)) }
    guard names.count >= count else {
      throw FixtureError.missing(
        name: "cases", reason: "\(names.count) are recorded, at least \(count) expected")
    }
    return names
  }

  /// A number of the file's metadata.
  func number(_ key: String) throws -> Int {
    guard let number = metadata[key].flatMap({ Int($0) }) else {
      throw FixtureError.missing(name: key, reason: "no such number in the metadata")
    }
    return number
  }
}

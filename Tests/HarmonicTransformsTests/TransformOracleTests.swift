import FileFormats
import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// Recorded answers of ducc0, healpy and torch-harmonics:
/// `Fixtures/generators/transform_fixtures.py`.
struct TransformFixture {
  let name: String
  let tensors: NamedTensors

  init(_ topic: String) throws {
    name = "transforms/\(topic).safetensors"
    tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
  }

  /// The parts before the last dot of all tensors that end in `.coefficients`.
  var cases: [String] {
    tensors.names.filter { $0.hasSuffix(".coefficients") }.map { String($0.dropLast(13)) }
  }

  func doubles(_ tensor: String) throws -> [Double] { try tensors.tensor(tensor).doubles() }

  func coefficients(_ tensor: String, _ c: TransformCase) throws -> CoefficientStack<Double> {
    CoefficientStack(lmax: c.lmax, mmax: c.mmax, lanes: 1, values: try doubles(tensor))
  }

  func field(_ tensor: String, _ grid: any RingGrid) throws -> FieldStack<Double> {
    FieldStack(grid: grid, lanes: 1, values: try doubles(tensor))
  }

  /// The numbers in a case's name, `l7_m5_8x15` or `8x16_l11_m9`: by their letter, then in order.
  static func numbers(_ name: String) -> [String: Int] {
    var found: [String: Int] = [:]
    for part in name.split(separator: "_") {
      if let first = part.first, first.isLetter {
        found[String(first)] = Int(part.dropFirst())
      } else {
        let sizes = part.split(separator: "x").compactMap { Int($0) }
        (found["nlat"], found["nlon"]) = (sizes.first, sizes.last)
      }
    }
    return found
  }
}

extension CoefficientStack where T == Double {
  func rounded() -> CoefficientStack<Float> {
    CoefficientStack<Float>(lmax: lmax, mmax: mmax, lanes: lanes, values: values.map { Float($0) })
  }
}

extension FieldStack where T == Double {
  func rounded() -> FieldStack<Float> {
    FieldStack<Float>(grid: grid, lanes: lanes, values: values.map { Float($0) })
  }
}

/// Both programs sum the same series in Double. 10⁻¹² is what either may be wrong: lmax roundings
/// of the Legendre recurrence at lmax 47, with two orders of magnitude to spare for the oracle's
/// own (ducc0 aims at 10⁻¹³). `Float` is bounded as against the definition.
/// Blind to: conventions that all the programs share.
@Suite("Scalar transforms against other programs")
struct TransformOracleTests {
  static let bound = 1e-12

  private func expect(
    _ value: [Double], _ reference: [Double], within bound: Double = Self.bound, _ what: String
  ) {
    let comparison = Comparison(value, with: reference)
    #expect(comparison.relativeL2 <= bound, "\(what): \(comparison)")
  }

  /// A few sums of noise may be near zero by chance: the scale is at least the norm that `count`
  /// sums of white noise of norm `noise` have.
  private func expect(
    _ value: [Float], _ reference: [Double], terms: Int, noise: Double = 0, _ what: String
  ) {
    let bound = 8 * Double(terms).squareRoot() * RoundingBound.unitRoundoff(Float.self)
    let comparison = Comparison(value, with: reference)
    let norm = norm(reference)
    let scale = max(norm, noise * (Double(reference.count) / (8 * .pi)).squareRoot())
    #expect(comparison.relativeL2 * norm <= bound * scale, "\(what) in Float: \(comparison)")
  }

  private func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Synthesis and the sums over points of one case; `field` names the tensor that is analysed.
  private func checkSynthesisAndAdjoint(
    _ fixture: TransformFixture, _ name: String, _ c: TransformCase, field: String
  ) throws {
    let what = "\(fixture.name) \(name)"
    let transform = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax, mmax: c.mmax)
    let single = ScalarTransform<Float>(grid: c.grid, lmax: c.lmax, mmax: c.mmax)
    let a = try fixture.coefficients(name + ".coefficients", c)
    let synthesis = try fixture.doubles(name + ".synthesis")
    expect(transform.synthesis(a).values, synthesis, what)
    let terms = (c.lmax + 1) * (c.lmax + 1)
    expect(single.synthesis(a.rounded()).values, synthesis, terms: terms, what)

    let f = try fixture.field("\(name).\(field)", c.grid)
    let adjoint = try fixture.doubles(name + ".adjoint")
    expect(try transform.adjointSynthesis(f).values, adjoint, what)
    expect(
      try single.adjointSynthesis(f.rounded()).values, adjoint, terms: c.grid.pointCount,
      noise: norm(f.values), what)
    // Negative control: conjugated coefficients are another field.
    if c.mmax > 0 {
      var conjugated = a
      conjugated.forEachCoefficient { _, _, first in conjugated.values[first + 1].negate() }
      #expect(
        relativeError(transform.synthesis(conjugated).values, synthesis) > 1000 * Self.bound)
    }
  }

  @Test(
    "ducc0 on Gauss-Legendre and Clenshaw-Curtis rings",
    arguments: ["gauss_legendre", "clenshaw_curtis"])
  func rings(_ topic: String) throws {
    let fixture = try TransformFixture(topic)
    #expect(fixture.cases.count >= 8)
    for name in fixture.cases {
      let n = TransformFixture.numbers(name)
      let (nlat, nlon) = (try #require(n["nlat"]), try #require(n["nlon"]))
      let grid: any RingGrid =
        topic == "gauss_legendre"
        ? GaussLegendreGrid(ringCount: nlat, longitudeCount: nlon)
        : ClenshawCurtisGrid(ringCount: nlat, longitudeCount: nlon)
      let c = TransformCase(grid, lmax: try #require(n["l"]), mmax: n["m"], lanes: 1)
      try checkSynthesisAndAdjoint(fixture, name, c, field: "field")
      expect(
        grid.rings.map(\.theta), try fixture.doubles("colatitudes.\(nlat)"), within: 1e-15, name)
      expect(
        grid.rings.map { $0.weight * Double(nlon) / (2 * .pi) },
        try fixture.doubles("weights.\(nlat)"), within: 1e-14, name)
      let f = try fixture.field(name + ".field", grid)
      let analysis = try fixture.doubles(name + ".analysis")
      let transform = ScalarTransform<Double>(grid: grid, lmax: c.lmax, mmax: c.mmax)
      expect(try transform.analysis(f, .lossy).values, analysis, name)
      let single = ScalarTransform<Float>(grid: grid, lmax: c.lmax, mmax: c.mmax)
      expect(
        try single.analysis(f.rounded(), .lossy).values, analysis, terms: grid.pointCount, name)
    }
  }

  @Test("healpy on HEALPix", arguments: [1, 2, 3, 4, 8, 16])
  func healpix(_ nside: Int) throws {
    let fixture = try TransformFixture("healpix_nside\(nside)")
    let grid = try HealpixGrid(nside: nside)
    #expect(fixture.cases.count >= 2)
    for name in fixture.cases {
      let n = TransformFixture.numbers(name)
      let c = TransformCase(grid, lmax: try #require(n["l"]), mmax: n["m"], lanes: 1)
      try checkSynthesisAndAdjoint(fixture, name, c, field: "map")
      let map = try fixture.field(name + ".map", grid)
      let transform = ScalarTransform<Double>(grid: grid, lmax: c.lmax, mmax: c.mmax)
      let single = ScalarTransform<Float>(grid: grid, lmax: c.lmax, mmax: c.mmax)
      let three = try fixture.doubles(name + ".analysis_iter3")
      for iterations in [0, 3] {
        let expected = try fixture.doubles("\(name).analysis_iter\(iterations)")
        expect(try transform.iterated(map, iterations: iterations).values, expected, name)
        expect(
          try single.iterated(map.rounded(), iterations: iterations).values, expected,
          terms: (2 * iterations + 1) * grid.pointCount,
          noise: norm(map.values) * 4 * .pi / Double(grid.pointCount), name)
      }
      // Negative control: one step more or less is seen, where the steps do anything at all.
      if c.lmax > 2 {
        let two = try transform.iterated(map, iterations: 2)
        #expect(relativeError(two.values, three) > 1000 * Self.bound, "\(name)")
      }
    }
  }

  @Test("Spectra of healpy's anafast")
  func spectra() throws {
    let fixture = try TransformFixture("healpix_nside16")
    let grid = try HealpixGrid(nside: 16)
    let transform = ScalarTransform<Double>(grid: grid, lmax: 47)
    let first = try transform.iterated(fixture.field("spectra.first_map", grid), iterations: 3)
    let second = try transform.iterated(fixture.field("spectra.second_map", grid), iterations: 3)
    let cross = try fixture.doubles("spectra.cross")
    expect(first.spectra()[0], try fixture.doubles("spectra.auto_first"), "first")
    expect(second.spectra()[0], try fixture.doubles("spectra.auto_second"), "second")
    expect(first.crossSpectra(with: second)[0], cross, "cross")
    #expect(relativeError(first.spectra()[0], cross) > 1000 * Self.bound)
  }

  /// Degrees beyond exactness, the order n/2 and the gradients of torch-harmonics' RealSHT and
  /// InverseRealSHT. There sizes are counts: l < degrees, m < orders.
  @Test("torch-harmonics on its equiangular grid")
  func torchHarmonics() throws {
    let fixture = try TransformFixture("torch_harmonics")
    #expect(fixture.cases.count == 4)
    for name in fixture.cases {
      let n = TransformFixture.numbers(name)
      let (degrees, orders) = (try #require(n["l"]), try #require(n["m"]))
      let grid = ClenshawCurtisGrid(
        ringCount: try #require(n["nlat"]), longitudeCount: try #require(n["nlon"]))
      let c = TransformCase(grid, lmax: degrees - 1, mmax: min(orders, degrees) - 1, lanes: 2)
      let transform = ScalarTransform<Double>(
        grid: grid, lmax: c.lmax, mmax: c.mmax, nyquist: .once)
      let field = FieldStack<Double>(
        grid: grid, lanes: 2,
        values: interleaved(try fixture.doubles(name + ".field"), points: grid.pointCount))
      let a = try torchCoefficients(fixture, name + ".coefficients", c, orders: orders)
      let analysis = try torchCoefficients(fixture, name + ".analysis", c, orders: orders)
      let gradient = try torchCoefficients(fixture, name + ".synthesis_gradient", c, orders: orders)
      let synthesis = interleaved(
        try fixture.doubles(name + ".synthesis"), points: grid.pointCount)
      expect(try transform.analysis(field, .lossy).values, analysis.values, name)
      expect(transform.synthesis(a).values, synthesis, name)
      expect(transform.synthesisGradient(field).values, gradient.values, name)
      expect(
        transform.analysisGradient(a).values,
        interleaved(
          try fixture.doubles(name + ".analysis_gradient"), points: grid.pointCount), name)
      // Negative control: where the order n/2 is present, counting it twice is another field.
      if 2 * c.mmax == n["nlon"] {
        let twice = ScalarTransform<Double>(grid: grid, lmax: c.lmax, mmax: c.mmax)
        #expect(relativeError(twice.synthesis(a).values, synthesis) > 1000 * Self.bound)
      }
    }
  }

  /// [field, point] to [point][lane].
  private func interleaved(_ values: [Double], points: Int) -> [Double] {
    let lanes = values.count / points
    return (0..<values.count).map { values[$0 % lanes * points + $0 / lanes] }
  }

  /// [field, l, m, 2] to a stack.
  private func torchCoefficients(
    _ fixture: TransformFixture, _ tensor: String, _ c: TransformCase, orders: Int
  ) throws -> CoefficientStack<Double> {
    let values = try fixture.doubles(tensor)
    var a = CoefficientStack<Double>(lmax: c.lmax, mmax: c.mmax, lanes: c.lanes)
    let perField = values.count / c.lanes
    a.forEachCoefficient { l, m, first in
      for lane in 0..<c.lanes {
        let place = lane * perField + (l * orders + m) * 2
        a.values[first + lane] = values[place]
        a.values[first + c.lanes + lane] = values[place + 1]
      }
    }
    return a
  }
}

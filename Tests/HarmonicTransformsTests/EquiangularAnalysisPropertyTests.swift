import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Laws of the analysis by interpolation")
struct EquiangularAnalysisPropertyTests {
  /// Grids whose largest degree is set by the rings, by the longitudes, and by both.
  static let grids = [
    ClenshawCurtisGrid(ringCount: 3, longitudeCount: 4),
    ClenshawCurtisGrid(ringCount: 4, longitudeCount: 6),
    ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64),
    ClenshawCurtisGrid(ringCount: 33, longitudeCount: 40),
    ClenshawCurtisGrid(ringCount: 73, longitudeCount: 144),
    ClenshawCurtisGrid(ringCount: 181, longitudeCount: 360),
  ]

  /// Synthesis and analysis carry some rounding errors per degree each, interpolation a few more.
  static func bound(_ lmax: Int) -> Double { 2 * Double(lmax + 8) * RoundingBound.unitRoundoff() }

  /// a → field → a up to lmax = rings − 2, in `Double` and `Float`; on the same rings quadrature
  /// stops at half of it.
  /// Blind to: a factor that cancels between synthesis and analysis (the definition tests).
  @Test("Round trip up to rings − 2", arguments: grids)
  func roundTrip(grid: ClenshawCurtisGrid) throws {
    let lmax = EquiangularAnalysis<Double>.largestDegree(on: grid)
    let a: CoefficientStack<Double> = TransformCase(grid, lmax: lmax).coefficients(seed: 610)
    let transform = ScalarTransform<Double>(grid: grid, lmax: lmax)
    let f = transform.synthesis(a)
    let back = try EquiangularAnalysis<Double>(grid: grid, lmax: lmax).analysis(f, threads: 2)
    let comparison = Comparison(back.values, with: a.values)
    #expect(comparison.relativeL2 <= Self.bound(lmax), "\(grid.name): \(comparison)")
    let single = try EquiangularAnalysis<Float>(grid: grid, lmax: lmax).analysis(f.rounded())
    let rounded = Comparison(single.values, with: a.values)
    #expect(rounded.relativeL2 <= Self.bound(lmax) * 0x1p29, "\(grid.name) in Float: \(rounded)")
    // Negative control: the quadrature of the same grid, where it is not exact.
    if lmax > grid.exactAnalysisDegree {
      let quadrature = try transform.analysis(f, .lossy)
      #expect(relativeError(quadrature.values, a.values) > 1000 * Self.bound(lmax))
    }
  }

  /// The same for E and B.
  @Test("Round trip of spin fields", arguments: grids.dropLast(), [1, 2, 3])
  func spinRoundTrip(grid: ClenshawCurtisGrid, spin: Int) throws {
    let lmax = EquiangularAnalysis<Double>.largestDegree(on: grid)
    guard lmax >= spin else { return }
    let c = SpinCase(TransformCase(grid, lmax: lmax, lanes: 2), spin: spin)
    let a: SpinCoefficients<Double> = c.coefficients(seed: 611)
    let f = SpinTransform<Double>(grid: grid, spin: spin, lmax: lmax).synthesis(a)
    let analysis = try SpinEquiangularAnalysis<Double>(grid: grid, spin: spin, lmax: lmax)
    let comparison = Comparison(try analysis.analysis(f).values, with: a.values)
    #expect(comparison.relativeL2 <= Self.bound(lmax), "\(c): \(comparison)")
    // Negative control: joined to the opposite meridian with the sign of another spin.
    let other = MeridianInterpolation<Double>(from: grid, spin: spin + 1)
    let wrong = try SpinTransform<Double>(grid: other.fine, spin: spin, lmax: lmax).analysis(
      SpinFields(q: other.interpolated(f.q), u: other.interpolated(f.u)))
    #expect(relativeError(wrong.values, a.values) > 1000 * Self.bound(lmax))
  }

  /// With fewer orders than degrees the others are left out, and the number of threads changes no
  /// bit.
  @Test("Fewer orders, 1 and 2 threads", arguments: [0, 5, 30])
  func fewerOrders(mmax: Int) throws {
    let grid = ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64)
    let a: CoefficientStack<Double> = TransformCase(grid, lmax: 30, lanes: 40).coefficients(
      seed: 614)
    let f = ScalarTransform<Double>(grid: grid, lmax: 30).synthesis(a)
    let analysis = try EquiangularAnalysis<Double>(grid: grid, lmax: 30, mmax: mmax)
    let back = try analysis.analysis(f)
    let comparison = Comparison(back.values, with: a.values.prefix(back.values.count))
    #expect(back.mmax == mmax && comparison.relativeL2 <= Self.bound(30), "\(comparison)")
    // Negative control: the last coefficients in place of the first.
    if mmax < 30 {
      let others = a.values.suffix(back.values.count)
      #expect(relativeError(back.values, others) > 1000 * Self.bound(30))
    }
    #expect(try analysis.analysis(f, threads: 2) == back)
    #expect(
      analysis.analysisGradient(back, threads: 1).values
        == analysis.analysisGradient(back, threads: 2).values)
  }

  /// 73 rings of 144 longitudes at lmax 71, every single coefficient: five times the bound of the
  /// round trip in L2, for coefficients of unit variance, as the largest of 5,184 errors is.
  @Test("The 2.5 degree grid at lmax 71")
  func everyCoefficient() throws {
    let grid = ClenshawCurtisGrid(ringCount: 73, longitudeCount: 144)
    #expect(EquiangularAnalysis<Double>.largestDegree(on: grid) == 71)
    #expect(grid.exactAnalysisDegree == 36)
    let a: CoefficientStack<Double> = TransformCase(grid, lmax: 71).coefficients(seed: 612)
    let f = ScalarTransform<Double>(grid: grid, lmax: 71).synthesis(a)
    let back = try EquiangularAnalysis<Double>(grid: grid, lmax: 71).analysis(f)
    let bound = 5 * 2 * Double(71 + 8) * RoundingBound.unitRoundoff()
    #expect(Comparison(back.values, with: a.values).largestAbsolute <= bound)
    let quadrature = try ScalarTransform<Double>(grid: grid, lmax: 71).analysis(f, .lossy)
    #expect(Comparison(quadrature.values, with: a.values).largestAbsolute > 1000 * bound)
  }

  /// The limit is sharp: a field with the degree rings − 1 is not given back, whatever is asked of
  /// it.
  @Test("Fails at rings − 1", arguments: grids.filter { $0.longitudeCount >= 2 * $0.ringCount - 1 })
  func failsBeyond(grid: ClenshawCurtisGrid) throws {
    let lmax = grid.ringCount - 1
    let a: CoefficientStack<Double> = TransformCase(grid, lmax: lmax).coefficients(seed: 613)
    let f = ScalarTransform<Double>(grid: grid, lmax: lmax).synthesis(a)
    let interpolation = MeridianInterpolation<Double>(from: grid)
    let back = try ScalarTransform<Double>(grid: interpolation.fine, lmax: lmax)
      .analysis(interpolation.interpolated(f), .lossy)
    #expect(relativeError(back.values, a.values) > 1000 * Self.bound(lmax))
  }

  /// ⟨A f, a⟩ = ⟨f, Aᵀ a⟩ over the stored numbers, scalar and spin.
  /// Blind to: what A itself gets wrong.
  @Test("Transpose", arguments: grids.dropLast(), [UInt64(0), 1])
  func transposes(grid: ClenshawCurtisGrid, seed: UInt64) throws {
    let lmax = EquiangularAnalysis<Double>.largestDegree(on: grid)
    let c = SpinCase(TransformCase(grid, lmax: lmax), spin: 2)
    let f: SpinFields<Double> = c.fields(seed: 620 + seed)
    let a: SpinCoefficients<Double> = c.coefficients(seed: 630 + seed)
    let scalar = try EquiangularAnalysis<Double>(grid: grid, lmax: lmax)
    let b: CoefficientStack<Double> = c.base.coefficients(seed: 640 + seed)
    let check = AdjointCheck(
      image: try scalar.analysis(f.q).values, y: b.values, x: f.q.values,
      transposed: scalar.analysisGradient(b).values, terms: grid.pointCount)
    #expect(check.mismatch <= min(check.roundingBound, 1e-13), "\(grid.name): \(check)")
    // Negative control: the transpose of the grid's own quadrature.
    let plain = ScalarTransform<Double>(grid: grid, lmax: lmax).analysisGradient(b)
    let wrong = AdjointCheck(
      image: try scalar.analysis(f.q).values, y: b.values, x: f.q.values, transposed: plain.values,
      terms: grid.pointCount)
    if lmax > grid.exactAnalysisDegree {
      #expect(wrong.mismatch > 1000 * 1e-13, "\(grid.name): \(wrong)")
    }
    guard lmax >= 2 else { return }
    let spin = try SpinEquiangularAnalysis<Double>(grid: grid, lmax: lmax)
    let spinCheck = AdjointCheck(
      image: try spin.analysis(f).values, y: a.values, x: f.values,
      transposed: spin.analysisGradient(a).values, terms: 2 * grid.pointCount)
    #expect(spinCheck.mismatch <= min(spinCheck.roundingBound, 1e-13), "\(grid.name): \(spinCheck)")
  }
}

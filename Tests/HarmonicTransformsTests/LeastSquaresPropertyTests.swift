import Kernels
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

@Suite("Properties of least-squares analysis")
struct LeastSquaresPropertyTests {
  private static func nside16() throws -> TransformCase {
    TransformCase(try HealpixGrid(nside: 16), lmax: 47)
  }

  /// Analysis inverts synthesis. Blind to: errors shared by the two directions.
  @Test("Round trip at nside 16, lmax 47")
  func roundTrip() throws {
    let c = try Self.nside16()
    let operation = try LeastSquaresAnalysis<Double>(grid: c.grid, lmax: c.lmax)
    let a: CoefficientStack<Double> = c.coefficients(seed: 41)
    let f = operation.transform.synthesis(a)
    let bound = LeastSquaresDefinitionTests.bound(operation, c)
    #expect(relativeError(try operation.analysis(f).values, a.values) <= bound)
    #expect(
      relativeError(try operation.transform.analysis(f, .lossy).values, a.values) > 1000 * bound)
    let single = try LeastSquaresAnalysis<Float>(grid: c.grid, lmax: c.lmax)
    let rounded = try single.analysis(
      FieldStack(grid: c.grid, lanes: c.lanes, values: f.values.map { Float($0) }))
    #expect(relativeError(rounded.values, a.values) <= bound * 0x1p29)
  }

  /// What the fit leaves over is orthogonal to every Y_lm: Sᵀ(f − S a) = 0 [Higham2002, section
  /// 20.1].
  @Test("Normal equations hold", arguments: TransformCase.overdetermined)
  func normalEquations(_ c: TransformCase) throws {
    let operation = try LeastSquaresAnalysis<Double>(grid: c.grid, lmax: c.lmax, mmax: c.mmax)
    let f: FieldStack<Double> = c.field(seed: 42)
    let fitted = operation.transform.synthesis(try operation.analysis(f))
    var rest = f
    for i in rest.values.indices { rest.values[i] -= fitted.values[i] }
    let left = operation.transform.synthesisGradient(rest)
    let right = operation.transform.synthesisGradient(f)
    let size = (left.values.reduce(0) { $0 + $1 * $1 }).squareRoot()
    let scale = (right.values.reduce(0) { $0 + $1 * $1 }).squareRoot()
    #expect(size <= LeastSquaresDefinitionTests.bound(operation, c) * scale, "\(c)")
  }

  /// ⟨A f, a⟩ = ⟨f, Aᵀ a⟩ over the stored numbers.
  @Test("Transpose", arguments: TransformCase.overdetermined, [UInt64(0), 1])
  func transposes(_ c: TransformCase, seed: UInt64) throws {
    let operation = try LeastSquaresAnalysis<Double>(grid: c.grid, lmax: c.lmax, mmax: c.mmax)
    let f: FieldStack<Double> = c.field(seed: 50 + seed)
    let a: CoefficientStack<Double> = c.coefficients(seed: 60 + seed)
    let check = AdjointCheck(
      image: try operation.analysis(f).values, y: a.values, x: f.values,
      transposed: operation.analysisGradient(a).values, terms: c.grid.pointCount)
    #expect(check.mismatch <= 1e-13, "\(c): \(check)")
    // Negative control: the transpose of quadrature analysis.
    if c.grid is HealpixGrid {
      let wrong = AdjointCheck(
        image: try operation.analysis(f).values, y: a.values, x: f.values,
        transposed: operation.transform.analysisGradient(a).values, terms: c.grid.pointCount)
      #expect(wrong.mismatch > 1000 * 1e-13, "\(c): \(wrong)")
    }
  }

  /// The eigenvalues of HEALPix at 2.94 nside: known numbers, to the digits they are known to.
  @Test("Condition number and noise at nside 16, lmax 47")
  func conditionAndNoise() throws {
    let c = try Self.nside16()
    let operation = try LeastSquaresAnalysis<Double>(grid: c.grid, lmax: c.lmax)
    let condition = try operation.conditionNumber()
    #expect(abs(condition - 6.8) <= 0.05, "\(condition)")
    // 1-norms are at least the spectral ones.
    #expect(operation.reciprocalCondition <= 1 / (condition * condition))
    #expect(abs(operation.noiseVariance[47] - 1.28) <= 0.005, "\(operation.noiseVariance)")
    #expect(abs(operation.noiseVariance[0] - 1) <= 0.005)
  }

  /// The diagonal of the inverse is the variance: against the scatter of fits to white noise, whose
  /// relative standard error is √(2/samples) per degree of freedom.
  @Test("Noise variance against white noise")
  func whiteNoise() throws {
    let c = TransformCase(try HealpixGrid(nside: 4), lmax: 11, lanes: 1600)
    let operation = try LeastSquaresAnalysis<Double>(grid: c.grid, lmax: c.lmax)
    let spectra = try operation.analysis(c.field(seed: 71)).spectra()
    let unit = 4 * Double.pi / Double(c.grid.pointCount)
    let deviations = (0...c.lmax).map { l in
      let expected = unit * operation.noiseVariance[l]
      return StandardScore(of: spectra.map { $0[l] }, expected: expected).value
    }
    #expect(deviations.allSatisfy { abs($0) < 5 }, "\(deviations)")
    // Negative control: the last degree is visibly noisier than exact quadrature would make it.
    let last = StandardScore(of: spectra.map { $0[c.lmax] }, expected: unit)
    #expect(last.magnitude > 5, "\(last)")
  }

  /// Chunks of lanes and numbers of threads change no bit; nor does the number of lanes of a batch
  /// change an answer beyond rounding.
  @Test("1 and 2 threads: the same bits")
  func sameBits() throws {
    let c = TransformCase(try HealpixGrid(nside: 4), lmax: 11, lanes: 150)
    let operation = try LeastSquaresAnalysis<Float>(grid: c.grid, lmax: c.lmax)
    let f: FieldStack<Float> = c.field(seed: 81)
    let a = try operation.analysis(f)
    #expect(try operation.analysis(f, threads: 2) == a)
    #expect(
      operation.analysisGradient(a).values == operation.analysisGradient(a, threads: 2).values)
  }
}

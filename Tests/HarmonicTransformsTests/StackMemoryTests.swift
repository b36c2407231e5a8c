import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// Results in memory that is there, and memory that one call leaves to the next.
@Suite("Memory of transforms of stacks")
struct StackMemoryTests {
  /// Numbers of fields by recurrence, by tables with padded lanes, and by tables without padding,
  /// where stacks are read and written in place (32 numbers in `Float`, 24 in `Double` are whole
  /// cache lines of no multiple of 512 bytes).
  private static let lanes = [1, 2, 5, 24, 33]

  private func stacks(_ lanes: Int) -> (TransformCase, SpinCase) {
    let base = TransformCase(GaussLegendreGrid(lmax: 11), lmax: 11, lanes: lanes)
    return (base, SpinCase(base, spin: 2))
  }

  @Test("Written into what is there: the same bits, whatever was there", arguments: lanes)
  func into(lanes: Int) throws {
    let (c, s) = stacks(lanes)
    let scalar = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax)
    let a: CoefficientStack<Double> = c.coefficients(seed: 1)
    let f: FieldStack<Double> = c.field(seed: 2)
    var field = FieldStack<Double>(grid: c.grid, lanes: lanes)
    field.values = field.values.map { _ in .nan }
    scalar.synthesis(a, into: &field)
    #expect(field.values == scalar.synthesis(a).values)
    var found = CoefficientStack<Double>(lmax: c.lmax, lanes: lanes)
    found.values = found.values.map { _ in .nan }
    try scalar.analysis(f, into: &found)
    #expect(try found == scalar.analysis(f))

    let spin = SpinTransform(scalar, spin: 2)
    let b: SpinCoefficients<Double> = s.coefficients(seed: 3)
    let g: SpinFields<Double> = s.fields(seed: 4)
    var fields = SpinFields(q: field, u: field)
    spin.synthesis(b, into: &fields)
    #expect(fields.values == spin.synthesis(b).values)
    var coefficients = SpinCoefficients(e: found, b: found)
    try spin.analysis(g, into: &coefficients)
    #expect(try coefficients == spin.analysis(g))
  }

  @Test("A refused analysis leaves the coefficients as they are")
  func refused() throws {
    let (c, _) = stacks(2)
    let scalar = ScalarTransform<Double>(grid: c.grid, lmax: c.lmax)
    var f: FieldStack<Double> = c.field(seed: 2)
    f.values[17] = .nan
    var a: CoefficientStack<Double> = c.coefficients(seed: 1)
    let before = a
    #expect(throws: HarmonicTransformError.notFinite(point: 8, lane: 1)) {
      try scalar.analysis(f, into: &a)
    }
    #expect(a == before)
  }

  /// Kept memory is not seen in results: other fields went before.
  @Test("One call after the other", arguments: lanes)
  func reuse(lanes: Int) throws {
    let (c, s) = stacks(lanes)
    let fresh = { ScalarTransform<Double>(grid: c.grid, lmax: c.lmax) }
    let used = fresh()
    for seed in 1...3 as ClosedRange<UInt64> {
      let a: CoefficientStack<Double> = c.coefficients(seed: seed)
      let f: FieldStack<Double> = c.field(seed: seed)
      #expect(used.synthesis(a).values == fresh().synthesis(a).values)
      #expect(try used.analysis(f) == fresh().analysis(f))
      let b: SpinCoefficients<Double> = s.coefficients(seed: seed)
      let g: SpinFields<Double> = s.fields(seed: seed)
      let spin = SpinTransform(used, spin: 2)
      #expect(spin.synthesis(b).values == SpinTransform(fresh(), spin: 2).synthesis(b).values)
      #expect(try spin.analysis(g) == SpinTransform(fresh(), spin: 2).analysis(g))
    }
  }
}

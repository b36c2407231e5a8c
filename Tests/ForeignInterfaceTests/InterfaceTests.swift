import ForeignInterface
import CSpectralSphere
import Conformance
import FileFormats
import Foundation
import HarmonicTransforms
import SphereGrids
import Testing
import Verification

/// The interface in C, called as a program in C calls it.
/// Blind to: the linker's list of symbols, and memory that is not given back, which
/// Tests/interface.sh looks at.
@Suite("Interface in C")
struct InterfaceTests {
  private func grid(_ name: String, _ size: Int, _ longitudes: Int = 0) throws -> sphere_handle {
    var grid: sphere_handle = 0
    let answer = call { sphere_grid_create(name, Int64(size), Int64(longitudes), &grid, $0) }
    try #require(answer == .fine && grid > 0)
    return grid
  }

  private func transform(
    _ grid: sphere_handle, spin: Int, lmax: Int, mmax: Int, type: Int = SPHERE_FLOAT64
  ) throws -> sphere_handle {
    var transform: sphere_handle = 0
    let answer = call {
      sphere_transform_create(
        grid, Int64(spin), Int64(lmax), Int64(mmax), Int32(type), &transform, $0)
    }
    try #require(answer == .fine && transform > 0)
    return transform
  }

  private func apply(
    _ transform: sphere_handle, _ operation: Int, _ inputs: [CallerArray], _ outputs: [CallerArray],
    threads: Int64 = 1
  ) -> Answer {
    call {
      sphere_transform_apply(
        transform, Int32(operation), threads, Int64(inputs.count), inputs.map(\.description),
        outputs.map(\.description), $0)
    }
  }

  @Test("Versions")
  func versions() {
    #expect(sphere_abi_version() == Int32(SPHERE_ABI_VERSION))
    #expect(String(cString: sphere_version()).split(separator: ".").count == 3)
  }

  // MARK: - Numbers

  /// All five operations of spin 0, a batch of two, against the module: the same bits.
  /// Control: another operation gives others.
  @Test("Scalar transforms are the module's")
  func scalar() throws {
    let (lmax, mmax) = (9, 7)
    let module = ScalarTransform<Double>(
      grid: try HealpixGrid(nside: 4), lmax: lmax, mmax: mmax)
    let transform = try transform(try grid("healpix", 4), spin: 0, lmax: lmax, mmax: mmax)
    var numbers = TestNumbers(seed: 1)
    let (pairs, points) = (coefficientCount(lmax: lmax, mmax: mmax), 192)
    let a = numbers.normals(2 * 2 * pairs)
    let f = numbers.normals(2 * points)
    func lanesLast(_ values: [Double]) -> [Double] {
      let row = values.count / 2
      return (0..<row).flatMap { [values[$0], values[row + $0]] }
    }
    func lanesFirst(_ values: [Double]) -> [Double] {
      [0, 1].flatMap { lane in stride(from: lane, to: values.count, by: 2).map { values[$0] } }
    }
    let stack = CoefficientStack(lmax: lmax, mmax: mmax, lanes: 2, values: lanesLast(a))
    let field = FieldStack(grid: module.grid, lanes: 2, values: lanesLast(f))
    let expected: [(Int, Bool, [Double])] = [
      (SPHERE_SYNTHESIS, true, module.synthesis(stack).values),
      (SPHERE_ANALYSIS, false, try module.analysis(field, .lossy).values),
      (SPHERE_ADJOINT_SYNTHESIS, false, try module.adjointSynthesis(field).values),
      (SPHERE_SYNTHESIS_GRADIENT, false, module.synthesisGradient(field).values),
      (SPHERE_ANALYSIS_GRADIENT, true, module.analysisGradient(stack).values),
    ]
    var found: [[Double]] = []
    for (operation, givesField, values) in expected {
      let coefficients = CallerArray(
        givesField ? a : [Double](repeating: 7, count: a.count), [2, pairs, 2])
      let fields = CallerArray(
        givesField ? [Double](repeating: 7, count: f.count) : f, [2, points])
      let (input, output) = givesField ? (coefficients, fields) : (fields, coefficients)
      // Twice: the second call finds the stacks of the first.
      for _ in 0..<2 { #expect(apply(transform, operation, [input], [output]) == .fine) }
      found.append(output.values(as: Double.self))
      #expect(found.last == lanesFirst(values), "operation \(operation)")
    }
    #expect(found[1] != found[2] && found[2] != found[3] && found[0] != found[4])
  }

  /// Spins 1 and 2 in both types, on rings given one by one, against the module.
  @Test(
    "Transforms of a spin are the module's", arguments: [1, 2], [SPHERE_FLOAT64, SPHERE_FLOAT32])
  func spin(spin: Int, type: Int) throws {
    if type == SPHERE_FLOAT64 {
      try compareSpin(spin, type, Double.self)
    } else {
      try compareSpin(spin, type, Float.self)
    }
  }

  private func compareSpin<T: BinaryFloatingPoint>(
    _ spin: Int, _ type: Int, _: T.Type
  ) throws {
    let lmax = 6
    let rings = GaussLegendreGrid(lmax: lmax)
    var handle: sphere_handle = 0
    let answer = call {
      sphere_grid_create_rings(
        Int64(rings.rings.count), rings.rings.map(\.theta), rings.rings.map(\.phi0),
        rings.rings.map { Int64($0.count) }, rings.rings.map(\.weight), &handle, $0)
    }
    try #require(answer == .fine)
    let transform = try transform(handle, spin: spin, lmax: lmax, mmax: lmax, type: type)
    #expect(call { sphere_release(handle, $0) } == .fine)
    var numbers = TestNumbers(seed: 2)
    let pairs = coefficientCount(lmax: lmax, mmax: lmax)
    // Degrees below the spin and imaginary parts of order 0 do not enter; they are zero here.
    let given = (0..<2).map { _ in
      (0...lmax).flatMap { m in
        (m...lmax).flatMap { l in
          [l < spin ? 0 : numbers.normal(), l < spin || m == 0 ? 0 : numbers.normal()]
        }
      }.map { T($0) }
    }
    let inputs = given.map { CallerArray($0, [pairs, 2]) }
    let fields = (0..<2).map { _ in
      CallerArray([T](repeating: 3, count: rings.pointCount), [rings.pointCount])
    }
    #expect(apply(transform, SPHERE_SYNTHESIS, inputs, fields, threads: 2) == .fine)
    let outputs = (0..<2).map { _ in
      CallerArray([T](repeating: 3, count: 2 * pairs), [1, pairs, 2])
    }
    let batches = fields.map { CallerArray($0.values(as: T.self), [1, rings.pointCount]) }
    #expect(apply(transform, SPHERE_ANALYSIS, batches, outputs) == .fine)
    let unit = type == SPHERE_FLOAT64 ? 0x1p-53 : 0x1p-24
    for (input, output) in zip(inputs, outputs) {
      let differences = zip(input.values(as: T.self), output.values(as: T.self))
        .map { abs(Double($0) - Double($1)) }
      #expect((differences.max() ?? 1) <= 100 * unit)
    }
    // The module in Double.
    let module = SpinTransform<Double>(grid: rings, spin: spin, lmax: lmax)
    let stacks = given.map {
      CoefficientStack(lmax: lmax, mmax: lmax, lanes: 1, values: $0.map { Double($0) })
    }
    let expected = module.synthesis(SpinCoefficients(e: stacks[0], b: stacks[1]))
    for (field, values) in zip(fields, [expected.q.values, expected.u.values]) {
      let differences = zip(field.values(as: T.self), values).map { abs(Double($0) - $1) }
      #expect((differences.max() ?? 1) <= 100 * unit)
      #expect(values.contains { abs($0) > 1e3 * 100 * unit })
    }
  }

  /// Strides: numbers backwards, with gaps and repeated are read as they stand, and nothing between
  /// them is written.
  @Test("Strides")
  func strides() throws {
    let lmax = 3
    let transform = try transform(try grid("gauss-legendre", 4, 8), spin: 0, lmax: lmax, mmax: lmax)
    var numbers = TestNumbers(seed: 3)
    let (pairs, points) = (10, 32)
    let a = numbers.normals(2 * pairs)
    func field(_ input: CallerArray, _ output: CallerArray) -> Answer {
      apply(transform, SPHERE_SYNTHESIS, [input], [output])
    }
    let plain = CallerArray([Double](repeating: 0, count: points), [points])
    #expect(field(CallerArray(a, [pairs, 2]), plain) == .fine)
    let expected = plain.values(as: Double.self)

    // Real parts, then imaginary parts; a field backwards; every third number.
    let real = stride(from: 0, to: 2 * pairs, by: 2).map { a[$0] }
    let imaginary = stride(from: 1, to: 2 * pairs, by: 2).map { a[$0] }
    let planes = CallerArray(real + imaginary, [pairs, 2], strides: [1, pairs])
    let backwards = CallerArray(
      [Double](repeating: 0, count: points), [points], strides: [-1], offset: points - 1)
    #expect(field(planes, backwards) == .fine)
    #expect(backwards.values(as: Double.self) == expected.reversed())
    let gaps = CallerArray([Double](repeating: -5, count: 3 * points), [points], strides: [3])
    #expect(field(planes, gaps) == .fine)
    let written = gaps.values(as: Double.self)
    for k in 0..<3 * points { #expect(written[k] == (k % 3 == 0 ? expected[k / 3] : -5)) }

    // One coefficient set for a batch of two, by a stride of 0.
    let both = CallerArray(a, [2, pairs, 2], strides: [0, 2, 1])
    let twice = CallerArray([Double](repeating: 0, count: 2 * points), [2, points])
    #expect(field(both, twice) == .fine)
    let fields = twice.values(as: Double.self)
    #expect(zip(fields, expected + expected).allSatisfy { abs($0 - $1) <= 1e-14 })
    let none = CallerArray([Double](), [0, pairs, 2])
    #expect(field(none, CallerArray([Double](), [0, points])) == .fine)
  }

  /// Rings as they were given.
  @Test("Rings of a grid")
  func rings() throws {
    let grid = try grid("healpix", 2)
    var (rings, points): (Int64, Int64) = (0, 0)
    #expect(call { sphere_grid_sizes(grid, &rings, &points, $0) } == .fine)
    #expect(rings == 7 && points == 48)
    var (theta, phi0) = ([Double](repeating: 0, count: 7), [Double](repeating: 0, count: 7))
    var (counts, weights) = ([Int64](repeating: 0, count: 7), [Double](repeating: 0, count: 7))
    let answer = call { sphere_grid_rings(grid, 7, &theta, &phi0, &counts, &weights, $0) }
    #expect(answer == .fine)
    let expected = try HealpixGrid(nside: 2).rings
    #expect(theta == expected.map(\.theta) && phi0 == expected.map(\.phi0))
    #expect(counts == expected.map { Int64($0.count) } && weights == expected.map(\.weight))
    #expect(call { sphere_grid_sizes(grid, nil, nil, $0) } == .fine)
    #expect(call { sphere_grid_rings(grid, 7, nil, nil, nil, nil, $0) } == .fine)
    #expect(
      call { sphere_grid_rings(grid, 6, &theta, nil, nil, nil, $0) }.refuses(64, "count", "7"))
  }

  /// One case of every operation of the kit: the same numbers as the backend gives, both types.
  @Test("Operations of the kit", arguments: [SPHERE_FLOAT64, SPHERE_FLOAT32])
  func operations(type: Int) throws {
    let kit = FixtureStore.url("conformance")
    var seen: Set<String> = []
    for (description, data) in try KitCheck(kit: kit).demandedCases() {
      let size = data.inputs.names.reduce(0) { $0 + (data.inputs[$1]?.count ?? 0) }
      guard size < 20_000, seen.insert(description.operation).inserted else { continue }
      let operation = try #require(Operation(rawValue: description.operation))
      let json = String(
        decoding: try JSONEncoder().encode(data.parameters), as: UTF8.self)
      let inputs = try data.inputs.names.map { name in
        let tensor = try data.inputs.tensor(name)
        return tensor.dtype == .int64
          ? CallerArray(try tensor.integers(), tensor.shape, name: name)
          : CallerArray(try tensor.doubles(), tensor.shape, name: name)
      }
      var result: sphere_handle = 0
      let answer = call {
        sphere_run(
          description.operation, json, Int32(type), Int64(inputs.count), inputs.map(\.description),
          &result, $0)
      }
      try #require(answer == .fine, "\(description.id): \(answer)")
      let expected =
        type == SPHERE_FLOAT64
        ? try ReferenceBackend.outputs(operation, data, as: Double.self)
        : try ReferenceBackend.outputs(operation, data, as: Float.self)
      let found = try tensors(result)
      #expect(found.names == expected.names.sorted(), "\(description.id)")
      for name in expected.names {
        #expect(found[name] == expected[name], "\(description.id) \(name)")
      }
      #expect(call { sphere_release(result, $0) } == .fine)
    }
    #expect(seen.count == Operation.allCases.count, "\(seen.count) operations")
  }

  // MARK: - Handles and threads

  @Test("Handles")
  func handles() throws {
    let grid = try grid("healpix", 1)
    #expect(call { sphere_release(grid, $0) } == .fine)
    #expect(call { sphere_release(grid, $0) }.refuses(64, "\(grid)", "released"))
    #expect(call { sphere_release(0, $0) } == .fine)
    #expect(call { sphere_release(-1, $0) }.refuses(64, "-1"))
    let other = try self.grid("healpix", 1)
    #expect(other > grid)
    var transform: sphere_handle = 5
    let wrongKind = call {
      sphere_transform_create(grid, 0, 1, 1, Int32(SPHERE_FLOAT64), &transform, $0)
    }
    #expect(wrongKind.refuses(64, "a grid") && transform == 0)
    var count: Int64 = 5
    #expect(call { sphere_result_count(other, &count, $0) }.refuses(64, "a result"))
    #expect(count == 0)
  }

  /// Eight threads apply one transform while another releases it: every call ends with the right
  /// field or with the refusal of a released handle.
  @Test("One transform, many threads")
  func threads() async throws {
    let lmax = 15
    let expected = try field(try transform(try grid("healpix", 8), spin: 0, lmax: lmax, mmax: lmax))
    let shared = try transform(try grid("healpix", 8), spin: 0, lmax: lmax, mmax: lmax)
    let answers = await withTaskGroup(of: [Bool].self) { group in
      for k in 0..<8 {
        group.addTask {
          (0..<30).map { step in
            if k == 0 && step == 29 { _ = sphere_release(shared, nil) }
            let found = try? self.field(shared)
            return found == nil || found == expected
          }
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(answers.count == 240 && answers.allSatisfy { $0 })
    #expect(throws: RefusedCall.self) { try field(shared) }
  }

  private struct RefusedCall: Error {}

  private func field(_ transform: sphere_handle) throws -> [Double] {
    let pairs = 136
    var numbers = TestNumbers(seed: 4)
    let input = CallerArray(numbers.normals(2 * pairs), [pairs, 2])
    let output = CallerArray([Double](repeating: 0, count: 768), [768])
    guard apply(transform, SPHERE_SYNTHESIS, [input], [output]) == .fine else {
      throw RefusedCall()
    }
    return output.values(as: Double.self)
  }
}

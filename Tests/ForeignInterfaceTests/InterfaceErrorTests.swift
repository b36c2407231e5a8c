import ForeignInterface
import CSpectralSphere
import Testing
import Verification

/// What a caller can do wrong, and that nothing of it ends the program.
@Suite("Refusals of the interface in C")
struct InterfaceErrorTests {
  private static let double = Int32(SPHERE_FLOAT64)

  @Test("Grids")
  func grids() {
    var grid: sphere_handle = 9
    func create(_ name: String?, _ size: Int64, _ longitudes: Int64 = 8) -> Answer {
      call { sphere_grid_create(name, size, longitudes, &grid, $0) }
    }
    #expect(create(nil, 4).refuses(64, "name is NULL") && grid == 0)
    #expect(create("cube", 4).refuses(64, "'cube'", "gauss-legendre"))
    #expect(create("healpix", 0).refuses(64, "size is 0", "1...4096"))
    #expect(create("healpix", .max).refuses(64, "size"))
    #expect(create("gauss-legendre", .min).refuses(64, "size"))
    #expect(create("gauss-legendre", 4, 0).refuses(64, "longitudes is 0"))
    #expect(create("clenshaw-curtis", 1).refuses(64, "size is 1", "2..."))
    #expect(create("gauss-legendre", 32_768, 65_536).refuses(64, "number of points"))
    #expect(call { sphere_grid_create("healpix", 1, 0, nil, $0) }.refuses(64, "grid is NULL"))
    #expect(sphere_grid_create("healpix", 1, 0, nil, nil) == 64)
    var name = [CChar](repeating: 0x41, count: 2 << 20)
    name[name.count - 1] = 0
    #expect(call { sphere_grid_create(name, 1, 0, &grid, $0) }.refuses(64, "UTF-8"))
    #expect(
      call { sphere_grid_create([-1, -2, 0], 1, 0, &grid, $0) }.refuses(64, "UTF-8"))
  }

  @Test("Rings")
  func rings() {
    var grid: sphere_handle = 9
    func create(
      theta: [Double]? = [1, 2], phi0: [Double]? = [0, 0], points: [Int64]? = [4, 4],
      weights: [Double]? = [1, 1], count: Int64 = 2
    ) -> Answer {
      call { sphere_grid_create_rings(count, theta, phi0, points, weights, &grid, $0) }
    }
    #expect(create() == .fine && grid > 0)
    for count in [0, -1, .max] as [Int64] { #expect(create(count: count).refuses(64, "count")) }
    #expect(create(theta: nil).refuses(64, "theta is NULL") && grid == 0)
    #expect(create(points: nil).refuses(64, "points is NULL"))
    for (theta, words) in [
      ([2, 1], "north to south"), ([1, 1], "north to south"), ([-0.1, 1], "colatitude"),
      ([1, 4], "colatitude"), ([1, .nan], "colatitude"),
    ] as [([Double], String)] {
      #expect(create(theta: theta).refuses(65, "theta", words))
    }
    #expect(create(phi0: [0, .infinity]).refuses(65, "phi0"))
    #expect(create(weights: [.nan, 0]).refuses(65, "weights", "finite"))
    for points in [0, -1, 65_537, .max] as [Int64] {
      #expect(create(points: [4, points]).refuses(64, "points[1]"))
    }
  }

  @Test("Transforms")
  func transforms() {
    var (grid, transform): (sphere_handle, sphere_handle) = (0, 9)
    #expect(call { sphere_grid_create("healpix", 2, 0, &grid, $0) } == .fine)
    func create(
      spin: Int64 = 0, lmax: Int64 = 3, mmax: Int64 = 3, type: Int32 = Self.double
    ) -> Answer {
      call { sphere_transform_create(grid, spin, lmax, mmax, type, &transform, $0) }
    }
    #expect(create(spin: -1).refuses(64, "spin is -1", "0...8") && transform == 0)
    #expect(create(spin: 9).refuses(64, "spin"))
    #expect(create(lmax: -1).refuses(64, "lmax"))
    #expect(create(spin: 2, lmax: 1).refuses(64, "lmax is 1", "2..."))
    #expect(create(lmax: .max).refuses(64, "lmax"))
    #expect(create(mmax: 4).refuses(64, "mmax is 4", "0...3"))
    #expect(create(type: Int32(SPHERE_INT64)).refuses(64, "type is 3"))
    #expect(create() == .fine)

    func apply(
      _ inputs: [CallerArray], _ outputs: [CallerArray], operation: Int = SPHERE_SYNTHESIS,
      threads: Int64 = 1, count: Int64? = nil
    ) -> Answer {
      call {
        sphere_transform_apply(
          transform, Int32(operation), threads, count ?? Int64(inputs.count),
          inputs.map(\.description), outputs.map(\.description), $0)
      }
    }
    let zeros = { (shape: [Int]) in
      CallerArray([Double](repeating: 0, count: shape.reduce(1, *)), shape, name: "x")
    }
    let (a, f) = (zeros([10, 2]), zeros([48]))
    #expect(apply([a], [f]) == .fine)
    #expect(apply([a], [f], operation: 0).refuses(64, "operation is 0"))
    for threads in [0, -1, 1025, .max] as [Int64] {
      #expect(apply([a], [f], threads: threads).refuses(64, "threads"))
    }
    #expect(apply([], []).refuses(64, "count is 0", "1 for spin 0"))
    #expect(apply([a, a], [f, f]).refuses(64, "count is 2"))
    #expect(apply([a], [f], count: .max).refuses(64, "inputs"))
    #expect(apply([a], [f], operation: SPHERE_ANALYSIS).refuses(65, "F64 [10, 2]", "[batch, 48]"))
    #expect(apply([zeros([9, 2])], [f]).refuses(65, "F64 [9, 2]", "[10, 2]"))
    #expect(apply([zeros([20])], [f]).refuses(65, "F64 [20]"))
    #expect(apply([zeros([2, 10, 2])], [f]).refuses(65, "a batch of 1", "a batch of 2"))
    let single = CallerArray([Float](repeating: 0, count: 20), [10, 2])
    #expect(apply([single], [f]).refuses(65, "inputs[0] is F32", "expected F64"))
    for bad in [Double.nan, .infinity, -.infinity] {
      var values = [Double](repeating: 0, count: 20)
      values[7] = bad
      #expect(apply([CallerArray(values, [10, 2])], [f]).refuses(65, "\(bad) in number 7"))
    }
    var description = a.description
    func applied(_ change: (inout sphere_array) -> Void) -> Answer {
      description = a.description
      change(&description)
      return call {
        sphere_transform_apply(
          transform, Int32(SPHERE_SYNTHESIS), 1, 1, &description, [f.description], $0)
      }
    }
    #expect(applied { $0.data = nil }.refuses(64, "the data of x is NULL"))
    #expect(applied { $0.shape = nil }.refuses(64, "the shape of x is NULL"))
    #expect(applied { $0.rank = -1 }.refuses(64, "rank"))
    #expect(applied { $0.rank = 9 }.refuses(64, "rank"))
    #expect(applied { $0.type = 0 }.refuses(65, "of the type 0"))
    #expect(applied { $0.data += 1 }.refuses(65, "aligned"))
    for shape in [[.max, 2], [1 << 28, 4], [-1, 2]] as [[Int64]] {
      shape.withUnsafeBufferPointer { shape in
        #expect(applied { $0.shape = shape.baseAddress }.status != 0)
      }
    }
    [Int64.max, 1].withUnsafeBufferPointer { strides in
      #expect(applied { $0.strides = strides.baseAddress }.refuses(64, "stride 0 of x"))
    }
    #expect(
      call { sphere_transform_apply(transform, 1, 1, 1, nil, nil, $0) }
        .refuses(64, "inputs is NULL"))
  }

  @Test("Operations")
  func operations() {
    var result: sphere_handle = 9
    let theta = CallerArray([0.5], [1], name: "theta")
    func run(
      _ operation: String?, _ json: String?, _ inputs: [CallerArray], type: Int32 = Self.double
    ) -> Answer {
      call {
        sphere_run(
          operation, json, type, Int64(inputs.count), inputs.map(\.description), &result, $0)
      }
    }
    let json = #"{"lmax": 2, "orders": [0]}"#
    #expect(run("legendre", json, [theta]) == .fine && result > 0)
    var array = sphere_array()
    for index in [-1, 1, .max, .min] as [Int64] {
      #expect(call { sphere_result_array(result, index, &array, $0) }.refuses(64, "index"))
    }
    #expect(call { sphere_result_array(result, 0, nil, $0) }.refuses(64, "array is NULL"))
    #expect(call { sphere_result_count(result, nil, $0) }.refuses(64, "count is NULL"))
    #expect(run(nil, json, [theta]).refuses(64, "operation is NULL") && result == 0)
    #expect(run("legendre", json, [theta], type: 7).refuses(64, "type is 7"))
    #expect(run("lagrange", json, [theta]).status == 65)
    #expect(run("legendre", nil, [theta]).refuses(65, "lmax", "missing"))
    #expect(run("legendre", "[1]", [theta]).refuses(64, "JSON object"))
    #expect(run("legendre", "{", [theta]).refuses(64, "JSON object"))
    #expect(run("legendre", #"{"lmax": 1e99, "orders": [0]}"#, [theta]).status == 65)
    #expect(run("legendre", json, []).status == 65)
    #expect(run("legendre", json, [theta, theta]).refuses(65, "theta", "twice"))
    #expect(run("legendre", json, [CallerArray([Double.nan], [1], name: "theta")]).status == 65)
    #expect(
      call { sphere_run("legendre", json, Self.double, 1, [theta.description], nil, $0) }
        .refuses(64, "result is NULL"))
  }

  /// A message longer than its place is cut between characters and ended.
  @Test("Long messages")
  func longMessages() {
    var grid: sphere_handle = 0
    let name = String(repeating: "√", count: 5_000)
    let answer = call { sphere_grid_create(name, 1, 0, &grid, $0) }
    #expect(answer.status == 64 && answer.message.utf8.count <= 999)
    #expect(answer.message.utf8.count >= 996 && answer.message.hasSuffix("√"))
  }

  /// A thousand calls of every function with numbers, pointers and handles drawn at random from
  /// those that hurt: each comes back with a status of the header, and the library works after
  /// them.
  @Test("A thousand hostile calls")
  func hostile() {
    var numbers = TestNumbers(seed: 5)
    let sizes: [Int64] = [
      0, 1, 2, 3, 5, 8, 48, -1, 7, 64, 1 << 31, 1 << 62, .max, .min, 4096, 65_536,
    ]
    func pick<T>(_ values: [T]) -> T { values[Int(numbers.next() % UInt64(values.count))] }
    func size() -> Int64 { pick(sizes) }
    var handles: [sphere_handle] = [0, -1, 1, .max]
    let texts: [String?] = [
      nil, "", "healpix", "gauss-legendre", "clenshaw-curtis", "legendre", "scalar_synthesis",
      "rotation", "gauss_legendre", "octahedral", "fejer1", "/nowhere/file.fits", "{}",
      #"{"lmax": 3}"#, #"{"nside": 64, "lmax": 20}"#, #"{"count": 5}"#, "√", "{\"lmax\": -1}",
    ]
    let memory = CallerArray(
      (0..<1_000).map { $0 == 999 ? Double.nan : Double($0) }, [1_000], name: "theta")
    // Shapes that are honest about the memory, or refused before it is read.
    let shapes: [[Int64]] = [
      [10, 2], [48], [1_000], [0], [], [-1], [.max, .max], [3, 0], [1, 48],
    ]
    let known: Set<Int32> = [0, 1, 64, 65, 66, 73]
    var (statuses, fine): (Set<Int32>, Int) = ([], 0)
    for _ in 0..<1_000 {
      var message = sphere_message()
      var handle: sphere_handle = 0
      var (first, second): (Int64, Int64) = (0, 0)
      var array = memory.description
      let status = pick(shapes).withUnsafeBufferPointer { shape -> Int32 in
        array.shape = numbers.next() % 8 == 0 ? nil : shape.baseAddress
        array.rank =
          numbers.next() % 8 == 0 ? Int32(truncatingIfNeeded: size()) : Int32(shape.count)
        // A rank beyond the shape's own axes would be a lie about memory.
        if array.rank > shape.count { array.rank = Int32(numbers.next() % 2 == 0 ? 9 : -9) }
        array.type = Int32(numbers.next() % 4)
        if array.type == 2 { array.type = 1 }
        if numbers.next() % 8 == 0 { array.data = nil }
        let other = pick([memory.description, array])
        switch numbers.next() % 14 {
        case 0: return sphere_grid_create(pick(texts), size(), size(), &handle, &message)
        case 1: return sphere_grid_sizes(pick(handles), &first, &second, &message)
        case 2: return sphere_grid_rings(pick(handles), size(), nil, nil, nil, nil, &message)
        case 3:
          return sphere_transform_create(
            pick(handles), size(), min(size(), 64), size(), Int32(numbers.next() % 5), &handle,
            &message)
        case 4, 5:
          return sphere_transform_apply(
            pick(handles), Int32(numbers.next() % 7), min(size(), 4),
            pick([0, 1, 2, -1, .max]), [array, other], [other, array], &message)
        case 6:
          return sphere_run(
            pick(texts), pick(texts), Int32(numbers.next() % 4), pick([0, 1, -1, .max]), [array],
            &handle, &message)
        case 7: return sphere_result_array(pick(handles), size(), &array, &message)
        case 8: return sphere_map_read(pick(texts), pick(texts), &handle, &message)
        case 9: return sphere_model_open(pick(texts), pick(texts), &handle, &message)
        case 10:
          return numbers.next() % 2 == 0
            ? sphere_model_describe(pick(handles), &handle, &message)
            : sphere_model_predict(pick(handles), pick(texts), [array], &handle, &message)
        case 11: return sphere_expect_analysis(pick(texts), &handle, &message)
        case 12:
          return sphere_conformance_check(
            pick(texts), pick(texts), pick(texts), &handle, &message)
        default:
          return numbers.next() % 4 == 0
            ? sphere_release(pick(handles), nil) : sphere_result_count(pick(handles), &first, nil)
        }
      }
      #expect(known.contains(status))
      statuses.insert(status)
      fine += status == 0 ? 1 : 0
      if handle != 0 { handles.append(handle) }
    }
    #expect(statuses.isSuperset(of: [0, 64, 65, 66]) && fine > 20, "\(fine) calls were right")
    #expect(sphere_grid_create("healpix", 1, 0, &handles[0], nil) == 0)
  }
}

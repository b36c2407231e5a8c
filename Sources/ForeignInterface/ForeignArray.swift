import CSpectralSphere
import FileFormats
import Kernels

/// An array of the caller: checked, and then read or written number by number.
struct ForeignArray {
  let type: TensorData.DType
  let shape: [Int]
  /// In numbers; empty where the numbers lie one behind the other.
  private let strides: [Int]
  private let data: UnsafeMutableRawPointer?
  /// How many numbers it has.
  let count: Int
  /// The caller's name for it, or nil.
  private let givenName: String?
  /// What messages call an array without a name: its place in a list.
  private let list: StaticString
  private let place: Int

  static let mostAxes: Int64 = 8
  static let mostNumbers = 1 << 28

  /// What messages call it.
  var name: String { givenName ?? "\(list)[\(place)]" }

  /// The array number `place` of a list of the caller.
  ///
  /// - Throws: `InterfaceError`.
  init(_ array: sphere_array, _ list: StaticString, _ place: Int) throws(InterfaceError) {
    self.list = list
    self.place = place
    let given =
      array.name == nil ? nil : try text(array.name, "the name of \(list)[\(place)]", most: 200)
    givenName = given
    func name() -> String { given ?? "\(list)[\(place)]" }
    switch Int(array.type) {
    case Int(SPHERE_FLOAT64): type = .float64
    case Int(SPHERE_FLOAT32): type = .float32
    case Int(SPHERE_INT64): type = .int64
    default:
      throw .array(
        name: name(), found: "of the type \(array.type)",
        expected: "SPHERE_FLOAT64, SPHERE_FLOAT32 or SPHERE_INT64")
    }
    let rank = try number(Int64(array.rank), "the rank of \(name())", in: 0...Self.mostAxes)
    guard rank == 0 || array.shape != nil else { throw .null(argument: "the shape of \(name())") }
    var (shape, count): ([Int], Int) = ([], 1)
    shape.reserveCapacity(rank)
    var isEmpty = false
    for axis in 0..<rank {
      let length = try number(
        array.shape[axis], "axis \(axis) of \(name())", in: 0...Int64(Self.mostNumbers))
      shape.append(length)
      // An axis of length 0 does not hide that the others are too long.
      isEmpty = isEmpty || length == 0
      count *= max(length, 1)
      guard count <= Self.mostNumbers else {
        throw .array(
          name: name(), found: "of the shape \(shape)...",
          expected: "at most \(Self.mostNumbers) numbers")
      }
    }
    self.shape = shape
    self.count = isEmpty ? 0 : count
    var steps: [Int] = []
    if array.strides != nil {
      let most = Int64.max / 64 / Int64(Self.mostNumbers)
      for axis in 0..<rank {
        steps.append(
          try number(array.strides[axis], "stride \(axis) of \(name())", in: -most...most))
      }
      if Self.isContiguous(shape, steps) { steps = [] }
    }
    strides = steps
    data = array.data
    guard data != nil || isEmpty else { throw .null(argument: "the data of \(name())") }
    guard Int(bitPattern: data) % type.byteCount == 0 else {
      throw .array(
        name: name(), found: "at an address that is no multiple of \(type.byteCount)",
        expected: "aligned numbers")
    }
  }

  /// Whether numbers with these strides lie one behind the other.
  private static func isContiguous(_ shape: [Int], _ strides: [Int]) -> Bool {
    var expected = 1
    for axis in shape.indices.reversed() {
      if shape[axis] != 1, strides[axis] != expected { return false }
      expected *= shape[axis]
    }
    return true
  }

  /// Whether it has this type and, behind `batchAxes` axes, these lengths.
  func fits(_ expected: TensorData.DType, batchAxes: Int, _ lengths: Int...) -> Bool {
    guard type == expected, shape.count == batchAxes + lengths.count else { return false }
    return lengths.indices.allSatisfy { shape[batchAxes + $0] == lengths[$0] }
  }

  /// Refuses another type and another shape; nil in `expected` is any length.
  ///
  /// - Returns: the length of every axis that was nil.
  /// - Throws: `InterfaceError.array`.
  @discardableResult
  func require(
    _ expectedType: TensorData.DType, _ expected: [(name: String, length: Int?)]
  ) throws(InterfaceError) -> [Int] {
    let fits =
      type == expectedType && shape.count == expected.count
      && zip(shape, expected).allSatisfy { $1.length == nil || $0 == $1.length }
    guard fits else {
      let wanted = expected.map { axis in axis.length.map { "\($0)" } ?? axis.name }
      throw .array(
        name: name, found: "\(type.rawValue) \(shape)",
        expected: "\(expectedType.rawValue) [\(wanted.joined(separator: ", "))]")
    }
    return zip(shape, expected).compactMap { $1.length == nil ? $0 : nil }
  }

  // MARK: - Numbers

  /// Calls `body` with the place in memory of every number, in order of the indices.
  private func forEachPlace(_ body: (Int) -> Void) {
    guard count > 0 else { return }
    var index = [Int](repeating: 0, count: shape.count)
    var place = 0
    while true {
      body(place)
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= shape[axis] * strides[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// The numbers in order of the indices; the type is that of the array.
  func values<T: LaneScalar>(as type: T.Type) -> [T] {
    var values = [T](repeating: 0, count: count)
    read(into: &values)
    return values
  }

  /// Reads the numbers in order of the indices; the type is that of the array.
  func read<T>(into values: inout [T]) {
    guard let data, count > 0 else { return }
    let numbers = data.assumingMemoryBound(to: T.self)
    values.withUnsafeMutableBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return }
      if strides.isEmpty {
        first.update(from: numbers, count: buffer.count)
        return
      }
      var k = 0
      forEachPlace { place in
        buffer[k] = numbers[place]
        k += 1
      }
    }
  }

  /// Writes numbers in order of the indices; the type is that of the array.
  func write<T>(_ values: [T]) {
    guard let data, count > 0 else { return }
    let numbers = data.assumingMemoryBound(to: T.self)
    if strides.isEmpty {
      values.withUnsafeBufferPointer { source in
        guard let first = source.baseAddress else { return }
        numbers.update(from: first, count: source.count)
      }
      return
    }
    var k = 0
    forEachPlace { place in
      numbers[place] = values[k]
      k += 1
    }
  }

  /// The same numbers as a tensor.
  var tensor: TensorData {
    switch type {
    case .float64: return TensorData(values(as: Double.self), shape: shape)
    case .float32: return TensorData(values(as: Float.self), shape: shape)
    default:
      var integers = [Int64](repeating: 0, count: count)
      read(into: &integers)
      return TensorData(integers, shape: shape)
    }
  }
}

/// The arrays of the caller.
///
/// - Throws: `InterfaceError`.
func foreignArrays(
  _ arrays: UnsafePointer<sphere_array>?, count: Int64, _ argument: StaticString
) throws(InterfaceError) -> [ForeignArray] {
  let count = try number(count, "the number of \(argument)", in: 0...64)
  guard count > 0 else { return [] }
  guard let arrays else { throw .null(argument: "\(argument)") }
  var result: [ForeignArray] = []
  for k in 0..<count { result.append(try ForeignArray(arrays[k], argument, k)) }
  return result
}

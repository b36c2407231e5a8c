import CSpectralSphere
import FileFormats
import ForeignInterface
import Foundation
import Testing

/// An array as a caller in C describes it, with memory of its own.
final class CallerArray {
  private let name: UnsafeMutablePointer<CChar>?
  private let shape: UnsafeMutablePointer<Int64>
  private let strides: UnsafeMutablePointer<Int64>?
  private let data: UnsafeMutableRawPointer
  private let count: Int
  private let offset: Int
  let description: sphere_array

  /// Contiguous numbers, or so many in memory that strides reach; `offset` is the place of the
  /// first.
  init<T>(
    _ values: [T], _ shape: [Int], strides: [Int]? = nil, offset: Int = 0, name: String? = nil
  ) {
    self.name = name.map { strdup($0) }
    self.shape = .allocate(capacity: max(shape.count, 1))
    for (k, length) in shape.enumerated() { self.shape[k] = Int64(length) }
    self.strides = strides.map { strides in
      let memory = UnsafeMutablePointer<Int64>.allocate(capacity: max(strides.count, 1))
      for (k, stride) in strides.enumerated() { memory[k] = Int64(stride) }
      return memory
    }
    count = values.count
    self.offset = offset
    data = .allocate(byteCount: max(count, 1) * MemoryLayout<T>.stride, alignment: 64)
    let numbers = data.bindMemory(to: T.self, capacity: max(count, 1))
    for (k, value) in values.enumerated() { numbers[k] = value }
    let type =
      T.self == Double.self ? SPHERE_FLOAT64 : T.self == Float.self ? SPHERE_FLOAT32 : SPHERE_INT64
    description = sphere_array(
      name: UnsafePointer(self.name), type: Int32(type), rank: Int32(shape.count),
      shape: UnsafePointer(self.shape), strides: UnsafePointer(self.strides),
      data: data + offset * MemoryLayout<T>.stride)
  }

  /// All numbers of the memory.
  func values<T>(as type: T.Type) -> [T] {
    Array(UnsafeBufferPointer(start: data.assumingMemoryBound(to: T.self), count: count))
  }

  deinit {
    free(name)
    shape.deallocate()
    strides?.deallocate()
    data.deallocate()
  }
}

/// A status with its words.
struct Answer: Equatable, CustomStringConvertible {
  let status: Int
  let message: String

  static let fine = Answer(status: 0, message: "")

  var description: String { "\(status): \(message)" }

  /// Whether the status is this one and the message has these words.
  func refuses(_ status: Int, _ words: String...) -> Bool {
    self.status == status && words.allSatisfy { message.contains($0) }
  }
}

/// Calls a function of the interface with a message.
func call(_ body: (UnsafeMutablePointer<sphere_message>) -> Int32) -> Answer {
  var message = sphere_message()
  return withUnsafeMutablePointer(to: &message) { pointer in
    pointer.withMemoryRebound(to: CChar.self, capacity: 1000) { characters in
      // What is left of an earlier call has to go.
      for k in 0..<1000 { characters[k] = 65 }
    }
    let status = body(pointer)
    return pointer.withMemoryRebound(to: CChar.self, capacity: 1000) { characters in
      let length = (0..<1000).first { characters[$0] == 0 } ?? 1000
      let bytes = (0..<length).map { UInt8(bitPattern: characters[$0]) }
      return Answer(status: Int(status), message: String(decoding: bytes, as: UTF8.self))
    }
  }
}

/// The arrays of a result.
func tensors(_ result: sphere_handle) throws -> NamedTensors {
  var count: Int64 = 0
  #expect(call { sphere_result_count(result, &count, $0) } == .fine)
  var tensors = NamedTensors()
  for k in 0..<count {
    var array = sphere_array()
    #expect(call { sphere_result_array(result, k, &array, $0) } == .fine)
    let shape = (0..<Int(array.rank)).map { Int(array.shape[$0]) }
    let n = shape.reduce(1, *)
    func values<T>(_: T.Type) -> [T] {
      Array(UnsafeBufferPointer(start: array.data.assumingMemoryBound(to: T.self), count: n))
    }
    let name = String(cString: array.name)
    #expect(array.strides == nil)
    switch Int(array.type) {
    case SPHERE_FLOAT64: tensors[name] = TensorData(values(Double.self), shape: shape)
    case SPHERE_FLOAT32: tensors[name] = TensorData(values(Float.self), shape: shape)
    default: tensors[name] = TensorData(values(Int64.self), shape: shape)
    }
  }
  return tensors
}

/// The text of a result, by lines.
func lines(_ result: sphere_handle) throws -> [String] {
  var text: UnsafePointer<CChar>?
  try #require(call { sphere_result_text(result, &text, $0) } == .fine)
  return String(cString: try #require(text)).split(separator: "\n").map(String.init)
}

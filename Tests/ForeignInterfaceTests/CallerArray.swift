import CSpectralSphere
import Foundation

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

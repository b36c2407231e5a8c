import CSpectralSphere
import FileFormats
import Foundation

/// Arrays and a text, in memory that stays where it is.
final class ResultThing: @unchecked Sendable {
  /// Descriptions whose pointers belong to this object. Nothing changes them after `init`.
  let arrays: [sphere_array]
  /// UTF-8, ended by 0.
  let text: UnsafePointer<CChar>

  init(_ tensors: NamedTensors = [:], text: String = "") throws {
    self.text = UnsafePointer(strdup(text))
    arrays = try tensors.names.sorted().map { name in
      let tensor = try tensors.tensor(name)
      let shape = UnsafeMutablePointer<Int64>.allocate(capacity: max(tensor.shape.count, 1))
      for (axis, length) in tensor.shape.enumerated() { shape[axis] = Int64(length) }
      let bytes = tensor.bytes
      let data = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 64)
      UnsafeMutableRawBufferPointer(start: data, count: bytes.count).copyBytes(from: bytes)
      let type: Int
      switch tensor.dtype {
      case .float64: type = Int(SPHERE_FLOAT64)
      case .float32: type = Int(SPHERE_FLOAT32)
      default: type = Int(SPHERE_INT64)
      }
      return sphere_array(
        name: UnsafePointer(strdup(name)), type: Int32(type), rank: Int32(tensor.shape.count),
        shape: UnsafePointer(shape), strides: nil, data: data)
    }
  }

  /// The result behind a handle.
  ///
  /// - Throws: `InterfaceError.handle`.
  static func behind(_ handle: Int64) throws(InterfaceError) -> ResultThing {
    try Handles.thing(handle, "result", as: ResultThing.self, "a result")
  }

  deinit {
    free(UnsafeMutablePointer(mutating: text))
    for array in arrays {
      free(UnsafeMutableRawPointer(mutating: array.name))
      array.shape?.deallocate()
      array.data?.deallocate()
    }
  }
}

@implementation @c
public func sphere_result_count(
  _ result: sphere_handle, _ count: UnsafeMutablePointer<Int64>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let count else { throw InterfaceError.null(argument: "count") }
    count.pointee = 0
    count.pointee = Int64(try ResultThing.behind(result).arrays.count)
  }
}

@implementation @c
public func sphere_result_array(
  _ result: sphere_handle, _ index: Int64, _ array: UnsafeMutablePointer<sphere_array>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let array else { throw InterfaceError.null(argument: "array") }
    array.pointee = sphere_array()
    let arrays = try ResultThing.behind(result).arrays
    guard let last = arrays.indices.last else {
      throw InterfaceError.number(
        argument: "index", found: index, expected: "none: the result has no arrays")
    }
    array.pointee = arrays[try number(index, "index", in: 0...Int64(last))]
  }
}

@implementation @c
public func sphere_result_text(
  _ result: sphere_handle, _ text: UnsafeMutablePointer<UnsafePointer<CChar>?>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let text else { throw InterfaceError.null(argument: "text") }
    text.pointee = nil
    text.pointee = try ResultThing.behind(result).text
  }
}

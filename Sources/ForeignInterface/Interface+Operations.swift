import CSpectralSphere
import Conformance
import FileFormats
import Foundation
import Tasks

@implementation @c
public func sphere_abi_version() -> Int32 { Int32(SPHERE_ABI_VERSION) }

/// The version's text, which is never freed.
private let version = UnsafeSendable(strdup(ProgramVersion.text))

private struct UnsafeSendable: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<CChar>?
  init(_ pointer: UnsafeMutablePointer<CChar>?) { self.pointer = pointer }
}

@implementation @c
public func sphere_version() -> UnsafePointer<CChar>! { UnsafePointer(version.pointer) }

/// The outputs of an operation, in memory that stays where it is.
private final class OperationResult: @unchecked Sendable {
  /// Descriptions whose pointers belong to this object. Nothing changes them after `init`.
  let arrays: [sphere_array]

  init(_ tensors: NamedTensors) throws {
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

  deinit {
    for array in arrays {
      free(UnsafeMutableRawPointer(mutating: array.name))
      array.shape?.deallocate()
      array.data?.deallocate()
    }
  }
}

/// The type of numbers in which something runs.
///
/// - Throws: `InterfaceError.number`.
func isDouble(_ type: Int32) throws(InterfaceError) -> Bool {
  switch Int(type) {
  case Int(SPHERE_FLOAT64): return true
  case Int(SPHERE_FLOAT32): return false
  default:
    throw .number(
      argument: "type", found: Int64(type), expected: "SPHERE_FLOAT64 or SPHERE_FLOAT32")
  }
}

/// The parameters of an operation.
///
/// - Throws: `InterfaceError.text`.
private func parameters(_ json: UnsafePointer<CChar>?) throws -> [String: ParameterValue] {
  guard json != nil else { return [:] }
  let text = try text(json, "parameters")
  do {
    return try JSONDecoder().decode([String: ParameterValue].self, from: Data(text.utf8))
  } catch {
    throw InterfaceError.text(
      argument: "parameters", found: String(text.prefix(200)),
      expected: "a JSON object with numbers, texts and lists of integers")
  }
}

@implementation @c
public func sphere_run(
  _ operation: UnsafePointer<CChar>!, _ json: UnsafePointer<CChar>!, _ type: Int32, _ count: Int64,
  _ inputs: UnsafePointer<sphere_array>!, _ result: UnsafeMutablePointer<sphere_handle>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let result else { throw InterfaceError.null(argument: "result") }
    result.pointee = 0
    let name = try text(operation, "operation", most: 200)
    guard let operation = Operation(rawValue: name) else {
      throw ConformanceError.unknownOperation(name: name)
    }
    let isDouble = try isDouble(type)
    var data = CaseData(parameters: try parameters(json))
    for array in try foreignArrays(inputs, count: count, "inputs") {
      guard data.inputs[array.name] == nil else {
        throw InterfaceError.array(
          name: array.name, found: "there twice", expected: "one of this name")
      }
      data.inputs[array.name] = array.tensor
    }
    let outputs =
      isDouble
      ? try ReferenceBackend.outputs(operation, data, as: Double.self)
      : try ReferenceBackend.outputs(operation, data, as: Float.self)
    result.pointee = Handles.insert(try OperationResult(outputs))
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
    let result = try Handles.thing(
      result, "result", as: OperationResult.self, "a result of sphere_run")
    count.pointee = Int64(result.arrays.count)
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
    let arrays = try Handles.thing(
      result, "result", as: OperationResult.self, "a result of sphere_run"
    ).arrays
    let most = Int64(max(arrays.count, 1) - 1)
    array.pointee = arrays[try number(index, "index", in: 0...most)]
  }
}

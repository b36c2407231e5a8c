import CSpectralSphere
import Conformance
import FileFormats
import Foundation
import FourierTransforms
import Tasks

@implementation @c
public func sphere_abi_version() -> Int32 { Int32(SPHERE_ABI_VERSION) }

/// Texts that are never freed.
private let version = UnsafeSendable(strdup(ProgramVersion.text))
private let licence = UnsafeSendable(
  strdup("\(FourierLibrary.licenceOfBinaries) (\(FourierLibrary.name))"))

private struct UnsafeSendable: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<CChar>?
  init(_ pointer: UnsafeMutablePointer<CChar>?) { self.pointer = pointer }
}

@implementation @c
public func sphere_version() -> UnsafePointer<CChar>! { UnsafePointer(version.pointer) }

@implementation @c
public func sphere_licence() -> UnsafePointer<CChar>! { UnsafePointer(licence.pointer) }

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

/// An operation of the kit by its name.
///
/// - Throws: `InterfaceError.text`, `ConformanceError.unknownOperation`.
func knownOperation(_ characters: UnsafePointer<CChar>?) throws -> Conformance.Operation {
  let name = try text(characters, "operation", most: 200)
  guard let operation = Conformance.Operation(rawValue: name) else {
    throw ConformanceError.unknownOperation(name: name)
  }
  return operation
}

/// The parameters and inputs of an operation.
///
/// - Throws: `InterfaceError`.
func caseData(
  _ json: UnsafePointer<CChar>?, _ count: Int64, _ inputs: UnsafePointer<sphere_array>?
) throws -> CaseData {
  let parameters = try options(
    json, [String: ParameterValue].self, or: [:],
    expected: "a JSON object with numbers, texts and lists of integers")
  var data = CaseData(parameters: parameters)
  for array in try foreignArrays(inputs, count: count, "inputs") {
    guard data.inputs[array.name] == nil else {
      throw InterfaceError.array(
        name: array.name, found: "there twice", expected: "one of this name")
    }
    data.inputs[array.name] = array.tensor
  }
  return data
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
    let operation = try knownOperation(operation)
    let isDouble = try isDouble(type)
    let data = try caseData(json, count, inputs)
    let outputs =
      isDouble
      ? try ReferenceBackend.outputs(operation, data, as: Double.self)
      : try ReferenceBackend.outputs(operation, data, as: Float.self)
    result.pointee = Handles.insert(try ResultThing(outputs))
  }
}

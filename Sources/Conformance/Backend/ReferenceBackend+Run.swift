import FileFormats
import Foundation
import FourierTransforms

extension ReferenceBackend {
  /// Runs the demanded cases of a kit and writes `<case id>.safetensors` for each into a folder.
  ///
  /// - Parameters:
  ///   - check: the kit and the demanded cases.
  ///   - folder: an existing folder.
  ///   - type: `Float` or `Double`.
  /// - Throws: `ConformanceError` that names the case, what reading the kit throws, and `FileError`
  ///   of writing.
  public static func run<T: FourierScalar>(_ check: KitCheck, to folder: URL, as type: T.Type)
    throws
  {
    for (description, data) in try check.demandedCases() {
      guard let operation = Operation(named: description.operation) else {
        throw ConformanceError.unknownOperation(name: description.operation)
      }
      let file = SafetensorsFile(tensors: try outputs(description, operation, data, as: type))
      try file.write(to: folder.appendingPathComponent("\(description.id).safetensors"))
    }
  }

  /// The outputs of a case; every fault names the case.
  private static func outputs<T: FourierScalar>(
    _ description: CaseDescription, _ operation: Operation, _ data: CaseData, as type: T.Type
  ) throws(ConformanceError) -> NamedTensors {
    do {
      return try outputs(operation, data, as: type)
    } catch let error as ConformanceError {
      throw error.located(in: description)
    } catch {
      throw .unusableCase(
        operation: "\(description.operation) (\(description.id))", reason: "\(error)")
    }
  }
}

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
  /// - Throws: what the cases and `FileError` of writing throw.
  public static func run<T: FourierScalar>(_ check: KitCheck, to folder: URL, as type: T.Type)
    throws
  {
    for (description, data) in try check.demandedCases() {
      guard let operation = Operation(rawValue: description.operation) else {
        throw ConformanceError.unknownOperation(name: description.operation)
      }
      let file = SafetensorsFile(tensors: try outputs(operation, data, as: type))
      try file.write(to: folder.appendingPathComponent("\(description.id).safetensors"))
    }
  }
}

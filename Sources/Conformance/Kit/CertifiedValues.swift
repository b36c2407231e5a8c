import FileFormats
import Foundation

/// The certified values of a kit, by case.
///
/// Ball arithmetic is no part of this program: `Fixtures/generators/certified/certify.py` writes
/// its values into a kit. A kit that is exported anew takes them over where a case has the same
/// operation, parameters and inputs, bit for bit.
/// Checked by: CertifiedKitTests.
public struct CertifiedValues {
  private let folder: URL
  private let cases: [String: CaseDescription]

  /// The certified cases of the kit in a folder.
  ///
  /// - Throws: what reading its manifest throws.
  public init(folder: URL) throws {
    self.folder = folder
    let manifest = try ConformanceManifest(folder: folder)
    let certified = manifest.cases.filter { $0.origin == .certified }
    cases = Dictionary(uniqueKeysWithValues: certified.map { ($0.id, $0) })
  }

  /// How many cases are certified.
  public var count: Int { cases.count }

  /// The case with certified values, or as it is where there are none for it.
  ///
  /// - Throws: `FileError`, `SafetensorsError`, `TensorError` of the certified kit's file.
  func replacing(_ item: ConformanceCase) throws -> ConformanceCase {
    guard let known = cases[item.description.id],
      known.operation == item.description.operation,
      known.parameters == item.description.parameters
    else { return item }
    let tensors = try SafetensorsFile(
      contentsOf: folder.appendingPathComponent(known.file)
    ).tensors
    for (name, tensor) in item.data.inputs where tensors["input.\(name)"] != tensor { return item }
    var expected: NamedTensors = [:]
    for (name, tensor) in item.expected {
      guard let value = tensors["expected.\(name)"], value.shape == tensor.shape,
        value.dtype == tensor.dtype
      else { return item }
      expected[name] = value
    }
    return item.certified(expected)
  }
}

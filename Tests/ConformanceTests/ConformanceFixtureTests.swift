import FileFormats
import Foundation
import Testing
import Verification

@testable import Conformance

/// The shipped kit, `Fixtures/conformance`, against what this program exports today.
@Suite("The shipped kit")
struct ConformanceFixtureTests {
  /// Inputs equal bit for bit; expected values within a tenth of the tolerance of a backend.
  ///
  /// Blind to: whatever was wrong when it was recorded.
  @Test("Export gives the shipped kit")
  func unchanged() throws {
    let folder = FixtureStore.url("conformance")
    let shipped = try ConformanceManifest(folder: folder)
    let kit = try SharedKit.kit()
    #expect(shipped == kit.manifest)
    for item in kit.cases {
      let file = try SafetensorsFile(
        contentsOf: folder.appendingPathComponent(item.description.file))
      for (name, tensor) in item.data.inputs {
        #expect(file.tensors["input.\(name)"] == tensor, "\(item.description.id) \(name)")
      }
      for row in try SharedKit.rows(item, expectedTensors(file, item)) {
        guard item.description.operation != "gaussian_field" else { continue }
        #expect(
          (row.error ?? .infinity) <= 0.1 * (row.tolerance ?? 0),
          "\(row.id) \(row.output): \(row.error ?? .nan), a tenth of \(row.tolerance ?? .nan)")
      }
    }
  }

  private func expectedTensors(
    _ file: SafetensorsFile, _ item: ConformanceCase
  ) -> NamedTensors {
    var tensors = NamedTensors()
    for output in item.description.outputs where output.measure != .distribution {
      tensors[output.name] = file.tensors["expected.\(output.name)"]
    }
    return tensors
  }
}

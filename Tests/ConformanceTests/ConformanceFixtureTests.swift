import FileFormats
import Foundation
import Testing
import Verification

@testable import Conformance

/// The shipped kit, `Fixtures/conformance`, against what this program exports today.
@Suite("The shipped kit")
struct ConformanceFixtureTests {
  /// Every output of every case has an error on record, on every kind of machine, and nothing else
  /// has.
  @Test("Errors on record")
  func errorsOnRecord() throws {
    let record = try ErrorRecord(contentsOf: FixtureStore.url("regression/errors-kit.csv"))
    let cases = try ConformanceManifest(folder: FixtureStore.url("conformance")).cases
    let expected = Set(cases.flatMap { item in item.outputs.map { "\(item.id) \($0.name)" } })
    #expect(!record.machines.isEmpty)
    for machine in record.machines {
      #expect(record.names(machine: machine) == expected, "\(machine)")
    }
  }

  /// Inputs equal bit for bit; certified values within the tolerance of a backend, for they are
  /// independent of this program, the others within a tenth of it.
  ///
  /// Blind to: what was wrong in cases that are not certified when they were recorded.
  @Test("Export gives the shipped kit")
  func unchanged() throws {
    let folder = FixtureStore.url("conformance")
    let shipped = try ConformanceManifest(folder: folder)
    let kit = try SharedKit.kit()
    var own = kit.manifest
    for (k, description) in shipped.cases.enumerated() where k < own.cases.count {
      own.cases[k].origin = description.origin
    }
    #expect(shipped == own)
    let certified = Set(shipped.cases.filter { $0.origin == .certified }.map(\.id))
    #expect(certified.count >= 800)
    for item in kit.cases {
      let file = try SafetensorsFile(
        contentsOf: folder.appendingPathComponent(item.description.file))
      for (name, tensor) in item.data.inputs {
        #expect(file.tensors["input.\(name)"] == tensor, "\(item.description.id) \(name)")
      }
      for row in try SharedKit.rows(item, expectedTensors(file, item)) {
        guard item.description.operation != "gaussian_field" else { continue }
        let share = certified.contains(row.id) ? 1 : 0.1
        #expect(
          (row.error ?? .infinity) <= share * (row.tolerance ?? 0),
          "\(row.id) \(row.output): \(row.error ?? .nan), \(share) of \(row.tolerance ?? .nan)")
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

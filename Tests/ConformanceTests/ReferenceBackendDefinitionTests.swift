import FourierTransforms
import Testing

@testable import Conformance

/// The kit and the fast implementations against each other.
@Suite("The program's own backend")
struct ReferenceBackendDefinitionTests {
  /// Every operation, by the implementation that training uses, agrees with the kit's expected
  /// values: by definition where the kit says so. Bounds are those that every backend gets
  /// (`OutputRule`).
  /// Blind to: operations whose expected values come from the implementation itself (`origin`),
  /// which in `Double` agree trivially; in `Float` they are compared with `Double`.
  @Test("Within every tolerance in Double and Float", arguments: [UInt64(1), 2])
  func agrees(seed: UInt64) throws {
    let kit = try ConformanceKit(seed: seed)
    for item in kit.cases {
      try expectPasses(item, Double.self, seed: seed)
      try expectPasses(item, Float.self, seed: seed)
    }
  }

  private func expectPasses<T: FourierScalar>(
    _ item: ConformanceCase, _ type: T.Type, seed: UInt64
  ) throws {
    let operation = try #require(Operation(rawValue: item.description.operation))
    let outputs = try ReferenceBackend.outputs(operation, item.data, as: type)
    let rows = try SharedKit.rows(item, outputs)
    #expect(rows.count == item.description.outputs.count)
    for row in rows {
      let about =
        "\(row.id) \(row.output): error \(row.error ?? .nan), tolerance "
        + "\(row.tolerance ?? .nan), \(row.fault.map { "\($0)" } ?? "no fault")"
      #expect(row.passes, "seed \(seed), \(T.precisionName): \(about)")
    }
  }

  @Test("Every operation has a case")
  func everyOperation() throws {
    let found = Set(try SharedKit.kit().manifest.cases.map(\.operation))
    #expect(found == Set(Operation.allCases.map(\.rawValue)))
  }
}

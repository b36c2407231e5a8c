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
    // Another seed tries other numbers on the grids of every kind, not every size again.
    let kit =
      seed == 1
      ? try SharedKit.kit()
      : try ConformanceKit(
        seed: seed,
        selection: CaseSelection(["*-healpix", "*-odd", "*-octahedral", "*points*", "*network*"]))
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

  /// Rings next to a pole, at 60 degrees and next to the equator, few enough for one block of the
  /// recurrence: rings near a pole take the form in sin²θ, those near the equator that in cos²θ,
  /// each with an error of l²/80 roundings (`DegreePairRecurrence`), where the other form has ten
  /// times as much. Twice that is allowed.
  @Test("High degrees on rings of all kinds", arguments: ["synthesis", "analysis"])
  func highDegrees(map: String) throws {
    let item = try SharedKit.item("scalar-\(map)-lmax2047")
    let operation = try #require(Operation(named: item.description.operation))
    let outputs = try ReferenceBackend.outputs(operation, item.data, as: Double.self)
    let error = try #require(SharedKit.rows(item, outputs).first?.error)
    #expect(error <= 2 * 2047 * 2047 / 80 * 0x1p-53, "\(error)")
  }

  @Test("Every operation has a case")
  func everyOperation() throws {
    let found = Set(try SharedKit.kit().manifest.cases.map(\.operation))
    #expect(found == Set(Operation.allCases.map(\.rawValue)))
  }
}

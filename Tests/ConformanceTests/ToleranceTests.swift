import FileFormats
import Testing

@testable import Conformance

/// Verdicts close to the tolerance: right outputs with one number moved so far that the error is a
/// known multiple of the tolerance.
@Suite("Verdicts near the tolerance")
struct ToleranceTests {
  /// The expected tensor with the smallest number of its first row moved, so that the error is
  /// `factor` times the tolerance; nil where rounding of that number hides a tenth of the
  /// tolerance, and for measures that have none.
  private static func moved(
    _ output: OutputDescription, _ expected: TensorData, factor: Double
  ) throws -> TensorData? {
    guard expected.dtype == .float64, let tolerance = output.tolerance["F64"], tolerance > 0 else {
      return nil
    }
    let values = try expected.doubles()
    func norm(_ x: ArraySlice<Double>) -> Double {
      x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let row = values.prefix(output.shape.last ?? 1)
    let scale: Double
    switch output.measure {
    case .relativeL2: scale = max(norm(values[...]), output.scale ?? 0)
    case .rowL2: scale = norm(row)
    case .absolute: scale = 1
    case .equal, .distribution: return nil
    }
    guard let index = row.indices.min(by: { abs(values[$0]) < abs(values[$1]) }) else { return nil }
    let step = factor * tolerance * scale
    guard abs(values[index]).ulp < 0.05 * step else { return nil }
    return try expected.mapping { $0 == index ? $1 + step : $1 }
  }

  /// Nine tenths of the tolerance pass, eleven tenths fail, in every output in double precision
  /// whose numbers are fine enough to be moved by so little.
  @Test("Nine tenths pass, eleven tenths fail")
  func boundary() throws {
    var tried: [String: Int] = [:]
    for item in try SharedKit.kit().cases {
      for output in item.description.outputs {
        guard let expected = item.file.tensors["expected.\(output.name)"] else { continue }
        for (factor, passes) in [(0.9, true), (1.1, false)] {
          guard let moved = try Self.moved(output, expected, factor: factor) else { continue }
          let rows = try SharedKit.rows(item, [output.name: moved])
          let row = try #require(rows.first { $0.output == output.name })
          #expect(
            row.passes == passes,
            "\(item.description.id), \(output.name): \(row.error ?? -1) of \(row.tolerance ?? -1)")
          if let error = row.error, let tolerance = row.tolerance {
            #expect(abs(error / tolerance - factor) < 0.1)
          }
          tried["\(output.measure)", default: 0] += 1
        }
      }
    }
    #expect(tried.values.reduce(0, +) >= 150, "\(tried)")
    #expect(Set(tried.keys) == ["relativeL2", "rowL2", "absolute"], "\(tried)")
  }

  /// Integers have no tolerance: one that differs fails.
  @Test("One integer")
  func integers() throws {
    let item = try SharedKit.item("healpix-nested-to-ring-nside8")
    let expected = try item.file.tensors.tensor("expected.ring")
    #expect(try SharedKit.rows(item, ["ring": expected]).allSatisfy(\.passes))
    let wrong = try expected.mapping { $0 == 5 ? $1 + 1 : $1 }
    #expect(try !SharedKit.rows(item, ["ring": wrong]).allSatisfy(\.passes))
  }
}

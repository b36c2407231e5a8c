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
    _ output: OutputDescription, _ expected: TensorData, factor: Double, type: String
  ) throws -> TensorData? {
    guard expected.dtype == .float64, let tolerance = output.tolerance[type], tolerance > 0 else {
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
    guard type == "F32" else {
      guard abs(values[index]).ulp < 0.05 * step else { return nil }
      return try expected.mapping { $0 == index ? $1 + step : $1 }
    }
    // All numbers are rounded, which may cost most of a tolerance: then nothing is known.
    let rounded = values.map { Double(Float($0)) }
    let loss = zip(rounded, values).map { $0 - $1 }
    let other = output.measure == .absolute ? loss.map(abs).max() ?? 0 : norm(loss[...])
    guard max(other, abs(values[index]) * 0x1p-24) < 0.03 * step,
      output.measure != .rowL2 || row.count == values.count
    else { return nil }
    return TensorData(
      values.enumerated().map { Float($0.offset == index ? $0.element + step : $0.element) },
      shape: expected.shape)
  }

  /// Nine tenths of the tolerance pass, eleven tenths fail, in every output whose numbers are fine
  /// enough in the type to be moved by so little.
  @Test("Nine tenths pass, eleven tenths fail", arguments: [("F64", 150), ("F32", 20)])
  func boundary(type: String, least: Int) throws {
    var tried: [String: Int] = [:]
    for item in try SharedKit.kit().cases {
      for output in item.description.outputs {
        guard let expected = item.file.tensors["expected.\(output.name)"] else { continue }
        for (factor, passes) in [(0.9, true), (1.1, false)] {
          guard let moved = try Self.moved(output, expected, factor: factor, type: type) else {
            continue
          }
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
    #expect(tried.values.reduce(0, +) >= least, "\(tried)")
    #expect(Set(tried.keys).isSuperset(of: ["relativeL2"]), "\(tried)")
    #expect(type == "F32" || tried.count == 3, "\(tried)")
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

import FileFormats
import Foundation
import HarmonicTransforms
import SkyMaps
import Testing
import Verification

@testable import MapTools

/// What `Fixtures/generators/sky_tools.py` recorded.
struct HealpyTools {
  /// Relative L2 per field, as for the transforms (Docs/Tolerances.md): both sides are a few
  /// hundred roundings away from the exact value.
  static let bound = 1e-12

  private let tensors: NamedTensors

  init() throws {
    let name = "tools/healpy.safetensors"
    tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
  }

  func values(_ name: String) throws -> [Double] { try tensors.tensor(name).doubles() }

  /// One field per row; UNSEEN becomes NaN. Three rows are T, Q, U.
  func map(_ name: String) throws -> SkyMap {
    let tensor = try tensors.tensor(name)
    let values = try tensor.doubles().map { HealpixMapFile.isUnseen($0) ? .nan : $0 }
    let rows = tensor.shape.count == 1 ? 1 : tensor.shape[0]
    let count = values.count / rows
    let fields = (0..<rows).map { Array(values[$0 * count..<($0 + 1) * count]) }
    return SkyMap(
      nside: Int((Double(count) / 12).squareRoot().rounded()), temperature: fields[0],
      polarisation: rows == 3 ? SkyMap.Polarisation(q: fields[1], u: fields[2]) : nil)
  }

  /// The largest relative error of a field; pixels that one has and the other lacks count as 1.
  static func error(_ found: SkyMap, _ expected: SkyMap) -> Double {
    guard found.fields.map(\.name) == expected.fields.map(\.name) else { return .infinity }
    return zip(found.fields, expected.fields).map { a, b in
      guard a.values.count == b.values.count else { return .infinity }
      let isSame = zip(a.values, b.values).allSatisfy { $0.isNaN == $1.isNaN }
      guard isSame else { return .infinity }
      return relativeError(a.values.filter { !$0.isNaN }, b.values.filter { !$0.isNaN })
    }.max() ?? .infinity
  }
}

func expect(
  _ found: SkyMap, _ expected: SkyMap, at location: SourceLocation = #_sourceLocation
) {
  let error = HealpyTools.error(found, expected)
  #expect(error <= HealpyTools.bound, sourceLocation: location)
}

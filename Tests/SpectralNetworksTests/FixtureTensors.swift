import FileFormats
import Foundation
import FourierTransforms
import Verification

@testable import SpectralNetworks

/// A recorded network with everything that was recorded of it.
struct NetworkFixture {
  let file: SafetensorsFile

  init(_ name: String) throws {
    file = try SafetensorsFile(
      data: FixtureStore.data("networks/\(name).safetensors"), name: name)
  }

  func values(_ name: String) throws -> [Double] {
    guard let tensor = file.tensors[name] else {
      throw FixtureError.missing(name: name, reason: "no such tensor")
    }
    return tensor.dtype == .int64 ? try tensor.integers().map(Double.init) : try tensor.doubles()
  }

  func shape(_ name: String) -> [Int] { file.tensors[name]?.shape ?? [] }

  func text(_ key: String) throws -> String {
    guard let value = file.metadata[key] else {
      throw FixtureError.missing(name: key, reason: "no such metadata")
    }
    return value
  }

  func integer(_ key: String) throws -> Int {
    guard let value = Int(try text(key)) else {
      throw FixtureError.missing(name: key, reason: "not a number")
    }
    return value
  }

  /// Tensors whose names begin with `prefix`, without it.
  func tensors<T: FourierScalar>(_ prefix: String, as type: T.Type) throws -> [NamedTensor<T>] {
    try file.tensors.names.filter { $0.hasPrefix(prefix) }.map { name in
      NamedTensor(
        name: String(name.dropFirst(prefix.count)), shape: shape(name),
        values: try values(name).map { T($0) })
    }
  }

  /// Maps `[B, C, pixel]` as lanes `[pixel][b C + c]`.
  func lanes<T: FourierScalar>(_ name: String, as type: T.Type) throws -> [T] {
    let shape = shape(name)
    let (lanes, pixels) = (shape[0] * shape[1], shape[2])
    let values = try values(name)
    return (0..<pixels).flatMap { p in (0..<lanes).map { T(values[$0 * pixels + p]) } }
  }
}

/// Mean squared error and its gradient, as PyTorch's MSELoss.
func meanSquaredError<T: FourierScalar>(_ target: [Double]) -> ([T]) -> (
  value: Double, gradient: [T]
) {
  { outputs in
    let n = Double(outputs.count)
    let differences = zip(outputs, target).map { Double($0) - $1 }
    return (
      differences.reduce(0) { $0 + $1 * $1 } / n, differences.map { T(2 * $0 / n) }
    )
  }
}

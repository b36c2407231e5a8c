import FileFormats
import Foundation
import FourierTransforms
import Kernels
import LinearAlgebra
import Verification

/// What `Fixtures/regression/bits.json` holds.
package struct PinnedBits: Codable, Equatable {
  /// The numbers of one training run.
  package struct Run: Codable, Equatable {
    /// Every point of the loss curve, as text that reads back to the same bits.
    package var losses: [Double]
    /// SHA-256 of all tensors of the model: names, shapes and bits, in order of the names.
    package var weights: String
    /// The figures of the evaluation on the run's own test maps.
    package var figures: [String: Double]

    package init(losses: [Double], weights: String, figures: [String: Double]) {
      self.losses = losses
      self.weights = weights
      self.figures = figures
    }
  }

  /// The outputs of a shipped model.
  package struct Outputs: Codable, Equatable {
    /// Of the first four maps.
    package var first: [Float]
    /// SHA-256 of the bits of the outputs of all maps.
    package var all: String

    package init(first: [Float], all: String) {
      self.first = first
      self.all = all
    }
  }

  /// SHA-256 of what the libraries below give: FFTW, LAPACK and the C library.
  package var libraries: String
  package var models: [String: Outputs]
  package var runs: [String: Run]
}

extension PinnedBits {
  /// The numbers on record.
  package static func recorded() throws -> PinnedBits {
    try JSONDecoder().decode(PinnedBits.self, from: FixtureStore.data("regression/bits.json"))
  }

  /// SHA-256 of transforms along rings of many lengths, of a Cholesky solution and of elementary
  /// functions.
  package static func librarySignature() throws -> String {
    var digest = SHA256()
    var numbers = TestNumbers(seed: 1)
    for n in Array(stride(from: 4, through: 64, by: 4)) + [95, 96, 128] {
      let lanes = 32
      let field = (0..<n * lanes).map { _ in Float(numbers.normal()) }
      var orders = [Float](repeating: 0, count: n * lanes)
      let plan = LaneFourierPlan<Float>(n: n, fieldStride: lanes, lanes: lanes)
      field.withView { field in orders.withMutableView { plan.forward(field, to: $0) } }
      digest.update(bytes(orders))
    }
    let size = 24
    let factor = (0..<size * size).map { _ in numbers.normal() }
    let matrix = Matrix(rows: size, columns: size) { i, j in
      (0..<size).reduce(i == j ? 1 : 0) { $0 + factor[i * size + $1] * factor[j * size + $1] }
    }
    digest.update(bytes(try CholeskyFactor(matrix).solve(Array(factor.prefix(size)))))
    let values = (0..<64).map { _ in numbers.uniform(0.1, 3) }
    digest.update(bytes(values.flatMap { [exp($0), log($0), sin($0), pow($0, 0.3)] }))
    return digest.hexadecimal()
  }

  package static func bytes<T: BinaryFloatingPoint>(_ values: [T]) -> [UInt8] {
    values.withUnsafeBytes { Array($0) }
  }

  /// Compares with the recorded numbers.
  ///
  /// - Parameters:
  ///   - found: the numbers.
  ///   - recorded: those on record.
  ///   - name: what messages call them.
  ///   - isNear: asked instead where the libraries below give other bits.
  /// - Returns: what was found, where it differs; nil where it does not.
  /// - Throws: `FixtureError` where the records are missing.
  package static func difference<Value: Codable & Equatable>(
    _ found: Value, _ recorded: Value?, _ name: String, else isNear: (Value) -> Bool
  ) throws -> String? {
    let signature = try librarySignature()
    let isSame: Bool
    if try signature == Self.recorded().libraries {
      isSame = found == recorded
    } else {
      isSame = recorded.map(isNear) ?? false
    }
    guard !isSame else { return nil }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = String(decoding: try encoder.encode(found), as: UTF8.self)
    return "\(name), libraries \(signature), found:\n\"\(name)\":\(text)"
  }

  /// |a − b| ≤ tolerance |b|.
  package static func near(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * abs(b)
  }
}

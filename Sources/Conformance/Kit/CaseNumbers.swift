import FileFormats
import RandomNumbers

/// The random inputs of a case: normal numbers that `Float` holds exactly.
///
/// Every tensor has a stream of its own, addressed by the kit's seed and the names of case and
/// tensor, so that adding a case moves no other.
struct CaseNumbers {
  let seed: UInt64
  let id: String

  /// FNV-1a, 64 bits, of the names.
  private func stream(_ name: String) -> RandomStream {
    let hash = "\(id)/\(name)".utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return RandomStream(seed: seed, purpose: .selection, index: hash)
  }

  /// Normal numbers, rounded to `Float`.
  func normals(_ name: String, count: Int, mean: Double = 0, deviation: Double = 1) -> [Double] {
    stream(name).normals(count: count).map { Double(Float(mean + deviation * $0)) }
  }

  /// A tensor of normal numbers.
  func tensor(
    _ name: String, _ shape: [Int], mean: Double = 0, deviation: Double = 1
  ) -> TensorData {
    TensorData(
      normals(name, count: shape.reduce(1, *), mean: mean, deviation: deviation), shape: shape)
  }

  /// Numbers uniform in (low, high), in `Double`.
  func uniforms(_ name: String, count: Int, _ low: Double, _ high: Double) -> [Double] {
    let stream = stream(name)
    return (0..<count).map { low + (high - low) * stream.uniform($0) }
  }

  /// All pixels of HEALPix, or 500 of them where these are too many.
  func pixels(nside: Int) -> TensorData {
    let count = 12 * nside * nside
    guard count > 768 else { return TensorData((0..<count).map(Int64.init)) }
    let random = uniforms("pixels", count: 498, 0, Double(count)).map { Int64($0) }
    return TensorData([0, Int64(count - 1)] + random)
  }
}

import Foundation

/// In JSON: `parameters`, `spectra` (names), `lmax`, and as base64 of little-endian float64 the
/// `nodes` [node, parameter] and the `values` [node, spectrum, l].
///
/// Accuracy: every number keeps all 64 bits. Notes are not kept.
/// Checked by: SpectraTableFileTests.
extension SpectraTable: Codable {
  private enum CodingKeys: String, CodingKey {
    case parameters, spectra, lmax, nodes, values
  }

  /// Reads a table and checks it like one from anywhere else.
  ///
  /// - Throws: `DecodingError`, `SpectraTableError`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let parameters = try container.decode([ModelParameter].self, forKey: .parameters)
    let names = try container.decode([SpectrumName].self, forKey: .spectra)
    let lmax = try container.decode(Int.self, forKey: .lmax)
    func numbers(_ key: CodingKeys, perNode: Int) throws -> [Double] {
      let text = try container.decode(String.self, forKey: key)
      guard let data = Data(base64Encoded: text), perNode > 0, data.count % (8 * perNode) == 0
      else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "expected base64 of \(perNode) float64 per node")
      }
      return Self.numbers(data)
    }
    guard 2...Self.mostDegrees ~= lmax else {
      throw DecodingError.dataCorruptedError(
        forKey: .lmax, in: container,
        debugDescription: "found \(lmax), expected 2...\(Self.mostDegrees)")
    }
    let (width, size) = (parameters.count, names.count * (lmax + 1))
    let nodes = try numbers(.nodes, perNode: width)
    let values = try numbers(.values, perNode: size)
    guard nodes.count / width == values.count / size else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container,
        debugDescription: "found spectra at \(values.count / size) nodes, expected "
          + "\(nodes.count / width)")
    }
    let zeros = [Double](repeating: 0, count: lmax + 1)
    let spectra = (0..<values.count / size).map { node in
      func list(_ name: SpectrumName) -> [Double] {
        guard let place = names.firstIndex(of: name) else { return zeros }
        let start = node * size + place * (lmax + 1)
        return Array(values[start..<start + lmax + 1])
      }
      return NamedSpectra(
        uncheckedTT: list(.tt), ee: list(.ee), bb: list(.bb), te: list(.te), eb: list(.eb),
        tb: list(.tb))
    }
    try self.init(
      parameters: parameters,
      nodes: (0..<nodes.count / width).map { Array(nodes[$0 * width..<($0 + 1) * width]) },
      spectrumNames: names, spectra: spectra)
  }

  /// The largest degree that is read from JSON.
  private static let mostDegrees = 1 << 20

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(parameters, forKey: .parameters)
    try container.encode(spectrumNames, forKey: .spectra)
    try container.encode(lmax, forKey: .lmax)
    try container.encode(
      Self.data(nodes.flatMap { $0 }).base64EncodedString(), forKey: .nodes)
    let values = spectra.flatMap { node in spectrumNames.flatMap { node[$0] } }
    try container.encode(Self.data(values).base64EncodedString(), forKey: .values)
  }

  private static func data(_ numbers: [Double]) -> Data {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * numbers.count)
    for number in numbers {
      var bits = number.bitPattern
      for _ in 0..<8 {
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
      }
    }
    return Data(bytes)
  }

  private static func numbers(_ data: Data) -> [Double] {
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count, by: 8).map { start in
      var bits: UInt64 = 0
      for place in (start..<start + 8).reversed() { bits = bits << 8 | UInt64(bytes[place]) }
      return Double(bitPattern: bits)
    }
  }
}

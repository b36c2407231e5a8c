/// Bins of degrees.
///
/// Definition:  bin b holds the degrees edges[b] ..< edges[b + 1]. A width W means the edges 2,
///              2 + W, 2 + 2 W, ...; a last bin that would go beyond lmax is left out.
/// Domain:      at least one bin; edges go up, from 0 or more.
/// Checked by:  DegreeBinsTests.
public struct DegreeBins: Sendable, Hashable {
  /// The degrees of each bin.
  public let ranges: [Range<Int>]

  /// Bins from their edges: a precondition that they go up.
  public init(edges: [Int]) {
    precondition(
      edges.count >= 2 && edges[0] >= 0 && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 },
      "edges \(edges)")
    ranges = zip(edges, edges.dropFirst()).map { $0..<$1 }
  }

  /// Bins from a text: a width, or edges separated by commas.
  ///
  /// - Parameters:
  ///   - text: "10" or "2,10,20,40".
  ///   - lmax: the largest degree that there is.
  /// - Throws: `MapToolError.unknownBins`, `.binsOutOfRange`.
  public init(_ text: String, lmax: Int) throws(MapToolError) {
    let numbers = try Self.numbers(text)
    if numbers.count == 1 {
      let edges = Array(stride(from: 2, through: lmax + 1, by: numbers[0]))
      guard edges.count >= 2 else {
        throw .binsOutOfRange(found: text, expected: "a width of at most lmax - 1 = \(lmax - 1)")
      }
      self.init(edges: edges)
    } else {
      guard let last = numbers.last, last <= lmax + 1 else {
        throw .binsOutOfRange(found: text, expected: "edges up to lmax + 1 = \(lmax + 1)")
      }
      self.init(edges: numbers)
    }
  }

  /// The numbers of a text that may be bins.
  ///
  /// - Throws: `MapToolError.unknownBins`.
  public static func numbers(_ text: String) throws(MapToolError) -> [Int] {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = words.compactMap { Int($0) }
    let isWidth = numbers.count == 1 && numbers[0] >= 1
    let isEdges =
      numbers.count >= 2 && numbers[0] >= 0
      && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    guard numbers.count == words.count, isWidth || isEdges,
      numbers.allSatisfy({ $0 <= 1_000_000 })
    else {
      throw .unknownBins(found: text)
    }
    return numbers
  }

  /// Means of a spectrum over the bins.
  public func means(of spectrum: [Double]) -> [Double] {
    ranges.map { range in
      spectrum[range].reduce(0, +) / Double(range.count)
    }
  }
}

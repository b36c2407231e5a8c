/// A stream of random numbers addressed by element: number e is a function of the stream and of e.
///
/// Address:    the Philox key is the seed; the counter is
///             word 0: block of the element; word 1: field (16 bits), split (8), purpose (8);
///             words 2 and 3: index, low half first. Distinct streams therefore never overlap.
/// Numbers:    a block has four 32-bit words and makes two numbers: elements 2b and 2b + 1 come
///             from block b. Uniform and normal numbers of one stream share their bits: draw one
///             kind.
/// Domain:     field < 2¹⁶, element < 2³³.
/// Checked by: CounterGeneratorTests.
public struct RandomStream: Sendable, Hashable {
  let key: SIMD2<UInt32>
  let word1: UInt32
  let word2: UInt32
  let word3: UInt32

  /// A stream from its address: `index` is the map or the optimiser's step, `field` the field of
  /// the map, the layer or the tensor.
  public init(
    seed: UInt64, purpose: StreamPurpose, split: DataSplit = .training, index: UInt64 = 0,
    field: Int = 0
  ) {
    precondition(0 <= field && field < 1 << 16, "field \(field) is outside 0..<65536")
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    word1 = UInt32(field) | UInt32(split.rawValue) << 16 | UInt32(purpose.rawValue) << 24
    word2 = UInt32(truncatingIfNeeded: index)
    word3 = UInt32(truncatingIfNeeded: index >> 32)
  }

  /// The stream of one purpose and field of a map.
  public init(_ map: MapKey, purpose: StreamPurpose, field: Int = 0) {
    self.init(
      seed: map.seed, purpose: purpose, split: map.split, index: map.index, field: field)
  }

  /// The four random words of a block.
  public func words(block: Int) -> SIMD4<UInt32> {
    precondition(0 <= block && block < 1 << 32, "block \(block) is outside 0..<2^32")
    return CounterGenerator.words(
      counter: SIMD4(UInt32(block), word1, word2, word3), key: key)
  }

  /// Element e of the stream as a number uniform in (0, 1): an odd multiple of 2⁻⁵³, never 0 or 1.
  public func uniform(_ element: Int) -> Double {
    let words = words(block: element >> 1)
    let (low, high) = element & 1 == 0 ? (words[0], words[1]) : (words[2], words[3])
    return unitInterval(UInt64(high) << 32 | UInt64(low))
  }

  /// Element e of the stream as a standard normal number. For many use `normals(from:count:)`.
  public func normal(_ element: Int) -> Double {
    normals(from: element, count: 1)[0]
  }

  /// The elements `first..<first + count` as standard normal numbers.
  ///
  /// Cost:       8 ns per number.
  public func normals(from first: Int = 0, count: Int) -> [Double] {
    precondition(first >= 0 && count >= 0, "elements from \(first), \(count) of them")
    let firstBlock = first >> 1
    let pairs = normalPairs(firstBlock: firstBlock, count: (first + count + 1) / 2 - firstBlock)
    let skipped = first - 2 * firstBlock
    return skipped == 0 && pairs.count == count ? pairs : Array(pairs[skipped..<skipped + count])
  }

  /// The standard normal numbers of the blocks `firstBlock..<firstBlock + count`, two of each.
  package func normalPairs(firstBlock: Int, count: Int) -> [Double] {
    let padded = (count + 7) / 8 * 8
    var numbers = [Double](repeating: 0, count: 2 * padded)
    for start in stride(from: 0, to: count, by: 8) {
      let blocks = eightBlocks(from: firstBlock + start)
      for four in 0..<2 {
        let isLow = four == 0
        let (even, odd) = NormalDeviates.fourPairs(
          isLow ? blocks.first.lowHalf : blocks.first.highHalf,
          isLow ? blocks.second.lowHalf : blocks.second.highHalf)
        let base = 2 * (start + 4 * four)
        for k in 0..<4 {
          numbers[base + 2 * k] = even[k]
          numbers[base + 2 * k + 1] = odd[k]
        }
      }
    }
    numbers.removeLast(2 * (padded - count))
    return numbers
  }

  /// The words of eight consecutive blocks.
  func eightBlocks(from block: Int) -> CounterGenerator.EightBlocks {
    precondition(
      0 <= block && block < 1 << 32, "block \(block) is outside 0..<2^32")
    return CounterGenerator.eightBlocks(
      word0: SIMD8(repeating: UInt64(block)) &+ SIMD8(0, 1, 2, 3, 4, 5, 6, 7), word1: word1,
      word2: word2, word3: word3, key: key)
  }
}

/// (k + ½) 2⁻⁵², with k the upper 52 bits: the midpoints of 2⁵² equal cells of (0, 1). Exact.
func unitInterval(_ bits: UInt64) -> Double {
  (Double(bits >> 12) + 0.5) * 0x1p-52
}

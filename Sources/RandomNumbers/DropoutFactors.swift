import Kernels

/// Factors of dropout: 0 with the given probability, else 1/(1 − probability).
///
/// Numbers:    element e is word e mod 4 of block e/4 of the stream of (seed, step, layer): a shard
///             of the batch that asks for its own elements gets the same factors as the whole
///             batch.
/// Domain:     `step` counts the optimiser's steps and `layer` the dropout layers, both from 0;
///             `first` is a multiple of 32.
/// Checked by: MapDrawTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
public func dropoutFactors<T: LaneScalar>(
  probability: Double, seed: UInt64, step: Int, layer: Int, from first: Int = 0, count: Int
) -> [T] {
  precondition(0 <= probability && probability < 1, "dropout of \(probability) is outside 0..<1")
  precondition(first % 32 == 0, "the first element \(first) is not a multiple of 32")
  let stream = RandomStream(seed: seed, purpose: .dropout, index: UInt64(step), field: layer)
  let threshold = UInt64((probability * 0x1p32).rounded())
  let kept = T(1 / (1 - probability))
  let padded = (count + 31) / 32 * 32
  var factors = [T](repeating: kept, count: padded)
  for start in stride(from: 0, to: count, by: 32) {
    let blocks = stream.eightBlocks(from: (first + start) / 4)
    for k in 0..<8 {
      let words = (blocks.first[k], blocks.second[k])
      let element = start + 4 * k
      if words.0 & 0xFFFF_FFFF < threshold { factors[element] = 0 }
      if words.0 >> 32 < threshold { factors[element + 1] = 0 }
      if words.1 & 0xFFFF_FFFF < threshold { factors[element + 2] = 0 }
      if words.1 >> 32 < threshold { factors[element + 3] = 0 }
    }
  }
  factors.removeLast(padded - count)
  return factors
}

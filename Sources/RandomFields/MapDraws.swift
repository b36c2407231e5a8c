import Kernels

/// Adds white noise N(0, σ²) to every pixel of one lane of a stack of maps.
///
/// Numbers:    pixel p takes element p of the noise stream of `key` and `field`, whichever other pixels
///             there are. Noise is added in Double and the sum rounded once.
/// Layout:     element (pixel · lanes + lane).
/// Units:      σ in the map's unit, per pixel.
/// Cost:       25 μs for 3072 pixels; none for σ = 0.
/// Checked by: MapDrawTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
public func addWhiteNoise<T: LaneScalar>(
  standardDeviation: Double, key: MapKey, field: Int = 0, to maps: inout [T], lane: Int = 0,
  lanes: Int = 1
) {
  precondition(
    standardDeviation >= 0 && standardDeviation.isFinite,
    "the noise's standard deviation \(standardDeviation) must be >= 0")
  precondition(
    0 <= lane && lane < lanes && maps.count % lanes == 0,
    "lane \(lane) of \(lanes) in \(maps.count) elements")
  if standardDeviation == 0 { return }
  let pixelCount = maps.count / lanes
  let normals = RandomStream(key, purpose: .noise, field: field).normals(count: pixelCount)
  for p in 0..<pixelCount {
    let element = p * lanes + lane
    maps[element] = T(Double(maps[element]) + standardDeviation * normals[p])
  }
}

/// The parameter of a map, uniform in its prior range; `component` says which of several, from 0.
///
/// Numbers:    element `component` of the parameter stream of `key`.
/// Checked by: MapDrawTests.
public func drawParameter(
  in range: ClosedRange<Double>, key: MapKey, component: Int = 0
) -> Double {
  let u = RandomStream(key, purpose: .parameter).uniform(component)
  return range.lowerBound + (range.upperBound - range.lowerBound) * u
}

/// Factors of dropout: 0 with the given probability, else 1/(1 − probability).
///
/// Numbers:    element e is word e mod 4 of block e/4 of the stream of (seed, step, layer): a shard of
///             the batch that asks for its own elements gets the same factors as the whole batch.
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

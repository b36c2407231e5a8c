import Kernels

/// Adds white noise N(0, σ²) to every pixel of one lane of a stack of maps.
///
/// Numbers:    pixel p takes element p of the noise stream of `key` and `field`, whichever other
///             pixels there are. Noise is added in Double and the sum rounded once.
/// Layout:     element (pixel · lanes + lane).
/// Units:      σ in the map's unit, per pixel.
/// Cost:       25 μs for 3072 pixels; none for σ = 0.
/// Checked by: MapDrawTests.
public func addWhiteNoise<T: LaneScalar>(
  standardDeviation: Double, key: MapKey, field: Int = 0, to maps: inout [T], lane: Int = 0,
  lanes: Int = 1
) {
  precondition(
    0 <= lane && lane < lanes && maps.count % lanes == 0,
    "lane \(lane) of \(lanes) in \(maps.count) elements")
  let pixelCount = maps.count / lanes
  maps.withMutableView {
    addWhiteNoise(
      standardDeviation: standardDeviation, key: key, field: field, to: $0,
      pixelCount: pixelCount, lane: lane, laneStride: lanes)
  }
}

/// The same in memory of lanes `laneStride` apart.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func addWhiteNoise<T: LaneScalar>(
  standardDeviation: Double, key: MapKey, field: Int, to maps: BufferView<T>, pixelCount: Int,
  lane: Int, laneStride: Int
) {
  precondition(
    standardDeviation >= 0 && standardDeviation.isFinite,
    "the noise's standard deviation \(standardDeviation) must be >= 0")
  if standardDeviation == 0 { return }
  let normals = RandomStream(key, purpose: .noise, field: field).normals(count: pixelCount)
  for p in 0..<pixelCount {
    let element = p * laneStride + lane
    maps[element] = T(Double(maps[element]) + standardDeviation * normals[p])
  }
}

/// The same with a standard deviation per pixel, σ_p: the numbers of the noise stream are those of
/// white noise.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func addNoise<T: LaneScalar>(
  standardDeviations: [Float], key: MapKey, field: Int, to maps: BufferView<T>, lane: Int,
  laneStride: Int
) {
  let count = standardDeviations.count
  let normals = RandomStream(key, purpose: .noise, field: field).normals(count: count)
  for p in 0..<count {
    let element = p * laneStride + lane
    maps[element] = T(Double(maps[element]) + Double(standardDeviations[p]) * normals[p])
  }
}

/// Noise of every pixel's own standard deviation, or white noise without a noise map.
func addPixelNoise<T: LaneScalar>(
  _ standardDeviation: Double, _ noiseMap: [Float]?, key: MapKey, field: Int,
  to maps: BufferView<T>, pixelCount: Int, lane: Int, laneStride: Int
) {
  if let noiseMap {
    precondition(
      noiseMap.count == pixelCount, "\(noiseMap.count) deviations for \(pixelCount) pixels")
    addNoise(
      standardDeviations: noiseMap, key: key, field: field, to: maps, lane: lane,
      laneStride: laneStride)
  } else {
    addWhiteNoise(
      standardDeviation: standardDeviation, key: key, field: field, to: maps,
      pixelCount: pixelCount, lane: lane, laneStride: laneStride)
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

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
      pixels: 0..<pixelCount, lane: lane, laneStride: lanes)
  }
}

/// The same to some pixels, in memory of lanes `laneStride` apart.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func addWhiteNoise<T: LaneScalar>(
  standardDeviation: Double, key: MapKey, field: Int, to maps: BufferView<T>,
  pixels: Range<Int>, lane: Int, laneStride: Int
) {
  precondition(
    standardDeviation >= 0 && standardDeviation.isFinite,
    "the noise's standard deviation \(standardDeviation) must be >= 0")
  if standardDeviation == 0 { return }
  let first = pixels.lowerBound
  let normals = RandomStream(key, purpose: .noise, field: field)
    .normals(from: first, count: pixels.count)
  for p in pixels {
    let element = p * laneStride + lane
    maps[element] = T(Double(maps[element]) + standardDeviation * normals[p - first])
  }
}

/// The same with a standard deviation per pixel, σ_p: the numbers of the noise stream are those of
/// white noise.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func addNoise<T: LaneScalar>(
  standardDeviations: [Float], key: MapKey, field: Int, to maps: BufferView<T>,
  pixels: Range<Int>, lane: Int, laneStride: Int
) {
  let first = pixels.lowerBound
  let normals = RandomStream(key, purpose: .noise, field: field)
    .normals(from: first, count: pixels.count)
  for p in pixels {
    let element = p * laneStride + lane
    let deviation = Double(standardDeviations[p])
    maps[element] = T(Double(maps[element]) + deviation * normals[p - first])
  }
}

/// Noise of every pixel's own standard deviation, or white noise without a noise map, added to
/// several maps in neighbouring lanes.
///
/// Method: some pixels of all maps before the next ones, so that memory is read once, not once per
///         map: 1,024 pixels of 32 lanes of `Float` are 128 KB.
///
/// - Parameters:
///   - standardDeviation: σ, without a noise map.
///   - noiseMap: σ of every pixel.
///   - keys: of the maps, with the lane of each.
///   - field: the field's number in the keys.
///   - maps: `[pixel][laneStride]`.
///   - pixelCount: number of pixels.
///   - laneStride: distance of rows.
func addPixelNoise<T: LaneScalar>(
  _ standardDeviation: Double, _ noiseMap: [Float]?, keys: [(key: MapKey, lane: Int)], field: Int,
  to maps: BufferView<T>, pixelCount: Int, laneStride: Int
) {
  if noiseMap == nil, standardDeviation == 0 { return }
  for first in stride(from: 0, to: pixelCount, by: 1024) {
    let pixels = first..<min(first + 1024, pixelCount)
    for (key, lane) in keys {
      if let noiseMap {
        precondition(
          noiseMap.count == pixelCount, "\(noiseMap.count) deviations for \(pixelCount) pixels")
        addNoise(
          standardDeviations: noiseMap, key: key, field: field, to: maps, pixels: pixels,
          lane: lane, laneStride: laneStride)
      } else {
        addWhiteNoise(
          standardDeviation: standardDeviation, key: key, field: field, to: maps, pixels: pixels,
          lane: lane, laneStride: laneStride)
      }
    }
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

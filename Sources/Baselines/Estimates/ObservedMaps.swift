import HarmonicTransforms
import Kernels
import SkyMaps

/// Q and U of several maps at the observed pixels of a mask, as the pixel likelihood reads them.
///
/// Layout: `values[datum * count + map]`; data are Q of the observed pixels, then U of them.
public struct ObservedMaps: Sendable {
  /// Number of maps.
  public let count: Int
  /// The numbers, in the layout above.
  public let values: [Double]

  /// The observed pixels of whole maps.
  ///
  /// - Parameters:
  ///   - maps: whole maps, RING order.
  ///   - mask: which pixels are observed.
  /// - Throws: `BaselineError.mapPixels` for another number of pixels than the mask's,
  ///   `.pixelNotFinite` for NaN or infinity where the mask observes.
  public init<T: LaneScalar>(
    _ maps: SpinFields<T>, mask: SkyMask
  ) throws(BaselineError) {
    let lanes = maps.q.lanes
    guard maps.q.grid.pointCount == mask.weights.count else {
      throw .mapPixels(found: maps.q.grid.pointCount, expected: mask.weights.count)
    }
    let pixels = mask.observedPixels
    var values = [Double](repeating: 0, count: 2 * pixels.count * lanes)
    for (component, stack) in [maps.q, maps.u].enumerated() {
      for (row, pixel) in pixels.enumerated() {
        for lane in 0..<lanes {
          let value = Double(stack.values[pixel * lanes + lane])
          guard value.isFinite else {
            throw .pixelNotFinite(map: lane, pixel: pixel, value: value)
          }
          values[(component * pixels.count + row) * lanes + lane] = value
        }
      }
    }
    count = lanes
    self.values = values
  }

  /// Some of the maps, in the order of the list.
  func subset(_ maps: [Int]) -> ObservedMaps {
    if maps == Array(0..<count) { return self }
    var values: [Double] = []
    values.reserveCapacity(self.values.count / count * maps.count)
    for row in stride(from: 0, to: self.values.count, by: count) {
      for map in maps { values.append(self.values[row + map]) }
    }
    return ObservedMaps(count: maps.count, values: values)
  }

  /// Maps from numbers already in this layout.
  init(count: Int, values: [Double]) {
    self.count = count
    self.values = values
  }
}

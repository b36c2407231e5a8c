import HarmonicTransforms
import Kernels
import SkyMaps

/// T, or Q and U, of several maps at the observed pixels of a mask, as the pixel likelihood reads
/// them.
///
/// Layout: `values[datum * count + map]`; data are T of the observed pixels, or Q and then U of
/// them.
public struct ObservedMaps: Sendable {
  /// Number of maps.
  public let count: Int
  /// The numbers, in the layout above.
  public let values: [Double]

  /// The observed pixels of whole maps of Q and U.
  ///
  /// - Parameters:
  ///   - maps: whole maps, RING order.
  ///   - mask: which pixels are observed.
  /// - Throws: `BaselineError.mapPixels` for another number of pixels than the mask's,
  ///   `.pixelNotFinite` for NaN or infinity where the mask observes.
  public init<T: LaneScalar>(
    _ maps: SpinFields<T>, mask: SkyMask
  ) throws(BaselineError) {
    try self.init([maps.q, maps.u], mask: mask)
  }

  /// The observed pixels of whole maps, component by component.
  ///
  /// - Parameters:
  ///   - components: T, or Q and U, of whole maps, RING order.
  ///   - mask: which pixels are observed.
  /// - Throws: as above.
  public init<T: LaneScalar>(
    _ components: [FieldStack<T>], mask: SkyMask
  ) throws(BaselineError) {
    let lanes = components[0].lanes
    guard components[0].grid.pointCount == mask.weights.count else {
      throw .mapPixels(found: components[0].grid.pointCount, expected: mask.weights.count)
    }
    let pixels = mask.observedPixels
    var values = [Double](repeating: 0, count: components.count * pixels.count * lanes)
    for (component, stack) in components.enumerated() {
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

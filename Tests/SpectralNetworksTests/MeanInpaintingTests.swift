import HarmonicTransforms
import Testing
import Verification

@testable import SpectralNetworks

/// Inpainting with the mean: formula, transpose, gradients and special masks.
///
/// For a given mask the layer is linear. The mask itself is not differentiated: its lanes pass
/// through.
@Suite("Mean inpainting")
struct MeanInpaintingTests {
  static let (maps, points) = (2, 7)

  /// Fields with a mask channel: observed where it is greater than 0, with values of both signs so
  /// that a small step changes no pixel's side.
  static func masked(channels: Int, seed: UInt64) -> [Double] {
    var numbers = TestNumbers(seed: seed)
    let lanes = maps * channels
    var x = numbers.normals(points * lanes)
    for map in 0..<maps {
      for p in 0..<points {
        let isObserved = (p + map) % 3 != 0
        x[p * lanes + map * channels + channels - 1] = isObserved ? 0.5 : -0.25
      }
    }
    return x
  }

  /// The definition, on fields whose points are apart.
  static func byDefinition(_ x: [Double], channels: Int) -> [Double] {
    MeanInpainting(channels: channels)
      .forwardByDefinition(x.transposed(rows: points), maps: maps)
      .transposed(rows: maps * channels)
  }

  @Test("Forward is the formula", arguments: [2, 3], UInt64(0)..<2)
  func formula(channels: Int, seed: UInt64) {
    let x = Self.masked(channels: channels, seed: seed)
    let y = MeanInpainting(channels: channels).forward(x, maps: Self.maps)
    #expect(y == Self.byDefinition(x, channels: channels))
    #expect(y != x)
    // Backward too; y serves as the gradient.
    let layer = MeanInpainting(channels: channels)
    let slow = layer.backwardByDefinition(
      y.transposed(rows: Self.points), saved: x.transposed(rows: Self.points), maps: Self.maps)
    let dx = layer.backward(y, saved: x, maps: Self.maps).transposed(rows: Self.points)
    let bound = RoundingBound.probable(operations: 2 * Self.points)
    #expect(relativeError(dx, slow) <= bound)
    #expect(relativeError(y.transposed(rows: Self.points), slow) > 1000 * bound)
  }

  private func check(
    _ x: [Double], channels: Int, differentiating places: [Int], dy: [Double],
    gradient: [Double]
  ) -> GradientCheck {
    GradientCheck(
      places.map { gradient[$0] }, at: places.map { x[$0] },
      evaluationError: RoundingBound.probable(operations: 16 * x.count)
    ) { (point: [Double]) in
      var moved = x
      for (place, value) in zip(places, point) { moved[place] = value }
      let y = MeanInpainting(channels: channels).forward(moved, maps: Self.maps)
      return zip(y, dy).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// All elements, masked and observed, data and mask.
  @Test("Gradients with a mask channel", arguments: [2, 3])
  func maskChannel(channels: Int) {
    let x = Self.masked(channels: channels, seed: 5)
    var numbers = TestNumbers(seed: 6)
    let dy = numbers.normals(x.count)
    let layer = MeanInpainting(channels: channels)
    let gradient = layer.backward(dy, saved: x, maps: Self.maps)
    let all = Array(x.indices)
    let found = check(x, channels: channels, differentiating: all, dy: dy, gradient: gradient)
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    #expect(found.differencingBound < 1e-9, "the check is weak: \(found)")

    // Without the share of the masked points; with the mean over all points.
    let lanes = Self.maps * channels
    let isMask = { (i: Int) in i % channels == channels - 1 }
    let isObserved = { (i: Int) in
      x[i / lanes * lanes + i % lanes / channels * channels + channels - 1] > 0
    }
    let withoutShare = x.indices.map { isMask($0) || isObserved($0) ? dy[$0] : 0 }
    let overAll = x.indices.map { i -> Double in
      let observed = Double((0..<Self.points).count { isObserved($0 * lanes + i % lanes) })
      return withoutShare[i]
        + (gradient[i] - withoutShare[i]) * observed / Double(Self.points)
    }
    for wrong in [withoutShare, overAll, dy] {
      let control = check(x, channels: channels, differentiating: all, dy: dy, gradient: wrong)
      #expect(control.relativeL2 > 1000 * control.differencingBound, "\(control)")
    }
  }

  /// One channel: zeros are the mask. A masked point that moves would become an observed one, so
  /// only observed points are differenced; the masked ones have no gradient by definition.
  @Test("Gradients with zeros as the mask")
  func zerosAsMask() {
    var numbers = TestNumbers(seed: 7)
    let x = (0..<Self.points * Self.maps).map { $0 % 4 == 1 ? 0 : 1 + numbers.uniform() }
    let dy = numbers.normals(x.count)
    let layer = MeanInpainting(channels: 1)
    #expect(layer.forward(x, maps: Self.maps) == Self.byDefinition(x, channels: 1))
    let gradient = layer.backward(dy, saved: x, maps: Self.maps)
    let observed = x.indices.filter { x[$0] != 0 }
    let found = check(x, channels: 1, differentiating: observed, dy: dy, gradient: gradient)
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    #expect(x.indices.allSatisfy { x[$0] != 0 || gradient[$0] == 0 })
    let control = check(x, channels: 1, differentiating: observed, dy: dy, gradient: dy)
    #expect(control.relativeL2 > 1000 * control.differencingBound, "\(control)")
  }

  /// For a fixed mask backward is the transpose of forward restricted to the data.
  @Test("Transpose", arguments: UInt64(0)..<3)
  func transpose(seed: UInt64) {
    let channels = 3
    let mask = Self.masked(channels: channels, seed: 1)
    let lanes = Self.maps * channels
    let layer = MeanInpainting(channels: channels)
    /// Puts the mask of `mask` into the mask lanes.
    func withMask(_ x: [Double]) -> [Double] {
      x.indices.map { $0 % channels == channels - 1 ? mask[$0] : x[$0] }
    }
    func withoutMask(_ x: [Double]) -> [Double] {
      x.indices.map { $0 % channels == channels - 1 ? 0 : x[$0] }
    }
    let check = AdjointCheck(
      inputCount: Self.points * lanes, outputCount: Self.points * lanes, terms: Self.points,
      seed: seed,
      forward: { withoutMask(layer.forward(withMask($0), maps: Self.maps)) },
      transpose: { (y: [Double]) in
        withoutMask(layer.backward(y, saved: withMask(y), maps: Self.maps))
      })
    #expect(check.mismatch <= check.roundingBound, "\(check)")
    let control = AdjointCheck(
      inputCount: Self.points * lanes, outputCount: Self.points * lanes, terms: Self.points,
      seed: seed,
      forward: { withoutMask(layer.forward(withMask($0), maps: Self.maps)) },
      transpose: { (y: [Double]) in withoutMask(y) })
    #expect(control.mismatch > 1000 * control.roundingBound, "\(control)")
  }

  /// Nothing observed: zeros, and no gradient; the mask passes. Everything observed: the identity.
  /// What stands in masked points, NaN too, is never read.
  @Test("Empty and full masks, and what is behind a mask")
  func specialMasks() {
    let layer = MeanInpainting(channels: 2)
    let data: [Double] = [1, 2, 3, 4]
    func field(_ data: [Double], mask: [Double]) -> [Double] {
      zip(data, mask).flatMap { [$0.0, $0.1] }
    }
    let empty = field(data, mask: [0, 0, 0, 0])
    #expect(layer.forward(empty, maps: 1) == field([0, 0, 0, 0], mask: [0, 0, 0, 0]))
    #expect(
      layer.backward(field([5, 6, 7, 8], mask: [1, 2, 3, 4]), saved: empty, maps: 1)
        == field([0, 0, 0, 0], mask: [1, 2, 3, 4]))
    let full = field(data, mask: [1, 1, 1, 1])
    #expect(layer.forward(full, maps: 1) == full)
    #expect(layer.backward(empty, saved: full, maps: 1) == empty)
    let hidden = field([1, .nan, 3, .infinity], mask: [1, 0, 1, 0])
    #expect(layer.forward(hidden, maps: 1) == field([1, 2, 3, 2], mask: [1, 0, 1, 0]))
    #expect(
      layer.backward(field([1, 2, 3, 4], mask: [0, 0, 0, 0]), saved: hidden, maps: 1)
        == field([4, 0, 6, 0], mask: [0, 0, 0, 0]))
    #expect(MeanInpainting(channels: 1).forward([0.0, 0, 0], maps: 1) == [0, 0, 0])
  }
}

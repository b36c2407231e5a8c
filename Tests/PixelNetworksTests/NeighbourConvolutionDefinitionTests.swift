import Kernels
import SphereGrids
import Testing
import Verification

@testable import PixelNetworks

/// The convolution as a matrix product in NESTED order against its formula in RING order, with
/// neighbours found by the corners of pixels.
@Suite("Convolution over neighbours against its definition")
struct NeighbourConvolutionDefinitionTests {
  struct Sizes: Sendable, CustomStringConvertible {
    var nside: Int
    var maps: Int
    var inputs: Int
    var outputs: Int
    var description: String { "nside \(nside), \(maps) maps, \(inputs) to \(outputs) channels" }
  }

  static let sizes = [
    Sizes(nside: 1, maps: 2, inputs: 2, outputs: 3),
    Sizes(nside: 2, maps: 1, inputs: 1, outputs: 1),
    Sizes(nside: 4, maps: 3, inputs: 2, outputs: 5),
    Sizes(nside: 4, maps: 4, inputs: 8, outputs: 16),
    Sizes(nside: 8, maps: 1, inputs: 32, outputs: 32),
  ]

  /// Rows of pixels from RING to NESTED order.
  static func nested(_ x: [Double], nside: Int, row: Int) throws -> [Double] {
    let grid = try HealpixGrid(nside: nside)
    return try (0..<grid.pointCount).flatMap { pixel in
      let start = try grid.ringPixel(nested: pixel) * row
      return x[start..<start + row]
    }
  }

  struct Numbers {
    var x: [Double]
    var weights: [Double]
    var bias: [Double]

    init(_ s: Sizes, seed: UInt64) {
      var numbers = TestNumbers(seed: seed)
      x = numbers.normals(12 * s.nside * s.nside * s.maps * s.inputs)
      weights = numbers.normals(9 * s.inputs * s.outputs)
      bias = numbers.normals(s.outputs)
    }
  }

  private func error<T: LaneScalar>(_ s: Sizes, _ n: Numbers, _ type: T.Type) throws -> Double {
    let layer = try NeighbourConvolution<T>(
      nside: s.nside, inputChannels: s.inputs, outputChannels: s.outputs)
    let expected = try layer.forwardByDefinition(
      n.x.map { Double(T($0)) }, maps: s.maps, weights: n.weights.map { Double(T($0)) },
      bias: n.bias.map { Double(T($0)) })
    let x = try Self.nested(n.x, nside: s.nside, row: s.maps * s.inputs).map { T($0) }
    let found = layer.forward(
      x, maps: s.maps, weights: n.weights.map { T($0) }, bias: n.bias.map { T($0) })
    return relativeError(
      found, try Self.nested(expected, nside: s.nside, row: s.maps * s.outputs))
  }

  /// A sum of 9 I + 1 products of numbers of order one: errors grow as a random walk, relative to a
  /// sum that grows as one as well.
  private func bound<T: LaneScalar>(_ s: Sizes, _ type: T.Type) -> Double {
    RoundingBound.probable(operations: 9 * s.inputs + 1, T.self)
  }

  @Test("Forward", arguments: sizes)
  func forward(_ s: Sizes) throws {
    let n = Numbers(s, seed: 3)
    let (double, single) = (try error(s, n, Double.self), try error(s, n, Float.self))
    #expect(double <= bound(s, Double.self), "\(s)")
    #expect(single <= bound(s, Float.self), "\(s)")
  }

  /// A compass turned by one place, a missing neighbour that counts as the pixel itself, and a bias
  /// left out are far outside the bound.
  @Test("Negative controls")
  func negativeControls() throws {
    let s = Sizes(nside: 4, maps: 3, inputs: 2, outputs: 5)
    let n = Numbers(s, seed: 3)
    let layer = try NeighbourConvolution<Double>(
      nside: s.nside, inputChannels: s.inputs, outputChannels: s.outputs)
    let x = try Self.nested(n.x, nside: s.nside, row: s.maps * s.inputs)
    let right = layer.forward(x, maps: s.maps, weights: n.weights, bias: n.bias)
    let tap = s.inputs * s.outputs
    let turned = n.weights[..<tap] + n.weights[(2 * tap)...] + n.weights[tap..<2 * tap]
    let limit = 1000 * bound(s, Double.self)
    #expect(
      relativeError(
        layer.forward(x, maps: s.maps, weights: Array(turned), bias: n.bias), right) > limit)
    #expect(
      relativeError(
        layer.forward(x, maps: s.maps, weights: n.weights, bias: [0, 0, 0, 0, 0]), right)
        > limit)
    var filled = right
    for (place, pixel) in layer.table.enumerated() where pixel < 0 {
      let (p, k) = (place / 9, place % 9)
      for map in 0..<s.maps {
        for o in 0..<s.outputs {
          for i in 0..<s.inputs {
            filled[(p * s.maps + map) * s.outputs + o] +=
              n.weights[k * tap + i * s.outputs + o] * x[(p * s.maps + map) * s.inputs + i]
          }
        }
      }
    }
    #expect(relativeError(filled, right) > limit)
  }

  /// Maps of a batch do not see each other, to the bit: a row of the product is one map's.
  @Test("A map alone gives the same bits")
  func independence() throws {
    let layer = try NeighbourConvolution<Float>(nside: 4, inputChannels: 3, outputChannels: 4)
    var numbers = TestNumbers(seed: 8)
    let weights = numbers.normals(9 * 12).map { Float($0) }
    let bias = numbers.normals(4).map { Float($0) }
    let x = randomMaps(nside: 4, lanes: 3 * 3, seed: 9, as: Float.self)
    let all = layer.forward(x, maps: 3, weights: weights, bias: bias)
    for map in 0..<3 {
      let found = layer.forward(
        chosen(from: x, maps: [map], of: 3), maps: 1, weights: weights, bias: bias)
      #expect(found == chosen(from: all, maps: [map], of: 3), "map \(map)")
    }
  }
}

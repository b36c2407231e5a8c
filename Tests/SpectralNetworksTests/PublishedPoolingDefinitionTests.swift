import HarmonicTransforms
import SphereGrids
import Testing
import Verification

@testable import SpectralNetworks

/// What is read out of the last block, and its gradient, from moments against sums over all points.
///
/// Sees: the moments of ring pairs and the algebra of `FieldMoments`. Blind to: the normalised
/// field itself (PublishedFixtureTests).
@Suite("Pooling of the published network")
struct PublishedPoolingDefinitionTests {
  static let maps = 3

  /// z of every point and lane, the moments and the readout of a network on random maps.
  private func fields(
    _ configuration: PublishedConfiguration, isTraining: Bool
  ) throws -> (z: FieldStack<Double>, moments: FieldMoments, pooled: [Double]) {
    let network = try PublishedNetwork<Double>.random(configuration, seed: 51)
    let input = randomMaps(
      nside: configuration.nside, lanes: Self.maps * configuration.inputChannels, seed: 52,
      as: Double.self)
    return network.forward(
      input, count: Self.maps, isTraining: isTraining, dropoutStep: nil, threads: 2
    ) { workspace in
      let memory = workspace.blocks[workspace.blocks.count - 1]
      let grid = network.blocks[0].transform.grid
      let lanes = Self.maps * configuration.hiddenChannels
      // One block of lanes holds all of them: y is `[point][laneStride]`.
      precondition(memory.output.laneStride <= TransformWorkspace<Double>.blockLanes)
      let width = memory.output.usedLanes
      var z = FieldStack<Double>(grid: grid, lanes: lanes)
      for p in 0..<grid.pointCount {
        for lane in 0..<lanes {
          z.values[p * lanes + lane] =
            memory.scale[lane] * memory.field[p * width + lane] + memory.shift[lane]
        }
      }
      return (z, workspace.moments, workspace.pooled)
    }
  }

  static let configurations = [
    PublishedConfiguration.small(blocks: 1), .small(blocks: 2, hidden: 5),
  ]

  /// Sums of some hundred positive terms, by two ways; logarithms of order one. Control: the other
  /// pooling.
  @Test("Against sums over all points", arguments: configurations, [true, false])
  func forward(_ configuration: PublishedConfiguration, isTraining: Bool) throws {
    let bound = RoundingBound.probable(operations: 4096)
    for pooling in PublishedPooling.allCases {
      let (z, _, pooled) = try fields(configuration.with(nil, pooling), isTraining: isTraining)
      let points = z.grid.pointCount
      let definition = pooling.forwardByDefinition(
        z.values.transposed(rows: points), points: points)
      #expect(relativeError(pooled, definition) <= bound, "\(pooling)")
      let other = GlobalPooling(weighting: .equal, squares: pooling == .mean).forward(z)
      #expect(relativeError(pooled, other) > 1000 * bound, "\(pooling)")
    }
  }

  /// e y_p + f is q̄ ∂q/∂z_p at every point, and the two sums are those over the points. Control:
  /// the gradient without the chain rule of the logarithm.
  @Test("The gradient at every point", arguments: PublishedPooling.allCases)
  func backward(_ pooling: PublishedPooling) throws {
    let configuration = PublishedConfiguration.small(blocks: 1).with(nil, pooling)
    let (z, moments, _) = try fields(configuration, isTraining: true)
    var numbers = TestNumbers(seed: 53)
    let dq = numbers.normals(z.lanes)
    let centre = numbers.normals(z.lanes)
    let affine = moments.backward(dq, pooling)
    let points = z.grid.pointCount
    let definition = pooling.backwardByDefinition(
      dq, saved: z.values.transposed(rows: points), points: points
    ).transposed(rows: z.lanes)
    let y = z.values.indices.map {
      (z.values[$0] - moments.shift[$0 % z.lanes]) / moments.scale[$0 % z.lanes]
    }
    let found = y.indices.map {
      affine.slope[$0 % z.lanes] * y[$0] + affine.offset[$0 % z.lanes]
    }
    let bound = RoundingBound.probable(operations: 4096)
    #expect(relativeError(found, definition) <= bound)
    let squares = GlobalPooling(weighting: .equal, squares: true)
    #expect(
      relativeError(found, squares.backward(dq, saved: z).values) > 1000 * bound, "\(pooling)")

    var sums = [Double](repeating: 0, count: z.lanes)
    var products = sums
    for i in y.indices {
      sums[i % z.lanes] += definition[i]
      products[i % z.lanes] += definition[i] * (y[i] - centre[i % z.lanes])
    }
    let expected = moments.sums(affine, centre: centre)
    #expect(relativeError(expected.sums, sums) <= 8 * bound)
    #expect(relativeError(expected.products, products) <= 8 * bound)
    let shifted = moments.sums(affine, centre: centre.map { $0 + 0.1 })
    #expect(relativeError(shifted.products, products) > 1000 * bound)
  }
}

import Kernels
import SphereGrids

/// The convolution over a pixel and its eight neighbours [KT19, sec. 2].
///
///     forward     y_p,o = b_o + Σ_k Σ_i w_k,i,o x_{n_k(p),i}
///     backward    x̄_q,i = Σ_{(p,k): n_k(p) = q} Σ_o w_k,i,o ȳ_p,o
///                 w̄_k,i,o += Σ_p ȳ_p,o x_{n_k(p),i},   b̄_o += Σ_p ȳ_p,o
///
/// n_0(p) = p, and n_1...n_8 are the neighbours to the south-west, west, north-west, north,
/// north-east, east, south-east and south. A neighbour that does not exist counts zero: 24 pixels
/// have only seven. The compass turns with the meridians, and at the edges of the polar faces by a
/// right angle at once: unlike a filter of the plane, the same weights mean other directions there.
/// Shapes:     x `[pixel][map][input]`, y `[pixel][map][output]`, pixels in NESTED order; w
///             `[k][input][output]`, b `[output]`.
/// Method:     the nine rows of a pixel side by side are one row of a matrix, and its product with
///             w is y; 24 pixels at a time, so that the matrix stays in the cache.
/// Checked by: NeighbourConvolutionDefinitionTests, NeighbourConvolutionGradientTests,
///             PixelNetworkFixtureTests.
package struct NeighbourConvolution<T: LaneScalar>: Sendable {
  package let nside: Int
  package let inputChannels: Int
  package let outputChannels: Int
  /// n, `[pixel][k]` in NESTED order; −1 where there is none.
  package let table: [Int32]

  /// k = 0...8.
  package static var tapCount: Int { 9 }

  /// Pixels whose rows are in memory at once: 12 nside² is a multiple for every nside above 1 that
  /// is a power of two.
  static var tilePixels: Int { 24 }

  /// Number of pixels, 12 nside².
  package var pixelCount: Int { 12 * nside * nside }
  private var depth: Int { Self.tapCount * inputChannels }

  /// The convolution at a resolution that has NESTED numbers.
  ///
  /// - Throws: `HealpixError.invalidNside`, `.nestedNeedsPowerOfTwo`.
  package init(nside: Int, inputChannels: Int, outputChannels: Int) throws {
    let grid = try HealpixGrid(nside: nside)
    self.nside = nside
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    table = try (0..<grid.pointCount).flatMap { pixel in
      try [Int32(pixel)]
        + grid.neighbours(of: pixel, ordering: .nested).map { $0.map { Int32($0) } ?? -1 }
    }
  }

  /// Elements of scratch memory for a number of maps.
  package func scratchCount(maps: Int) -> Int { Self.tilePixels * maps * depth }

  private var tiles: [Range<Int>] {
    stride(from: 0, to: pixelCount, by: Self.tilePixels).map {
      $0..<min($0 + Self.tilePixels, pixelCount)
    }
  }

  /// Writes y.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func forward(
    _ x: BufferView<T>, maps: Int, weights: [T], bias: [T], to y: BufferView<T>,
    scratch: BufferView<T>
  ) {
    weights.withView { weights in
      bias.withView { bias in
        for tile in tiles {
          let (rows, start) = (tile.count * maps, y.at(tile.lowerBound * maps * outputChannels))
          gather(tile, x, maps: maps, to: scratch)
          fillRows(rows: rows, columns: outputChannels, with: bias, to: start)
          matrixProduct(
            rows: rows, columns: outputChannels, depth: depth,
            MatrixView(scratch, rowStride: depth), MatrixView(weights, rowStride: outputChannels),
            into: MatrixView(start, rowStride: outputChannels), .adding)
        }
      }
    }
  }

  private func gather(
    _ tile: Range<Int>, _ x: BufferView<T>, maps: Int, to scratch: BufferView<T>
  ) {
    gatherNeighbours(
      pixels: tile, table: table, neighbours: Self.tapCount, maps: maps, channels: inputChannels,
      from: x, to: scratch)
  }

  /// Adds w̄ and b̄; writes x̄ if there is a place for it.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func backward(
    _ dy: BufferView<T>, saved x: BufferView<T>, maps: Int, weights: [T],
    accumulatingInto dw: BufferView<T>, _ db: BufferView<T>, to dx: BufferView<T>?,
    scratch: BufferView<T>
  ) {
    if let dx { clear(dx, count: pixelCount * maps * inputChannels) }
    weights.withView { weights in
      for tile in tiles {
        let (rows, start) = (tile.count * maps, dy.at(tile.lowerBound * maps * outputChannels))
        let columns = MatrixView(scratch, rowStride: depth)
        let gradient = MatrixView(start, rowStride: outputChannels)
        addRows(rows: rows, columns: outputChannels, start, to: db)
        gather(tile, x, maps: maps, to: scratch)
        matrixProduct(
          rows: depth, columns: outputChannels, depth: rows, columns.transposed, gradient,
          into: MatrixView(dw, rowStride: outputChannels), .adding)
        guard let dx else { continue }
        matrixProduct(
          rows: rows, columns: depth, depth: outputChannels, gradient,
          MatrixView(weights, rowStride: outputChannels).transposed, into: columns)
        scatterNeighbours(
          pixels: tile, table: table, neighbours: Self.tapCount, maps: maps,
          channels: inputChannels, from: scratch, to: dx)
      }
    }
  }
}

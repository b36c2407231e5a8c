import HarmonicTransforms
import Kernels
import SphereGrids

/// A linear map from maps on one grid to maps on another, point by point, with its exact transpose.
///
/// Definition:  y_t = Σ_s W_ts x_s. Every row of W has non-negative weights that sum to 1, so that
///              a constant map stays what it is. W is stored twice, by rows and by columns; both
///              products are gathers, and neither depends on the number of threads.
/// Layout:      `[point][lane]`, any number of lanes.
/// Accuracy:    weights are computed in `Double` and rounded once to `T`.
/// Checked by:  ResamplerFixtureTests (healpy), ResamplerDefinitionTests, ResamplerTransposeTests.
public struct Resampler<T: LaneScalar>: Sendable {
  /// The grid that is read.
  public let source: any RingGrid
  /// The grid that is written.
  public let target: any RingGrid
  /// The rule by which values between points are found.
  public let method: ResamplingMethod

  /// W, a row for each target point.
  package let rows: SparseRows<T>
  /// Wᵀ, a row for each source point.
  package let columns: SparseRows<T>

  /// Number of points of the source.
  public var sourceCount: Int { source.pointCount }
  /// Number of points of the target.
  public var targetCount: Int { target.pointCount }

  /// The map from `source` to `target`.
  ///
  /// Cost:        O(points of the target · log points of the source), once; a bilinear target point
  ///              beside a pole reads a whole ring.
  ///
  /// - Parameters:
  ///   - source: any grid; for HEALPix `containingPixel` and `bilinear` are healpy's `ang2pix` and
  ///     `get_interp_weights`.
  ///   - target: any grid.
  ///   - method: the rule.
  public init(from source: any RingGrid, to target: any RingGrid, method: ResamplingMethod) {
    self.source = source
    self.target = target
    self.method = method
    rows = SparseRows(
      rows: target.directions.map { resamplingWeights(of: source, at: $0, method: method) },
      columnCount: source.pointCount)
    columns = rows.transposed()
  }

  // MARK: - Whole fields

  /// W x: the fields seen from the target's points.
  ///
  /// - Parameters:
  ///   - fields: fields on the source.
  ///   - threads: any number gives the same bits.
  /// - Returns: as many fields on the target.
  public func apply(_ fields: FieldStack<T>, threads: Int = 1) -> FieldStack<T> {
    precondition(
      fields.grid.isSame(as: source), "fields on \(fields.grid.name), expected \(source.name)")
    return FieldStack(
      grid: target, lanes: fields.lanes,
      values: apply(fields.values, lanes: fields.lanes, threads: threads))
  }

  /// W x: `x[source point * lanes + lane]` gives `y[target point * lanes + lane]`.
  public func apply(_ x: [T], lanes: Int = 1, threads: Int = 1) -> [T] {
    var y = [T](repeating: 0, count: targetCount * lanes)
    apply(x, lanes: lanes, into: &y, threads: threads)
    return y
  }

  /// W x, written over all of `y`.
  public func apply(_ x: [T], lanes: Int = 1, into y: inout [T], threads: Int = 1) {
    product(rows, x, lanes: lanes, into: &y, threads: threads)
  }

  /// Wᵀ y: `y[target point * lanes + lane]` gives `x[source point * lanes + lane]`. The gradient of
  /// a loss with respect to the source, from that with respect to the target.
  public func transpose(_ y: [T], lanes: Int = 1, threads: Int = 1) -> [T] {
    var x = [T](repeating: 0, count: sourceCount * lanes)
    transpose(y, lanes: lanes, into: &x, threads: threads)
    return x
  }

  /// Wᵀ y, written over all of `x`.
  public func transpose(_ y: [T], lanes: Int = 1, into x: inout [T], threads: Int = 1) {
    product(columns, y, lanes: lanes, into: &x, threads: threads)
  }

  // MARK: - Ranges, for callers with threads of their own

  /// The points `targets` of W x; calls with disjoint ranges may run at the same time.
  ///
  /// Shapes:      x[source point * xStride + lane], y[target point * yStride + lane].
  package func apply(
    _ x: BufferView<T>, stride xStride: Int, into y: BufferView<T>, stride yStride: Int,
    lanes: Int, targets: Range<Int>
  ) {
    rows.multiply(x, stride: xStride, into: y, stride: yStride, lanes: lanes, rows: targets)
  }

  /// The points `sources` of Wᵀ y; calls with disjoint ranges may run at the same time.
  ///
  /// Shapes:      y[target point * yStride + lane], x[source point * xStride + lane].
  package func transpose(
    _ y: BufferView<T>, stride yStride: Int, into x: BufferView<T>, stride xStride: Int,
    lanes: Int, sources: Range<Int>
  ) {
    columns.multiply(y, stride: yStride, into: x, stride: xStride, lanes: lanes, rows: sources)
  }

  private func product(
    _ matrix: SparseRows<T>, _ x: [T], lanes: Int, into y: inout [T], threads: Int
  ) {
    precondition(lanes >= 1, "\(lanes) lanes")
    precondition(
      x.count == matrix.columnCount * lanes,
      "\(x.count) numbers for \(matrix.columnCount) points and \(lanes) lanes")
    precondition(
      y.count == matrix.rowCount * lanes,
      "room for \(y.count) numbers, not for \(matrix.rowCount) points and \(lanes) lanes")
    let ranges = evenRanges(matrix.rowCount, parts: 16)
    x.withView { input in
      y.withMutableView { output in
        parallelFor(ranges.count, threads: threads) { part in
          matrix.multiply(
            input, stride: lanes, into: output, stride: lanes, lanes: lanes, rows: ranges[part])
        }
      }
    }
  }
}

/// The points of `source`, in increasing order, and their weights for the value at `direction`.
private func resamplingWeights(
  of source: any RingGrid, at direction: Direction, method: ResamplingMethod
) -> [(column: Int, weight: Double)] {
  switch (method, source as? HealpixGrid) {
  case (.containingPixel, let healpix?):
    return [(healpix.pixelContaining(direction), 1)]
  case (.containingPixel, nil):
    return [(source.cell(containing: direction), 1)]
  case (.nearest, _):
    return [(source.nearestPoint(to: direction), 1)]
  case (.bilinear, let healpix?):
    let four = healpix.interpolationWeights(at: direction)
    return combined(zip(four.pixels, four.weights))
  case (.bilinear, nil):
    return source.bilinearWeights(at: direction).map { ($0.point, $0.weight) }
  }
}

/// Entries with their columns increasing, equal columns added, zeros left out.
private func combined(_ entries: some Sequence<(Int, Double)>) -> [(column: Int, weight: Double)] {
  Dictionary(entries, uniquingKeysWith: +).filter { $0.value != 0 }.sorted { $0.key < $1.key }
    .map { (column: $0.key, weight: $0.value) }
}

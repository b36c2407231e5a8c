import FourierTransforms
import HarmonicTransforms
import Kernels
import SkyModels
import SphereGrids

/// Makes maps of Q and U with white pixel noise, many at a time.
///
/// Definition:  Q + iU = −Σ_lm (E_lm + i B_lm) ₂Y_lm + σ (n_Q + i n_U), E and B of
///              `drawCorrelatedCoefficients` and the noise of `addWhiteNoise` with the field
///              numbers 1 for Q and 2 for U.
/// Layout:      `[point][map * channels + component]`, component 0 Q and 1 U; further channels are
///              left as they are.
/// Numbers:     a map is a function of its key alone, to the last bit, by the same fixed blocks as
///              `GaussianMapSynthesizer`.
/// Cost:        at nside 16, lmax 47 about four times that of a temperature map.
/// Checked by:  PolarisationMapTests.
public final class PolarisationMapSynthesizer<T: FourierScalar>: Sendable {
  /// The points of the maps.
  public var grid: any RingGrid { transform.grid }
  /// Largest degree, inclusive.
  public var lmax: Int { transform.lmax }

  private let transform: SpinTransform<T>
  private let pool = WorkspacePool<PolarisationBlockMemory<T>>()

  /// Maps of a block, one per lane.
  private static var blockCount: Int { 32 }

  /// Prepares the synthesis of fields up to `lmax` on `grid`.
  public init(grid: any RingGrid, lmax: Int) {
    transform = SpinTransform(grid: grid, spin: 2, lmax: lmax)
  }

  /// The maps `indices` of one seed and split, two channels per map.
  ///
  /// - Parameters:
  ///   - indices: which maps of the endless sequence.
  ///   - seed: the seed of all keys.
  ///   - split: what the maps are used for.
  ///   - noise: standard deviation σ of the noise of Q and of U of a pixel, in the map's unit.
  ///   - noiseMap: σ of every pixel, instead of one for all; nil: `noise`.
  ///   - threads: any number gives the same bits.
  ///   - spectra: the spectra of a map, at least up to lmax. Also asked for the partner of the
  ///     first and the last map.
  /// - Returns: `[point][map * 2 + component]`.
  public func maps(
    _ indices: Range<Int>, seed: UInt64, split: DataSplit, noise: Double = 0,
    noiseMap: [Float]? = nil, threads: Int = 1,
    spectra: @Sendable (MapKey) -> NamedSpectra
  ) -> [T] {
    var maps = [T](repeating: 0, count: grid.pointCount * 2 * indices.count)
    maps.withMutableView {
      write(
        indices, seed: seed, split: split, noise: noise, noiseMap: noiseMap, channels: 2, to: $0,
        threads: threads, spectra: spectra)
    }
    return maps
  }

  /// The same into memory of `channels` channels per map, of which the first two are written.
  package func write(
    _ indices: Range<Int>, seed: UInt64, split: DataSplit, noise: Double,
    noiseMap: [Float]? = nil, channels: Int,
    to maps: BufferView<T>, threads: Int, spectra: @Sendable (MapKey) -> NamedSpectra
  ) {
    precondition(indices.lowerBound >= 0, "map \(indices.lowerBound) does not exist")
    precondition(channels >= 2, "\(channels) channels for Q and U")
    guard !indices.isEmpty else { return }
    let size = Self.blockCount
    let firstBlock = indices.lowerBound / size
    let count = (indices.upperBound - 1) / size - firstBlock + 1
    parallelFor(count, threads: threads) { part in
      let start = (firstBlock + part) * size
      let wanted = indices.clamped(to: start..<start + size)
      withMemory { memory in
        fill(
          memory, start: start, wanted: wanted, threads: count == 1 ? threads : 1,
          noise: noise, noiseMap: noiseMap,
          key: { MapKey(seed: seed, split: split, index: UInt64($0)) },
          spectra: spectra)
        let stride = memory.workspace.laneStride
        for component in 0...1 {
          let offset = component * grid.pointCount * stride + wanted.lowerBound - start
          let place = (wanted.lowerBound - indices.lowerBound) * channels + component
          scatter(
            memory.field.view(offset), rows: grid.pointCount, columns: wanted.count,
            sourceStride: stride, to: maps.at(place), rowStride: indices.count * channels,
            columnStride: channels)
        }
      }
    }
  }

  /// Draws, synthesises and adds noise for the wanted maps of a block, and for their partners.
  private func fill(
    _ memory: PolarisationBlockMemory<T>, start: Int, wanted: Range<Int>, threads: Int,
    noise: Double, noiseMap: [Float]?, key: (Int) -> MapKey, spectra: (MapKey) -> NamedSpectra
  ) {
    let stride = memory.workspace.laneStride
    let half = transform.panelRows / 2 * stride
    for k in wanted.lowerBound & ~1..<(wanted.upperBound + 1) & ~1 {
      CorrelatedDraw(spectra: spectra(key(k)), lmax: lmax).write(
        [.e, .b], key: key(k), to: [memory.coefficients.view(), memory.coefficients.view(half)],
        lane: k - start, laneStride: stride)
    }
    transform.synthesisePanel(
      memory.coefficients.view(), memory.workspace, transform.scalar.synthesisFactors,
      to: memory.field.view(), threads: threads)
    for component in 0...1 {
      addPixelNoise(
        noise, noiseMap, keys: wanted.map { (key($0), $0 - start) }, field: 1 + component,
        to: memory.field.view(component * grid.pointCount * stride),
        pixelCount: grid.pointCount, laneStride: stride)
    }
  }

  /// Memory for one block: an idle one of earlier blocks, or new.
  private func withMemory(_ body: (PolarisationBlockMemory<T>) -> Void) {
    pool.withWorkspace(
      [], make: { PolarisationBlockMemory(transform, lanes: Self.blockCount) }, body)
  }
}

/// What a block of maps is made in.
private final class PolarisationBlockMemory<T: FourierScalar>: Sendable {
  let workspace: SpinWorkspace<T>
  let coefficients: AlignedBuffer<T>
  let field: AlignedBuffer<T>

  init(_ transform: SpinTransform<T>, lanes: Int) {
    workspace = SpinWorkspace(transform, lanes: lanes)
    coefficients = AlignedBuffer(count: transform.panelRows * workspace.laneStride)
    field = AlignedBuffer(count: transform.fieldRows * workspace.laneStride)
  }
}

import FourierTransforms
import HarmonicTransforms
import Kernels
import SkyModels
import SphereGrids

/// Makes maps of isotropic Gaussian fields with white pixel noise, many at a time.
///
/// Definition:  f_p = Σ_lm a_lm Y_lm(p) + σ n_p, the a_lm of `drawGaussianCoefficients` and the
///              noise of `addWhiteNoise`: the field is drawn up to lmax, not smoothed by a pixel
///              window.
/// Layout:      `[point][lane]`, lane k − first for map k.
/// Numbers:     a map is a function of its key alone, to the last bit, whatever the batch it is
///              asked for in and the number of threads. Fourier transforms round a lane in a way
///              that depends on its place and on the lane it shares a complex number with; so maps
///              are made in fixed blocks, map k always in lane k mod 32 of a block of 32 lanes,
///              together with its partner k xor 1 even if that was not asked for.
/// Accuracy:    of synthesis in `T`; noise is added in `Double` and the sum rounded once.
/// Cost:        at nside 16, lmax 47 50 μs per map without noise, 67 μs with it, on one core.
/// Checked by:  GaussianMapTests.
public final class GaussianMapSynthesizer<T: FourierScalar>: Sendable {
  /// The points of the maps.
  public var grid: any RingGrid { transform.grid }
  /// Largest degree, inclusive.
  public var lmax: Int { transform.lmax }

  private let transform: ScalarTransform<T>
  private let pool = WorkspacePool<BlockMemory<T>>()

  /// Maps of a block, one per lane.
  private static var blockCount: Int { 32 }

  /// Prepares the synthesis of fields up to `lmax` on `grid`.
  public init(grid: any RingGrid, lmax: Int) {
    transform = ScalarTransform(grid: grid, lmax: lmax)
  }

  /// The maps `indices` of one seed and split.
  ///
  /// - Parameters:
  ///   - indices: which maps of the endless sequence.
  ///   - seed: the seed of all keys.
  ///   - split: what the maps are used for.
  ///   - field: the field's number in the keys; 0 is temperature.
  ///   - noise: standard deviation σ of the noise of a pixel, in the map's unit.
  ///   - noiseMap: σ of every pixel, instead of one for all; nil: `noise`.
  ///   - threads: any number gives the same bits.
  ///   - spectrum: C_l of a map, at least up to lmax. Also asked for the partner of the first and
  ///     the last map, so it has an answer for every index.
  /// - Returns: the maps, lane k − first for map k.
  public func maps(
    _ indices: Range<Int>, seed: UInt64, split: DataSplit, field: Int = 0, noise: Double = 0,
    noiseMap: [Float]? = nil, threads: Int = 1, spectrum: @Sendable (MapKey) -> PowerSpectrum
  ) -> FieldStack<T> {
    var maps = FieldStack<T>(grid: grid, lanes: indices.count)
    maps.values.withMutableView {
      write(
        indices, seed: seed, split: split, field: field, noise: noise, noiseMap: noiseMap, to: $0,
        laneStride: indices.count, threads: threads, spectrum: spectrum)
    }
    return maps
  }

  /// The same into memory: map k of `indices` in lane k − first, lanes `laneStride` apart.
  package func write(
    _ indices: Range<Int>, seed: UInt64, split: DataSplit, field: Int, noise: Double,
    noiseMap: [Float]?, to maps: BufferView<T>, laneStride: Int, threads: Int,
    spectrum: @Sendable (MapKey) -> PowerSpectrum
  ) {
    precondition(indices.lowerBound >= 0, "map \(indices.lowerBound) does not exist")
    guard !indices.isEmpty else { return }
    let size = Self.blockCount
    let firstBlock = indices.lowerBound / size
    let count = (indices.upperBound - 1) / size - firstBlock + 1
    parallelFor(count, threads: threads) { part in
      let start = (firstBlock + part) * size
      let wanted = indices.clamped(to: start..<start + size)
      let key = { (k: Int) in MapKey(seed: seed, split: split, index: UInt64(k)) }
      withMemory { memory in
        for k in wanted.lowerBound & ~1..<(wanted.upperBound + 1) & ~1 {
          drawGaussianCoefficients(
            spectrum: spectrum(key(k)), lmax: lmax, key: key(k), field: field,
            into: memory.coefficients.view(), lane: k - start,
            laneStride: memory.workspace.laneStride)
        }
        transform.synthesisePanel(
          memory.coefficients.view(), memory.workspace, transform.synthesisFactors,
          to: memory.field.view(), threads: count == 1 ? threads : 1)
        addPixelNoise(
          noise, noiseMap, keys: wanted.map { (key($0), $0 - start) }, field: field,
          to: memory.field.view(), pixelCount: grid.pointCount,
          laneStride: memory.workspace.laneStride)
        copyRows(
          rows: grid.pointCount, columns: wanted.count,
          from: memory.field.view(wanted.lowerBound - start),
          stride: memory.workspace.laneStride,
          to: maps.at(wanted.lowerBound - indices.lowerBound), stride: laneStride)
      }
    }
  }

  /// Memory for one block: an idle one of earlier blocks, or new.
  private func withMemory(_ body: (BlockMemory<T>) -> Void) {
    pool.withWorkspace(
      [], make: { BlockMemory(transform, lanes: Self.blockCount) }, body)
  }
}

/// What a block of maps is made in.
private final class BlockMemory<T: FourierScalar>: Sendable {
  let workspace: TransformWorkspace<T>
  let coefficients: AlignedBuffer<T>
  let field: AlignedBuffer<T>

  init(_ transform: ScalarTransform<T>, lanes: Int) {
    workspace = TransformWorkspace(transform, lanes: lanes)
    coefficients = AlignedBuffer(count: transform.panelCount(workspace))
    field = AlignedBuffer(count: transform.grid.pointCount * workspace.laneStride)
  }
}

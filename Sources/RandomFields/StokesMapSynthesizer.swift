import FourierTransforms
import Kernels
import SkyModels
import SphereGrids

/// Makes maps of T, Q and U whose T and E are correlated, many at a time.
///
/// Definition:  T of `GaussianMapSynthesizer`, Q and U of `PolarisationMapSynthesizer` with the
///              same keys: E is drawn given the numbers of T, so that the three have the spectra
///              TT, EE, BB and TE.
/// Layout:      `[point][map * 3 + component]`, T, Q, U.
/// Numbers:     T is the map of T alone, Q and U those of the pair, to the last bit.
/// Checked by:  StokesMapTests.
public final class StokesMapSynthesizer<T: FourierScalar>: Sendable {
  private let temperature: GaussianMapSynthesizer<T>
  private let polarisation: PolarisationMapSynthesizer<T>
  /// The points of the maps.
  public var grid: any RingGrid { temperature.grid }

  /// Prepares the synthesis of fields up to `lmax` on `grid`.
  public init(grid: any RingGrid, lmax: Int) {
    temperature = GaussianMapSynthesizer(grid: grid, lmax: lmax)
    polarisation = PolarisationMapSynthesizer(grid: grid, lmax: lmax)
  }

  /// The maps `indices` of one seed and split, three channels per map.
  ///
  /// - Parameters:
  ///   - indices: which maps of the endless sequence.
  ///   - seed: the seed of all keys.
  ///   - split: what the maps are used for.
  ///   - noise: standard deviation σ of the noise of T of a pixel; Q and U have √2 σ.
  ///   - noiseMap: σ of T of every pixel, instead of one for all; nil: `noise`.
  ///   - threads: any number gives the same bits.
  ///   - spectra: the spectra of a map, at least up to lmax. Also asked for the partner of the
  ///     first and the last map.
  /// - Returns: `[point][map * 3 + component]`.
  public func maps(
    _ indices: Range<Int>, seed: UInt64, split: DataSplit, noise: Double = 0,
    noiseMap: [Float]? = nil, threads: Int = 1, spectra: @Sendable (MapKey) -> NamedSpectra
  ) -> [T] {
    let count = indices.count
    let first = temperature.maps(
      indices, seed: seed, split: split, noise: noise, noiseMap: noiseMap, threads: threads
    ) { spectra($0).spectrum(of: .temperature) }
    let root = 2.0.squareRoot()
    let polarised = noiseMap.map { $0.map { Float(root * Double($0)) } }
    var maps = [T](repeating: 0, count: grid.pointCount * 3 * count)
    maps.withMutableView { maps in
      first.values.withView {
        scatter(
          $0, rows: grid.pointCount, columns: count, sourceStride: count, to: maps,
          rowStride: 3 * count, columnStride: 3)
      }
      polarisation.write(
        indices, seed: seed, split: split, noise: root * noise, noiseMap: polarised, channels: 3,
        to: maps.at(1), threads: threads, spectra: spectra)
    }
    return maps
  }
}

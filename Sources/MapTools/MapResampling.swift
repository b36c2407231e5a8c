import Foundation
import FourierTransforms
import HarmonicTransforms
import Kernels
import Resampling
import SkyMaps
import SphereGrids

/// A map on another grid.
///
/// Methods:     `pointwise` takes the values of source pixels, see `ResamplingMethod`: nearest by
///              angle, containing pixel (healpy.ang2pix), bilinear (healpy.get_interp_val). A
///              target point that needs an unobserved pixel is unobserved. Temperature only: Q and
///              U of different pixels refer to different meridians. At the distance θ from a pole a
///              step δφ in longitude turns the frame by cos θ δφ, and Q + iU by twice that, so the
///              error of interpolating the components is of order one around the poles.
///              `harmonic` analyses the map up to lmax and evaluates the series at the target's
///              points, Q and U through E and B; exact for maps without degrees above lmax.
/// Checked by:  MapResamplingTests.
public struct MapResampling: Sendable {
  /// The rule.
  public enum Method: Sendable, Hashable {
    case pointwise(ResamplingMethod)
    case harmonic(MapAnalysis)
  }

  /// The grid that is written.
  public let target: TargetGrid
  /// The rule.
  public let method: Method

  public init(to target: TargetGrid, method: Method) {
    self.target = target
    self.method = method
  }

  /// A map as it is to be written.
  public enum Result: Sendable {
    case healpix(SkyMap)
    case rings(RingGridMapFile)

    /// Writes float64 columns.
    ///
    /// - Throws: `FileError`, `FitsError`.
    public func write(to url: URL) throws {
      switch self {
      case .healpix(let map): try map.mapFile.write(to: url, precision: .float64)
      case .rings(let file): try file.write(to: url)
      }
    }
  }

  /// The map on the target.
  ///
  /// - Parameters:
  ///   - map: the source.
  ///   - threads: any number gives the same bits.
  /// - Returns: the map, and reports of least squares.
  /// - Throws: `MapToolError`, `HarmonicTransformError.notEnoughMemory`.
  public func apply(
    _ map: SkyMap, threads: Int = 1
  ) throws -> (map: Result, reports: [MapAnalysis.Report]) {
    switch method {
    case .pointwise(let rule):
      guard map.polarisation == nil, let temperature = map.temperature else {
        throw MapToolError.componentsOfPolarisation(file: map.file, method: rule.rawValue)
      }
      let resampler = Resampler<Double>(
        from: try HealpixGrid(nside: map.nside), to: target.grid, method: rule)
      return (result(map, resampler.apply(temperature, threads: threads), nil), [])
    case .harmonic(let analysis):
      let (coefficients, reports) = try analysis.coefficients(of: map, threads: threads)
      let fields = try coefficients.fields(on: target.grid, threads: threads)
      return (result(map, fields.temperature, fields.polarisation), reports)
    }
  }

  private func result(
    _ map: SkyMap, _ temperature: [Double]?, _ polarisation: SkyMap.Polarisation?
  ) -> Result {
    switch target {
    case .healpix(let grid):
      return .healpix(
        SkyMap(
          nside: grid.nside, temperature: temperature, polarisation: polarisation, unit: map.unit,
          coordinateSystem: map.coordinateSystem))
    case .gaussLegendre(let grid):
      return rings(grid, "GAUSS-LEGENDRE", grid.longitudeCount, map, temperature, polarisation)
    case .clenshawCurtis(let grid):
      return rings(grid, "CLENSHAW-CURTIS", grid.longitudeCount, map, temperature, polarisation)
    }
  }

  private func rings(
    _ grid: any RingGrid, _ type: String, _ longitudeCount: Int, _ map: SkyMap,
    _ temperature: [Double]?, _ polarisation: SkyMap.Polarisation?
  ) -> Result {
    let fields = [
      ("TEMPERATURE", temperature), ("Q_POLARISATION", polarisation?.q),
      ("U_POLARISATION", polarisation?.u),
    ]
    return .rings(
      RingGridMapFile(
        gridType: type, theta: grid.rings.map(\.theta), weights: grid.rings.map(\.weight),
        longitudeCount: longitudeCount,
        columns: fields.compactMap { name, values in
          values.map { HealpixMapFile.Column(name: name, values: $0, unit: map.unit) }
        },
        coordinateSystem: map.coordinateSystem,
        polarisationConvention: polarisation == nil ? nil : "COSMO"))
  }
}

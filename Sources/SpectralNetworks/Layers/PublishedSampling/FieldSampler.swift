import FourierTransforms
import HarmonicTransforms
import Kernels
import Resampling
import SphereGrids

/// The linear map from pixels to the points of a published network's grid, with its exact
/// transpose.
///
///     containing-pixel, bilinear    y = W x                        (`Resampler`)
///     harmonic                      y = S_nodes (SᵀS)⁻¹ Sᵀ x       (`HarmonicResampler`)
///
/// Layout:     `[pixel][lane]` and `[point][lane]`, lane = map * channels + channel.
/// Bits:       none depends on the number of threads or on other maps.
/// Checked by: PublishedSamplingDefinitionTests, NetworkGradientTests, DeterminismTests.
enum FieldSampler<T: FourierScalar>: Sendable {
  case points(Resampler<T>)
  case harmonic(HarmonicResampler<T>)

  /// Memory of one number of maps, used by one call at a time; none for `points`.
  ///
  /// Two adjacent lanes share a complex Fourier transform. With an odd number of channels every map
  /// therefore has one lane more, of zeros.
  final class Memory: @unchecked Sendable {
    fileprivate let workspace: HarmonicResampler<T>.Workspace?
    fileprivate let pixels: AlignedBuffer<T>
    fileprivate let points: AlignedBuffer<T>
    fileprivate let maps: Int
    /// Lanes per map.
    fileprivate let width: Int

    fileprivate init(_ sampler: FieldSampler<T>, maps: Int, channels: Int) {
      self.maps = maps
      width = channels + channels % 2
      guard case .harmonic(let resampler) = sampler else {
        (workspace, pixels, points) = (nil, AlignedBuffer(count: 0), AlignedBuffer(count: 0))
        return
      }
      let workspace = HarmonicResampler.Workspace(resampler, lanes: maps * width)
      self.workspace = workspace
      pixels = AlignedBuffer(count: sampler.sourceCount * workspace.laneStride)
      points = AlignedBuffer(count: sampler.targetCount * workspace.laneStride)
    }
  }

  /// The sampling of a configuration.
  ///
  /// - Throws: `NetworkConfigurationError`, `HealpixError`,
  ///   `HarmonicTransformError.singularAnalysis`.
  init(_ c: PublishedConfiguration) throws {
    try c.validate()
    let pixels = try HealpixGrid(nside: c.nside)
    let method: ResamplingMethod
    switch c.sampling ?? .containingPixel {
    case .containingPixel: method = .containingPixel
    case .bilinear: method = .bilinear
    case .harmonic:
      let nodes = ClenshawCurtisGrid(
        ringCount: c.latitudeCount, longitudeCount: c.longitudeCount)
      self = .harmonic(try HarmonicResampler(from: pixels, to: nodes, lmax: 3 * c.nside - 1))
      return
    }
    let points = PublishedSamplingGrid(
      ringCount: c.latitudeCount, longitudeCount: c.longitudeCount)
    self = .points(Resampler(from: pixels, to: points, method: method))
  }

  /// Number of pixels.
  var sourceCount: Int {
    switch self {
    case .points(let resampler): return resampler.sourceCount
    case .harmonic(let resampler): return resampler.source.pointCount
    }
  }

  /// Number of points.
  var targetCount: Int {
    switch self {
    case .points(let resampler): return resampler.targetCount
    case .harmonic(let resampler): return resampler.target.pointCount
    }
  }

  /// The pixel read by every point; nil when points read more than one.
  var pixelIndices: [Int]? {
    guard case .points(let resampler) = self, resampler.method == .containingPixel else {
      return nil
    }
    return resampler.rows.columns.map { Int($0) }
  }

  func makeMemory(maps: Int, channels: Int) -> Memory {
    Memory(self, maps: maps, channels: channels)
  }

  /// The values at the points.
  func apply(_ maps: [T], lanes: Int, _ memory: Memory, threads: Int) -> [T] {
    switch self {
    case .points(let resampler): return resampler.apply(maps, lanes: lanes, threads: threads)
    case .harmonic(let resampler):
      return through(memory.pixels, memory.points, maps, lanes: lanes, memory) { workspace in
        resampler.apply(
          memory.pixels.view(), workspace, to: memory.points.view(), threads: threads)
      }
    }
  }

  /// The gradient of the maps, given that of the values at the points.
  func transpose(_ gradient: [T], lanes: Int, _ memory: Memory, threads: Int) -> [T] {
    switch self {
    case .points(let resampler):
      return resampler.transpose(gradient, lanes: lanes, threads: threads)
    case .harmonic(let resampler):
      return through(memory.points, memory.pixels, gradient, lanes: lanes, memory) { workspace in
        resampler.transpose(
          memory.points.view(), workspace, to: memory.pixels.view(), threads: threads)
      }
    }
  }

  /// Rows without gaps into `from`, zeros elsewhere, then `body`, and rows without gaps out of
  /// `to`.
  private func through(
    _ from: AlignedBuffer<T>, _ to: AlignedBuffer<T>, _ values: [T], lanes: Int,
    _ memory: Memory, _ body: (HarmonicResampler<T>.Workspace) -> Void
  ) -> [T] {
    guard let workspace = memory.workspace else {
      preconditionFailure("memory of another sampling")
    }
    let (stride, channels) = (workspace.laneStride, lanes / memory.maps)
    from.clear()
    values.withView {
      for map in 0..<memory.maps {
        copyRows(
          rows: values.count / lanes, columns: channels, from: $0.at(map * channels),
          stride: lanes, to: from.view(map * memory.width), stride: stride)
      }
    }
    body(workspace)
    var result = [T](repeating: 0, count: to.count / stride * lanes)
    result.withMutableView {
      for map in 0..<memory.maps {
        copyRows(
          rows: to.count / stride, columns: channels, from: to.view(map * memory.width),
          stride: stride, to: $0.at(map * channels), stride: lanes)
      }
    }
    return result
  }
}

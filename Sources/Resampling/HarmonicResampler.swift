import FourierTransforms
import HarmonicTransforms
import Kernels
import SphereGrids

/// A linear map between any two grids of rings through spherical harmonic coefficients, with its
/// exact transpose.
///
/// Definition:  y = S_target A_source x, with the analysis A of the source up to lmax and the
///              series S at the target's points. Fields without degrees above lmax arrive without
///              error; other fields arrive smoothed to lmax.
/// Layout:      `[point][lane]`, any number of lanes.
/// Accuracy:    that of the two transforms.
/// Checked by:  HarmonicResamplerTests.
public final class HarmonicResampler<T: FourierScalar>: Sendable {
  /// The grid that is read.
  public let source: any RingGrid
  /// The grid that is written.
  public let target: any RingGrid
  /// Largest degree, inclusive.
  public let lmax: Int
  /// How the source is analysed.
  public let method: HarmonicAnalysis

  private let fit: LeastSquaresAnalysis<T>?
  private let analysis: ScalarTransform<T>
  private let synthesis: ScalarTransform<T>

  /// Memory for the resampling of one number of lanes, used by one call at a time.
  package final class Workspace: Sendable {
    package let source: TransformWorkspace<T>
    package let target: TransformWorkspace<T>
    package let coefficients: AlignedBuffer<T>

    package init(_ resampler: HarmonicResampler, lanes: Int) {
      source = TransformWorkspace(resampler.analysis, lanes: lanes)
      target = TransformWorkspace(resampler.synthesis, lanes: lanes)
      coefficients = AlignedBuffer(count: resampler.analysis.panelCount(source))
    }

    /// Distance between points of a field.
    package var laneStride: Int { source.laneStride }
  }

  /// Prepares the map from `source` to `target`.
  ///
  /// - Parameters:
  ///   - source: any grid of rings.
  ///   - target: any grid of rings.
  ///   - lmax: largest degree, inclusive.
  ///   - method: how the source is analysed.
  /// - Throws: `HarmonicTransformError.singularAnalysis` if the source's points do not determine
  ///   the degrees up to lmax; `.degreeBeyondGrid` if exact quadrature is asked for and does not
  ///   reach them.
  public init(
    from source: any RingGrid, to target: any RingGrid, lmax: Int,
    method: HarmonicAnalysis = .leastSquares
  ) throws(HarmonicTransformError) {
    self.source = source
    self.target = target
    self.lmax = lmax
    self.method = method
    switch method {
    case .leastSquares:
      let fit = try LeastSquaresAnalysis<T>(grid: source, lmax: lmax)
      self.fit = fit
      analysis = fit.transform
    case .quadrature(let exactness):
      if exactness == .exact && lmax > source.exactAnalysisDegree {
        throw .degreeBeyondGrid(grid: source.name, lmax: lmax, exact: source.exactAnalysisDegree)
      }
      fit = nil
      analysis = ScalarTransform(grid: source, lmax: lmax)
    }
    synthesis = ScalarTransform(grid: target, lmax: lmax)
  }

  // MARK: - Stacks

  /// The fields seen from the target's points.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func apply(
    _ fields: FieldStack<T>, threads: Int = 1
  ) throws(HarmonicTransformError) -> FieldStack<T> {
    try analysis.requireUsable(fields)
    let workspace = Workspace(self, lanes: fields.lanes)
    let x = analysis.padded(fields, workspace.source)
    let y = AlignedBuffer<T>(count: target.pointCount * workspace.laneStride)
    withViews(x, y) { apply($0, workspace, to: $1, threads: threads) }
    return synthesis.stack(field: y, workspace.target)
  }

  /// The gradient with respect to the source's points, from that with respect to the target's.
  public func transpose(_ gradient: FieldStack<T>, threads: Int = 1) -> FieldStack<T> {
    precondition(
      gradient.grid.isSame(as: target), "gradient on \(gradient.grid.name), not \(target.name)")
    let workspace = Workspace(self, lanes: gradient.lanes)
    let y = synthesis.padded(gradient, workspace.target)
    let x = AlignedBuffer<T>(count: source.pointCount * workspace.laneStride)
    withViews(y, x) { transpose($0, workspace, to: $1, threads: threads) }
    return analysis.stack(field: x, workspace.source)
  }

  // MARK: - Fields in lane layout

  /// y = S_target A_source x.
  package func apply(
    _ x: BufferView<T>, _ workspace: Workspace, to y: BufferView<T>, threads: Int
  ) {
    let coefficients = workspace.coefficients.view()
    if let fit {
      fit.analyse(x, workspace.source, to: coefficients, threads: threads)
    } else {
      analysis.analysePanel(
        x, workspace.source, analysis.analysisFactors, to: coefficients, threads: threads)
    }
    synthesis.synthesisePanel(
      coefficients, workspace.target, synthesis.synthesisFactors, to: y, threads: threads)
  }

  /// x̄ = A_sourceᵀ S_targetᵀ ȳ.
  package func transpose(
    _ y: BufferView<T>, _ workspace: Workspace, to x: BufferView<T>, threads: Int
  ) {
    let coefficients = workspace.coefficients.view()
    synthesis.analysePanel(
      y, workspace.target, synthesis.synthesisGradientFactors, to: coefficients, threads: threads)
    if let fit {
      fit.analysisGradient(
        overwriting: coefficients, workspace.source, to: x, threads: threads)
    } else {
      analysis.synthesisePanel(
        coefficients, workspace.source, analysis.analysisGradientFactors, to: x, threads: threads)
    }
  }
}

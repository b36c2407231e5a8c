import FourierTransforms
import HarmonicTransforms
import Kernels

/// Q and U of the full sky by least squares, or by quadrature with some corrections
/// (`SpinTransform.iterated`): the channels E and B.
struct PolarisedInput<T: FourierScalar>: SphereInput {
  /// How the coefficients are found.
  enum Analysis: Sendable {
    case leastSquares(SpinLeastSquaresAnalysis<T>)
    case quadrature(SpinTransform<T>, iterations: Int)

    var transform: SpinTransform<T> {
      switch self {
      case .leastSquares(let analysis): return analysis.transform
      case .quadrature(let transform, _): return transform
      }
    }
  }

  let analysis: Analysis

  private struct Loader: SphereInputLoader, @unchecked Sendable {
    let analysis: Analysis
    let maps: Int
    let workspace: SpinWorkspace<T>
    let field: AlignedBuffer<T>
    let panel: AlignedBuffer<T>

    func load(_ values: [T], to target: BufferView<T>, stride: Int, threads: Int) {
      let points = analysis.transform.grid.pointCount
      precondition(values.count == 2 * points * maps, "\(values.count) values for \(maps) maps")
      values.withView { values in
        for component in 0...1 {
          gather(
            values.at(component), rows: points, columns: maps, rowStride: 2 * maps,
            columnStride: 2, to: field.view(component * points * workspace.laneStride),
            targetStride: workspace.laneStride)
        }
      }
      var panel = panel
      switch analysis {
      case .leastSquares(let analysis):
        analysis.analyse(field.view(), workspace, to: panel.view(), threads: threads)
      case .quadrature(let transform, let iterations):
        panel = transform.iteratedPanel(
          field, workspace, iterations: iterations, threads: threads)
      }
      let rows = analysis.transform.panelRows / 2
      for kind in 0...1 {
        scatter(
          panel.view(kind * rows * workspace.laneStride), rows: rows, columns: maps,
          sourceStride: workspace.laneStride, to: target.at(kind), rowStride: stride,
          columnStride: 2)
      }
    }
  }

  func makeLoader(maps: Int) -> any SphereInputLoader<T> {
    let transform = analysis.transform
    let workspace = SpinWorkspace(transform, lanes: maps, isolatesLanes: true)
    return Loader(
      analysis: analysis, maps: maps, workspace: workspace,
      field: AlignedBuffer(count: transform.fieldRows * workspace.laneStride),
      panel: AlignedBuffer(count: transform.panelRows * workspace.laneStride))
  }

  func gradient(_ gradient: CoefficientStack<T>, count: Int, threads: Int) -> [T] {
    var parts = SpinCoefficients<T>(lmax: gradient.lmax, lanes: count)
    for row in 0..<gradient.values.count / (2 * count) {
      for map in 0..<count {
        parts.e.values[row * count + map] = gradient.values[(row * count + map) * 2]
        parts.b.values[row * count + map] = gradient.values[(row * count + map) * 2 + 1]
      }
    }
    let fields: SpinFields<T>
    switch analysis {
    case .leastSquares(let analysis):
      fields = analysis.analysisGradient(parts, threads: threads)
    case .quadrature(let transform, let iterations):
      fields = transform.iteratedGradient(parts, iterations: iterations, threads: threads)
    }
    return zip(fields.q.values, fields.u.values).flatMap { [$0, $1] }
  }
}

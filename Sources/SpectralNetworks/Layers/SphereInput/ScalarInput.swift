import FourierTransforms
import HarmonicTransforms
import Kernels

/// Fields, each by least squares: as many channels as fields.
struct ScalarInput<T: FourierScalar>: SphereInput {
  let analysis: LeastSquaresAnalysis<T>
  let fields: Int

  private struct Loader: SphereInputLoader, @unchecked Sendable {
    let analysis: LeastSquaresAnalysis<T>
    let workspace: TransformWorkspace<T>
    let field: AlignedBuffer<T>

    func load(_ maps: [T], to target: BufferView<T>, stride: Int, threads: Int) {
      let points = analysis.transform.grid.pointCount
      let lanes = workspace.lanes
      precondition(maps.count == points * lanes, "\(maps.count) values for \(lanes) fields")
      precondition(stride == workspace.laneStride, "rows \(stride) apart")
      maps.withView {
        copyRows(
          rows: points, columns: lanes, from: $0, stride: lanes, to: field.view(),
          stride: workspace.laneStride)
      }
      analysis.analyse(field.view(), workspace, to: target, threads: threads)
    }
  }

  func makeLoader(maps: Int) -> any SphereInputLoader<T> {
    // With an odd number of fields adjacent lanes may belong to different maps.
    let workspace = TransformWorkspace(
      analysis.transform, lanes: maps * fields, isolatesLanes: fields % 2 == 1)
    return Loader(
      analysis: analysis, workspace: workspace,
      field: AlignedBuffer(count: analysis.transform.grid.pointCount * workspace.laneStride))
  }

  func gradient(_ gradient: CoefficientStack<T>, count: Int, threads: Int) -> [T] {
    analysis.analysisGradient(gradient, threads: threads).values
  }
}

import FourierTransforms
import HarmonicTransforms
import Kernels

/// Fields, each by quadrature with some corrections (`ScalarTransform.iterated`): as many channels
/// as fields. Unlike least squares it needs no operator of the order of lmax⁴ numbers; what of the
/// coefficients is not recovered is small where lmax ≤ 2 nside, and is there in training as well.
struct QuadratureInput<T: FourierScalar>: SphereInput {
  let transform: ScalarTransform<T>
  let fields: Int
  let iterations: Int

  private struct Loader: SphereInputLoader, @unchecked Sendable {
    let transform: ScalarTransform<T>
    let iterations: Int
    let workspace: TransformWorkspace<T>
    let field: AlignedBuffer<T>

    func load(_ maps: [T], to target: BufferView<T>, stride: Int, threads: Int) {
      let points = transform.grid.pointCount
      let lanes = workspace.lanes
      precondition(maps.count == points * lanes, "\(maps.count) values for \(lanes) fields")
      maps.withView {
        copyRows(
          rows: points, columns: lanes, from: $0, stride: lanes, to: field.view(),
          stride: workspace.laneStride)
      }
      let panel = transform.iteratedPanel(
        field, workspace, iterations: iterations, threads: threads)
      panel.withView {
        copyRows(
          rows: transform.panelRows, columns: lanes, from: $0, stride: workspace.laneStride,
          to: target, stride: stride)
      }
    }
  }

  func makeLoader(maps: Int) -> any SphereInputLoader<T> {
    // With an odd number of fields adjacent lanes may belong to different maps.
    let workspace = TransformWorkspace(
      transform, lanes: maps * fields, isolatesLanes: fields % 2 == 1)
    return Loader(
      transform: transform, iterations: iterations, workspace: workspace,
      field: AlignedBuffer(count: transform.grid.pointCount * workspace.laneStride))
  }

  func gradient(_ gradient: CoefficientStack<T>, count: Int, threads: Int) -> [T] {
    transform.iteratedGradient(gradient, iterations: iterations, threads: threads).values
  }
}

import FourierTransforms
import Kernels

/// What iterative analysis needs to know of a transform: its linear maps between the fields and the
/// coefficients of a batch in lane layout.
///
/// Layout: fields are `[row][laneStride]`, one row per point and component; panels of coefficients
///         `[row][laneStride]`, one row per real or imaginary part.
/// Inner product: ⟨a, b⟩ of the full sphere counts rows of orders m > 0 twice.
package protocol PanelTransform<T>: FieldTransform {
  associatedtype T: FourierScalar
  associatedtype Workspace

  /// Refuses fields on other grids, numbers that are not finite, and what fits no memory.
  func requireUsable(
    _ f: Fields, threads: Int, isIterative: Bool
  ) throws(HarmonicTransformError)
  /// Memory for an iteration on fields.
  func makeWorkspace(iteratingOn f: Fields) -> Workspace
  /// Fields as rows of lanes; the lanes that pad them are zero.
  func padded(_ f: Fields, _ workspace: Workspace) -> AlignedBuffer<T>
  /// The lanes of a panel.
  func coefficients(_ panel: AlignedBuffer<T>, _ workspace: Workspace) -> Coefficients

  /// Rows of the fields of a batch.
  var fieldRows: Int { get }
  /// Rows of a panel of coefficients.
  var panelRows: Int { get }
  /// The rows of a panel that belong to order m = 0.
  var zonalRows: [Range<Int>] { get }

  func makeWorkspace(lanes: Int) -> Workspace
  func laneStride(_ workspace: Workspace) -> Int
  func lanes(_ workspace: Workspace) -> Int

  /// S: fields of coefficients.
  func synthesise(
    _ panel: BufferView<T>, _ workspace: Workspace, to field: BufferView<T>, threads: Int)
  /// S†, the adjoint of synthesis in the inner product of the full sphere.
  func adjoin(
    _ field: BufferView<T>, _ workspace: Workspace, to panel: BufferView<T>, threads: Int)
  /// A, analysis with the grid's quadrature weights.
  func quadrature(
    _ field: BufferView<T>, _ workspace: Workspace, to panel: BufferView<T>, threads: Int)
}

extension ScalarTransform: PanelTransform {
  package var fieldRows: Int { grid.pointCount }
  package var panelRows: Int { 2 * coefficientCount(lmax: lmax, mmax: mmax) }
  package var zonalRows: [Range<Int>] { [0..<2 * (lmax + 1)] }

  package func makeWorkspace(iteratingOn f: FieldStack<T>) -> TransformWorkspace<T> {
    makeWorkspace(lanes: f.lanes)
  }
  package func coefficients(
    _ panel: AlignedBuffer<T>, _ workspace: TransformWorkspace<T>
  ) -> CoefficientStack<T> {
    stack(panel: panel, workspace)
  }
  package func makeWorkspace(lanes: Int) -> TransformWorkspace<T> {
    TransformWorkspace(iterating: self, lanes: lanes)
  }
  package func laneStride(_ workspace: TransformWorkspace<T>) -> Int { workspace.laneStride }
  package func lanes(_ workspace: TransformWorkspace<T>) -> Int { workspace.lanes }

  package func synthesise(
    _ panel: BufferView<T>, _ workspace: TransformWorkspace<T>, to field: BufferView<T>,
    threads: Int
  ) {
    synthesisePanel(panel, workspace, synthesisFactors, to: field, threads: threads)
  }

  package func adjoin(
    _ field: BufferView<T>, _ workspace: TransformWorkspace<T>, to panel: BufferView<T>,
    threads: Int
  ) {
    analysePanel(field, workspace, adjointSynthesisFactors, to: panel, threads: threads)
  }

  package func quadrature(
    _ field: BufferView<T>, _ workspace: TransformWorkspace<T>, to panel: BufferView<T>,
    threads: Int
  ) {
    analysePanel(field, workspace, analysisFactors, to: panel, threads: threads)
  }
}

extension SpinTransform: PanelTransform {
  package var zonalRows: [Range<Int>] {
    let zonal = 2 * (lmax + 1)
    return [0..<zonal, panelRows / 2..<panelRows / 2 + zonal]
  }

  package func makeWorkspace(iteratingOn f: SpinFields<T>) -> SpinWorkspace<T> {
    makeWorkspace(lanes: f.q.lanes)
  }
  package func makeWorkspace(lanes: Int) -> SpinWorkspace<T> {
    SpinWorkspace(iterating: self, lanes: lanes)
  }
  package func laneStride(_ workspace: SpinWorkspace<T>) -> Int { workspace.laneStride }
  package func lanes(_ workspace: SpinWorkspace<T>) -> Int { workspace.lanes }

  package func synthesise(
    _ panel: BufferView<T>, _ workspace: SpinWorkspace<T>, to field: BufferView<T>, threads: Int
  ) {
    synthesisePanel(panel, workspace, scalar.synthesisFactors, to: field, threads: threads)
  }

  package func adjoin(
    _ field: BufferView<T>, _ workspace: SpinWorkspace<T>, to panel: BufferView<T>, threads: Int
  ) {
    analysePanel(field, workspace, scalar.adjointSynthesisFactors, to: panel, threads: threads)
  }

  package func quadrature(
    _ field: BufferView<T>, _ workspace: SpinWorkspace<T>, to panel: BufferView<T>, threads: Int
  ) {
    analysePanel(field, workspace, scalar.analysisFactors, to: panel, threads: threads)
  }
}

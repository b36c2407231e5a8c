import FourierTransforms
import Kernels
import SphereGrids

/// Memory for spin transforms of one number of lanes: that of Q and that of U.
package final class SpinWorkspace<T: FourierScalar>: Sendable {
  package let q: TransformWorkspace<T>
  package let u: TransformWorkspace<T>
  package var lanes: Int { q.lanes }
  /// Distance between rows of a field or panel in lane layout.
  package var laneStride: Int { q.laneStride }

  /// `isolatesLanes` as in `TransformWorkspace`.
  package init(_ transform: SpinTransform<T>, lanes: Int, isolatesLanes: Bool = false) {
    q = TransformWorkspace(transform.scalar, lanes: lanes, isolatesLanes: isolatesLanes)
    u = TransformWorkspace(transform.scalar, lanes: lanes, isolatesLanes: isolatesLanes)
  }

  /// A workspace for iterations, as `TransformWorkspace` has them.
  package init(iterating transform: SpinTransform<T>, lanes: Int) {
    q = TransformWorkspace(iterating: transform.scalar, lanes: lanes)
    u = TransformWorkspace(iterating: transform.scalar, lanes: lanes)
  }
}

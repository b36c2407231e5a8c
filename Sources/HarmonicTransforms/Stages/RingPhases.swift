import Foundation
import FourierTransforms
import Kernels
import SphereGrids

/// e^{−imφ0} of every ring pair and order, computed in `Double` and rounded once.
package struct RingPhases<T: LaneScalar>: Sendable {
  /// `[pair][m]`.
  let values: [PairPhases<T>]

  init(pairs: [RingPair], mmax: Int) {
    values = pairs.flatMap { pair in
      (0...mmax).map { m in
        let north = Double(m) * pair.north.phi0
        let south = Double(m) * (pair.south?.phi0 ?? 0)
        return PairPhases(
          north: RingPhase(factor: 1, cosine: cos(north), sine: sin(north)),
          south: RingPhase(factor: 1, cosine: cos(south), sine: sin(south)))
      }
    }
  }
}

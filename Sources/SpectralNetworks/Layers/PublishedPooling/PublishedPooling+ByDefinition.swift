import Foundation

extension PublishedPooling {
  /// q = ⟨z⟩, or ln ⟨z²⟩, over all points alike: the slow twin of `FieldMoments.forward`.
  ///
  /// - Parameters:
  ///   - z: `[lane][point]`, the normalised field.
  ///   - points: number of points.
  /// - Returns: q of every lane.
  package func forwardByDefinition(_ z: [Double], points: Int) -> [Double] {
    let means = pooling.forwardByDefinition(z, pointWeights: ones(points))
    return self == .power ? means.map { log($0) } : means
  }

  /// z̄_p = q̄/N, or 2 q̄ z_p/(N ⟨z²⟩): the slow twin of `FieldMoments.backward`.
  ///
  /// - Parameters:
  ///   - dq: q̄ of every lane.
  ///   - z: what forward was given.
  ///   - points: number of points.
  /// - Returns: z̄, `[lane][point]`.
  package func backwardByDefinition(_ dq: [Double], saved z: [Double], points: Int) -> [Double] {
    var dg = dq
    if self == .power {
      let means = pooling.forwardByDefinition(z, pointWeights: ones(points))
      for lane in dg.indices { dg[lane] /= means[lane] }
    }
    return pooling.backwardByDefinition(dg, saved: z, pointWeights: ones(points))
  }

  private var pooling: GlobalPooling {
    GlobalPooling(weighting: .equal, squares: self == .power)
  }

  private func ones(_ count: Int) -> [Double] { [Double](repeating: 1, count: count) }
}

// The inner step of a rotation of spherical harmonic coefficients: what two orders give each other.

/// Adds to the coefficients of order m what those of order n give, and the other way round.
///
/// Definition:  with σ = `mirrorSign`, P_k = direct_k + σ mirrored_k,
///              Q_k = direct_k − σ mirrored_k,
///              Re target_m,k += P_k Re source_n,k,      Im target_m,k += Q_k Im source_n,k,
///              Re target_n,k += τ P_k Re source_m,k,    Im target_n,k += τ Q_k Im source_m,k,
///              τ = `transposeSign`; the second line only if there is a `lower` target.
/// Layout:      sources and targets `[k][re, im][lane]`.
/// Checked by:  WignerRotationDefinitionTests.
///
/// - Parameters:
///   - count: number of degrees k.
///   - lanes: number of fields.
///   - direct: at least `count` numbers.
///   - mirrored: at least `count` numbers.
///   - mirrorSign: 1 or −1.
///   - transposeSign: 1 or −1.
///   - sources: `upper` of order m, `lower` of order n.
///   - targets: the same; they must not overlap each other or the sources.
package func addOrderPair(
  count: Int, lanes: Int, direct: [Double], mirrored: [Double], mirrorSign: Double,
  transposeSign: Double, sources: (upper: BufferView<Double>, lower: BufferView<Double>),
  targets: (upper: BufferView<Double>, lower: BufferView<Double>?)
) {
  precondition(direct.count >= count && mirrored.count >= count, "columns below \(count) numbers")
  direct.withElements { direct in
    mirrored.withElements { mirrored in
      for k in 0..<count {
        let sum = direct[k] + mirrorSign * mirrored[k]
        let difference = direct[k] - mirrorSign * mirrored[k]
        let (re, im) = (2 * k * lanes, (2 * k + 1) * lanes)
        addLanes(lanes, sum, sources.lower.base + re, to: targets.upper.base + re)
        addLanes(lanes, difference, sources.lower.base + im, to: targets.upper.base + im)
        guard let lower = targets.lower?.base else { continue }
        addLanes(lanes, transposeSign * sum, sources.upper.base + re, to: lower + re)
        addLanes(lanes, transposeSign * difference, sources.upper.base + im, to: lower + im)
      }
    }
  }
}

/// y += factor x, with the same roundings in every lane.
@inline(__always)
private func addLanes(
  _ lanes: Int, _ factor: Double, _ x: ElementPointer<Double>,
  to y: ElementPointer<Double>
) {
  var lane = 0
  while lane + 4 <= lanes {
    let sum = loadVector(y + lane)
      .adding(loadVector(x + lane), times: SIMD4<Double>(repeating: factor))
    storeVector(sum, y + lane)
    lane += 4
  }
  while lane < lanes {
    #if SPHERE_FUSED_MULTIPLY_ADD
      y[lane].addProduct(factor, x[lane])
    #else
      y[lane] += factor * x[lane]
    #endif
    lane += 1
  }
}

/// Elements per part of a parallel update: 32768, half a megabyte of four `Float` arrays.
private let shardLength = 1 << 15

/// One Adam step on one array, in a single pass over memory, and clears the gradients.
///
/// Definition:  m ← m + (1 − β₁)(g − m),  v ← β₂ v + (1 − β₂) g²,
///              p ← p − η/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε),  g ← 0.
/// Method:      memory-bound: four arrays are read and written once. Clearing g here saves a
///              separate pass. Elements are independent, hence any number of threads gives the same
///              bits.
/// Checked by:  AdamDefinitionTests (slow twin `adamUpdateByDefinition`), OptimiserFixtureTests.
///
/// - Parameters:
///   - parameters: p, changed in place.
///   - gradients: g, zero afterwards.
///   - firstMoments: m.
///   - secondMoments: v.
///   - step: the coefficients of this step.
///   - threads: threads to use at most.
/// - Returns: whether every v is finite afterwards; false after a g that is not finite or whose
///   square overflows.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func adamUpdate<T: LaneScalar>(
  parameters: inout [T], gradients: inout [T], firstMoments: inout [T],
  secondMoments: inout [T], step: AdamStep<T>, threads: Int
) -> Bool {
  let count = parameters.count
  precondition(
    gradients.count == count && firstMoments.count == count && secondMoments.count == count,
    "\(count) parameters, \(gradients.count) gradients, \(firstMoments.count) and "
      + "\(secondMoments.count) moments")
  guard count > 0 else { return true }
  let shards = (count + shardLength - 1) / shardLength
  var isFinite = [Bool](repeating: true, count: shards)
  isFinite.withMutableElements { isFinite in
    parameters.withMutableElements { p in
      gradients.withMutableElements { g in
        firstMoments.withMutableElements { m in
          secondMoments.withMutableElements { v in
            // Every shard touches its own range of each array.
            nonisolated(unsafe) let isFinite = isFinite
            nonisolated(unsafe) let arrays = (p: p, g: g, m: m, v: v)
            parallelFor(shards, threads: threads) { shard in
              let range = shard * shardLength..<min(count, (shard + 1) * shardLength)
              isFinite[shard] = adamUpdateRange(
                range, p: arrays.p, g: arrays.g, m: arrays.m, v: arrays.v, step: step)
            }
          }
        }
      }
    }
  }
  return !isFinite.contains(false)
}

/// `adamUpdate` on the elements of `range`: whole registers first, then the remaining elements one
/// at a time in registers of their own, so that every element sees the same roundings.
@inline(__always)
private func adamUpdateRange<T: LaneScalar>(
  _ range: Range<Int>, p: ElementPointer<T>, g: ElementPointer<T>,
  m: ElementPointer<T>, v: ElementPointer<T>, step: AdamStep<T>
) -> Bool {
  typealias Vector = T.Vector
  let lanes = Vector.scalarCount
  let constants = AdamVectors<Vector>(step)
  // v · 0 is 0 for a finite v and NaN otherwise: one register remembers every element.
  var poison = Vector(repeating: 0)
  var i = range.lowerBound
  while i + lanes <= range.upperBound {
    var pi = loadVector(p + i)
    var mi = loadVector(m + i)
    var vi = loadVector(v + i)
    constants.update(p: &pi, g: loadVector(g + i), m: &mi, v: &vi)
    poison = poison.adding(vi, times: Vector(repeating: 0))
    storeVector(pi, p + i)
    storeVector(mi, m + i)
    storeVector(vi, v + i)
    storeVector(Vector(repeating: 0), g + i)
    i += lanes
  }
  while i < range.upperBound {
    var (pi, mi, vi) = (Vector(repeating: p[i]), Vector(repeating: m[i]), Vector(repeating: v[i]))
    constants.update(p: &pi, g: Vector(repeating: g[i]), m: &mi, v: &vi)
    poison = poison.adding(vi, times: Vector(repeating: 0))
    (p[i], g[i], m[i], v[i]) = (pi[0], 0, mi[0], vi[0])
    i += 1
  }
  return poison == Vector(repeating: 0)
}

/// The coefficients of a step in registers, and the update of one register.
private struct AdamVectors<Vector: SIMD> where Vector.Scalar: LaneScalar {
  let firstRate, secondDecay, secondRate, stepSize, rootCorrection, epsilon: Vector

  @inline(__always)
  init(_ step: AdamStep<Vector.Scalar>) {
    firstRate = Vector(repeating: step.firstRate)
    secondDecay = Vector(repeating: step.secondDecay)
    secondRate = Vector(repeating: step.secondRate)
    stepSize = Vector(repeating: step.stepSize)
    rootCorrection = Vector(repeating: step.rootCorrection)
    epsilon = Vector(repeating: step.epsilon)
  }

  @inline(__always)
  func update(p: inout Vector, g: Vector, m: inout Vector, v: inout Vector) {
    m = m.adding(firstRate, times: g - m)
    v = (secondDecay * v).adding(secondRate * g, times: g)
    // v ≥ 0, so |v| changes nothing, except that the compiler can then use the vector square root:
    // the library's √ has a branch for negative numbers.
    var root = Vector(repeating: 0)
    for lane in 0..<Vector.scalarCount {
      root[lane] = v[lane].magnitude.squareRoot()
    }
    p -= stepSize * (m / epsilon.adding(root, times: rootCorrection))
  }
}

/// The slow twin of `adamUpdate`: the formula, element by element, in `Double`.
///
/// - Parameters:
///   - parameters: p, changed in place.
///   - gradients: g.
///   - firstMoments: m, changed in place.
///   - secondMoments: v, changed in place.
///   - number: t, counted from 1.
///   - learningRate: η.
///   - beta1: β₁.
///   - beta2: β₂.
///   - epsilon: ε.
package func adamUpdateByDefinition(
  parameters: inout [Double], gradients: [Double], firstMoments: inout [Double],
  secondMoments: inout [Double], number: Int, learningRate: Double, beta1: Double,
  beta2: Double, epsilon: Double
) {
  for i in parameters.indices {
    let g = gradients[i]
    firstMoments[i] = beta1 * firstMoments[i] + (1 - beta1) * g
    secondMoments[i] = beta2 * secondMoments[i] + (1 - beta2) * g * g
    let m = firstMoments[i] / (1 - power(beta1, number))
    let v = secondMoments[i] / (1 - power(beta2, number))
    parameters[i] -= learningRate * m / (v.squareRoot() + epsilon)
  }
}

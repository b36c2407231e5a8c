/// Minimises a smooth function of many variables from its value and gradient: limited-memory BFGS.
///
///     x ← x − t H g,    H the inverse Hessian that the last pairs s = Δx, y = Δg imply
///
/// Method:     two-loop recursion [NocedalWright2006, alg. 7.4] from γ = sᵀy/yᵀy, over the last
///             twenty pairs; the step, t = 1 at first, is doubled or bisected [LewisOverton2013,
///             alg. 2.6] until f falls by 10⁻⁴ of what the slope promises and the slope has lost a
///             tenth (Wolfe), which makes sᵀy positive. Pairs with sᵀy ≤ 10⁻¹⁰ |s||y|, made of
///             rounding, are not kept.
/// Ends:       when ten iterations together lower f by less than `tolerance`, when no step along −H
///             g and then −g lowers it, or after `iterations`.
/// Checked by: LimitedMemoryMinimiserTests.
struct LimitedMemoryMinimiser {
  /// Most iterations.
  var iterations = 200
  /// Decrease over ten iterations, in units of f, below which the search ends.
  var tolerance = 1e-6
  /// Pairs that are remembered.
  private static let memory = 20

  /// Where the search ended.
  struct Outcome {
    var x: [Double]
    var value: Double
    var gradientNorm: Double
    var iterations: Int
    /// Number of evaluations of f.
    var evaluations: Int
    /// Whether it ended before the last iteration.
    var hasConverged: Bool
  }

  private struct Pair {
    var s: [Double]
    var y: [Double]
    var curvature: Double
  }

  /// Minimises `f`, which returns value and gradient, from `start`.
  ///
  /// - Throws: what `f` throws.
  func minimise(
    from start: [Double], _ f: ([Double]) throws -> (value: Double, gradient: [Double])
  ) rethrows -> Outcome {
    var x = start
    var (value, gradient) = try f(x)
    var pairs: [Pair] = []
    var history = [value]
    var evaluations = 1
    func outcome(_ iterations: Int, _ hasConverged: Bool) -> Outcome {
      Outcome(
        x: x, value: value, gradientNorm: dot(gradient, gradient).squareRoot(),
        iterations: iterations, evaluations: evaluations, hasConverged: hasConverged)
    }
    for iteration in 0..<iterations {
      let direction = descentDirection(gradient, pairs)
      guard
        let next = try search(
          from: x, value: value, slope: dot(gradient, direction), along: direction,
          evaluations: &evaluations, f)
      else {
        // The remembered curvature may be spoilt by rounding: the search is tried once more along
        // −g.
        if pairs.isEmpty { return outcome(iteration, true) }
        pairs.removeAll()
        continue
      }
      let s = zip(next.x, x).map { $0 - $1 }
      let y = zip(next.gradient, gradient).map { $0 - $1 }
      let curvature = dot(s, y)
      if curvature > 1e-10 * (dot(s, s) * dot(y, y)).squareRoot() {
        pairs.append(Pair(s: s, y: y, curvature: curvature))
        if pairs.count > Self.memory { pairs.removeFirst() }
      }
      (x, value, gradient) = (next.x, next.value, next.gradient)
      history.append(value)
      if history.count > 10, history[history.count - 11] - value < tolerance {
        return outcome(iteration + 1, true)
      }
    }
    return outcome(iterations, false)
  }

  /// −H g.
  private func descentDirection(_ gradient: [Double], _ pairs: [Pair]) -> [Double] {
    var q = gradient.map { -$0 }
    var factors: [Double] = []
    for pair in pairs.reversed() {
      let factor = dot(pair.s, q) / pair.curvature
      add(-factor, pair.y, to: &q)
      factors.append(factor)
    }
    if let last = pairs.last {
      let scale = last.curvature / dot(last.y, last.y)
      for i in q.indices { q[i] *= scale }
    }
    for (pair, factor) in zip(pairs, factors.reversed()) {
      add(factor - dot(pair.y, q) / pair.curvature, pair.s, to: &q)
    }
    return q
  }

  /// A step that satisfies both of Wolfe's conditions; nil when thirty trials find none that lowers
  /// f.
  private func search(
    from x: [Double], value: Double, slope: Double, along direction: [Double],
    evaluations: inout Int, _ f: ([Double]) throws -> (value: Double, gradient: [Double])
  ) rethrows -> (x: [Double], value: Double, gradient: [Double])? {
    guard slope < 0 else { return nil }
    var (low, high) = (0.0, Double.infinity)
    var step = 1.0
    var lower: (x: [Double], value: Double, gradient: [Double])?
    for _ in 0..<30 {
      let trial = zip(x, direction).map { $0 + step * $1 }
      let (trialValue, trialGradient) = try f(trial)
      evaluations += 1
      if trialValue.isFinite, trialValue <= value + 1e-4 * step * slope {
        lower = (trial, trialValue, trialGradient)
        if dot(trialGradient, direction) >= 0.9 * slope { break }
        low = step
      } else {
        high = step
      }
      step = high.isFinite ? (low + high) / 2 : 2 * step
    }
    return lower
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

private func add(_ factor: Double, _ a: [Double], to b: inout [Double]) {
  for i in b.indices { b[i] += factor * a[i] }
}

/// Polynomials of standardised variables: the features that a readout is linear in.
///
///     t = R (z − z_0)                        R whitens: over the training sky the t_k are
///                                            uncorrelated with variance 1, by decreasing
///                                            variance of z
///     features    t_k
///                 t_j t_k, j ≤ k             from degree 2 on
///                 t_j t_k², k < 3 and t_j t_k³, k < 2      from degree 3 on
///
/// or, with L leaders, the variables that follow the parameters most closely (`Whitening` puts them
/// first),
///
///     features    t_k
///                 t_j t_k^d, k < L, d = 1..<degree         (j ≥ k for d = 1)
///
/// which is a linear estimate whose coefficients are polynomials of the first guess: n (1 + L
/// (degree − 1)) features instead of n²/2.
///
/// The logarithm of a band power is quadratic in the peak's position and its noise does not depend
/// on it, so products of a few leading components carry what a straight line misses.
/// Checked by: PolynomialFeatureTests.
package struct PolynomialFeatures: Sendable, Equatable {
  /// Number of variables.
  package let variables: Int
  /// 1, 2 or 3 (4 with leaders): which of the groups above there are.
  package let degree: Int
  /// L, or nil for the first scheme.
  package let leaders: Int?

  package init(variables: Int, degree: Int, leaders: Int? = nil) {
    precondition(
      (1...(leaders == nil ? 3 : 4)).contains(degree), "polynomial features of degree \(degree)")
    precondition((1...variables).contains(leaders ?? 1), "\(leaders ?? 1) of \(variables) lead")
    self.variables = variables
    self.degree = degree
    self.leaders = leaders
  }

  /// Leading components whose second (third) power multiplies every variable.
  private var squaredLeaders: Int { min(3, variables) }
  private var cubedLeaders: Int { min(2, variables) }

  package var count: Int {
    if let leaders {
      let products = leaders * (degree - 1) * variables
      return variables + products - (degree > 1 ? leaders * (leaders - 1) / 2 : 0)
    }
    var count = variables
    if degree >= 2 { count += variables * (variables + 1) / 2 }
    if degree >= 3 { count += variables * (squaredLeaders + cubedLeaders) }
    return count
  }

  /// The features of one map.
  package func forward(_ t: [Double]) -> [Double] {
    var features = t
    features.reserveCapacity(count)
    if let leaders {
      forEachProduct(leaders) { j, k, power in features.append(t[j] * pow(t[k], power)) }
      return features
    }
    if degree >= 2 {
      for j in 0..<variables {
        for k in j..<variables { features.append(t[j] * t[k]) }
      }
    }
    if degree >= 3 {
      for k in 0..<squaredLeaders {
        let square = t[k] * t[k]
        for j in 0..<variables { features.append(t[j] * square) }
      }
      for k in 0..<cubedLeaders {
        let cube = t[k] * t[k] * t[k]
        for j in 0..<variables { features.append(t[j] * cube) }
      }
    }
    return features
  }

  /// t̄ from the gradient of the features.
  package func backward(_ gradient: [Double], saved t: [Double]) -> [Double] {
    var dt = Array(gradient[0..<variables])
    var place = variables
    if let leaders {
      forEachProduct(leaders) { j, k, power in
        dt[j] += gradient[place] * pow(t[k], power)
        dt[k] += gradient[place] * t[j] * Double(power) * pow(t[k], power - 1)
        place += 1
      }
      return dt
    }
    if degree >= 2 {
      for j in 0..<variables {
        for k in j..<variables {
          dt[j] += gradient[place] * t[k]
          dt[k] += gradient[place] * t[j]
          place += 1
        }
      }
    }
    if degree >= 3 {
      for k in 0..<squaredLeaders {
        for j in 0..<variables {
          dt[j] += gradient[place] * t[k] * t[k]
          dt[k] += gradient[place] * t[j] * 2 * t[k]
          place += 1
        }
      }
      for k in 0..<cubedLeaders {
        for j in 0..<variables {
          dt[j] += gradient[place] * t[k] * t[k] * t[k]
          dt[k] += gradient[place] * t[j] * 3 * t[k] * t[k]
          place += 1
        }
      }
    }
    return dt
  }

  /// Calls `body` with j, k and d of every t_j t_k^d, in the order of the features.
  private func forEachProduct(
    _ leaders: Int, _ body: (_ variable: Int, _ leader: Int, _ power: Int) -> Void
  ) {
    for power in 1..<max(degree, 1) {
      for k in 0..<leaders {
        for j in (power == 1 ? k : 0)..<variables { body(j, k, power) }
      }
    }
  }
}

/// x^n, n ≥ 0, by multiplication.
private func pow(_ x: Double, _ n: Int) -> Double {
  var result = 1.0
  for _ in 0..<n { result *= x }
  return result
}

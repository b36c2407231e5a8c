/// Polynomials of standardised variables: the features that a readout is linear in.
///
///     t = R (z − z_0)                        R whitens: over the training sky the t_k are uncorrelated
///                                            with variance 1, by decreasing variance of z
///     features    t_k
///                 t_j t_k, j ≤ k             from degree 2 on
///                 t_j t_k², k < 3 and t_j t_k³, k < 2      from degree 3 on
///
/// The logarithm of a band power is quadratic in the peak's position and its noise does not depend on
/// it, so products of a few leading components carry what a straight line misses.
/// Checked by: PolynomialFeatureTests.
package struct PolynomialFeatures: Sendable, Equatable {
  /// Number of variables.
  package let variables: Int
  /// 1, 2 or 3: which of the groups above there are.
  package let degree: Int

  package init(variables: Int, degree: Int) {
    precondition((1...3).contains(degree), "polynomial features of degree \(degree)")
    self.variables = variables
    self.degree = degree
  }

  /// Leading components whose second (third) power multiplies every variable.
  private var squaredLeaders: Int { min(3, variables) }
  private var cubedLeaders: Int { min(2, variables) }

  package var count: Int {
    var count = variables
    if degree >= 2 { count += variables * (variables + 1) / 2 }
    if degree >= 3 { count += variables * (squaredLeaders + cubedLeaders) }
    return count
  }

  /// The features of one map.
  package func forward(_ t: [Double]) -> [Double] {
    var features = t
    features.reserveCapacity(count)
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
}

import HarmonicTransforms

/// How far coefficients of several draws are from independent Gaussian ones of a given spectrum, in
/// standard errors.
///
/// Every degree of freedom (Re a_l0; Re and Im a_lm, m > 0) is divided by its standard deviation,
/// √C_l or √(C_l/2). With N draws of D of them the scores are
///
///     √N Σ_n x_nk/N               mean of each
///     √(N/2) (Σ_n x_nk²/N − 1)    variance of each
///     √(M/2) (Σ x²/M − 1)         variance of all numbers, of those of the orders m = 0, of the
///                                 real parts and of the imaginary parts of m > 0, and of each
///                                 degree; M of them
///     √(M/96) (Σ x⁴/M − 3)        fourth moment of the same but the degrees: 96 is the variance
///                                 of x⁴
///     √N Σ_n x_nj x_nk/N, j < k   no two are correlated
///     √D Σ_k x_nk x_pk/D, n < p   no draw repeats another, among the first 256
///
/// Two draws that are equal score infinity.
///
/// Domain:     C_l > 0 for every l = 0...lmax, at least one draw, as many coefficients as draws and
///             degrees need; anything else scores infinity.
/// Blind to:   moments beyond the fourth, and what N draws cannot resolve: the variance of one
///             number that is off by less than 6.5 √(2/N), that of a group of M numbers by less
///             than 6.5 √(2/M): amplitudes by less than 1.0 % with 200,000 numbers.
/// Checked by: DistributionScorePropertyTests.
struct DistributionScore {
  /// The largest of the scores; infinite when Im a_l0 is not 0.
  let largest: Double

  /// Scores of `coefficients`, `[draw][lm][re, im]`.
  init(_ coefficients: [Double], draws: Int, lmax: Int, spectrum: [Double]) {
    guard draws > 0, lmax >= 0, spectrum.count - 1 == lmax,
      spectrum.allSatisfy({ $0 > 0 && $0.isFinite })
    else {
      largest = .infinity
      return
    }
    let count = 2 * coefficientCount(lmax: lmax, mmax: lmax)
    // Not draws * count, which may overflow.
    guard coefficients.count % count == 0, coefficients.count / count == draws else {
      largest = .infinity
      return
    }
    let samples = (0..<draws).map { draw in
      DistributionScore.standardised(
        coefficients[draw * count..<(draw + 1) * count], lmax: lmax, spectrum: spectrum)
    }
    guard samples.allSatisfy({ $0 != nil }) else {
      largest = .infinity
      return
    }
    let rows = samples.compactMap(\.self)
    guard Set(rows).count == rows.count else {
      largest = .infinity
      return
    }
    let columns = rows[0].indices.map { k in rows.map { $0[k] } }
    let n = Double(draws)
    let each = columns.flatMap { x in
      let mean = x.reduce(0, +) / n
      let square = x.reduce(0) { $0 + $1 * $1 } / n
      return [mean * n.squareRoot(), (square - 1) * (n / 2).squareRoot()]
    }
    largest = max(
      each.reduce(0) { max($0, abs($1)) },
      DistributionScore.largestGroupScore(columns, lmax: lmax),
      DistributionScore.largestProduct(columns),
      DistributionScore.largestProduct(Array(rows.prefix(256))))
  }

  /// The largest score of the groups of numbers that a wrong convention changes together.
  private static func largestGroupScore(_ columns: [[Double]], lmax: Int) -> Double {
    var sums = [String: (squares: Double, fourths: Double, count: Int)]()
    var next = columns.makeIterator()
    func add(_ column: [Double]?, _ groups: [String]) {
      guard let column else { return }
      let squares = column.reduce(0) { $0 + $1 * $1 }
      let fourths = column.reduce(0) { $0 + $1 * $1 * $1 * $1 }
      for group in groups + ["all"] {
        let sum = sums[group] ?? (0, 0, 0)
        sums[group] = (sum.squares + squares, sum.fourths + fourths, sum.count + column.count)
      }
    }
    for m in 0...lmax {
      for l in m...lmax {
        if m == 0 {
          add(next.next(), ["zonal", "degree \(l)"])
        } else {
          add(next.next(), ["real", "degree \(l)"])
          add(next.next(), ["imaginary", "degree \(l)"])
        }
      }
    }
    return sums.reduce(0) { largest, group in
      let (sum, count) = (group.value, Double(group.value.count))
      let variance = abs(sum.squares / count - 1) * (count / 2).squareRoot()
      // The fourth moment of few numbers has a long tail.
      let fourth =
        group.key.hasPrefix("degree")
        ? 0 : abs(sum.fourths / count - 3) * (count / 96).squareRoot()
      return max(largest, variance, fourth)
    }
  }

  /// max |Σ x y|/√length over all pairs of rows.
  private static func largestProduct(_ rows: [[Double]]) -> Double {
    let scale = Double(rows[0].count).squareRoot()
    var largest = 0.0
    for j in rows.indices {
      for k in 0..<j {
        var sum = 0.0
        for i in rows[j].indices { sum += rows[j][i] * rows[k][i] }
        largest = max(largest, abs(sum) / scale)
      }
    }
    return largest
  }

  /// The degrees of freedom of one draw over their standard deviations; nil when Im a_l0 is not 0.
  private static func standardised(
    _ draw: ArraySlice<Double>, lmax: Int, spectrum: [Double]
  ) -> [Double]? {
    var numbers: [Double] = []
    for m in 0...lmax {
      for l in m...lmax {
        let place = draw.startIndex + 2 * coefficientIndex(l: l, m: m, lmax: lmax)
        if m == 0 {
          guard draw[place + 1] == 0 else { return nil }
          numbers.append(draw[place] / spectrum[l].squareRoot())
        } else {
          let deviation = (spectrum[l] / 2).squareRoot()
          numbers += [draw[place] / deviation, draw[place + 1] / deviation]
        }
      }
    }
    return numbers
  }
}

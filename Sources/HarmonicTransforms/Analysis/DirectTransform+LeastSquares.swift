import LinearAlgebra

// Least squares as it is defined: synthesis as a dense matrix over the real numbers that stored
// coefficients are free to take, and singular values (`LeastSquaresSolution`).

extension DirectTransform {
  /// The places among the stored numbers of one lane that are free: Re a_l0; Re and Im of a_lm,
  /// m > 0.
  package var freePlaces: [Int] { freeNumbers(lmax: lmax, mmax: mmax, firstDegree: 0) }

  /// A of f = A a, (points, free numbers), a column for each of `freePlaces`.
  package var synthesisMatrix: Matrix {
    let places = freePlaces
    var units = CoefficientStack<Double>(lmax: lmax, mmax: mmax, lanes: places.count)
    for (lane, place) in places.enumerated() { units.values[place * places.count + lane] = 1 }
    return Matrix(
      rows: grid.pointCount, columns: places.count, storage: synthesis(units).values)
  }

  /// argmin_a Σ_p (f_p − synthesis(a)_p)², all points alike.
  ///
  /// The slow twin of `LeastSquaresAnalysis`.
  ///
  /// - Throws: `LinearAlgebraError` of the solution.
  package func leastSquares(_ f: FieldStack<Double>) throws -> CoefficientStack<Double> {
    let fields = Matrix(rows: grid.pointCount, columns: f.lanes, storage: f.values)
    let solution = try LeastSquaresSolution(synthesisMatrix, fields).solution
    var a = CoefficientStack<Double>(lmax: lmax, mmax: mmax, lanes: f.lanes)
    a.set(freePlaces, to: solution, firstRow: 0)
    return a
  }

  /// A⁺ of a = A⁺ f, `[(l, m)][re, im][point]`: `leastSquares` of the fields that are 1 at one
  /// point.
  ///
  /// - Throws: `LinearAlgebraError` of the solution.
  package func pseudoInverse() throws -> [Double] {
    let points = grid.pointCount
    var units = FieldStack<Double>(grid: grid, lanes: points)
    for p in 0..<points { units.values[p * points + p] = 1 }
    return try leastSquares(units).values
  }
}

extension CoefficientStack where T == Double {
  /// Row `firstRow + k` of a solution to the k-th place of every lane.
  mutating func set(_ places: [Int], to solution: Matrix, firstRow: Int) {
    for (k, place) in places.enumerated() {
      for lane in 0..<lanes { values[place * lanes + lane] = solution[firstRow + k, lane] }
    }
  }
}

/// Places 2 (l, m) + part of Re a_l0 and of both parts of a_lm, m > 0, l ≥ `firstDegree`.
func freeNumbers(lmax: Int, mmax: Int, firstDegree: Int) -> [Int] {
  (0...mmax).flatMap { m in
    (max(m, firstDegree)..<lmax + 1).flatMap { l in
      (m == 0 ? [0] : [0, 1]).map { 2 * coefficientIndex(l: l, m: m, lmax: lmax) + $0 }
    }
  }
}

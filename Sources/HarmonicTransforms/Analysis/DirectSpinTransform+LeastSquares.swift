import LinearAlgebra

extension DirectSpinTransform {
  /// argmin Σ_p |(Q + iU)_p − synthesis(E, B)_p|² over the degrees from s on.
  ///
  /// The slow twin of `SpinLeastSquaresAnalysis`.
  ///
  /// - Throws: `LinearAlgebraError` of the solution.
  package func leastSquares(_ f: SpinFields<Double>) throws -> SpinCoefficients<Double> {
    let places = freeNumbers(lmax: lmax, mmax: mmax, firstDegree: spin)
    let (n, lanes) = (places.count, f.q.lanes)
    var units = SpinCoefficients<Double>(lmax: lmax, mmax: mmax, lanes: 2 * n)
    for (k, place) in places.enumerated() {
      units.e.values[place * 2 * n + k] = 1
      units.b.values[place * 2 * n + n + k] = 1
    }
    let columns = synthesis(units)
    let rows = 2 * grid.pointCount
    let solution = try LeastSquaresSolution(
      Matrix(rows: rows, columns: 2 * n, storage: columns.q.values + columns.u.values),
      Matrix(rows: rows, columns: lanes, storage: f.q.values + f.u.values)
    ).solution
    var a = SpinCoefficients<Double>(lmax: lmax, mmax: mmax, lanes: lanes)
    a.e.set(places, to: solution, firstRow: 0)
    a.b.set(places, to: solution, firstRow: n)
    return a
  }
}

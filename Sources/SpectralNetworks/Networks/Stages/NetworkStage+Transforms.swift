import HarmonicTransforms

extension NetworkStage {
  /// Fields to coefficients by quadrature.
  static func analysis(_ transform: DirectTransform) -> NetworkStage {
    NetworkStage { f in
      transform.analysis(transform.fields(f)).laneByLane
    } inputGradient: { da, _ in
      transform.analysisGradient(transform.coefficients(da)).laneByLane
    }
  }

  /// Coefficients to fields.
  static func synthesis(_ transform: DirectTransform) -> NetworkStage {
    NetworkStage { a in
      transform.synthesis(transform.coefficients(a)).laneByLane
    } inputGradient: { df, _ in
      transform.synthesisGradient(transform.fields(df)).laneByLane
    }
  }

  /// Fields to coefficients by least squares, a = A⁺ f, so that f̄ = A⁺ᵀ ā; A⁺ number by number.
  ///
  /// - Throws: `LinearAlgebraError` of `DirectTransform.pseudoInverse`.
  static func leastSquares(_ transform: DirectTransform) throws -> NetworkStage {
    let inverse = try transform.pseudoInverse()
    let points = transform.grid.pointCount
    let numbers = inverse.count / points
    return NetworkStage { f in
      (0..<f.count / points * numbers).map { i in
        let (lane, row) = (i / numbers, i % numbers)
        return (0..<points).reduce(0) { $0 + inverse[row * points + $1] * f[lane * points + $1] }
      }
    } inputGradient: { da, _ in
      (0..<da.count / numbers * points).map { i in
        let (lane, p) = (i / points, i % points)
        return (0..<numbers).reduce(0) {
          $0 + inverse[$1 * points + p] * da[lane * numbers + $1]
        }
      }
    }
  }

  /// Coefficients of real fields: Im a_l0 is no degree of freedom and becomes 0, its gradient too.
  static func realFields(lmax: Int, mmax: Int) -> NetworkStage {
    let numbers = 2 * coefficientCount(lmax: lmax, mmax: mmax)
    @Sendable func project(_ a: [Double]) -> [Double] {
      a.enumerated().map { i, value in
        let place = i % numbers
        return place < 2 * (lmax + 1) && place % 2 == 1 ? 0 : value
      }
    }
    return NetworkStage(forward: project) { da, _ in project(da) }
  }
}

extension DirectTransform {
  /// `[lane][point]` on the transform's grid.
  fileprivate func fields(_ values: [Double]) -> FieldStack<Double> {
    let lanes = values.count / grid.pointCount
    return FieldStack(grid: grid, lanes: lanes, values: values.transposed(rows: lanes))
  }

  /// `[lane][(l, m)][re, im]` of the transform's degrees.
  fileprivate func coefficients(_ values: [Double]) -> CoefficientStack<Double> {
    let lanes = values.count / (2 * coefficientCount(lmax: lmax, mmax: mmax))
    return CoefficientStack(
      lmax: lmax, mmax: mmax, lanes: lanes, values: values.transposed(rows: lanes))
  }
}

extension FieldStack<Double> {
  /// `[lane][point]`.
  fileprivate var laneByLane: [Double] { values.transposed(rows: grid.pointCount) }
}

extension CoefficientStack<Double> {
  /// `[lane][(l, m)][re, im]`.
  fileprivate var laneByLane: [Double] { values.transposed(rows: values.count / lanes) }
}

import FileFormats
import HarmonicTransforms
import SphereGrids

extension TransformDefinitions {
  private func field(_ tensor: TensorData) throws -> FieldStack<Double> {
    let lanes = tensor.shape[0] * tensor.shape[1]
    return FieldStack(
      grid: grid, lanes: lanes, values: transposed(try tensor.doubles(), rows: lanes))
  }

  private func coefficients(_ tensor: TensorData) throws -> CoefficientStack<Double> {
    let lanes = tensor.shape[0] * tensor.shape[1]
    return CoefficientStack(
      lmax: lmax, mmax: mmax, lanes: lanes, values: transposed(try tensor.doubles(), rows: lanes))
  }

  private func tensor(of f: FieldStack<Double>, like x: TensorData) -> TensorData {
    Conformance.tensor(
      lanesLast: f.values, leading: Array(x.shape.prefix(2)), shape: [grid.pointCount])
  }

  private func tensor(of a: CoefficientStack<Double>, like x: TensorData) -> TensorData {
    Conformance.tensor(a, leading: Array(x.shape.prefix(2)))
  }

  /// Fields `[maps, channels, points]` to coefficients by quadrature.
  var analysisStep: NetworkStep {
    NetworkStep { x in
      tensor(of: analysis(try field(x), weighted: true), like: x)
    } gradient: { x, da in
      tensor(of: analysisGradient(try coefficients(da)), like: x)
    }
  }

  /// Coefficients `[maps, channels, lm, 2]` to fields.
  var synthesisStep: NetworkStep {
    NetworkStep { x in
      tensor(of: synthesis(try coefficients(x)), like: x)
    } gradient: { x, df in
      tensor(of: synthesisGradient(try field(df)), like: x)
    }
  }

  /// Fields to coefficients by least squares a = A⁺ f; the gradient is f̄ = A⁺ᵀ ā with A⁺ column by
  /// column.
  func leastSquaresStep() throws -> NetworkStep {
    let points = grid.pointCount
    var units = FieldStack<Double>(grid: grid, lanes: points)
    for p in 0..<points { units.values[p * points + p] = 1 }
    let inverse = try leastSquares(units).values
    return NetworkStep { x in
      tensor(of: try leastSquares(try field(x)), like: x)
    } gradient: { x, da in
      let gradient = try coefficients(da)
      var df = FieldStack<Double>(grid: grid, lanes: gradient.lanes)
      for row in 0..<inverse.count / points {
        for p in 0..<points {
          for lane in 0..<gradient.lanes {
            df.values[p * gradient.lanes + lane] +=
              inverse[row * points + p] * gradient.values[row * gradient.lanes + lane]
          }
        }
      }
      return tensor(of: df, like: x)
    }
  }
}

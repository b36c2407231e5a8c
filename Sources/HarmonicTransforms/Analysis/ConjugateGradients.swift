import FourierTransforms
import Kernels

/// The state of CGLS for all lanes.
final class ConjugateGradients<Transform: PanelTransform> {
  typealias T = Transform.T
  let transform: Transform
  let workspace: Transform.Workspace
  let threads: Int
  /// The solution so far.
  let a: AlignedBuffer<T>
  private let rest: AlignedBuffer<T>  // f − S a
  private let image: AlignedBuffer<T>  // S p
  private let gradient: AlignedBuffer<T>  // S†(f − S a)
  private let direction: AlignedBuffer<T>  // p
  private let factors: AlignedBuffer<T>
  private var iterations: [Int]
  private var initialSquares: [Double]  // ‖S† f‖²
  private let fieldSquares: [Double]  // ‖f‖²
  /// Which lanes still iterate. Lanes of zeros never do: neighbouring lanes share a Fourier
  /// transform and leave rounding errors in each other, which the iteration would blow up.
  private var isActive: [Bool]

  private let stride: Int
  private let field: AlignedBuffer<T>  // f
  private var points: Int { transform.fieldRows }
  private var rows: Int { transform.panelRows }

  /// Prepares the solution for the fields of a batch, `[row][laneStride]`.
  init(
    _ transform: Transform, _ field: AlignedBuffer<T>, _ workspace: Transform.Workspace,
    threads: Int
  ) {
    self.transform = transform
    self.threads = threads
    self.workspace = workspace
    self.field = field
    stride = transform.laneStride(workspace)
    let count = transform.panelRows * stride
    a = AlignedBuffer(count: count)
    gradient = AlignedBuffer(count: count)
    direction = AlignedBuffer(count: count)
    rest = AlignedBuffer(count: transform.fieldRows * stride)
    image = AlignedBuffer(count: transform.fieldRows * stride)
    factors = AlignedBuffer(count: stride)
    iterations = [Int](repeating: 0, count: stride)
    initialSquares = []
    fieldSquares = laneSquares(field, rows: transform.fieldRows, stride)
    isActive = fieldSquares.map { $0 > 0 }
    copyField()
    applyAdjoint()
    initialSquares = coefficientSquares(gradient)
  }

  /// Iterates; returns one report per lane of the batch.
  func run(tolerance: Double, maximumIterations: Int) -> [LeastSquaresReport] {
    iterate(tolerance: tolerance, maximumIterations: maximumIterations)
    return reports(tolerance: tolerance)
  }

  private func iterate(tolerance: Double, maximumIterations: Int) {
    var squares = initialSquares
    var restSquares = fieldSquares
    var largestGain = [Double](repeating: 0, count: stride)  // ‖S p‖²/‖p‖², at most ‖S‖²
    addGradientToDirection(ratios: [Double](repeating: 0, count: stride))
    for _ in 0..<maximumIterations {
      for lane in 0..<stride {
        // What rounding of f − S a makes of S†(f − S a): below it no direction is found.
        let floor = 4 * Double(T.ulpOfOne) * largestGain[lane].squareRoot()
        if squares[lane] <= tolerance * tolerance * initialSquares[lane]
          || squares[lane] <= floor * floor * restSquares[lane]
        {
          isActive[lane] = false
        }
      }
      if !isActive.contains(true) { return }
      transform.synthesise(direction.view(), workspace, to: image.view(), threads: threads)
      let imageSquares = laneSquares(image, rows: points, stride)
      let directionSquares = coefficientSquares(direction)
      for lane in 0..<stride where isActive[lane] {
        largestGain[lane] = max(largestGain[lane], imageSquares[lane] / directionSquares[lane])
      }
      let steps = (0..<stride).map { isActive[$0] ? squares[$0] / imageSquares[$0] : 0 }
      add(steps, of: direction, rows: rows, to: a)
      add(steps.map { -$0 }, of: image, rows: points, to: rest)
      restSquares = laneSquares(rest, rows: points, stride)
      applyAdjoint()
      let next = coefficientSquares(gradient)
      addGradientToDirection(
        ratios: (0..<stride).map { isActive[$0] ? next[$0] / squares[$0] : 0 })
      for lane in 0..<stride where isActive[lane] {
        squares[lane] = next[lane]
        iterations[lane] += 1
      }
    }
  }

  /// Reports from the residuals of the solution itself, not from those carried along.
  private func reports(tolerance: Double) -> [LeastSquaresReport] {
    transform.synthesise(a.view(), workspace, to: image.view(), threads: threads)
    copyField()
    add([Double](repeating: -1, count: stride), of: image, rows: points, to: rest)
    let restSquares = laneSquares(rest, rows: points, stride)
    applyAdjoint()
    let squares = coefficientSquares(gradient)
    return (0..<transform.lanes(workspace)).map { lane in
      // A field that is orthogonal to every Y_lm, above all a field of zeros, is fitted by zero.
      let isZero = fieldSquares[lane] == 0 || initialSquares[lane] == 0
      let normal = isZero ? 0 : (squares[lane] / initialSquares[lane]).squareRoot()
      let residual =
        fieldSquares[lane] == 0 ? 0 : (restSquares[lane] / fieldSquares[lane]).squareRoot()
      return LeastSquaresReport(
        stop: stop(lane, normalResidual: normal, tolerance: tolerance),
        iterations: iterations[lane], normalResidual: normal, residual: residual)
    }
  }

  private func stop(
    _ lane: Int, normalResidual: Double, tolerance: Double
  ) -> LeastSquaresReport.Stop {
    if normalResidual <= tolerance { return .converged }
    return isActive[lane] ? .iterationLimit : .roundingLimit
  }

  // MARK: - Steps

  /// rest = f.
  private func copyField() {
    copyRows(
      rows: points, columns: stride, from: field.view(), stride: stride, to: rest.view(),
      stride: stride)
  }

  /// gradient = S† rest.
  private func applyAdjoint() {
    transform.adjoin(rest.view(), workspace, to: gradient.view(), threads: threads)
  }

  /// ⟨a, a⟩ of every lane in the inner product of the full sphere.
  private func coefficientSquares(_ panel: AlignedBuffer<T>) -> [Double] {
    var sums = [Double](repeating: 0, count: stride)
    var next = 0
    for zonal in transform.zonalRows + [rows..<rows] {
      for (range, weight) in [(next..<zonal.lowerBound, 2.0), (zonal, 1.0)] {
        addLaneSquares(
          rows: range.count, laneStride: stride, panel.view(range.lowerBound * stride),
          weight: weight, to: &sums)
      }
      next = zonal.upperBound
    }
    return sums
  }

  /// direction = gradient + ratio direction.
  private func addGradientToDirection(ratios: [Double]) {
    setFactors(ratios)
    scaleLanesAndAdd(
      rows: rows, laneStride: stride, direction.view(), factors: factors.view(), gradient.view())
  }

  /// target += factor vector.
  private func add(
    _ factors: [Double], of vector: AlignedBuffer<T>, rows: Int, to target: AlignedBuffer<T>
  ) {
    setFactors(factors)
    addScaledLanes(
      rows: rows, laneStride: stride, vector.view(), factors: self.factors.view(),
      to: target.view())
  }

  private func setFactors(_ values: [Double]) {
    for lane in 0..<stride { factors[lane] = T(values[lane]) }
  }
}

/// Σ_row x² of every lane.
private func laneSquares<T: LaneScalar>(
  _ x: AlignedBuffer<T>, rows: Int, _ laneStride: Int
) -> [Double] {
  var sums = [Double](repeating: 0, count: laneStride)
  x.withView {
    addLaneSquares(rows: rows, laneStride: laneStride, $0, weight: 1, to: &sums)
  }
  return sums
}

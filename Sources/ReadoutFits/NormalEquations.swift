import Kernels
import LinearAlgebra

/// The normal equations of a weighted linear fit of one target, accumulated map by map.
///
/// Definition:  with z = √w (1, x_1, …, x_n, y) of each map, G = Σ z zᵀ. It contains
///              A = Σ w (1, x)(1, x)ᵀ, b = Σ w (1, x) y and Σ w y². Σ w (y − (1, x) β)² =
///              Σ w y² − 2 βᵀb + βᵀAβ needs no second look at the maps.
/// Method:      rows wait in a block of 512 maps, then go through `addGram` together. Blocks do not
///              depend on how the maps were delivered, nor G on the number of threads.
/// Cost:        (n + 2)² multiplications per map.
/// Checked by:  ClosedFormDefinitionTests.
struct NormalEquations: Sendable {
  /// Maps that are taken together.
  static let blockLength = 512
  /// Not a power of two, as `addGram` wants it.
  private static let stride = blockLength + 8

  /// n, the constant not counted.
  let featureCount: Int
  private(set) var mapCount = 0
  private var gram: [Double]
  private var waiting: [Double]
  private var waitingCount = 0

  /// Order of G.
  private var order: Int { featureCount + 2 }

  /// No maps yet.
  init(featureCount: Int) {
    self.featureCount = featureCount
    let order = featureCount + 2
    gram = [Double](repeating: 0, count: order * order)
    waiting = [Double](repeating: 0, count: order * Self.stride)
  }

  /// Adds one map.
  ///
  /// - Parameters:
  ///   - features: x, n values.
  ///   - target: y.
  ///   - weight: w ≥ 0.
  ///   - threads: threads to use at most when a block is full.
  mutating func add(features: [Double], target: Double, weight: Double, threads: Int) {
    precondition(
      features.count == featureCount && weight >= 0,
      "\(features.count) features of \(featureCount), weight \(weight)")
    let root = weight.squareRoot()
    var place = waitingCount
    waiting[place] = root
    for value in features {
      place += Self.stride
      waiting[place] = root * value
    }
    waiting[place + Self.stride] = root * target
    waitingCount += 1
    mapCount += 1
    if waitingCount == Self.blockLength { finishBlock(threads: threads) }
  }

  /// Adds the maps that still wait. To be called after the last map.
  mutating func finishBlock(threads: Int) {
    addGram(
      to: &gram, of: waiting, variables: order, observations: waitingCount, stride: Self.stride,
      threads: threads)
    waitingCount = 0
  }

  /// Adds the sums of `other`, whose blocks are finished, as these must be.
  mutating func add(_ other: NormalEquations) {
    precondition(
      other.featureCount == featureCount && waitingCount == 0 && other.waitingCount == 0,
      "normal equations of \(featureCount) and \(other.featureCount) features, or open blocks")
    for k in gram.indices { gram[k] += other.gram[k] }
    mapCount += other.mapCount
  }

  /// Σ w.
  var weightSum: Double { gram[0] }

  /// A/Σw + ridge · (mean of its diagonal over the features) on the diagonal of the features.
  func matrix(ridge: Double) -> Matrix {
    let size = featureCount + 1
    var a = Matrix(rows: size, columns: size) { i, j in
      gram[min(i, j) * order + max(i, j)] / weightSum
    }
    var trace = 0.0
    for k in 1..<size { trace += a[k, k] }
    for k in 1..<size { a[k, k] += ridge * trace / Double(featureCount) }
    return a
  }

  /// b/Σw.
  var rightSide: [Double] {
    (0...featureCount).map { gram[$0 * order + order - 1] / weightSum }
  }

  /// Σ w (y − (1, x) β)² / maps for the coefficients β, the constant first.
  func meanSquaredResidual(_ beta: [Double]) -> Double {
    let aBeta = matrix(ridge: 0).multiplied(by: beta)
    let b = rightSide
    var sum = gram[order * order - 1] / weightSum
    for k in beta.indices { sum += beta[k] * (aBeta[k] - 2 * b[k]) }
    return sum * weightSum / Double(mapCount)
  }

  /// The β that makes Σ w (y − (1, x) β)²/Σ w + ridge · (mean diagonal) · Σ_{k ≥ 1} β_k² least.
  ///
  /// - Throws: `ClosedFormError.singular`, `.interrupted`.
  func solve(
    ridge: Double, progress: WorkProgress = WorkProgress()
  ) throws(ClosedFormError) -> (beta: [Double], condition: Double) {
    let a = matrix(ridge: ridge)
    let beta: [Double]
    let spectrum: (condition: Double, weakest: Int)
    do throws(LinearAlgebraError) {
      let factor = try CholeskyFactor(a, progress: progress)
      spectrum = try conditionEstimate(of: a, factor: factor, progress: progress)
      beta = try factor.solve(rightSide)
    } catch {
      if case .interrupted = error { throw .interrupted }
      guard case .notPositiveDefinite(let pivot, _) = error else {
        throw .singular(feature: nil, ridge: ridge, maps: mapCount)
      }
      throw .singular(feature: pivot > 0 ? pivot - 1 : nil, ridge: ridge, maps: mapCount)
    }
    // Beyond 1/(n u) the smallest eigenvalue is made of rounding.
    guard spectrum.condition < 1 / (Double(a.rows) * Double.ulpOfOne) else {
      let weakest = spectrum.weakest
      throw .singular(
        feature: weakest > 0 ? weakest - 1 : nil, ridge: ridge, maps: mapCount)
    }
    return (beta, spectrum.condition)
  }
}

/// λ_max/λ_min of a symmetric positive definite matrix, by power iteration on A and on A⁻¹, and the
/// largest component of the eigenvector of λ_min: the row that is nearest to depend on others.
///
/// Accuracy: both eigenvalues are approached from inside, so the estimate is a lower bound; thirty
/// iterations from a vector without symmetry leave it within a few percent as a rule.
func conditionEstimate(
  of a: Matrix, factor: CholeskyFactor, progress: WorkProgress = WorkProgress()
) throws(LinearAlgebraError) -> (condition: Double, weakest: Int) {
  var (x, y) = ([Double](), [Double]())
  for k in 0..<a.rows {
    // The fractional parts of multiples of the golden ratio: spread out and reproducible.
    let value = (Double(k + 1) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1) + 0.1
    x.append(value)
    y.append(value)
  }
  var (largest, inverse) = (0.0, 0.0)
  for _ in 0..<30 {
    try progress.requireGoingOn()
    x = a.multiplied(by: x)
    largest = norm(x)
    for k in x.indices { x[k] /= largest }
    y = try factor.solve(y)
    inverse = norm(y)
    for k in y.indices { y[k] /= inverse }
  }
  let weakest = y.indices.max { abs(y[$0]) < abs(y[$1]) } ?? 0
  return (largest * inverse, weakest)
}

private func norm(_ x: [Double]) -> Double {
  var sum = 0.0
  for value in x { sum += value * value }
  return sum.squareRoot()
}

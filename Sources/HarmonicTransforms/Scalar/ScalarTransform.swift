import FourierTransforms
import Kernels
import SphereGrids

/// Scalar spherical harmonic transforms between one grid of rings and coefficients up to lmax.
///
/// Definition:  synthesis           f_p = Σ_lm a_lm Y_lm(p) over all −l ≤ m ≤ l
///              analysis            a_lm = Σ_p w_p f_p Y*_lm(p), w_p the grid's quadrature weights
///              adjointSynthesis    a_lm = Σ_p f_p Y*_lm(p)
///              synthesisGradient   z̄_lm = (2 − δ_m0) Σ_p f̄_p Y*_lm(p), for the stored z_lm, m ≥ 0
///              analysisGradient    f̄_p = w_p Σ_{m ≥ 0} Re(z̄_lm Y_lm(p))
///              The last two are the transposes of synthesis and analysis as real linear maps
///              between the field and the stored (Re z, Im z).
/// Method:      Fourier transforms along the rings, Legendre sums across them; mirrored rings share
///              λ_lm up to a sign, so both sums run over half the rings [Reinecke2013, sec. 3].
///              Rings shorter than 2 lmax + 1 fold the orders, so synthesis is always the series
///              at the points.
/// Layout:      all fields of a batch at once, in lanes.
/// Accuracy:    of the order of lmax rounding errors; TransformOracleTests, Docs/Tolerances.md.
/// Cost:        per lane about lmax² (rings) + points · log(longitudes) operations.
/// Checked by:  TransformDefinitionTests (`DirectTransform`), TransformOracleTests (healpy, ducc0),
///              ScalarAdjointTests, TransformErrorTests.
public final class ScalarTransform<T: FourierScalar>: Sendable {
  /// The grid of all fields.
  public let grid: any RingGrid
  /// Largest degree, inclusive.
  public let lmax: Int
  /// Largest order, inclusive.
  public let mmax: Int
  /// What happens at the order n/2.
  public let nyquist: NyquistOrder

  /// Which way the transforms of stacks take.
  public let path: TransformPath
  var recurrence: RecurrenceTransform<T>? { lazyRecurrence?.value }
  private let lazyRecurrence: LazyValue<RecurrenceTransform<T>>?

  package let pairs: [RingPair]
  package let legendre: LegendreTable<T>
  package var phases: RingPhases<T> { lazyPhases.value }
  private let lazyPhases: LazyValue<RingPhases<T>>
  private let memories = StackMemories<TransformWorkspace<T>, T>()
  let memoryChecks = MemoryChecks()

  /// Prepares the transform: tables of λ_lm and of phases.
  ///
  /// - Parameters:
  ///   - grid: the rings.
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order; lmax when nil.
  ///   - nyquist: how synthesis treats the order n/2 of a ring with n points.
  ///   - path: tables of Legendre functions, or their recurrence on the way.
  public init(
    grid: any RingGrid, lmax: Int, mmax: Int? = nil, nyquist: NyquistOrder = .evaluated,
    path: TransformPath = .automatic
  ) {
    let mmax = mmax ?? lmax
    precondition(0 <= mmax && mmax <= lmax, "mmax \(mmax) is outside 0...lmax = 0...\(lmax)")
    self.grid = grid
    self.lmax = lmax
    self.mmax = mmax
    self.nyquist = nyquist
    pairs = RingPair.pairs(of: grid.rings)
    legendre = LegendreTable(lmax: lmax, mmax: mmax, pairs: pairs)
    let pairs = pairs
    lazyPhases = LazyValue { RingPhases(pairs: pairs, mmax: mmax) }
    self.path = path
    lazyRecurrence =
      path == .table
      ? nil : LazyValue { RecurrenceTransform(pairs: pairs, lmax: lmax, mmax: mmax) }
  }

  /// Whether order m of a real field is real, and only its real part enters a field: the order 0,
  /// and the Nyquist order n/2 where all rings have n points and start at φ = 0. Analysis then
  /// gives imaginary parts that are zero exactly.
  package func hasRealOrder(_ m: Int) -> Bool {
    m == 0
      || pairs.allSatisfy {
        $0.north.count == 2 * m && $0.north.phi0 == 0 && ($0.south?.phi0 ?? 0) == 0
      }
  }

  // MARK: - Factors of the stages

  /// m = 0 counts once, m > 0 twice (with its conjugate): ½ and 1 in the ring stage, which adds
  /// both.
  package var synthesisFactors: StageFactors {
    factors(weighted: false) { $0 == 0 ? 0.5 : 1 }
  }
  package var analysisFactors: StageFactors { factors(weighted: true) { _ in 1 } }
  package var adjointSynthesisFactors: StageFactors { factors(weighted: false) { _ in 1 } }
  package var synthesisGradientFactors: StageFactors {
    let isProductGrid = pairs.allSatisfy { $0.north.count == pairs[0].north.count }
    precondition(nyquist == .evaluated || isProductGrid, "Nyquist once needs rings of one length")
    return factors(weighted: false) {
      $0 == 0 || (self.nyquist == .once && 2 * $0 == self.pairs[0].north.count) ? 1 : 2
    }
  }
  package var analysisGradientFactors: StageFactors { factors(weighted: true) { _ in 0.5 } }

  private func factors(weighted: Bool, ofOrder: (Int) -> Double) -> StageFactors {
    StageFactors(
      ofPair: pairs.map { weighted ? $0.north.weight : 1 }, ofOrder: (0...mmax).map(ofOrder))
  }

  // MARK: - Transforms of stacks

  /// The field of given coefficients at the grid's points; see `requireMemory` for large ones.
  public func synthesis(_ a: CoefficientStack<T>, threads: Int = 1) -> FieldStack<T> {
    toField(a, synthesisFactors, threads: threads, self)
  }

  /// Writes the fields of given coefficients over existing ones: the results of many calls then
  /// take no fresh memory.
  public func synthesis(
    _ a: CoefficientStack<T>, into f: inout FieldStack<T>, threads: Int = 1
  ) {
    precondition(
      f.grid.isSame(as: grid) && f.lanes == a.lanes,
      "\(f.lanes) fields on \(f.grid.name) for \(a.lanes) on \(grid.name)")
    f.values.withMutableView {
      writeField(a, synthesisFactors, threads: threads, self, to: $0)
    }
  }

  /// Coefficients by the grid's quadrature.
  ///
  /// - Throws: `HarmonicTransformError.degreeBeyondGrid` unless the quadrature is exact up to lmax
  ///   or `exactness` is `.lossy`; `.otherGrid`; `.notFinite`; `.notEnoughMemory`.
  public func analysis(
    _ f: FieldStack<T>, _ exactness: AnalysisExactness = .exact, threads: Int = 1
  ) throws(HarmonicTransformError) -> CoefficientStack<T> {
    try requireExact(exactness)
    try requireUsable(f, threads: threads)
    return toCoefficients(f, analysisFactors, threads: threads)
  }

  /// Writes coefficients by the grid's quadrature over existing ones.
  ///
  /// - Throws: as `analysis`; the coefficients then stay as they are.
  public func analysis(
    _ f: FieldStack<T>, _ exactness: AnalysisExactness = .exact, into a: inout CoefficientStack<T>,
    threads: Int = 1
  ) throws(HarmonicTransformError) {
    precondition(
      a.lmax == lmax && a.mmax == mmax && a.lanes == f.lanes,
      "coefficients of lmax \(a.lmax), mmax \(a.mmax), \(a.lanes) lanes for \(lmax), \(mmax), "
        + "\(f.lanes)")
    try requireExact(exactness)
    try requireUsable(f, threads: threads)
    a.values.withMutableView {
      writeCoefficients(f, analysisFactors, threads: threads, to: $0)
    }
  }

  /// Refuses an exact analysis of degrees for which the grid's quadrature is not exact.
  func requireExact(_ exactness: AnalysisExactness) throws(HarmonicTransformError) {
    if exactness == .exact && lmax > grid.exactAnalysisDegree {
      throw .degreeBeyondGrid(grid: grid.name, lmax: lmax, exact: grid.exactAnalysisDegree)
    }
  }

  /// Σ_p f_p Y*_lm(p): the adjoint of synthesis for the full sets of coefficients and points.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func adjointSynthesis(
    _ f: FieldStack<T>, threads: Int = 1
  ) throws(HarmonicTransformError) -> CoefficientStack<T> {
    try requireUsable(f, threads: threads)
    return toCoefficients(f, adjointSynthesisFactors, threads: threads)
  }

  /// The gradient with respect to the stored coefficients, given that with respect to the field.
  public func synthesisGradient(_ df: FieldStack<T>, threads: Int = 1) -> CoefficientStack<T> {
    precondition(df.grid.isSame(as: grid), "a gradient on \(df.grid.name)")
    var gradient = toCoefficients(df, synthesisGradientFactors, threads: threads)
    gradient.clearImaginaryOfOrderZero()
    return gradient
  }

  /// The gradient with respect to the field, given that with respect to the stored coefficients.
  public func analysisGradient(_ da: CoefficientStack<T>, threads: Int = 1) -> FieldStack<T> {
    // Analysis never counts an order twice, so its transpose does not halve the Nyquist order.
    toField(da, analysisGradientFactors, threads: threads, transposeOfAnalysis)
  }

  /// The same transform for `analysisGradient`: with `.evaluated`, whatever this one's Nyquist
  /// rule.
  private var transposeOfAnalysis: ScalarTransform {
    nyquist == .evaluated ? self : ScalarTransform(self, nyquist: .evaluated)
  }

  /// The same tables under another Nyquist rule.
  package init(_ other: ScalarTransform, nyquist: NyquistOrder) {
    grid = other.grid
    lmax = other.lmax
    mmax = other.mmax
    self.nyquist = nyquist
    path = other.path
    lazyRecurrence = other.lazyRecurrence
    pairs = other.pairs
    legendre = other.legendre
    lazyPhases = other.lazyPhases
  }

  /// The same transform with w_m(ring) λ_lm for λ_lm, `weights[m][pair]`: `WeightedAnalysis`.
  package init(_ other: ScalarTransform, weightedBy weights: [[Double]]) {
    grid = other.grid
    lmax = other.lmax
    mmax = other.mmax
    nyquist = other.nyquist
    // The recurrence has no factors.
    path = .table
    lazyRecurrence = nil
    pairs = other.pairs
    legendre = LegendreTable(
      lmax: other.lmax, mmax: other.mmax, pairs: other.pairs, weights: weights)
    lazyPhases = other.lazyPhases
  }

  private func toField(
    _ a: CoefficientStack<T>, _ factors: StageFactors, threads: Int, _ transform: ScalarTransform
  ) -> FieldStack<T> {
    let values = [T].written(grid.pointCount * a.lanes) {
      writeField(a, factors, threads: threads, transform, to: $0)
    }
    return FieldStack(grid: grid, lanes: a.lanes, values: values)
  }

  private func toCoefficients(
    _ f: FieldStack<T>, _ factors: StageFactors, threads: Int
  ) -> CoefficientStack<T> {
    let values = [T].written(2 * coefficientCount(lmax: lmax, mmax: mmax) * f.lanes) {
      writeCoefficients(f, factors, threads: threads, to: $0)
    }
    return CoefficientStack(lmax: lmax, mmax: mmax, lanes: f.lanes, values: values)
  }

  /// Writes every number of a field, `[point][lane]`.
  private func writeField(
    _ a: CoefficientStack<T>, _ factors: StageFactors, threads: Int, _ transform: ScalarTransform,
    to field: BufferView<T>
  ) {
    precondition(a.lmax == lmax && a.mmax == mmax, "lmax \(a.lmax), mmax \(a.mmax) differ")
    let lanes = a.lanes
    guard lanes > 0 else { return }
    a.values.withView { coefficients in
      if path.usesRecurrence(lmax: lmax, lanes: lanes), let recurrence {
        recurrence.synthesise(
          coefficients, rowStride: lanes, lanes: lanes, factors,
          halvesNyquist: transform.nyquist == .once, to: field, pointStride: lanes,
          threads: threads)
        return
      }
      withMemory(.synthesis, lanes: lanes) { memory in
        memory.run(
          input: [coefficients], rows: 2 * coefficientCount(lmax: lmax, mmax: mmax), lanes: lanes,
          output: [field], rows: grid.pointCount, stride: memory.workspace.laneStride
        ) { input, output in
          transform.synthesisePanel(
            input[0], memory.workspace, factors, to: output[0], threads: threads)
        }
      }
    }
  }

  /// Writes every number of coefficients, `[(l, m)][re, im][lane]`.
  private func writeCoefficients(
    _ f: FieldStack<T>, _ factors: StageFactors, threads: Int, to coefficients: BufferView<T>
  ) {
    let lanes = f.lanes
    guard lanes > 0 else { return }
    f.values.withView { field in
      if path.usesRecurrence(lmax: lmax, lanes: lanes), let recurrence {
        recurrence.analyse(
          field, pointStride: lanes, lanes: lanes, factors, to: coefficients, rowStride: lanes,
          threads: threads)
        return
      }
      withMemory(.analysis, lanes: lanes) { memory in
        memory.run(
          input: [field], rows: grid.pointCount, lanes: lanes, output: [coefficients],
          rows: 2 * coefficientCount(lmax: lmax, mmax: mmax),
          stride: memory.workspace.laneStride
        ) { input, output in
          analysePanel(input[0], memory.workspace, factors, to: output[0], threads: threads)
        }
      }
    }
  }

  /// Runs a body with a workspace, its input and its output.
  private func withMemory<R>(
    _ direction: StackMemories<TransformWorkspace<T>, T>.Direction, lanes: Int,
    _ body: (StackMemory<TransformWorkspace<T>, T>) -> R
  ) -> R {
    let stride = paddedLaneStride(lanes, of: T.self)
    // Stacks whose lanes need no padding are read and written where they are.
    let padded = stride == lanes ? 0 : stride
    let field = grid.pointCount * padded
    let panel = 2 * coefficientCount(lmax: lmax, mmax: mmax) * padded
    let orders = 4 * (mmax + 1) * pairs.count * stride
    return memories.withMemory(
      direction, lanes: lanes, bytes: (field + panel + orders) * MemoryLayout<T>.stride
    ) {
      StackMemory(
        TransformWorkspace(self, lanes: lanes), input: direction == .analysis ? field : panel,
        output: direction == .analysis ? panel : field)
    } _: {
      body($0)
    }
  }
}

extension CoefficientStack {
  /// Im a_l0 of a real field is zero and not a degree of freedom: so is its gradient.
  package mutating func clearImaginaryOfOrderZero() {
    for l in 0...lmax {
      let first = l * 2 * lanes + lanes
      for lane in 0..<lanes { values[first + lane] = 0 }
    }
  }
}

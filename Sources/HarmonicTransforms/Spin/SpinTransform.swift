import FourierTransforms
import Kernels
import SphereGrids

/// Spin-weighted spherical harmonic transforms between one grid of rings and E, B up to lmax.
///
/// Definition:  synthesis           (Q + iU)_p = −Σ_lm (E_lm + i B_lm) ₛY_lm(p), all −l ≤ m ≤ l
///              analysis            E_lm + i B_lm = −Σ_p w_p (Q + iU)_p ₛY*_lm(p),
///                                  with the conjugate equation for −s; w_p the grid's
///                                  quadrature weights
///              adjointSynthesis    the same sums with w_p = 1
///              synthesisGradient, analysisGradient
///                                  the transposes of synthesis and analysis as real linear maps
///                                  between (Q, U) and the stored numbers of (E, B)
///              E and B, Q and U are pairs of real fields; the sums over Q and U separately are in
///              `SpinLegendreColumns`.
/// Method:      the ring stage of `ScalarTransform` for Q and U; per order four products with λ⁺
///              and four with λ⁻ instead of two with λ.
/// Spins:       1...8; 0 is `ScalarTransform`. HEALPix's sign of E and B, COSMO's of U (Conventions
///              12).
/// Layout:      all fields of a batch at once, in lanes.
/// Accuracy:    of the order of lmax rounding errors; SpinOracleTests, Docs/Tolerances.md.
/// Cost:        about four scalar transforms.
/// Checked by:  SpinDefinitionTests (`DirectSpinTransform`), SpinOracleTests (healpy, ducc0),
///              SpinAdjointTests, SpinSingleModeTests; refusals in SpinLeastSquaresTests.
public final class SpinTransform<T: FourierScalar>: Sendable {
  /// The transform of scalar fields with the same grid, lmax and mmax, whose ring stage this one
  /// uses.
  public let scalar: ScalarTransform<T>
  /// s.
  public let spin: Int
  /// The grid of all fields.
  public var grid: any RingGrid { scalar.grid }
  /// Largest degree, inclusive.
  public var lmax: Int { scalar.lmax }
  /// Largest order, inclusive.
  public var mmax: Int { scalar.mmax }

  package let legendre: SpinLegendreTable<T>
  var recurrence: SpinRecurrenceTransform<T>? { lazyRecurrence?.value }
  private let lazyRecurrence: LazyValue<SpinRecurrenceTransform<T>>?
  private let memories = StackMemories<SpinWorkspace<T>, T>()
  let memoryChecks = MemoryChecks()
  /// Whether functions may be computed on the way.
  var hasRecurrence: Bool { lazyRecurrence != nil }

  /// Prepares the transform.
  ///
  /// - Parameters:
  ///   - grid: the rings.
  ///   - spin: s, 1...8; 2 for polarisation.
  ///   - lmax: largest degree, inclusive.
  ///   - mmax: largest order; lmax when nil.
  ///   - path: tables of spin-weighted functions, or their recurrence on the way.
  public convenience init(
    grid: any RingGrid, spin: Int = 2, lmax: Int, mmax: Int? = nil,
    path: TransformPath = .automatic
  ) {
    self.init(ScalarTransform(grid: grid, lmax: lmax, mmax: mmax, path: path), spin: spin)
  }

  /// The transform of spin s beside a scalar one.
  public init(_ scalar: ScalarTransform<T>, spin: Int = 2) {
    precondition((1...8).contains(spin), "spin \(spin) is outside 1...8")
    precondition(scalar.nyquist == .evaluated, "spin fields evaluate the Nyquist order")
    self.scalar = scalar
    self.spin = spin
    legendre = SpinLegendreTable(
      spin: spin, lmax: scalar.lmax, mmax: scalar.mmax, pairs: scalar.pairs)
    lazyRecurrence =
      scalar.path == .table
      ? nil
      : LazyValue {
        SpinRecurrenceTransform(
          pairs: scalar.pairs, spin: spin, lmax: scalar.lmax, mmax: scalar.mmax)
      }
  }

  /// The same transform with w_m(ring) for 1 beside λ±, `weights[m][pair]`: `WeightedAnalysis`.
  package init(_ other: SpinTransform, weightedBy weights: [[Double]]) {
    scalar = other.scalar
    spin = other.spin
    // The recurrence has no factors.
    lazyRecurrence = nil
    legendre = SpinLegendreTable(
      spin: other.spin, lmax: other.lmax, mmax: other.mmax, pairs: other.scalar.pairs,
      weights: weights)
  }

  // MARK: - Transforms of stacks

  /// The fields of given coefficients at the grid's points; see `requireMemory` for large ones.
  public func synthesis(_ a: SpinCoefficients<T>, threads: Int = 1) -> SpinFields<T> {
    toFields(a, scalar.synthesisFactors, threads: threads)
  }

  /// Writes the fields of given coefficients over existing ones: the results of many calls then
  /// take no fresh memory.
  public func synthesis(
    _ a: SpinCoefficients<T>, into f: inout SpinFields<T>, threads: Int = 1
  ) {
    precondition(
      f.q.grid.isSame(as: grid) && f.q.lanes == a.e.lanes,
      "\(f.q.lanes) pairs of fields on \(f.q.grid.name) for \(a.e.lanes) on \(grid.name)")
    f.q.values.withMutableView { q in
      f.u.values.withMutableView { u in
        writeFields(a, scalar.synthesisFactors, threads: threads, toQ: q, u: u)
      }
    }
  }

  /// Coefficients by the grid's quadrature.
  ///
  /// - Throws: `HarmonicTransformError.degreeBeyondGrid` unless the quadrature is exact up to lmax
  ///   or `exactness` is `.lossy`; `.otherGrid`; `.notFinite`; `.notEnoughMemory`.
  public func analysis(
    _ f: SpinFields<T>, _ exactness: AnalysisExactness = .exact, threads: Int = 1
  ) throws(HarmonicTransformError) -> SpinCoefficients<T> {
    try scalar.requireExact(exactness)
    try requireUsable(f, threads: threads)
    return toCoefficients(f, scalar.analysisFactors, threads: threads)
  }

  /// Writes coefficients by the grid's quadrature over existing ones.
  ///
  /// - Throws: as `analysis`; the coefficients then stay as they are.
  public func analysis(
    _ f: SpinFields<T>, _ exactness: AnalysisExactness = .exact, into a: inout SpinCoefficients<T>,
    threads: Int = 1
  ) throws(HarmonicTransformError) {
    precondition(
      a.e.lmax == lmax && a.e.mmax == mmax && a.e.lanes == f.q.lanes,
      "coefficients of lmax \(a.e.lmax), mmax \(a.e.mmax), \(a.e.lanes) lanes for \(lmax), "
        + "\(mmax), \(f.q.lanes)")
    try scalar.requireExact(exactness)
    try requireUsable(f, threads: threads)
    a.e.values.withMutableView { e in
      a.b.values.withMutableView { b in
        writeCoefficients(f, scalar.analysisFactors, threads: threads, toE: e, b: b)
      }
    }
  }

  /// The adjoint of synthesis for the full sets of coefficients and points.
  ///
  /// - Throws: `HarmonicTransformError.otherGrid`, `.notFinite` or `.notEnoughMemory`.
  public func adjointSynthesis(
    _ f: SpinFields<T>, threads: Int = 1
  ) throws(HarmonicTransformError) -> SpinCoefficients<T> {
    try requireUsable(f, threads: threads)
    return toCoefficients(f, scalar.adjointSynthesisFactors, threads: threads)
  }

  /// The gradient with respect to the stored coefficients, given that with respect to the fields.
  public func synthesisGradient(_ df: SpinFields<T>, threads: Int = 1) -> SpinCoefficients<T> {
    precondition(df.q.grid.isSame(as: grid), "a gradient on \(df.q.grid.name)")
    var gradient = toCoefficients(df, scalar.synthesisGradientFactors, threads: threads)
    gradient.e.clearImaginaryOfOrderZero()
    gradient.b.clearImaginaryOfOrderZero()
    return gradient
  }

  /// The gradient with respect to the fields, given that with respect to the stored coefficients.
  public func analysisGradient(_ da: SpinCoefficients<T>, threads: Int = 1) -> SpinFields<T> {
    toFields(da, scalar.analysisGradientFactors, threads: threads)
  }

  private func toFields(
    _ a: SpinCoefficients<T>, _ factors: StageFactors, threads: Int
  ) -> SpinFields<T> {
    let (lanes, count) = (a.e.lanes, grid.pointCount * a.e.lanes)
    var u: [T] = []
    let q = [T].written(count) { q in
      u = [T].written(count) { u in writeFields(a, factors, threads: threads, toQ: q, u: u) }
    }
    return SpinFields(
      q: FieldStack(grid: grid, lanes: lanes, values: q),
      u: FieldStack(grid: grid, lanes: lanes, values: u))
  }

  private func toCoefficients(
    _ f: SpinFields<T>, _ factors: StageFactors, threads: Int
  ) -> SpinCoefficients<T> {
    let (lanes, count) = (f.q.lanes, panelRows / 2 * f.q.lanes)
    var b: [T] = []
    let e = [T].written(count) { e in
      b = [T].written(count) { b in writeCoefficients(f, factors, threads: threads, toE: e, b: b) }
    }
    return SpinCoefficients(
      e: CoefficientStack(lmax: lmax, mmax: mmax, lanes: lanes, values: e),
      b: CoefficientStack(lmax: lmax, mmax: mmax, lanes: lanes, values: b))
  }

  /// Writes every number of Q and U, `[point][lane]`.
  private func writeFields(
    _ a: SpinCoefficients<T>, _ factors: StageFactors, threads: Int, toQ q: BufferView<T>,
    u: BufferView<T>
  ) {
    precondition(a.e.lmax == lmax && a.e.mmax == mmax, "lmax \(a.e.lmax), mmax \(a.e.mmax) differ")
    let lanes = a.e.lanes
    guard lanes > 0 else { return }
    a.e.values.withView { e in
      a.b.values.withView { b in
        if scalar.path.usesRecurrence(lmax: lmax, lanes: lanes), let recurrence {
          recurrence.synthesise(
            e: e, b: b, rowStride: lanes, lanes: lanes, factors, toQ: q, u: u,
            pointStride: lanes, threads: threads)
          return
        }
        withMemory(.synthesis, lanes: lanes) { memory in
          memory.run(
            input: [e, b], rows: panelRows / 2, lanes: lanes, output: [q, u],
            rows: grid.pointCount, stride: memory.workspace.laneStride
          ) { input, output in
            synthesise(
              e: input[0], b: input[1], memory.workspace, factors, toQ: output[0], u: output[1],
              threads: threads)
          }
        }
      }
    }
  }

  /// Writes every number of E and B, `[(l, m)][re, im][lane]`.
  private func writeCoefficients(
    _ f: SpinFields<T>, _ factors: StageFactors, threads: Int, toE e: BufferView<T>,
    b: BufferView<T>
  ) {
    let lanes = f.q.lanes
    guard lanes > 0 else { return }
    f.q.values.withView { q in
      f.u.values.withView { u in
        if scalar.path.usesRecurrence(lmax: lmax, lanes: lanes), let recurrence {
          recurrence.analyse(
            q: q, u: u, pointStride: lanes, lanes: lanes, factors, toE: e, b: b,
            rowStride: lanes, threads: threads)
          return
        }
        withMemory(.analysis, lanes: lanes) { memory in
          memory.run(
            input: [q, u], rows: grid.pointCount, lanes: lanes, output: [e, b],
            rows: panelRows / 2, stride: memory.workspace.laneStride
          ) { input, output in
            analyse(
              q: input[0], u: input[1], memory.workspace, factors, toE: output[0], b: output[1],
              threads: threads)
          }
        }
      }
    }
  }

  /// Runs a body with a workspace, its input and its output.
  private func withMemory<R>(
    _ direction: StackMemories<SpinWorkspace<T>, T>.Direction, lanes: Int,
    _ body: (StackMemory<SpinWorkspace<T>, T>) -> R
  ) -> R {
    let stride = paddedLaneStride(lanes, of: T.self)
    // Stacks whose lanes need no padding are read and written where they are.
    let padded = stride == lanes ? 0 : stride
    let (field, panel) = (fieldRows * padded, panelRows * padded)
    let orders = 8 * (mmax + 1) * scalar.pairs.count * stride
    return memories.withMemory(
      direction, lanes: lanes, bytes: (field + panel + orders) * MemoryLayout<T>.stride
    ) {
      StackMemory(
        SpinWorkspace(self, lanes: lanes), input: direction == .analysis ? field : panel,
        output: direction == .analysis ? panel : field)
    } _: {
      body($0)
    }
  }
}

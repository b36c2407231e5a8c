import FourierTransforms
import HarmonicTransforms
import Kernels
import LinearAlgebra
import RandomNumbers

/// The linear systems behind the filters of observed pixels, for batches of maps in lanes.
///
/// Definition:  A = 1 + S^{1/2} Yᵀ N⁻¹ Y S^{1/2} and b = S^{1/2} Yᵀ N⁻¹ d (`IterativeFilterBank`),
///              on stored coefficients: Y is synthesis, Yᵀ its adjoint in the inner product of the
///              full sphere, which counts rows of m > 0 twice and in which A is self-adjoint.
/// Layout:      panels and fields as `PanelTransform` has them.
/// Checked by:  IterativeFilterBankTests.
struct FilterSystem<Transform: PanelTransform & Sendable>: Sendable {
  typealias T = Transform.T

  /// The steps of one fiducial's system.
  struct Filter: Sendable {
    /// C_l^{1/2} by row of a panel.
    var roots: [T]
    /// 1/M_l by row of a panel; 0 in the exact block.
    var diagonal: [T]
    /// M⁻¹ of the exact block, `[row][row]`.
    var block: AlignedBuffer<T>
    /// α_k and β_k of every step.
    var steps: [(length: T, turn: T)] = []
    /// What the steps leave of the ensemble (`IterativeFilterBank`).
    var residual = 1.0
  }

  /// What a row of a panel is.
  struct Place: Sendable {
    var field: Int
    var l: Int
    var m: Int
    /// Whether the number may differ from 0.
    var isUsed: Bool
  }

  let transform: Transform
  /// N⁻¹ by row of a field.
  let weights: [T]
  let places: [Place]
  /// Rows of the exact block.
  let blockRows: [Int]

  /// A system.
  ///
  /// - Parameters:
  ///   - transform: of one field or two.
  ///   - weights: N⁻¹ by row of a field.
  ///   - fields: one or two.
  ///   - lmax: largest degree.
  ///   - exactDegree: the block reaches up to it.
  init(_ transform: Transform, weights: [T], fields: Int, lmax: Int, exactDegree: Int) {
    self.transform = transform
    self.weights = weights
    let first = fields == 1 ? 0 : 2
    var places: [Place] = []
    for field in 0..<fields {
      for m in 0...lmax {
        for l in m...lmax {
          for part in 0...1 {
            places.append(
              Place(field: field, l: l, m: m, isUsed: l >= first && (m > 0 || part == 0)))
          }
        }
      }
    }
    self.places = places
    blockRows = places.indices.filter { places[$0].isUsed && places[$0].l <= exactDegree }
  }

  /// Memory for one number of maps.
  final class State: @unchecked Sendable {
    let workspace: Transform.Workspace
    let stride: Int
    let field: AlignedBuffer<T>
    /// Yᵀ N⁻¹ d of the maps.
    let data: AlignedBuffer<T>
    let solution: AlignedBuffer<T>
    let rest: AlignedBuffer<T>
    let direction: AlignedBuffer<T>
    let image: AlignedBuffer<T>
    let preconditioned: AlignedBuffer<T>
    fileprivate let blockInput: AlignedBuffer<T>
    fileprivate let blockOutput: AlignedBuffer<T>

    init(_ system: FilterSystem, maps: Int) {
      let transform = system.transform
      workspace = transform.makeWorkspace(lanes: maps)
      stride = transform.laneStride(workspace)
      field = AlignedBuffer(count: transform.fieldRows * stride)
      let count = transform.panelRows * stride
      data = AlignedBuffer(count: count)
      solution = AlignedBuffer(count: count)
      rest = AlignedBuffer(count: count)
      direction = AlignedBuffer(count: count)
      image = AlignedBuffer(count: count)
      preconditioned = AlignedBuffer(count: count)
      blockInput = AlignedBuffer(count: system.blockRows.count * stride)
      blockOutput = AlignedBuffer(count: system.blockRows.count * stride)
    }
  }

  // MARK: - Products

  /// x_row = f_row x_row.
  private func scale(
    _ x: AlignedBuffer<T>, by factors: [T], to target: AlignedBuffer<T>, stride: Int, threads: Int
  ) {
    let ranges = evenRanges(factors.count, parts: 32)
    parallelFor(ranges.count, threads: threads) { part in
      withViews(x, target) { x, target in
        for row in ranges[part] {
          let factor = factors[row]
          for lane in row * stride..<(row + 1) * stride { target[lane] = factor * x[lane] }
        }
      }
    }
  }

  /// data = Yᵀ N⁻¹ field; the field is then N⁻¹ times itself.
  func takeData(_ state: State, threads: Int) {
    scale(state.field, by: weights, to: state.field, stride: state.stride, threads: threads)
    transform.adjoin(state.field.view(), state.workspace, to: state.data.view(), threads: threads)
  }

  /// image = Yᵀ N⁻¹ Y S^{1/2} p, and with `roots` S^{1/2} of it plus p.
  private func operate(
    on panel: AlignedBuffer<T>, _ roots: [T]?, _ state: State, threads: Int
  ) {
    let stride = state.stride
    var source = panel
    if let roots {
      scale(panel, by: roots, to: state.image, stride: stride, threads: threads)
      source = state.image
    }
    transform.synthesise(
      source.view(), state.workspace, to: state.field.view(), threads: threads)
    scale(state.field, by: weights, to: state.field, stride: stride, threads: threads)
    transform.adjoin(
      state.field.view(), state.workspace, to: state.image.view(), threads: threads)
    guard let roots else { return }
    let ranges = evenRanges(roots.count, parts: 32)
    parallelFor(ranges.count, threads: threads) { part in
      withViews(panel, state.image) { panel, image in
        for row in ranges[part] {
          let factor = roots[row]
          for lane in row * stride..<(row + 1) * stride {
            image[lane] = factor * image[lane] + panel[lane]
          }
        }
      }
    }
  }

  /// preconditioned = M⁻¹ rest.
  private func precondition(_ filter: Filter, _ state: State, threads: Int) {
    let (stride, n) = (state.stride, blockRows.count)
    scale(
      state.rest, by: filter.diagonal, to: state.preconditioned, stride: stride, threads: threads)
    guard n > 0 else { return }
    for (i, row) in blockRows.enumerated() {
      for lane in 0..<stride {
        state.blockInput[i * stride + lane] = state.rest[row * stride + lane]
      }
    }
    let ranges = evenRanges(n, parts: 16)
    withViews(filter.block, state.blockInput, state.blockOutput) { block, input, output in
      parallelFor(ranges.count, threads: threads) { part in
        let range = ranges[part]
        matrixProduct(
          rows: range.count, columns: stride, depth: n,
          MatrixView(block.at(range.lowerBound * n), rowStride: n),
          MatrixView(input, rowStride: stride),
          into: MatrixView(output.at(range.lowerBound * stride), rowStride: stride))
      }
    }
    for (i, row) in blockRows.enumerated() {
      for lane in 0..<stride {
        state.preconditioned[row * stride + lane] = state.blockOutput[i * stride + lane]
      }
    }
  }

  // MARK: - Steps

  /// solution = p_k(M⁻¹ A) M⁻¹ rest.
  func solve(_ filter: Filter, _ state: State, threads: Int) {
    var others = filter
    iterate(&others, state, count: filter.steps.count, threads: threads, chooses: false)
  }

  /// Chooses the steps for what `rest` is in all lanes together, and takes them.
  func choose(_ filter: inout Filter, _ state: State, count: Int, threads: Int) {
    filter.steps = []
    iterate(&filter, state, count: count, threads: threads, chooses: true)
  }

  private func iterate(
    _ filter: inout Filter, _ state: State, count: Int, threads: Int, chooses: Bool
  ) {
    let stride = state.stride
    for i in 0..<transform.panelRows * stride { state.solution[i] = 0 }
    precondition(filter, state, threads: threads)
    copyRows(
      rows: transform.panelRows, columns: stride, from: state.preconditioned.view(),
      stride: stride, to: state.direction.view(), stride: stride)
    var square = chooses ? product(state.rest, state.preconditioned, stride) : 0
    let first = square
    for k in 0..<count {
      operate(on: state.direction, filter.roots, state, threads: threads)
      let length =
        chooses
        ? (square == 0 ? 0 : T(square / product(state.direction, state.image, stride)))
        : filter.steps[k].length
      add(length, state.direction, to: state.solution, stride: stride, threads: threads)
      guard chooses || k + 1 < count else { break }
      add(-length, state.image, to: state.rest, stride: stride, threads: threads)
      precondition(filter, state, threads: threads)
      var turn = T(0)
      if chooses {
        let next = product(state.rest, state.preconditioned, stride)
        turn = square == 0 ? 0 : T(next / square)
        square = next
        filter.steps.append((length, turn))
      } else {
        turn = filter.steps[k].turn
      }
      turnDirection(by: turn, state, threads: threads)
    }
    if chooses { filter.residual = first == 0 ? 0 : (square / first).squareRoot() }
  }

  /// y += factor x.
  private func add(
    _ factor: T, _ x: AlignedBuffer<T>, to y: AlignedBuffer<T>, stride: Int, threads: Int
  ) {
    let ranges = evenRanges(transform.panelRows * stride, parts: 32)
    parallelFor(ranges.count, threads: threads) { part in
      withViews(x, y) { x, y in for i in ranges[part] { y[i] += factor * x[i] } }
    }
  }

  /// direction = preconditioned + turn direction.
  private func turnDirection(by turn: T, _ state: State, threads: Int) {
    let ranges = evenRanges(transform.panelRows * state.stride, parts: 32)
    parallelFor(ranges.count, threads: threads) { part in
      withViews(state.preconditioned, state.direction) { z, p in
        for i in ranges[part] { p[i] = z[i] + turn * p[i] }
      }
    }
  }

  /// ⟨x, y⟩ of the full sphere, summed over the lanes.
  private func product(_ x: AlignedBuffer<T>, _ y: AlignedBuffer<T>, _ stride: Int) -> Double {
    var sum = 0.0
    for (row, place) in places.enumerated() where place.isUsed {
      var own = 0.0
      for lane in row * stride..<(row + 1) * stride { own += Double(x[lane]) * Double(y[lane]) }
      sum += place.m == 0 ? own : 2 * own
    }
    return sum
  }

  // MARK: - Setting up

  /// Yᵀ N⁻¹ Y of the rows of the exact block, in the orthonormal basis.
  ///
  /// - Throws: `LinearAlgebraError.interrupted`.
  func blockOfPixels(threads: Int, progress: WorkProgress) throws(LinearAlgebraError) -> Matrix {
    let n = blockRows.count
    var result = Matrix(rows: n, columns: n)
    let lanes = 32
    let state = State(self, maps: lanes)
    let root = 2.0.squareRoot()
    func scale(_ index: Int) -> Double { places[blockRows[index]].m == 0 ? 1 : root }
    for first in Swift.stride(from: 0, to: n, by: lanes) {
      try progress.requireGoingOn()
      for i in 0..<transform.panelRows * state.stride { state.direction[i] = 0 }
      let columns = first..<min(first + lanes, n)
      for column in columns {
        state.direction[blockRows[column] * state.stride + column - first] = 1
      }
      operate(on: state.direction, nil, state, threads: threads)
      for column in columns {
        for (i, row) in blockRows.enumerated() {
          result[i, column] =
            Double(state.image[row * state.stride + column - first]) * scale(i) / scale(column)
        }
      }
    }
    return result
  }

  /// The filter of some spectra: its preconditioner, without steps.
  ///
  /// - Parameters:
  ///   - spectra: C_l of every field.
  ///   - pixels: `blockOfPixels`.
  ///   - density: ν.
  ///   - exactDegree: the block's.
  ///   - threads: any number gives the same bits.
  /// - Returns: the filter, whose steps are still to be chosen.
  /// - Throws: `LinearAlgebraError`.
  func filter(
    _ spectra: [[Double]], block pixels: Matrix, density: Double, exactDegree: Int, threads: Int
  ) throws(LinearAlgebraError) -> Filter {
    let roots = places.map { $0.isUsed ? spectra[$0.field][$0.l].squareRoot() : 0 }
    let diagonal = places.map { place -> T in
      place.isUsed && place.l > exactDegree
        ? T(1 / (1 + spectra[place.field][place.l] * density)) : 0
    }
    let n = blockRows.count
    let system = Matrix(rows: n, columns: n) { i, j in
      (i == j ? 1 : 0)
        + roots[blockRows[i]] * roots[blockRows[j]] * 0.5 * (pixels[i, j] + pixels[j, i])
    }
    let block = AlignedBuffer<T>(count: max(1, n * n))
    if n > 0 {
      let inverse = try positiveInverse(system, threads: threads)
      let root = 2.0.squareRoot()
      for i in 0..<n {
        for j in 0..<n {
          let ratio =
            (places[blockRows[j]].m == 0 ? 1 : root) / (places[blockRows[i]].m == 0 ? 1 : root)
          block[i * n + j] = T(inverse[i, j] * ratio)
        }
      }
    }
    return Filter(roots: roots.map { T($0) }, diagonal: diagonal, block: block)
  }

  /// Sets `rest` to b of simulated maps of a filter's spectra, one per lane.
  func simulate(_ filter: Filter, _ state: State, maps: Int, threads: Int) {
    let (stride, fieldRows) = (state.stride, transform.fieldRows)
    let root = 0.5.squareRoot()
    for map in 0..<maps {
      let normals = RandomStream(seed: UInt64(map), purpose: .filter).normals(count: places.count)
      for (row, place) in places.enumerated() {
        let value = place.isUsed ? normals[row] * (place.m == 0 ? 1 : root) : 0
        state.direction[row * stride + map] = filter.roots[row] * T(value)
      }
    }
    transform.synthesise(
      state.direction.view(), state.workspace, to: state.field.view(), threads: threads)
    for map in 0..<maps {
      let normals = RandomStream(seed: UInt64(map), purpose: .filter, field: 1)
        .normals(count: fieldRows)
      for row in 0..<fieldRows where weights[row] > 0 {
        state.field[row * stride + map] += T(normals[row]) / weights[row].squareRoot()
      }
    }
    takeData(state, threads: threads)
    scale(state.data, by: filter.roots, to: state.rest, stride: stride, threads: threads)
  }

  /// rest = S^{1/2} data.
  func startRest(_ filter: Filter, _ state: State, threads: Int) {
    scale(
      state.data, by: filter.roots, to: state.rest, stride: state.stride, threads: threads)
  }

  /// field = N⁻¹ Y S^{1/2} solution, added to `sum`.
  func addFields(
    _ filter: Filter, _ state: State, to sum: AlignedBuffer<T>, threads: Int
  ) {
    let stride = state.stride
    scale(state.solution, by: filter.roots, to: state.image, stride: stride, threads: threads)
    transform.synthesise(
      state.image.view(), state.workspace, to: state.field.view(), threads: threads)
    scale(state.field, by: weights, to: state.field, stride: stride, threads: threads)
    for i in 0..<transform.fieldRows * stride { sum[i] += state.field[i] }
  }
}

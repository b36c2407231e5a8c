// The matrix product on which the Legendre transforms, the channel mixing and the closed-form fits
// run.
//
//     C_ij (+)= Σ_p A_ip B_pj,    i < rows, j < columns, p < depth
//
// B is cut into panels two vectors wide. A panel is copied once into contiguous memory, which stays
// in the first-level cache, and then meets every row of A: six rows at a time, so that twelve
// vectors of C live in registers while p runs. Per step of p that is twelve fused multiply-adds for
// two loads of B and six broadcasts of A, enough to keep both multiply-add units of an AVX2 core
// busy. The sum over p always runs upwards in blocks of `depthBlock`, whatever the shapes: the bits
// of an element depend on its row of A and column of B alone.

private let depthBlock = 256

/// C = A B, C += A B or C −= A B.
///
/// - Parameters:
///   - rows: rows of A and C.
///   - columns: columns of B and C.
///   - depth: columns of A, rows of B.
///   - a: (rows, depth), any strides.
///   - b: (depth, columns), any strides; copied panel by panel.
///   - c: (rows, columns), column stride 1; must not overlap A or B.
///   - mode: what becomes of the old contents of C.
/// Checked by: MatrixProductDefinitionTests, against `matrixProductByDefinition`.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func matrixProduct<T: LaneScalar>(
  rows: Int, columns: Int, depth: Int, _ a: MatrixView<T>, _ b: MatrixView<T>,
  into c: MatrixView<T>, _ mode: ProductMode = .replacing
) {
  precondition(c.columnStride == 1, "C has column stride \(c.columnStride), not 1")
  guard rows > 0, columns > 0 else { return }
  let width = 2 * T.Vector.scalarCount
  if depth == 0 {
    if mode == .replacing {
      for i in 0..<rows { (c.view.base + i * c.rowStride).update(repeating: 0, count: columns) }
    }
    return
  }
  // A short panel stays in the first-level cache where it is, too; the rows of lane layouts are
  // padded so that they do not fall into the same sets. Copying pays for long ones.
  let readsInPlace = (min(depth, depthBlock) <= 64 || rows <= 6) && b.columnStride == 1
  if readsInPlace && columns % width == 0 {
    var first = 0
    while first < depth {
      let steps = min(depthBlock, depth - first)
      for column in stride(from: 0, to: columns, by: width) {
        panelProduct(
          rows: rows, steps: steps, a: a.view.base + first * a.columnStride, aRow: a.rowStride,
          aStep: a.columnStride, panel: b.view.base + first * b.rowStride + column,
          panelStep: b.rowStride, c: c.view.base + column, cRow: c.rowStride,
          mode: first > 0 && mode == .replacing ? .adding : mode)
      }
      first += steps
    }
    return
  }
  withUnsafeTemporaryAllocation(
    byteCount: (min(depth, depthBlock) + 6) * width * MemoryLayout<T>.stride, alignment: 64
  ) { raw in
    guard let start = raw.baseAddress else { return }
    let size = (min(depth, depthBlock) + 6) * width
    let panel = elementPointer(start.bindMemory(to: T.self, capacity: size), count: size)
    let tile = panel + min(depth, depthBlock) * width
    var column = 0
    while column < columns {
      let used = min(width, columns - column)
      var first = 0
      while first < depth {
        let steps = min(depthBlock, depth - first)
        let source = b.view.base + first * b.rowStride + column * b.columnStride
        let inPlace = readsInPlace && used == width
        if !inPlace { copyPanel(source, b, steps: steps, used: used, to: panel) }
        let rowsOfA = a.view.base + first * a.columnStride
        let blockMode = first > 0 && mode == .replacing ? .adding : mode
        if used == width {
          panelProduct(
            rows: rows, steps: steps, a: rowsOfA, aRow: a.rowStride, aStep: a.columnStride,
            panel: inPlace ? source : panel, panelStep: inPlace ? b.rowStride : width,
            c: c.view.base + column, cRow: c.rowStride, mode: blockMode)
        } else {
          narrowPanelProduct(
            rows: rows, steps: steps, used: used, a: rowsOfA, aRow: a.rowStride,
            aStep: a.columnStride, panel: panel, c: c.view.base + column, cRow: c.rowStride,
            tile: tile, mode: blockMode)
        }
        first += steps
      }
      column += used
    }
  }
}

/// Copies `steps` rows of `used` columns into a contiguous panel two vectors wide, padded with
/// zeros.
@inline(__always)
func copyPanel<T: LaneScalar>(
  _ source: ElementPointer<T>, _ b: MatrixView<T>, steps: Int, used: Int,
  to panel: ElementPointer<T>
) {
  let lanes = T.Vector.scalarCount
  let width = 2 * lanes
  if used == width && b.columnStride == 1 {
    for p in 0..<steps {
      let row = source + p * b.rowStride
      storeVector(loadVector(row), panel + p * width)
      storeVector(loadVector(row + lanes), panel + p * width + lanes)
    }
    return
  }
  if T.self == Float.self && used == width && b.rowStride == 1 {
    copyTransposedPanel(
      source.bound(to: Float.self), b.columnStride, steps, panel.bound(to: Float.self))
    return
  }
  // Down the columns: for a transposed factor these are the contiguous ones.
  for j in 0..<used {
    let column = source + j * b.columnStride
    for p in 0..<steps { panel[p * width + j] = column[p * b.rowStride] }
  }
  for j in used..<width {
    for p in 0..<steps { panel[p * width + j] = 0 }
  }
}

/// `copyPanel` for a transposed factor in `Float`: 8 x 8 elements at a time, in registers.
@inline(__always)
private func copyTransposedPanel(
  _ source: ElementPointer<Float>, _ columnStride: Int, _ steps: Int,
  _ panel: ElementPointer<Float>
) {
  let whole = steps / 8 * 8
  for half in 0..<2 {
    let columns = source + half * 8 * columnStride
    var p = 0
    while p < whole {
      transpose8x8(columns + p, columnStride, to: panel + p * 16 + half * 8, 16)
      p += 8
    }
    while p < steps {
      for j in 0..<8 { panel[p * 16 + half * 8 + j] = columns[j * columnStride + p] }
      p += 1
    }
  }
}

/// target_ij = source_ji for an 8 x 8 matrix: pairs of rows are interleaved, then pairs of numbers
/// put together as one 64-bit number each. Moved number by number, the compiler finds no vector
/// instructions.
@inline(__always)
private func transpose8x8(
  _ source: ElementPointer<Float>, _ sourceStride: Int,
  to target: ElementPointer<Float>, _ targetStride: Int
) {
  typealias V = SIMD8<Float>
  typealias Pairs = SIMD4<Double>
  func low(_ a: V, _ b: V) -> Pairs {
    unsafeBitCast(V(a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5]), to: Pairs.self)
  }
  func high(_ a: V, _ b: V) -> Pairs {
    unsafeBitCast(V(a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7]), to: Pairs.self)
  }
  func store(_ k: Int, _ a: Pairs, _ b: Pairs, _ c: Pairs, _ d: Pairs, row: Int) {
    storeVector(
      unsafeBitCast(Pairs(a[k], b[k], c[k], d[k]), to: V.self), target + row * targetStride)
  }
  let r0 = loadVector(source)
  let r1 = loadVector(source + sourceStride)
  let r2 = loadVector(source + 2 * sourceStride)
  let r3 = loadVector(source + 3 * sourceStride)
  let r4 = loadVector(source + 4 * sourceStride)
  let r5 = loadVector(source + 5 * sourceStride)
  let r6 = loadVector(source + 6 * sourceStride)
  let r7 = loadVector(source + 7 * sourceStride)
  let (a0, a1, a2, a3) = (low(r0, r1), low(r2, r3), low(r4, r5), low(r6, r7))
  let (b0, b1, b2, b3) = (high(r0, r1), high(r2, r3), high(r4, r5), high(r6, r7))
  store(0, a0, a1, a2, a3, row: 0)
  store(1, a0, a1, a2, a3, row: 1)
  store(0, b0, b1, b2, b3, row: 2)
  store(1, b0, b1, b2, b3, row: 3)
  store(2, a0, a1, a2, a3, row: 4)
  store(3, a0, a1, a2, a3, row: 5)
  store(2, b0, b1, b2, b3, row: 6)
  store(3, b0, b1, b2, b3, row: 7)
}

/// Rows of the next tile when `left` rows are left: six at a time, the last ones such that no tile
/// is smaller than it must be. A tile of fewer than four rows waits for its own additions.
@inline(__always)
private func tileRows(_ left: Int) -> Int {
  switch left {
  case 7, 8: return 4
  case 9: return 5
  default: return min(left, 6)
  }
}

/// All rows of A against one panel. The sums begin with the values at `start`, two vectors per row,
/// or with zero.
@inline(never)
func panelProduct<T: LaneScalar>(
  rows: Int, steps: Int, a: ElementPointer<T>, aRow: Int, aStep: Int,
  panel: ElementPointer<T>, panelStep: Int, c: ElementPointer<T>, cRow: Int,
  mode: ProductMode, start: ElementPointer<T>? = nil, startRow: Int = 0
) {
  var i = 0
  while i < rows {
    let taken = tileRows(rows - i)
    let (rowsOfA, target) = (a + i * aRow, c + i * cRow)
    let from = start.map { $0 + i * startRow }
    switch taken {
    case 6: tile6(steps, rowsOfA, aRow, aStep, panel, panelStep, target, cRow, mode, from, startRow)
    case 5: tile5(steps, rowsOfA, aRow, aStep, panel, panelStep, target, cRow, mode, from, startRow)
    case 4: tile4(steps, rowsOfA, aRow, aStep, panel, panelStep, target, cRow, mode, from, startRow)
    case 3: tile3(steps, rowsOfA, aRow, aStep, panel, panelStep, target, cRow, mode, from, startRow)
    case 2: tile2(steps, rowsOfA, aRow, aStep, panel, panelStep, target, cRow, mode, from, startRow)
    default:
      tile1(steps, rowsOfA, aRow, aStep, panel, panelStep, target, cRow, mode, from, startRow)
    }
    i += taken
  }
}

/// All rows of A against one panel that is not full: through a small tile, so that nothing beyond C
/// is written.
private func narrowPanelProduct<T: LaneScalar>(
  rows: Int, steps: Int, used: Int,
  a: ElementPointer<T>, aRow: Int, aStep: Int, panel: ElementPointer<T>,
  c: ElementPointer<T>, cRow: Int, tile: ElementPointer<T>, mode: ProductMode
) {
  let width = 2 * T.Vector.scalarCount
  var i = 0
  while i < rows {
    let taken = tileRows(rows - i)
    panelProduct(
      rows: taken, steps: steps, a: a + i * aRow, aRow: aRow, aStep: aStep, panel: panel,
      panelStep: width, c: tile, cRow: width, mode: .replacing)
    let target = c + i * cRow
    for r in 0..<taken {
      for j in 0..<used {
        let value = tile[r * width + j]
        let old = mode == .replacing ? 0 : target[r * cRow + j]
        target[r * cRow + j] = mode == .subtracting ? old - value : old + value
      }
    }
    i += taken
  }
}

@inline(__always)
package func loadVector<T: LaneScalar>(_ pointer: ElementPointer<T>) -> T.Vector {
  UnsafeRawPointer(pointer.raw(T.Vector.scalarCount)).loadUnaligned(as: T.Vector.self)
}

@inline(__always)
package func storeVector<T: LaneScalar>(_ vector: T.Vector, _ pointer: ElementPointer<T>) {
  UnsafeMutableRawPointer(pointer.raw(T.Vector.scalarCount)).storeBytes(
    of: vector, as: T.Vector.self)
}

/// What the sums of one row of a tile begin with.
@inline(__always)
private func begin<T: LaneScalar>(
  _ start: ElementPointer<T>?, _ offset: Int
) -> (T.Vector, T.Vector) {
  guard let start else { return (T.Vector(repeating: 0), T.Vector(repeating: 0)) }
  return (loadVector(start + offset), loadVector(start + offset + T.Vector.scalarCount))
}

@inline(__always)
private func finish<T: LaneScalar>(
  _ x: T.Vector, _ y: T.Vector, _ c: ElementPointer<T>, _ mode: ProductMode
) {
  let lanes = T.Vector.scalarCount
  switch mode {
  case .replacing:
    storeVector(x, c)
    storeVector(y, c + lanes)
  case .adding:
    storeVector(loadVector(c) + x, c)
    storeVector(loadVector(c + lanes) + y, c + lanes)
  case .subtracting:
    storeVector(loadVector(c) - x, c)
    storeVector(loadVector(c + lanes) - y, c + lanes)
  }
}

/// 6 rows of C against one panel.
@inline(__always)
private func tile6<T: LaneScalar>(
  _ steps: Int, _ a: ElementPointer<T>, _ aRow: Int, _ aStep: Int,
  _ panel: ElementPointer<T>, _ panelStep: Int, _ c: ElementPointer<T>, _ cRow: Int,
  _ mode: ProductMode, _ start: ElementPointer<T>?, _ startRow: Int
) {
  let lanes = T.Vector.scalarCount
  var (x0, y0) = begin(start, 0)
  var (x1, y1) = begin(start, startRow)
  var (x2, y2) = begin(start, 2 * startRow)
  var (x3, y3) = begin(start, 3 * startRow)
  var (x4, y4) = begin(start, 4 * startRow)
  var (x5, y5) = begin(start, 5 * startRow)
  for p in 0..<steps {
    let left = loadVector(panel + p * panelStep)
    let right = loadVector(panel + p * panelStep + lanes)
    let column = a + p * aStep
    let a0 = T.Vector(repeating: column[0])
    x0 = x0.adding(a0, times: left)
    y0 = y0.adding(a0, times: right)
    let a1 = T.Vector(repeating: column[aRow])
    x1 = x1.adding(a1, times: left)
    y1 = y1.adding(a1, times: right)
    let a2 = T.Vector(repeating: column[2 * aRow])
    x2 = x2.adding(a2, times: left)
    y2 = y2.adding(a2, times: right)
    let a3 = T.Vector(repeating: column[3 * aRow])
    x3 = x3.adding(a3, times: left)
    y3 = y3.adding(a3, times: right)
    let a4 = T.Vector(repeating: column[4 * aRow])
    x4 = x4.adding(a4, times: left)
    y4 = y4.adding(a4, times: right)
    let a5 = T.Vector(repeating: column[5 * aRow])
    x5 = x5.adding(a5, times: left)
    y5 = y5.adding(a5, times: right)
  }
  finish(x0, y0, c, mode)
  finish(x1, y1, c + cRow, mode)
  finish(x2, y2, c + 2 * cRow, mode)
  finish(x3, y3, c + 3 * cRow, mode)
  finish(x4, y4, c + 4 * cRow, mode)
  finish(x5, y5, c + 5 * cRow, mode)
}

/// 5 rows of C against one panel.
@inline(__always)
private func tile5<T: LaneScalar>(
  _ steps: Int, _ a: ElementPointer<T>, _ aRow: Int, _ aStep: Int,
  _ panel: ElementPointer<T>, _ panelStep: Int, _ c: ElementPointer<T>, _ cRow: Int,
  _ mode: ProductMode, _ start: ElementPointer<T>?, _ startRow: Int
) {
  let lanes = T.Vector.scalarCount
  var (x0, y0) = begin(start, 0)
  var (x1, y1) = begin(start, startRow)
  var (x2, y2) = begin(start, 2 * startRow)
  var (x3, y3) = begin(start, 3 * startRow)
  var (x4, y4) = begin(start, 4 * startRow)
  for p in 0..<steps {
    let left = loadVector(panel + p * panelStep)
    let right = loadVector(panel + p * panelStep + lanes)
    let column = a + p * aStep
    let a0 = T.Vector(repeating: column[0])
    x0 = x0.adding(a0, times: left)
    y0 = y0.adding(a0, times: right)
    let a1 = T.Vector(repeating: column[aRow])
    x1 = x1.adding(a1, times: left)
    y1 = y1.adding(a1, times: right)
    let a2 = T.Vector(repeating: column[2 * aRow])
    x2 = x2.adding(a2, times: left)
    y2 = y2.adding(a2, times: right)
    let a3 = T.Vector(repeating: column[3 * aRow])
    x3 = x3.adding(a3, times: left)
    y3 = y3.adding(a3, times: right)
    let a4 = T.Vector(repeating: column[4 * aRow])
    x4 = x4.adding(a4, times: left)
    y4 = y4.adding(a4, times: right)
  }
  finish(x0, y0, c, mode)
  finish(x1, y1, c + cRow, mode)
  finish(x2, y2, c + 2 * cRow, mode)
  finish(x3, y3, c + 3 * cRow, mode)
  finish(x4, y4, c + 4 * cRow, mode)
}

/// 4 rows of C against one panel.
@inline(__always)
private func tile4<T: LaneScalar>(
  _ steps: Int, _ a: ElementPointer<T>, _ aRow: Int, _ aStep: Int,
  _ panel: ElementPointer<T>, _ panelStep: Int, _ c: ElementPointer<T>, _ cRow: Int,
  _ mode: ProductMode, _ start: ElementPointer<T>?, _ startRow: Int
) {
  let lanes = T.Vector.scalarCount
  var (x0, y0) = begin(start, 0)
  var (x1, y1) = begin(start, startRow)
  var (x2, y2) = begin(start, 2 * startRow)
  var (x3, y3) = begin(start, 3 * startRow)
  for p in 0..<steps {
    let left = loadVector(panel + p * panelStep)
    let right = loadVector(panel + p * panelStep + lanes)
    let column = a + p * aStep
    let a0 = T.Vector(repeating: column[0])
    x0 = x0.adding(a0, times: left)
    y0 = y0.adding(a0, times: right)
    let a1 = T.Vector(repeating: column[aRow])
    x1 = x1.adding(a1, times: left)
    y1 = y1.adding(a1, times: right)
    let a2 = T.Vector(repeating: column[2 * aRow])
    x2 = x2.adding(a2, times: left)
    y2 = y2.adding(a2, times: right)
    let a3 = T.Vector(repeating: column[3 * aRow])
    x3 = x3.adding(a3, times: left)
    y3 = y3.adding(a3, times: right)
  }
  finish(x0, y0, c, mode)
  finish(x1, y1, c + cRow, mode)
  finish(x2, y2, c + 2 * cRow, mode)
  finish(x3, y3, c + 3 * cRow, mode)
}

/// 3 rows of C against one panel.
@inline(__always)
private func tile3<T: LaneScalar>(
  _ steps: Int, _ a: ElementPointer<T>, _ aRow: Int, _ aStep: Int,
  _ panel: ElementPointer<T>, _ panelStep: Int, _ c: ElementPointer<T>, _ cRow: Int,
  _ mode: ProductMode, _ start: ElementPointer<T>?, _ startRow: Int
) {
  let lanes = T.Vector.scalarCount
  var (x0, y0) = begin(start, 0)
  var (x1, y1) = begin(start, startRow)
  var (x2, y2) = begin(start, 2 * startRow)
  for p in 0..<steps {
    let left = loadVector(panel + p * panelStep)
    let right = loadVector(panel + p * panelStep + lanes)
    let column = a + p * aStep
    let a0 = T.Vector(repeating: column[0])
    x0 = x0.adding(a0, times: left)
    y0 = y0.adding(a0, times: right)
    let a1 = T.Vector(repeating: column[aRow])
    x1 = x1.adding(a1, times: left)
    y1 = y1.adding(a1, times: right)
    let a2 = T.Vector(repeating: column[2 * aRow])
    x2 = x2.adding(a2, times: left)
    y2 = y2.adding(a2, times: right)
  }
  finish(x0, y0, c, mode)
  finish(x1, y1, c + cRow, mode)
  finish(x2, y2, c + 2 * cRow, mode)
}

/// 2 rows of C against one panel.
@inline(__always)
private func tile2<T: LaneScalar>(
  _ steps: Int, _ a: ElementPointer<T>, _ aRow: Int, _ aStep: Int,
  _ panel: ElementPointer<T>, _ panelStep: Int, _ c: ElementPointer<T>, _ cRow: Int,
  _ mode: ProductMode, _ start: ElementPointer<T>?, _ startRow: Int
) {
  let lanes = T.Vector.scalarCount
  var (x0, y0) = begin(start, 0)
  var (x1, y1) = begin(start, startRow)
  for p in 0..<steps {
    let left = loadVector(panel + p * panelStep)
    let right = loadVector(panel + p * panelStep + lanes)
    let column = a + p * aStep
    let a0 = T.Vector(repeating: column[0])
    x0 = x0.adding(a0, times: left)
    y0 = y0.adding(a0, times: right)
    let a1 = T.Vector(repeating: column[aRow])
    x1 = x1.adding(a1, times: left)
    y1 = y1.adding(a1, times: right)
  }
  finish(x0, y0, c, mode)
  finish(x1, y1, c + cRow, mode)
}

/// 1 row of C against one panel.
@inline(__always)
private func tile1<T: LaneScalar>(
  _ steps: Int, _ a: ElementPointer<T>, _ aRow: Int, _ aStep: Int,
  _ panel: ElementPointer<T>, _ panelStep: Int, _ c: ElementPointer<T>, _ cRow: Int,
  _ mode: ProductMode, _ start: ElementPointer<T>?, _ startRow: Int
) {
  let lanes = T.Vector.scalarCount
  var (x0, y0) = begin(start, 0)
  for p in 0..<steps {
    let left = loadVector(panel + p * panelStep)
    let right = loadVector(panel + p * panelStep + lanes)
    let column = a + p * aStep
    let a0 = T.Vector(repeating: column[0])
    x0 = x0.adding(a0, times: left)
    y0 = y0.adding(a0, times: right)
  }
  finish(x0, y0, c, mode)
}

/// The slow twin of `matrixProduct`: three loops in `Double`, any strides, C (rows, columns)
/// row-major.
package func matrixProductByDefinition<T: LaneScalar>(
  rows: Int, columns: Int, depth: Int, _ a: MatrixView<T>, _ b: MatrixView<T>
) -> [Double] {
  var c = [Double](repeating: 0, count: rows * columns)
  for i in 0..<rows {
    for j in 0..<columns {
      for p in 0..<depth {
        let x = Double(a.view[i * a.rowStride + p * a.columnStride])
        c[i * columns + j] += x * Double(b.view[p * b.rowStride + j * b.columnStride])
      }
    }
  }
  return c
}

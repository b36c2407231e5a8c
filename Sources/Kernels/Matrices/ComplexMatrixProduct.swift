// The product of complex matrices, whose real and imaginary parts are matrices of their own.
//
// With A = a + ib and B = u + iv, four real products become three [Higham2002, sec. 23.2.4]:
//
//     t = (a + b) u,    Re A B = t − b (u + v),    Im A B = t + a (v − u).
//
// The conjugate of B changes the sign of v, and A* B is the conjugate of A B*.
// The sums are made once per product for A and once per panel for B; t is where the sums over p of
// the other two products begin.

/// Numbers of scratch memory that `complexMatrixProduct` needs.
package func complexProductScratchCount<T: LaneScalar>(
  rows: Int, depth: Int, _ type: T.Type
) -> Int {
  let width = 2 * T.Vector.scalarCount
  return rows * depth + 3 * depth * width + rows * width
}

/// C = A B or C += A B for complex matrices, one factor conjugated if wanted.
///
/// Accuracy:    relative to ‖A‖ ‖B‖, as for four real products; a part that is much smaller than
///              the other carries the rounding of the larger one.
/// Cost:        3 rows · columns · depth multiplications where every extent is at least eight,
///              depth is at most 64 and the columns fill panels, otherwise 4.
/// Checked by:  ComplexProductDefinitionTests, against `complexMatrixProductByDefinition`.
///
/// - Parameters:
///   - rows: rows of A and C.
///   - columns: columns of B and C.
///   - depth: columns of A, rows of B.
///   - a: (rows, depth), any strides; in both parts the same.
///   - b: (depth, columns), any strides.
///   - c: (rows, columns), column stride 1; must not overlap A or B.
///   - conjugated: which factor is conjugated.
///   - mode: what becomes of the old contents of C; not `.subtracting`.
///   - scratch: `complexProductScratchCount` numbers, aligned to vectors.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func complexMatrixProduct<T: LaneScalar>(
  rows: Int, columns: Int, depth: Int, _ a: ComplexMatrixView<T>, _ b: ComplexMatrixView<T>,
  into c: ComplexMatrixView<T>, conjugating conjugated: ConjugatedFactor = .none,
  _ mode: ProductMode = .replacing, scratch: BufferView<T>
) {
  precondition(mode != .subtracting, "complex products are not subtracted")
  let width = 2 * T.Vector.scalarCount
  guard min(rows, columns, depth) >= 8, depth <= 64, columns % width == 0 else {
    fourProducts(rows, columns, depth, a, b, into: c, conjugated, mode)
    return
  }
  let sum = scratch.at(3 * depth * width + rows * width)
  let sums = addParts(rows: rows, depth: depth, a, to: sum)
  let panels = scratch.base
  let t = panels + 3 * depth * width
  // A* B = (A B*)*: what is made is A B*, and its imaginary part is subtracted.
  if conjugated == .left && mode == .replacing {
    for i in 0..<rows { clear(c.imaginary.view.at(i * c.imaginary.rowStride), count: columns) }
  }
  let imaginaryMode = conjugated == .left ? ProductMode.subtracting : mode
  for column in stride(from: 0, to: columns, by: width) {
    copyPanels(b, column, depth, to: panels)
    let (minusSum, difference) = (panels + depth * width, panels + 2 * depth * width)
    panelProduct(
      rows: rows, steps: depth, a: sums.view.base, aRow: sums.rowStride, aStep: sums.columnStride,
      panel: panels, panelStep: width, c: t, cRow: width, mode: .replacing)
    panelProduct(
      rows: rows, steps: depth, a: a.imaginary.view.base, aRow: a.imaginary.rowStride,
      aStep: a.imaginary.columnStride, panel: conjugated == .none ? minusSum : difference,
      panelStep: width, c: c.real.view.base + column, cRow: c.real.rowStride, mode: mode,
      start: t, startRow: width)
    panelProduct(
      rows: rows, steps: depth, a: a.real.view.base, aRow: a.real.rowStride,
      aStep: a.real.columnStride, panel: conjugated == .none ? difference : minusSum,
      panelStep: width, c: c.imaginary.view.base + column, cRow: c.imaginary.rowStride,
      mode: imaginaryMode, start: t, startRow: width)
  }
}

/// The product as it is written: Re = a u ∓ b v, Im = ± a v ± b u.
@inline(__always)
private func fourProducts<T: LaneScalar>(
  _ rows: Int, _ columns: Int, _ depth: Int, _ a: ComplexMatrixView<T>,
  _ b: ComplexMatrixView<T>, into c: ComplexMatrixView<T>, _ conjugated: ConjugatedFactor,
  _ mode: ProductMode
) {
  func product(
    _ x: MatrixView<T>, _ y: MatrixView<T>, _ z: MatrixView<T>, _ mode: ProductMode
  ) {
    matrixProduct(rows: rows, columns: columns, depth: depth, x, y, into: z, mode)
  }
  product(a.real, b.real, c.real, mode)
  product(a.imaginary, b.imaginary, c.real, conjugated == .none ? .subtracting : .adding)
  if conjugated == .right {
    product(a.imaginary, b.real, c.imaginary, mode)
    product(a.real, b.imaginary, c.imaginary, .subtracting)
  } else {
    product(a.real, b.imaginary, c.imaginary, mode)
    product(a.imaginary, b.real, c.imaginary, conjugated == .left ? .subtracting : .adding)
  }
}

/// a + b, contiguous, with the strides of A: one of the two must be 1.
@inline(__always)
private func addParts<T: LaneScalar>(
  rows: Int, depth: Int, _ a: ComplexMatrixView<T>, to sum: BufferView<T>
) -> MatrixView<T> {
  let isTransposed = a.real.columnStride != 1
  let (outer, inner) = isTransposed ? (depth, rows) : (rows, depth)
  let step = isTransposed ? a.real.columnStride : a.real.rowStride
  let unit = isTransposed ? a.real.rowStride : 1
  let lanes = T.Vector.scalarCount
  for i in 0..<outer {
    let real = a.real.view.base + i * step
    let imaginary = a.imaginary.view.base + i * step
    let target = sum.base + i * inner
    var k = 0
    if unit == 1 {
      while k + lanes <= inner {
        storeVector(loadVector(real + k) + loadVector(imaginary + k), target + k)
        k += lanes
      }
    }
    while k < inner {
      target[k] = real[k * unit] + imaginary[k * unit]
      k += 1
    }
  }
  let packed = MatrixView(sum, rowStride: inner)
  return isTransposed ? packed.transposed : packed
}

/// The panels u, −(u + v) and v − u from `column` on.
@inline(__always)
private func copyPanels<T: LaneScalar>(
  _ b: ComplexMatrixView<T>, _ column: Int, _ depth: Int, to panels: ElementPointer<T>
) {
  let lanes = T.Vector.scalarCount
  let size = depth * 2 * lanes
  let offset = column * b.real.columnStride
  copyPanel(b.real.view.base + offset, b.real, steps: depth, used: 2 * lanes, to: panels)
  copyPanel(
    b.imaginary.view.base + offset, b.imaginary, steps: depth, used: 2 * lanes,
    to: panels + 2 * size)
  for k in stride(from: 0, to: size, by: lanes) {
    let (u, v) = (loadVector(panels + k), loadVector(panels + 2 * size + k))
    storeVector(-(u + v), panels + size + k)
    storeVector(v - u, panels + 2 * size + k)
  }
}

/// The slow twin of `complexMatrixProduct`: the real and imaginary parts of A B by three loops in
/// `Double`, (rows, columns) row-major.
package func complexMatrixProductByDefinition<T: LaneScalar>(
  rows: Int, columns: Int, depth: Int, _ a: ComplexMatrixView<T>, _ b: ComplexMatrixView<T>,
  conjugating conjugated: ConjugatedFactor = .none
) -> (real: [Double], imaginary: [Double]) {
  func element(_ x: MatrixView<T>, _ i: Int, _ j: Int) -> Double {
    Double(x.view[i * x.rowStride + j * x.columnStride])
  }
  var real = [Double](repeating: 0, count: rows * columns)
  var imaginary = real
  for i in 0..<rows {
    for j in 0..<columns {
      for p in 0..<depth {
        let (x, y) = (
          element(a.real, i, p), element(a.imaginary, i, p) * (conjugated == .left ? -1 : 1)
        )
        let (u, v) = (
          element(b.real, p, j), element(b.imaginary, p, j) * (conjugated == .right ? -1 : 1)
        )
        real[i * columns + j] += x * u - y * v
        imaginary[i * columns + j] += x * v + y * u
      }
    }
  }
  return (real, imaginary)
}

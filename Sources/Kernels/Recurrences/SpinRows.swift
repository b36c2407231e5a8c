// The coefficients E, B of one order and one pair of fields as rows of four numbers, and the steps
// that multiply them by sin θ: see `SpinLowering` in SpecialFunctions for the formulas.

/// Layout of the rows: (x re, y re, x im, y im) of one degree, x and y being E and B at first and
/// the coefficients of sin^s θ Q and sin^s θ U after s steps. As rows (re, im) of two lanes they
/// are what the steps of scalar fields read.
private typealias Row = SIMD4<Double>

/// i (−y, x): (y im, −x im, −y re, x re).
@inline(__always)
private func turned(_ row: Row) -> Row {
  Row(row[3], row[2], row[1], row[0]) * Row(1, -1, -1, 1)
}

/// rows[k] = factor (E, B) of degree l_0 + k.
///
/// - Parameters:
///   - count: number of degrees.
///   - factor: of every number.
///   - e: rows (re, im) of E from degree l_0 on.
///   - b: those of B.
///   - rowStride: numbers of a row.
///   - rows: receives four numbers per degree.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func fillSpinRows<T: LaneScalar>(
  count: Int, factor: Double, e: BufferView<T>, b: BufferView<T>, rowStride: Int,
  to rows: BufferView<Double>
) {
  for k in 0..<count {
    let place = 2 * k * rowStride
    let row = Row(
      Double(e[place]), Double(b[place]), Double(e[place + rowStride]),
      Double(b[place + rowStride]))
    storeVector(row * Row(repeating: factor), rows.base + 4 * k)
  }
}

/// E and B from their rows, times a factor: the transpose of `fillSpinRows`.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func copySpinRows<T: LaneScalar>(
  count: Int, factor: Double, _ rows: BufferView<Double>, toE e: BufferView<T>, b: BufferView<T>,
  rowStride: Int
) {
  for k in 0..<count {
    let row = loadVector(rows.base + 4 * k) * Row(repeating: factor)
    let place = 2 * k * rowStride
    e[place] = T(row[0])
    b[place] = T(row[1])
    e[place + rowStride] = T(row[2])
    b[place + rowStride] = T(row[3])
  }
}

/// One step of the multiplication by sin θ: x'_L = ε_L f_{L−1} x_{L−1} − ε_{L+1} g_{L+1} x_{L+1} +
/// m h_L i(−y, x)_L, and the same for y.
///
/// Contract: `count` degrees m, m + 1, ... are computed; couplings are ε_m, ε_{m+1}, ..., one more
///           than that; factors are (f_{L−1}, g_{L+1}, h_L) and a number without meaning, of L = m,
///           m + 1, ...; rows are those of the degrees m...m + count, zero where there is no
///           coefficient, and are replaced.
/// Checked by: SpinRowsTests.
package func lowerSpinRows(
  count: Int, order m: Int, couplings: BufferView<Double>, factors: BufferView<Double>,
  _ rows: BufferView<Double>
) {
  var (below, here) = (Row(repeating: 0), loadVector(rows.base))
  let order = Double(m)
  for k in 0..<count {
    let place = rows.base + 4 * k
    let above = loadVector(place + 4)
    let factor = factors.base + 4 * k
    let sum = (turned(here) * Row(repeating: order * factor[2]))
      .adding(below, times: Row(repeating: couplings[k] * factor[0]))
      .adding(above, times: Row(repeating: -couplings[k + 1] * factor[1]))
    storeVector(sum, place)
    (below, here) = (here, above)
  }
}

/// The transpose of `lowerSpinRows`: x_l = ε_{l+1} f_l x'_{l+1} − ε_l g_l x'_{l−1} +
/// m h_l i(−y', x')_l.
///
/// Contract: as `lowerSpinRows`, but for factors, which begin at L = m − 1.
package func raiseSpinRows(
  count: Int, order m: Int, couplings: BufferView<Double>, factors: BufferView<Double>,
  _ rows: BufferView<Double>
) {
  var (below, here) = (Row(repeating: 0), loadVector(rows.base))
  let order = Double(m)
  for k in 0..<count {
    let place = rows.base + 4 * k
    let above = loadVector(place + 4)
    let factor = factors.base + 4 * k
    let sum = (turned(here) * Row(repeating: order * factor[6]))
      .adding(above, times: Row(repeating: couplings[k + 1] * factor[8]))
      .adding(below, times: Row(repeating: -couplings[k] * factor[1]))
    storeVector(sum, place)
    (below, here) = (here, above)
  }
}

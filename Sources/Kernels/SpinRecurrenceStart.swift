// The same for spin-weighted functions: see `SpinSteps` in HarmonicTransforms for the formulas.

/// s_l and t_l of the Wigner recurrence of the orders (m, ∓s), l = l_0...l_0 + count − 1.
///
/// - Parameters:
///   - m: the order, m ≥ 0.
///   - spin: s ≥ 1; l_0 = max(m, s).
///   - count: number of degrees.
///   - scales: receives s_l.
///   - steps: receives six lists: for n = −s and then for n = +s the pairs of a_l, b_l with
///     t_l = a_l y + b_l, for y = cos θ, 1 − cos θ and 1 + cos θ.
///   - stride: numbers from one list to the next.
/// Checked by: SpinRecurrenceTests, against `WignerRecurrence`.
package func fillSpinSteps(
  m: Int, spin: Int, count: Int, scales: BufferView<Double>, steps: BufferView<Double>,
  stride: Int
) {
  let start = Double(max(m, spin))
  let (squareOrder, squareSpin) = (Double(m * m), Double(spin * spin))
  let product = Double(m * spin)
  let first = steps
  // 1/a_{l+1}, for the moment where the first steps will be.
  for k in 0..<count {
    let l = start + Double(k) + 1
    let square = l * l
    let coupling =
      ((square - squareOrder) * (square - squareSpin) / (square * (4 * square - 1))).squareRoot()
    first[2 * k] = 1 / coupling
  }
  var scale = first[0].squareRoot()
  for k in 0..<count {
    scales[k] = scale
    scale = first[2 * k] / scale
  }
  for k in 0..<count {
    let l = start + Double(k)
    let factor = scales[k] * scales[k]
    let shift = factor * product / (l * (l + 1))
    for (sign, place) in [(1.0, 0), (-1.0, 3 * stride)] {
      let offset = sign * shift
      let list = steps.at(place + 2 * k)
      list[0] = factor
      list[1] = offset
      list[stride] = -factor
      list[stride + 1] = factor + offset
      list[2 * stride] = factor
      list[2 * stride + 1] = offset - factor
    }
  }
}

/// Weights of the two functions of every degree from E and B.
///
/// - Parameters:
///   - count: number of degrees l from l_0 on.
///   - scales: s_l.
///   - sign: (−1)^s.
///   - parity: (−1)^{l_0 + m + s}.
///   - e: rows (re, im) of E from degree l_0 on.
///   - b: those of B.
///   - rowStride: numbers of a row.
///   - minus: receives four numbers per degree for the functions of n = −s.
///   - plus: the same for n = +s.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func fillSpinWeights<T: LaneScalar>(
  count: Int, scales: BufferView<Double>, sign: Double, parity: Double, e: BufferView<T>,
  b: BufferView<T>, rowStride: Int, minus: BufferView<Double>, plus: BufferView<Double>
) {
  var parity = parity
  for k in 0..<count {
    let row = 2 * k * rowStride
    let scale = -scales[k]
    let (er, ei) = (scale * Double(e[row]), scale * Double(e[row + rowStride]))
    let (br, bi) = (scale * Double(b[row]), scale * Double(b[row + rowStride]))
    // E + iB and E − iB.
    let (sumReal, sumImaginary) = (er - bi, ei + br)
    let (differenceReal, differenceImaginary) = (er + bi, ei - br)
    minus[4 * k] = sign * sumReal
    minus[4 * k + 1] = sign * sumImaginary
    minus[4 * k + 2] = sign * parity * differenceReal
    minus[4 * k + 3] = sign * parity * differenceImaginary
    plus[4 * k] = differenceReal
    plus[4 * k + 1] = differenceImaginary
    plus[4 * k + 2] = parity * sumReal
    plus[4 * k + 3] = parity * sumImaginary
    parity = -parity
  }
}

/// The transpose of `fillSpinWeights`, halved: E and B from the sums of the two functions.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func fillSpinCoefficients<T: LaneScalar>(
  count: Int, scales: BufferView<Double>, sign: Double, parity: Double,
  minus: BufferView<Double>, plus: BufferView<Double>, toE e: BufferView<T>, b: BufferView<T>,
  rowStride: Int
) {
  var parity = parity
  for k in 0..<count {
    let row = 2 * k * rowStride
    let scale = -0.5 * scales[k]
    let sumReal = scale * (sign * minus[4 * k] + parity * plus[4 * k + 2])
    let sumImaginary = scale * (sign * minus[4 * k + 1] + parity * plus[4 * k + 3])
    let differenceReal = scale * (plus[4 * k] + sign * parity * minus[4 * k + 2])
    let differenceImaginary = scale * (plus[4 * k + 1] + sign * parity * minus[4 * k + 3])
    e[row] = T(sumReal + differenceReal)
    e[row + rowStride] = T(sumImaginary + differenceImaginary)
    b[row] = T(sumImaginary - differenceImaginary)
    b[row + rowStride] = T(differenceReal - sumReal)
    parity = -parity
  }
}

/// The tiles of Q and U (even and odd parts) from sums P = Q + iU and M = Q − iU.
///
/// - Parameters:
///   - minus: rows of 16: P_north (re, im), M_south (re, im).
///   - plus: M_north (re, im), P_south (re, im).
///   - q: receives the tile of Q.
///   - u: receives the tile of U.
package func unmixSpinTile(
  minus: BufferView<Double>, plus: BufferView<Double>, toQ q: BufferView<Double>,
  u: BufferView<Double>
) {
  let width = RecurrenceBlock.width
  for i in 0..<width {
    let (pn, pni) = (minus[i], minus[width + i])
    let (ms, msi) = (minus[2 * width + i], minus[3 * width + i])
    let (mn, mni) = (plus[i], plus[width + i])
    let (ps, psi) = (plus[2 * width + i], plus[3 * width + i])
    // Q = (P + M)/2 and U = (P − M)/2i of each ring; even and odd are half sum and half difference.
    let (qn, qni, qs, qsi) = (pn + mn, pni + mni, ps + ms, psi + msi)
    let (un, uni, us, usi) = (pni - mni, mn - pn, psi - msi, ms - ps)
    q[i] = 0.25 * (qn + qs)
    q[width + i] = 0.25 * (qni + qsi)
    q[2 * width + i] = 0.25 * (qn - qs)
    q[3 * width + i] = 0.25 * (qni - qsi)
    u[i] = 0.25 * (un + us)
    u[width + i] = 0.25 * (uni + usi)
    u[2 * width + i] = 0.25 * (un - us)
    u[3 * width + i] = 0.25 * (uni - usi)
  }
}

/// The inverse of `unmixSpinTile` with even = north + south and odd = north − south. Its results
/// may take the places of `q` and `u`, exactly.
package func mixSpinTile(
  q: BufferView<Double>, u: BufferView<Double>, toMinus minus: BufferView<Double>,
  plus: BufferView<Double>
) {
  let width = RecurrenceBlock.width
  for i in 0..<width {
    let (qn, qni) = (0.5 * (q[i] + q[2 * width + i]), 0.5 * (q[width + i] + q[3 * width + i]))
    let (qs, qsi) = (0.5 * (q[i] - q[2 * width + i]), 0.5 * (q[width + i] - q[3 * width + i]))
    let (un, uni) = (0.5 * (u[i] + u[2 * width + i]), 0.5 * (u[width + i] + u[3 * width + i]))
    let (us, usi) = (0.5 * (u[i] - u[2 * width + i]), 0.5 * (u[width + i] - u[3 * width + i]))
    minus[i] = qn - uni
    minus[width + i] = qni + un
    minus[2 * width + i] = qs + usi
    minus[3 * width + i] = qsi - us
    plus[i] = qn + uni
    plus[width + i] = qni - un
    plus[2 * width + i] = qs - usi
    plus[3 * width + i] = qsi + us
  }
}

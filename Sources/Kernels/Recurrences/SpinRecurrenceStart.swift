// What RecurrenceStart.swift has, for spin-weighted functions: see `SpinSteps` in
// HarmonicTransforms for the formulas.

/// s_l and α_l, α_l b_l of the Wigner recurrence of the orders (m, −s), l = l_0...l_0 + count − 1.
///
/// Method: `fillAlternatingScales` with the couplings a_{l+1}.
///
/// - Parameters:
///   - m: the order, m ≥ 0.
///   - spin: s ≥ 1; l_0 = max(m, s).
///   - count: number of degrees.
///   - scales: receives s_l. All three lists have room for whole vectors of four.
///   - factors: receives α_l = s_l².
///   - shifts: receives −α_l b_l = α_l m s / [l (l + 1)].
/// Checked by: SpinRecurrenceTests, against `WignerRecurrence`.
package func fillSpinSteps(
  m: Int, spin: Int, count: Int, scales: BufferView<Double>, factors: BufferView<Double>,
  shifts: BufferView<Double>
) {
  let start = Double(max(m, spin))
  let (squareOrder, squareSpin) = (Double(m * m), Double(spin * spin))
  let product = Double(m * spin)
  // a_{l+1}, for the moment where α_l will be.
  for k in stride(from: 0, to: count, by: 4) {
    let next = start + Double(k + 1) + vectorPlaces
    let square = next * next
    let ratio = (square - squareOrder) * (square - squareSpin) / (square * (4 * square - 1))
    storeVector(ratio.squareRoot(), factors.base + k)
  }
  for k in 0..<count - 1 { shifts[k] = factors[k] / factors[k + 1] }
  fillAlternatingScales(count: count, couplings: factors, quotients: shifts, scales)
  for k in stride(from: 0, to: count, by: 4) {
    let l = start + Double(k) + vectorPlaces
    let scale = loadVector(scales.base + k)
    storeVector(scale * scale, factors.base + k)
    storeVector(scale * scale * product / (l * (l + 1)), shifts.base + k)
  }
}

/// The steps (a_l, b_l), t_l = a_l y + b_l, of one form and one sign of s.
///
/// - Parameters:
///   - count: number of degrees.
///   - factors: α_l.
///   - shifts: −α_l b_l of n = −s.
///   - form: how cos θ enters.
///   - sign: 1 for n = −s, −1 for n = +s.
///   - steps: receives pairs.
package func fillSpinSteps(
  count: Int, factors: BufferView<Double>, shifts: BufferView<Double>, form: SpinStepForm,
  sign: Double, to steps: BufferView<Double>
) {
  // a_l / α_l, and what is added to b_l in units of α_l.
  let (slope, offset) =
    switch form {
    case .cosine: (1.0, 0.0)
    case .fromNorth: (-1.0, 1.0)
    case .fromSouth: (1.0, -1.0)
    }
  for k in 0..<count {
    steps[2 * k] = slope * factors[k]
    steps[2 * k + 1] = sign * shifts[k] + offset * factors[k]
  }
}

/// Weights of the two functions of every degree from the rows of E and B.
///
/// - Parameters:
///   - count: number of degrees l from l_0 on.
///   - scales: s_l.
///   - sign: (−1)^s.
///   - parity: (−1)^{l_0 + m + s}.
///   - rows: −(−1)^s (E re, B re, E im, B im) from degree l_0 on (`fillSpinRows`).
///   - minus: receives four numbers per degree for the functions of n = −s.
///   - plus: the same for n = +s.
package func fillSpinWeights(
  count: Int, scales: BufferView<Double>, sign: Double, parity: Double,
  _ rows: BufferView<Double>, minus: BufferView<Double>, plus: BufferView<Double>
) {
  var parity = parity
  for k in 0..<count {
    let row = scales[k] * loadVector(rows.base + 4 * k)
    // E + iB and E − iB.
    let (sumReal, sumImaginary) = (row[0] - row[3], row[2] + row[1])
    let (differenceReal, differenceImaginary) = (row[0] + row[3], row[2] - row[1])
    minus[4 * k] = sumReal
    minus[4 * k + 1] = sumImaginary
    minus[4 * k + 2] = parity * differenceReal
    minus[4 * k + 3] = parity * differenceImaginary
    plus[4 * k] = sign * differenceReal
    plus[4 * k + 1] = sign * differenceImaginary
    plus[4 * k + 2] = sign * parity * sumReal
    plus[4 * k + 3] = sign * parity * sumImaginary
    parity = -parity
  }
}

/// The transpose of `fillSpinWeights`, halved, added to the rows.
package func addSpinWeights(
  count: Int, scales: BufferView<Double>, sign: Double, parity: Double,
  minus: BufferView<Double>, plus: BufferView<Double>, to rows: BufferView<Double>
) {
  var parity = parity
  for k in 0..<count {
    let scale = 0.5 * scales[k]
    let sumReal = minus[4 * k] + sign * parity * plus[4 * k + 2]
    let sumImaginary = minus[4 * k + 1] + sign * parity * plus[4 * k + 3]
    let differenceReal = sign * plus[4 * k] + parity * minus[4 * k + 2]
    let differenceImaginary = sign * plus[4 * k + 1] + parity * minus[4 * k + 3]
    let row = SIMD4(
      sumReal + differenceReal, sumImaginary - differenceImaginary,
      sumImaginary + differenceImaginary, differenceReal - sumReal)
    storeVector(loadVector(rows.base + 4 * k) + scale * row, rows.base + 4 * k)
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

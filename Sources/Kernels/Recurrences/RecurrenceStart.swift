// What an order's recurrence needs before its first step: couplings of degrees, scales, steps, and
// the first function at every colatitude.

/// (0, 1, 2, 3): places within a vector.
let vectorPlaces = SIMD4<Double>(0, 1, 2, 3)

/// ε_{m+j} = √[j (2m + j) / ((2m + 2j − 1)(2m + 2j + 1))] for j = 0...`count` − 1.
///
/// Products of integers are exact in `Double` up to degrees of 4·10⁷.
///
/// - Parameters:
///   - m: the order.
///   - count: how many.
///   - couplings: receives them; has room for whole vectors of four.
/// Checked by: DegreePairRecurrenceTests.
package func fillDegreeCouplings(m: Int, count: Int, _ couplings: BufferView<Double>) {
  let twice = Double(2 * m)
  for j in stride(from: 0, to: count, by: 4) {
    let x = Double(j) + vectorPlaces
    let above = twice + 2 * x
    storeVector(
      (x * (twice + x) / ((above - 1) * (above + 1))).squareRoot(), couplings.base + j)
  }
  // 0/(−1) for m = 0.
  couplings[0] = 0
}

/// s_k with s_k s_{k+1} g_k = 1 and s_0 = s_1 = g_0^{−1/2}.
///
/// Method: s_{k+2} = s_k g_k/g_{k+1} for even k, and s_{k+1} = 1/(g_k s_k) from its neighbour, so
///         that no division waits for another. With the first formula for odd k as well the
///         products of neighbours drift away from 1/g_k, and with them the recurrence: a hundred
///         times the error at lmax 2047.
///
/// - Parameters:
///   - count: number of scales.
///   - couplings: g_k.
///   - quotients: g_k/g_{k+1}.
///   - scales: receives s_k.
package func fillAlternatingScales(
  count: Int, couplings: BufferView<Double>, quotients: BufferView<Double>,
  _ scales: BufferView<Double>
) {
  var scale = (1 / couplings[0]).squareRoot()
  for k in stride(from: 0, to: count, by: 2) {
    scales[k] = scale
    if k + 2 < count { scale *= quotients[k] }
  }
  for k in stride(from: 1, to: count, by: 2) {
    scales[k] = 1 / (couplings[k - 1] * scales[k - 1])
  }
}

/// s_k and the two forms of t_k from ε_{m+j}: see `DegreePairRecurrence`.
///
/// - Parameters:
///   - count: number of functions q_k.
///   - couplings: 2 count + 1 numbers.
///   - scales: receives s_k.
///   - equatorial: receives (α_k, β_k).
///   - polar: receives (−α_k, γ_k).
package func fillDegreePairSteps(
  count: Int, couplings: BufferView<Double>, scales: BufferView<Double>,
  equatorial: BufferView<Double>, polar: BufferView<Double>
) {
  // g_k and g_k/g_{k+1}, in the places of the steps for a moment.
  for k in 0..<count { equatorial[k] = couplings[2 * k + 1] * couplings[2 * k + 2] }
  for k in 0..<count - 1 { equatorial[count + k] = equatorial[k] / equatorial[k + 1] }
  fillAlternatingScales(
    count: count, couplings: equatorial, quotients: equatorial.at(count), scales)
  for k in 0..<count {
    let (above, below) = (couplings[2 * k + 1], couplings[2 * k])
    let factor = scales[k] * scales[k]
    let squares = above * above + below * below
    equatorial[2 * k] = factor
    equatorial[2 * k + 1] = -factor * squares
    polar[2 * k] = -factor
    polar[2 * k + 1] = factor * (1 - squares)
  }
}

/// factor · multiplier · baseⁿ of 16 colatitudes as first functions of a recurrence, mantissa ·
/// 2^(800 scale).
///
/// Method: repeated squaring, four numbers at a time; what falls below 2^−400 is multiplied by
///         2^400 and counted, so that everything stays in 2^−400...1 and nothing underflows. Two
///         counts are one scale; an odd one is a scale and a factor of 2^400.
///
/// - Parameters:
///   - factor: not zero, of magnitude 2^−50 to 2^50.
///   - bases: 16 numbers in 0...1.
///   - exponent: n ≥ 0.
///   - multipliers: 16 numbers of magnitude 2^−150 to 2^150; nil: 1.
///   - state: receives the functions, as in `RecurrenceStates`.
/// Checked by: RecurrenceTableTests.
package func startRecurrence(
  factor: Double, bases: BufferView<Double>, exponent: Int,
  multipliers: BufferView<Double>? = nil, _ state: BufferView<Double>
) {
  typealias Vector = SIMD4<Double>
  let width = RecurrenceBlock.width
  let (zero, least) = (Vector(repeating: 0), Vector(repeating: 0x1p-400))
  @inline(__always)
  func rescale(_ value: inout Vector, _ scale: inout Vector) {
    let isSmall = value .< least
    if any(isSmall) {
      value.replace(with: value * 0x1p400, where: isSmall)
      scale.replace(with: scale - 1, where: isSmall)
    }
  }
  for v in stride(from: 0, to: width, by: 4) {
    var square = loadVector(bases.base + v)
    let isZero = square .<= zero
    // The powers of zero cannot be scaled; any other number takes its place until the end.
    square.replace(with: Vector(repeating: 1), where: isZero)
    var squareScale = zero
    var (power, scale) = (Vector(repeating: 1), zero)
    var n = exponent
    while n > 0 {
      if n & 1 == 1 {
        power *= square
        scale += squareScale
        rescale(&power, &scale)
      }
      n >>= 1
      if n > 0 {
        square *= square
        squareScale += squareScale
        rescale(&square, &squareScale)
      }
    }
    // Half of the counts, rounded down.
    let half = (scale * 0.5).rounded(.down)
    power.replace(with: power * 0x1p400, where: half * 2 .!= scale)
    scale = half
    power *= factor
    if let multipliers { power *= loadVector(multipliers.base + v) }
    if exponent > 0 {
      power.replace(with: zero, where: isZero)
      scale.replace(with: zero, where: isZero)
    }
    storeVector(power, state.base + v)
    storeVector(zero, state.base + width + v)
    storeVector(scale, state.base + 2 * width + v)
  }
}

/// Weights of the functions q_k from the coefficients of an order: see `DegreePairRecurrence`.
///
/// - Parameters:
///   - count: number of functions.
///   - hasLastOdd: whether degree m + 2 count − 1 is one of the coefficients.
///   - couplings: ε_{m+j}.
///   - scales: s_k.
///   - rows: coefficients of l = m, m + 1, ... as (re, im) rows.
///   - rowStride: numbers of a row.
///   - weights: receives four numbers per function.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func fillDegreePairWeights<T: LaneScalar>(
  count: Int, hasLastOdd: Bool, couplings: BufferView<Double>, scales: BufferView<Double>,
  _ rows: BufferView<T>, rowStride: Int, to weights: BufferView<Double>
) {
  var (real, imaginary) = (0.0, 0.0)
  for k in stride(from: count - 1, through: 0, by: -1) {
    let (even, odd) = (rows.at(4 * k * rowStride), rows.at((4 * k + 2) * rowStride))
    let scale = scales[k]
    weights[4 * k] = scale * Double(even[0])
    weights[4 * k + 1] = scale * Double(even[rowStride])
    let hasOdd = hasLastOdd || k < count - 1
    let (above, inverse) = (couplings[2 * k + 2], 1 / couplings[2 * k + 1])
    real = ((hasOdd ? Double(odd[0]) : 0) - above * real) * inverse
    imaginary = ((hasOdd ? Double(odd[rowStride]) : 0) - above * imaginary) * inverse
    weights[4 * k + 2] = scale * real
    weights[4 * k + 3] = scale * imaginary
  }
}

/// The transpose of `fillDegreePairWeights`.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func fillDegreePairCoefficients<T: LaneScalar>(
  count: Int, hasLastOdd: Bool, couplings: BufferView<Double>, scales: BufferView<Double>,
  _ weights: BufferView<Double>, to rows: BufferView<T>, rowStride: Int
) {
  var (real, imaginary) = (0.0, 0.0)
  for k in 0..<count {
    let (even, odd) = (rows.at(4 * k * rowStride), rows.at((4 * k + 2) * rowStride))
    let scale = scales[k]
    even[0] = T(scale * weights[4 * k])
    even[rowStride] = T(scale * weights[4 * k + 1])
    guard hasLastOdd || k < count - 1 else { return }
    let (below, inverse) = (couplings[2 * k], 1 / couplings[2 * k + 1])
    real = (scale * weights[4 * k + 2] - below * real) * inverse
    imaginary = (scale * weights[4 * k + 3] - below * imaginary) * inverse
    odd[0] = T(real)
    odd[rowStride] = T(imaginary)
  }
}

// Two-term recurrences of many colatitudes side by side, and the sums over what they give.
//
// A block is 16 colatitudes, four vectors of `Double`: as many as hide the latency of one step.
// Functions of up to 64 steps of one block form a table of 8 kB, which stays in the first-level
// cache while it is summed for every field. Nothing else is kept of them.

/// Continues q_{k+1} = (a_k y + b_k) q_k − q_{k−1} of one block of colatitudes.
///
/// Scaling: a value is mantissa · 2^(800 scale), scale ≤ 0. While the scale is negative the true
///          value is below 2^−400, and 0 is written instead of it.
/// Aliasing: none of the views may overlap.
///
/// - Parameters:
///   - steps: (a_k, b_k) of k in `range`, from its start on.
///   - count: number of steps, at most `RecurrenceBlock.steps`.
///   - arguments: y of the 16 colatitudes.
///   - state: as in `RecurrenceStates`; on return ready for the step after the last.
///   - table: receives q_k, 16 numbers per step.
/// - Returns: the first step with a value that was not replaced by 0; `count` if there is none.
/// Checked by: RecurrenceTableTests.
package func continueRecurrence(
  _ steps: BufferView<Double>, count: Int, arguments: BufferView<Double>,
  _ state: BufferView<Double>, table: BufferView<Double>
) -> Int {
  typealias Vector = SIMD4<Double>
  let width = RecurrenceBlock.width
  let (here, below, scales) = (state, state.at(width), state.at(2 * width))
  var (q0, q1, q2, q3) = (
    loadVector(here.base), loadVector(here.base + 4), loadVector(here.base + 8),
    loadVector(here.base + 12)
  )
  var (p0, p1, p2, p3) = (
    loadVector(below.base), loadVector(below.base + 4), loadVector(below.base + 8),
    loadVector(below.base + 12)
  )
  let (y0, y1, y2, y3) = (
    loadVector(arguments.base), loadVector(arguments.base + 4), loadVector(arguments.base + 8),
    loadVector(arguments.base + 12)
  )
  @inline(__always)
  func step(_ k: Int) {
    let a = Vector(repeating: steps[2 * k])
    let b = Vector(repeating: steps[2 * k + 1])
    (p0, q0) = (q0, (-p0).adding(b.adding(a, times: y0), times: q0))
    (p1, q1) = (q1, (-p1).adding(b.adding(a, times: y1), times: q1))
    (p2, q2) = (q2, (-p2).adding(b.adding(a, times: y2), times: q2))
    (p3, q3) = (q3, (-p3).adding(b.adding(a, times: y3), times: q3))
  }
  var k = 0
  var first = 0
  var (s0, s1, s2, s3) = (
    loadVector(scales.base), loadVector(scales.base + 4), loadVector(scales.base + 8),
    loadVector(scales.base + 12)
  )
  let zero = Vector(repeating: 0)
  if any((s0 + s1 + s2 + s3) .< zero) {
    let most = Vector(repeating: 0x1p400)
    @inline(__always)
    func rescale(_ q: inout Vector, _ p: inout Vector, _ scale: inout Vector) {
      let isLarge = ((q .> most) .| (q .< -most)) .& (scale .< zero)
      if any(isLarge) {
        q.replace(with: q * 0x1p-800, where: isLarge)
        p.replace(with: p * 0x1p-800, where: isLarge)
        scale.replace(with: scale + 1, where: isLarge)
      }
    }
    // Scales are whole numbers and at most 0.
    while k < count && any((s0 + s1 + s2 + s3) .< zero) {
      let row = table.base + k * width
      if first == k && all((s0 .< zero) .& (s1 .< zero) .& (s2 .< zero) .& (s3 .< zero)) {
        first = k + 1
      }
      storeVector(q0.replacing(with: zero, where: s0 .< zero), row)
      storeVector(q1.replacing(with: zero, where: s1 .< zero), row + 4)
      storeVector(q2.replacing(with: zero, where: s2 .< zero), row + 8)
      storeVector(q3.replacing(with: zero, where: s3 .< zero), row + 12)
      step(k)
      rescale(&q0, &p0, &s0)
      rescale(&q1, &p1, &s1)
      rescale(&q2, &p2, &s2)
      rescale(&q3, &p3, &s3)
      k += 1
    }
    storeVector(s0, scales.base)
    storeVector(s1, scales.base + 4)
    storeVector(s2, scales.base + 8)
    storeVector(s3, scales.base + 12)
  }
  while k < count {
    let row = table.base + k * width
    storeVector(q0, row)
    storeVector(q1, row + 4)
    storeVector(q2, row + 8)
    storeVector(q3, row + 12)
    step(k)
    k += 1
  }
  storeVector(q0, here.base)
  storeVector(q1, here.base + 4)
  storeVector(q2, here.base + 8)
  storeVector(q3, here.base + 12)
  storeVector(p0, below.base)
  storeVector(p1, below.base + 4)
  storeVector(p2, below.base + 8)
  storeVector(p3, below.base + 12)
  return first
}

/// sums[part][colatitude] += Σ_k weights[k][part] table[k][colatitude], four parts: synthesis.
///
/// - Parameters:
///   - weights: four numbers per step, from step 0 of the table on.
///   - steps: which steps of the table.
///   - table: as `continueRecurrence` writes it.
///   - sums: four rows of 16.
/// Checked by: RecurrenceTableTests.
package func addRecurrenceSums(
  _ weights: BufferView<Double>, steps: Range<Int>, _ table: BufferView<Double>,
  to sums: BufferView<Double>
) {
  typealias Vector = SIMD4<Double>
  let width = RecurrenceBlock.width
  // Two vectors of every part: eight sums, two functions and the weights fill the registers.
  for half in stride(from: 0, to: width, by: 8) {
    let target = sums.base + half
    var (a0, a1) = (loadVector(target), loadVector(target + 4))
    var (b0, b1) = (loadVector(target + width), loadVector(target + width + 4))
    var (c0, c1) = (loadVector(target + 2 * width), loadVector(target + 2 * width + 4))
    var (d0, d1) = (loadVector(target + 3 * width), loadVector(target + 3 * width + 4))
    for k in steps {
      let row = table.base + k * width + half
      let (q0, q1) = (loadVector(row), loadVector(row + 4))
      let weight = weights.base + 4 * k
      let a = Vector(repeating: weight[0])
      let b = Vector(repeating: weight[1])
      (a0, a1) = (a0.adding(a, times: q0), a1.adding(a, times: q1))
      (b0, b1) = (b0.adding(b, times: q0), b1.adding(b, times: q1))
      let c = Vector(repeating: weight[2])
      let d = Vector(repeating: weight[3])
      (c0, c1) = (c0.adding(c, times: q0), c1.adding(c, times: q1))
      (d0, d1) = (d0.adding(d, times: q0), d1.adding(d, times: q1))
    }
    storeVector(a0, target)
    storeVector(a1, target + 4)
    storeVector(b0, target + width)
    storeVector(b1, target + width + 4)
    storeVector(c0, target + 2 * width)
    storeVector(c1, target + 2 * width + 4)
    storeVector(d0, target + 3 * width)
    storeVector(d1, target + 3 * width + 4)
  }
}

/// sums[k][part][i] += Σ_v values[part][4 v + i] table[k][4 v + i], i = 0...3: analysis.
///
/// The four numbers i are summed last, once for all blocks of colatitudes (`foldRecurrenceSums`).
///
/// - Parameters:
///   - values: four rows of 16.
///   - steps: which steps of the table.
///   - table: as `continueRecurrence` writes it.
///   - sums: 16 numbers per step, from step 0 of the table on.
/// Checked by: RecurrenceTableTests.
package func addRecurrenceProjections(
  _ values: BufferView<Double>, steps: Range<Int>, _ table: BufferView<Double>,
  to sums: BufferView<Double>
) {
  let width = RecurrenceBlock.width
  var k = steps.lowerBound
  // Two steps at a time share what is loaded of the values.
  while k + 1 < steps.upperBound {
    let (row0, row1) = (table.base + k * width, table.base + (k + 1) * width)
    let (target0, target1) = (sums.base + 16 * k, sums.base + 16 * (k + 1))
    var (a0, a1) = (loadVector(target0), loadVector(target1))
    var (b0, b1) = (loadVector(target0 + 4), loadVector(target1 + 4))
    var (c0, c1) = (loadVector(target0 + 8), loadVector(target1 + 8))
    var (d0, d1) = (loadVector(target0 + 12), loadVector(target1 + 12))
    for v in stride(from: 0, to: width, by: 4) {
      let (q0, q1) = (loadVector(row0 + v), loadVector(row1 + v))
      let a = loadVector(values.base + v)
      let b = loadVector(values.base + width + v)
      (a0, a1) = (a0.adding(a, times: q0), a1.adding(a, times: q1))
      (b0, b1) = (b0.adding(b, times: q0), b1.adding(b, times: q1))
      let c = loadVector(values.base + 2 * width + v)
      let d = loadVector(values.base + 3 * width + v)
      (c0, c1) = (c0.adding(c, times: q0), c1.adding(c, times: q1))
      (d0, d1) = (d0.adding(d, times: q0), d1.adding(d, times: q1))
    }
    storeVector(a0, target0)
    storeVector(b0, target0 + 4)
    storeVector(c0, target0 + 8)
    storeVector(d0, target0 + 12)
    storeVector(a1, target1)
    storeVector(b1, target1 + 4)
    storeVector(c1, target1 + 8)
    storeVector(d1, target1 + 12)
    k += 2
  }
  guard k < steps.upperBound else { return }
  for part in 0..<4 {
    let target = sums.base + 16 * k + 4 * part
    var sum = loadVector(target)
    for v in stride(from: 0, to: width, by: 4) {
      sum = sum.adding(
        loadVector(values.base + part * width + v), times: loadVector(table.base + k * width + v))
    }
    storeVector(sum, target)
  }
}

/// weights[k][part] = Σ_i sums[k][part][i] of some steps, in a fixed order; `sums` are zero
/// afterwards.
package func foldRecurrenceSums(
  count: Int, _ sums: BufferView<Double>, to weights: BufferView<Double>
) {
  typealias Vector = SIMD4<Double>
  let zero = Vector(repeating: 0)
  /// (x0 + x1, x2 + x3, y0 + y1, y2 + y3).
  @inline(__always)
  func halved(_ x: Vector, _ y: Vector) -> Vector {
    let both = SIMD8(lowHalf: x, highHalf: y)
    return both.evenHalf + both.oddHalf
  }
  for k in 0..<count {
    let place = sums.base + 16 * k
    let low = halved(loadVector(place), loadVector(place + 4))
    let high = halved(loadVector(place + 8), loadVector(place + 12))
    storeVector(halved(low, high), weights.base + 4 * k)
    for part in stride(from: 0, to: 16, by: 4) { storeVector(zero, place + part) }
  }
}

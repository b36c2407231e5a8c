/// The first number that is infinite or NaN, if there is one.
///
/// Method: x · 0 is 0 for a finite x and NaN for any other, so that the sum of the products shows
///         whether all are finite; the place is searched for only if the sum is not 0.
///
/// - Parameters:
///   - values: the numbers.
///   - threads: the result does not depend on it.
/// - Returns: its place, nil if all numbers are finite.
/// Checked by: FiniteNumbersTests.
package func firstNotFinite<T: LaneScalar>(_ values: [T], threads: Int = 1) -> Int? {
  let parts = evenRanges(values.count, parts: threads, unit: 1 << 16)
  let isFinite = values.withView { view in
    let found = AlignedBuffer<T>(count: parts.count)
    parallelFor(parts.count, threads: threads) {
      found[$0] = sumOfZeros(view.at(parts[$0].lowerBound), count: parts[$0].count)
    }
    return parts.indices.allSatisfy { found[$0] == 0 }
  }
  return isFinite ? nil : values.firstIndex { !$0.isFinite }
}

/// Σ x · 0.
@_specialize(where T == Float)
@_specialize(where T == Double)
private func sumOfZeros<T: LaneScalar>(_ view: BufferView<T>, count: Int) -> T {
  let width = T.Vector.scalarCount
  let zero = T.Vector(repeating: 0)
  var sums = (zero, zero)
  var k = 0
  while k + 2 * width <= count {
    sums.0 += loadVector(view.base + k) * zero
    sums.1 += loadVector(view.base + k + width) * zero
    k += 2 * width
  }
  var sum: T = (sums.0 + sums.1).sum()
  while k < count {
    sum += view[k] * 0
    k += 1
  }
  return sum
}

/// The first number that is infinite or NaN, if there is one.
///
/// Method: x · 0 is 0 for a finite x and NaN for any other, so that the sum of the products tells;
/// only
///         if it is not 0 the place is looked for.
/// Checked by: FiniteNumbersTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func firstNotFinite<T: LaneScalar>(_ values: [T]) -> Int? {
  let width = T.Vector.scalarCount
  let isFinite = values.withView { view in
    var sums = (T.Vector(repeating: 0), T.Vector(repeating: 0))
    let zero = T.Vector(repeating: 0)
    var k = 0
    while k + 2 * width <= values.count {
      sums.0 += loadVector(view.base + k) * zero
      sums.1 += loadVector(view.base + k + width) * zero
      k += 2 * width
    }
    var sum: T = (sums.0 + sums.1).sum()
    while k < values.count {
      sum += view[k] * 0
      k += 1
    }
    return sum == 0
  }
  return isFinite ? nil : values.firstIndex { !$0.isFinite }
}

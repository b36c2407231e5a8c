// Vector arithmetic of many lanes at once, each lane with its own scalar: the steps of iterative
// solvers.
//
// All arrays are `[row][laneStride]`, with the stride of `paddedLaneStride`, or a smaller one for
// few lanes without padding.

/// x += factor y, with one factor per lane.
///
/// Checked by: LaneVectorTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func addScaledLanes<T: LaneScalar>(
  rows: Int, laneStride: Int, _ y: BufferView<T>, factors: BufferView<T>, to x: BufferView<T>
) {
  let width = T.Vector.scalarCount
  guard laneStride % width == 0 else {
    for lane in 0..<laneStride {
      let (factor, x, y) = (factors[lane], x.base + lane, y.base + lane)
      for row in 0..<rows { x[row * laneStride] += factor * y[row * laneStride] }
    }
    return
  }
  for row in 0..<rows {
    for lane in stride(from: 0, to: laneStride, by: width) {
      let place = row * laneStride + lane
      let sum = loadVector(x.base + place)
        .adding(loadVector(y.base + place), times: loadVector(factors.base + lane))
      storeVector(sum, x.base + place)
    }
  }
}

/// x = y + factor x, with one factor per lane.
///
/// Checked by: LaneVectorTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func scaleLanesAndAdd<T: LaneScalar>(
  rows: Int, laneStride: Int, _ x: BufferView<T>, factors: BufferView<T>, _ y: BufferView<T>
) {
  let width = T.Vector.scalarCount
  guard laneStride % width == 0 else {
    for lane in 0..<laneStride {
      let (factor, x, y) = (factors[lane], x.base + lane, y.base + lane)
      for row in 0..<rows {
        x[row * laneStride] = y[row * laneStride] + factor * x[row * laneStride]
      }
    }
    return
  }
  for row in 0..<rows {
    for lane in stride(from: 0, to: laneStride, by: width) {
      let place = row * laneStride + lane
      let sum = loadVector(y.base + place)
        .adding(loadVector(x.base + place), times: loadVector(factors.base + lane))
      storeVector(sum, x.base + place)
    }
  }
}

/// sums[lane] += weight Σ_row x², accumulated in `Double`.
///
/// Checked by: LaneVectorTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func addLaneSquares<T: LaneScalar>(
  rows: Int, laneStride: Int, _ x: BufferView<T>, weight: Double, to sums: inout [Double]
) {
  precondition(sums.count == laneStride, "\(sums.count) sums for \(laneStride) lanes")
  sums.withMutableElements { sums in
    for row in 0..<rows {
      let values = x.base + row * laneStride
      for lane in 0..<laneStride {
        let value = Double(values[lane])
        sums[lane] += weight * value * value
      }
    }
  }
}

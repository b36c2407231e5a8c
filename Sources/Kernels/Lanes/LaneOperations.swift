// Point-wise operations on fields in lane layout: what stands between two Fourier transforms of a
// network's block. Every lane (one channel of one map) has its own coefficients, so they are
// vectors over lanes, and a loop over points is inside a loop over lanes' rows.

/// One vector of lanes at a time: calls `body` with offsets 0, w, 2w, ... below `lanes`.
@inline(__always)
private func forEachVector<T: LaneScalar>(_ type: T.Type, _ lanes: Int, _ body: (Int) -> Void) {
  var lane = 0
  while lane < lanes {
    body(lane)
    lane += T.Vector.scalarCount
  }
}

/// target_p = max(0, scale source_p + shift), lane by lane: batch normalisation followed by ReLU,
/// which NaN passes.
///
/// There are `points` rows of `lanes` values, a multiple of the vector width.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func copyActivated<T: LaneScalar>(
  points: Int, lanes: Int, from source: BufferView<T>, stride sourceStride: Int,
  to target: BufferView<T>, stride targetStride: Int, scale: BufferView<T>, shift: BufferView<T>
) {
  for p in 0..<points {
    forEachVector(T.self, lanes) { lane in
      let y = loadVector(source.base + p * sourceStride + lane)
      let z = loadVector(shift.base + lane).adding(y, times: loadVector(scale.base + lane))
      storeVector(T.zeroing(z, whereAtMostZero: z), target.base + p * targetStride + lane)
    }
  }
}

/// target_p = scale source_p + shift, lane by lane.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func copyScaled<T: LaneScalar>(
  points: Int, lanes: Int, from source: BufferView<T>, stride sourceStride: Int,
  to target: BufferView<T>, stride targetStride: Int, scale: BufferView<T>, shift: BufferView<T>
) {
  for p in 0..<points {
    forEachVector(T.self, lanes) { lane in
      let y = loadVector(source.base + p * sourceStride + lane)
      let z = loadVector(shift.base + lane).adding(y, times: loadVector(scale.base + lane))
      storeVector(z, target.base + p * targetStride + lane)
    }
  }
}

/// target_p = a gradient_p + b y_p + c, lane by lane: the backward step of batch normalisation.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func copyNormalisationGradient<T: LaneScalar>(
  points: Int, lanes: Int, gradient: BufferView<T>, y: BufferView<T>, stride sourceStride: Int,
  to target: BufferView<T>, stride targetStride: Int,
  a: BufferView<T>, b: BufferView<T>, c: BufferView<T>
) {
  for p in 0..<points {
    forEachVector(T.self, lanes) { lane in
      let dz = loadVector(gradient.base + p * sourceStride + lane)
      let value = loadVector(y.base + p * sourceStride + lane)
      let sum = loadVector(c.base + lane)
        .adding(value, times: loadVector(b.base + lane))
        .adding(dz, times: loadVector(a.base + lane))
      storeVector(sum, target.base + p * targetStride + lane)
    }
  }
}

/// The ReLU's backward step in place, with the two sums that batch normalisation needs.
///
///     dz_p = dx_p [not scale y_p + shift ≤ 0],   sum += Σ_p dz_p,
///     product += Σ_p dz_p (y_p − centre)
///
/// `sum` and `product` are per lane and are added to; the gradient `dx` becomes dz. The loop over
/// points is the inner one, so that the sums stay in registers.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func rectifyGradient<T: LaneScalar>(
  points: Int, lanes: Int, dx: BufferView<T>, y: BufferView<T>, stride: Int,
  scale: BufferView<T>, shift: BufferView<T>, centre: BufferView<T>,
  sum: BufferView<T>, product: BufferView<T>
) {
  let width = T.Vector.scalarCount
  func load(_ view: BufferView<T>, _ lane: Int) -> (T.Vector, T.Vector) {
    (loadVector(view.base + lane), loadVector(view.base + lane + width))
  }
  var lane = 0
  while lane + 2 * width <= lanes {
    let (scales, shifts, centres) = (load(scale, lane), load(shift, lane), load(centre, lane))
    var (sums, products) = (load(sum, lane), load(product, lane))
    for p in 0..<points {
      let values = load(y, p * stride + lane)
      let gradients = dx.base + p * stride + lane
      rectify(gradients, values.0, scales.0, shifts.0, centres.0, &sums.0, &products.0)
      rectify(gradients + width, values.1, scales.1, shifts.1, centres.1, &sums.1, &products.1)
    }
    storeVector(sums.0, sum.base + lane)
    storeVector(sums.1, sum.base + lane + width)
    storeVector(products.0, product.base + lane)
    storeVector(products.1, product.base + lane + width)
    lane += 2 * width
  }
  if lane < lanes {
    var sums = loadVector(sum.base + lane)
    var products = loadVector(product.base + lane)
    for p in 0..<points {
      rectify(
        dx.base + p * stride + lane, loadVector(y.base + p * stride + lane),
        loadVector(scale.base + lane), loadVector(shift.base + lane),
        loadVector(centre.base + lane), &sums, &products)
    }
    storeVector(sums, sum.base + lane)
    storeVector(products, product.base + lane)
  }
}

/// One vector of `rectifyGradient`.
@inline(__always)
private func rectify<T: LaneScalar>(
  _ dx: ElementPointer<T>, _ y: T.Vector, _ scale: T.Vector, _ shift: T.Vector,
  _ centre: T.Vector, _ sum: inout T.Vector, _ product: inout T.Vector
) {
  let dz = T.zeroing(loadVector(dx), whereAtMostZero: shift.adding(y, times: scale))
  storeVector(dz, dx)
  sum = sum + dz
  product = product.adding(dz, times: y - centre)
}

/// Mean over the points of each lane, and Σ_p (y_p − mean)².
///
/// Two passes: the one-pass formula Σ y² − n mean² cancels when the mean is large.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func laneMoments<T: LaneScalar>(
  points: Int, lanes: Int, _ y: BufferView<T>, stride: Int, mean: BufferView<T>,
  squares: BufferView<T>
) {
  let width = T.Vector.scalarCount
  let inverse = T.Vector(repeating: 1 / T(points))
  let zero = T.Vector(repeating: 0)
  var lane = 0
  while lane + 4 * width <= lanes {
    var (s0, s1, s2, s3) = (zero, zero, zero, zero)
    for p in 0..<points {
      let row = y.base + p * stride + lane
      s0 = s0 + loadVector(row)
      s1 = s1 + loadVector(row + width)
      s2 = s2 + loadVector(row + 2 * width)
      s3 = s3 + loadVector(row + 3 * width)
    }
    let (m0, m1, m2, m3) = (s0 * inverse, s1 * inverse, s2 * inverse, s3 * inverse)
    (s0, s1, s2, s3) = (zero, zero, zero, zero)
    for p in 0..<points {
      let row = y.base + p * stride + lane
      let (d0, d1) = (loadVector(row) - m0, loadVector(row + width) - m1)
      let (d2, d3) = (loadVector(row + 2 * width) - m2, loadVector(row + 3 * width) - m3)
      s0 = s0.adding(d0, times: d0)
      s1 = s1.adding(d1, times: d1)
      s2 = s2.adding(d2, times: d2)
      s3 = s3.adding(d3, times: d3)
    }
    let (means, sums) = (mean.base + lane, squares.base + lane)
    storeVector(m0, means)
    storeVector(m1, means + width)
    storeVector(m2, means + 2 * width)
    storeVector(m3, means + 3 * width)
    storeVector(s0, sums)
    storeVector(s1, sums + width)
    storeVector(s2, sums + 2 * width)
    storeVector(s3, sums + 3 * width)
    lane += 4 * width
  }
  while lane < lanes {
    var sum = zero
    for p in 0..<points { sum = sum + loadVector(y.base + p * stride + lane) }
    let m = sum * inverse
    sum = zero
    for p in 0..<points {
      let d = loadVector(y.base + p * stride + lane) - m
      sum = sum.adding(d, times: d)
    }
    storeVector(m, mean.base + lane)
    storeVector(sum, squares.base + lane)
    lane += width
  }
}

/// Joins the moments of two parts of n points each, lane by lane: mean (a + b)/2, squares
/// s_a + (s_b + n (a − b)²/2).
@_specialize(where T == Float)
@_specialize(where T == Double)
package func joinMoments<T: LaneScalar>(
  points n: Int, lanes: Int, mean: BufferView<T>, squares: BufferView<T>,
  otherMean: BufferView<T>, otherSquares: BufferView<T>
) {
  let count = T.Vector(repeating: T(n))
  let half = T.Vector(repeating: 0.5)
  forEachVector(T.self, lanes) { lane in
    let (a, b) = (loadVector(mean.base + lane), loadVector(otherMean.base + lane))
    let distance = a - b
    let between = count * distance * distance * half
    storeVector(
      loadVector(squares.base + lane) + (loadVector(otherSquares.base + lane) + between),
      squares.base + lane)
    storeVector((a + b) * half, mean.base + lane)
  }
}

/// sum += factor Σ x² over rows, lane by lane.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func addSquares<T: LaneScalar>(
  rows: Int, lanes: Int, _ x: BufferView<T>, stride: Int, factor: T, to sum: BufferView<T>
) {
  let f = T.Vector(repeating: factor)
  for row in 0..<rows {
    forEachVector(T.self, lanes) { lane in
      let value = loadVector(x.base + row * stride + lane)
      storeVector(loadVector(sum.base + lane).adding(f * value, times: value), sum.base + lane)
    }
  }
}

/// x = factor · weight · x over rows, `weight` per lane.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func scaleRows<T: LaneScalar>(
  rows: Int, lanes: Int, _ x: BufferView<T>, stride: Int, factor: T, weight: BufferView<T>,
  to target: BufferView<T>, stride targetStride: Int
) {
  let f = T.Vector(repeating: factor)
  for row in 0..<rows {
    forEachVector(T.self, lanes) { lane in
      let value = loadVector(x.base + row * stride + lane)
      storeVector(
        f * loadVector(weight.base + lane) * value, target.base + row * targetStride + lane)
    }
  }
}

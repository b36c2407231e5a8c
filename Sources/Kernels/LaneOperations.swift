// Point-wise operations on fields in lane layout: what stands between two Fourier transforms of a
// network's block. Every lane (one channel of one map) has its own coefficients, so they are vectors
// over lanes, and a loop over points is inside a loop over lanes' rows.

/// One vector of lanes at a time: calls `body` with offsets 0, w, 2w, ... below `lanes`.
@inline(__always)
private func forEachVector<T: LaneScalar>(_ type: T.Type, _ lanes: Int, _ body: (Int) -> Void) {
  var lane = 0
  while lane < lanes {
    body(lane)
    lane += T.Vector.scalarCount
  }
}

/// target_p = max(0, scale source_p + shift), lane by lane: batch normalisation followed by ReLU.
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
      storeVector(T.keeping(z, wherePositive: z), target.base + p * targetStride + lane)
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
///     dz_p = dx_p [scale y_p + shift > 0],   sum += Σ_p dz_p,   product += Σ_p dz_p (y_p − centre)
///
/// `sum` and `product` are per lane and are added to; the gradient `dx` becomes dz.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func rectifyGradient<T: LaneScalar>(
  points: Int, lanes: Int, dx: BufferView<T>, y: BufferView<T>, stride: Int,
  scale: BufferView<T>, shift: BufferView<T>, centre: BufferView<T>,
  sum: BufferView<T>, product: BufferView<T>
) {
  for p in 0..<points {
    forEachVector(T.self, lanes) { lane in
      let value = loadVector(y.base + p * stride + lane)
      let z = loadVector(shift.base + lane).adding(value, times: loadVector(scale.base + lane))
      let gradient = loadVector(dx.base + p * stride + lane)
      let dz = T.keeping(gradient, wherePositive: z)
      storeVector(dz, dx.base + p * stride + lane)
      storeVector(loadVector(sum.base + lane) + dz, sum.base + lane)
      let centred = value - loadVector(centre.base + lane)
      storeVector(loadVector(product.base + lane).adding(dz, times: centred), product.base + lane)
    }
  }
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
  clear(mean, count: lanes)
  clear(squares, count: lanes)
  for p in 0..<points {
    forEachVector(T.self, lanes) { lane in
      storeVector(
        loadVector(mean.base + lane) + loadVector(y.base + p * stride + lane), mean.base + lane)
    }
  }
  let inverse = T.Vector(repeating: 1 / T(points))
  forEachVector(T.self, lanes) { lane in
    storeVector(loadVector(mean.base + lane) * inverse, mean.base + lane)
  }
  for p in 0..<points {
    forEachVector(T.self, lanes) { lane in
      let d = loadVector(y.base + p * stride + lane) - loadVector(mean.base + lane)
      storeVector(loadVector(squares.base + lane).adding(d, times: d), squares.base + lane)
    }
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

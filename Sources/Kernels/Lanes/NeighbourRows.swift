// Rows of pixels: what a convolution over neighbouring pixels needs around its matrix product.
//
// A field is `[pixel][map][channel]`: a row of C channels for every pixel and map. A table lists,
// for each pixel, K pixels of the input field; −1 stands for one that does not exist and counts
// zero.

/// columns_r = (x_{n_0(p)}, ..., x_{n_(K−1)(p)}): for every pixel p of `pixels` and every map, the
/// rows of the K pixels that the table lists for p, one after the other.
///
/// Shapes:     the table is n, `[pixel][k]`, K entries per pixel; x is `[pixel][map][channel]`;
///             columns is `[pixel of the range][map][k][channel]`.
/// Checked by: NeighbourRowDefinitionTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func gatherNeighbours<T: LaneScalar>(
  pixels: Range<Int>, table: [Int32], neighbours: Int, maps: Int, channels: Int,
  from x: BufferView<T>, to columns: BufferView<T>
) {
  let width = neighbours * channels
  table.withElements { table in
    for (index, p) in pixels.enumerated() {
      for k in 0..<neighbours {
        let source = Int(table[p * neighbours + k])
        if channels <= 2, source >= 0 {
          // Rows of one or two numbers are not worth a loop over registers.
          let values = x.base + source * maps * channels
          let target = columns.base + index * maps * width + k * channels
          for map in 0..<maps { target[map * width] = values[map * channels] }
          if channels == 2 {
            for map in 0..<maps { target[map * width + 1] = values[map * channels + 1] }
          }
          continue
        }
        for map in 0..<maps {
          let target = columns.base + (index * maps + map) * width + k * channels
          if source < 0 {
            target.update(repeating: 0, count: channels)
          } else {
            copyRow(x.base + (source * maps + map) * channels, to: target, count: channels)
          }
        }
      }
    }
  }
}

/// x_{n_k(p)} += columns_r: the transpose of `gatherNeighbours`, in the order of p and k.
///
/// Checked by: NeighbourRowDefinitionTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func scatterNeighbours<T: LaneScalar>(
  pixels: Range<Int>, table: [Int32], neighbours: Int, maps: Int, channels: Int,
  from columns: BufferView<T>, to x: BufferView<T>
) {
  let width = neighbours * channels
  table.withElements { table in
    for (index, p) in pixels.enumerated() {
      for k in 0..<neighbours {
        let target = Int(table[p * neighbours + k])
        if target < 0 { continue }
        for map in 0..<maps {
          addRow(
            columns.base + (index * maps + map) * width + k * channels,
            to: x.base + (target * maps + map) * channels, count: channels)
        }
      }
    }
  }
}

/// z_q = ¼ Σ_j max(0, y_{4q+j}): the mean of the rectified rows of four children; NaN passes.
///
/// - Parameters:
///   - parents: number of pixels q.
///   - columns: values per pixel, all maps and channels together.
///   - y: `[4 parents][columns]`.
///   - z: `[parents][columns]`.
/// Checked by: NeighbourRowDefinitionTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func averageRectified<T: LaneScalar>(
  parents: Int, columns: Int, from y: BufferView<T>, to z: BufferView<T>
) {
  let (lanes, quarter) = (T.Vector.scalarCount, T(0.25))
  for q in 0..<parents {
    let (children, target) = (y.base + 4 * q * columns, z.base + q * columns)
    var i = 0
    while i + lanes <= columns {
      var sum = T.Vector(repeating: 0)
      for j in 0..<4 {
        let value: T.Vector = loadVector(children + j * columns + i)
        sum += T.zeroing(value, whereAtMostZero: value)
      }
      storeVector(quarter * sum, target + i)
      i += lanes
    }
    while i < columns {
      var sum = T(0)
      for j in 0..<4 {
        sum += rectified(children[j * columns + i])
      }
      target[i] = quarter * sum
      i += 1
    }
  }
}

/// y_{4q+j} ← 0 where y_{4q+j} ≤ 0, else ¼ z̄_q: the backward step of `averageRectified`, in place
/// of y.
///
/// Checked by: NeighbourRowDefinitionTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func averageRectifiedGradient<T: LaneScalar>(
  parents: Int, columns: Int, from gradient: BufferView<T>, replacing y: BufferView<T>
) {
  let (lanes, quarter) = (T.Vector.scalarCount, T(0.25))
  for q in 0..<parents {
    let (children, source) = (y.base + 4 * q * columns, gradient.base + q * columns)
    var i = 0
    while i + lanes <= columns {
      let share: T.Vector = quarter * loadVector(source + i)
      for j in 0..<4 {
        let place = children + j * columns + i
        storeVector(T.zeroing(share, whereAtMostZero: loadVector(place)), place)
      }
      i += lanes
    }
    while i < columns {
      for j in 0..<4 {
        let place = children + j * columns + i
        place.pointee = place.pointee <= 0 ? 0 : quarter * source[i]
      }
      i += 1
    }
  }
}

/// Every row of y becomes the row b.
///
/// Checked by: NeighbourRowDefinitionTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func fillRows<T: LaneScalar>(
  rows: Int, columns: Int, with b: BufferView<T>, to y: BufferView<T>
) {
  for row in 0..<rows { copyRow(b.base, to: y.base + row * columns, count: columns) }
}

/// sums += Σ_r y_r, the sum of the rows, added row by row.
///
/// Checked by: NeighbourRowDefinitionTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func addRows<T: LaneScalar>(
  rows: Int, columns: Int, _ y: BufferView<T>, to sums: BufferView<T>
) {
  for row in 0..<rows { addRow(y.base + row * columns, to: sums.base, count: columns) }
}

/// x_{p,b,c} = s_c m_{t(p), first + b, c}: some maps of a batch in lane layout, their pixels in the
/// order of a table, every channel times its scale.
///
/// Shapes:     the table is t, for each pixel p the pixel of the batch; the batch, m, is
///             `[pixel][map of the batch][channel]` with `batchMaps` maps, of which `maps` are
///             copied from `first` on; s is one number per channel, and x is
///             `[pixel][map][channel]`.
/// Checked by: NeighbourRowDefinitionTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func copyScaledMaps<T: LaneScalar>(
  table: [Int32], batch: BufferView<T>, batchMaps: Int, first: Int, maps: Int, scales: [T],
  to x: BufferView<T>
) {
  let channels = scales.count
  scales.withElements { scales in
    for (p, pixel) in table.enumerated() {
      let source = batch.base + (Int(pixel) * batchMaps + first) * channels
      let target = x.base + p * maps * channels
      for map in 0..<maps {
        for c in 0..<channels {
          target[map * channels + c] = scales[c] * source[map * channels + c]
        }
      }
    }
  }
}

/// The transpose of `copyScaledMaps`: m̄_{t(p), first + b, c} = s_c x̄_{p,b,c}.
///
/// Checked by: NeighbourRowDefinitionTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func copyScaledMapsBack<T: LaneScalar>(
  table: [Int32], from x: BufferView<T>, maps: Int, scales: [T], batch: BufferView<T>,
  batchMaps: Int, first: Int
) {
  let channels = scales.count
  for (p, pixel) in table.enumerated() {
    let target = batch.base + (Int(pixel) * batchMaps + first) * channels
    let source = x.base + p * maps * channels
    for map in 0..<maps {
      for c in 0..<channels {
        target[map * channels + c] = scales[c] * source[map * channels + c]
      }
    }
  }
}

@inline(__always)
private func copyRow<T: LaneScalar>(
  _ source: ElementPointer<T>, to target: ElementPointer<T>, count: Int
) {
  let lanes = T.Vector.scalarCount
  var i = 0
  while i + lanes <= count {
    let row: T.Vector = loadVector(source + i)
    storeVector(row, target + i)
    i += lanes
  }
  while i < count {
    target[i] = source[i]
    i += 1
  }
}

@inline(__always)
private func addRow<T: LaneScalar>(
  _ source: ElementPointer<T>, to target: ElementPointer<T>, count: Int
) {
  let lanes = T.Vector.scalarCount
  var i = 0
  while i + lanes <= count {
    let (sum, row): (T.Vector, T.Vector) = (loadVector(target + i), loadVector(source + i))
    storeVector(sum + row, target + i)
    i += lanes
  }
  while i < count {
    target[i] += source[i]
    i += 1
  }
}

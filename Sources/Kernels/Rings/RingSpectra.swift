// Between tiles of orders and the spectra of rings.
//
// A spectrum is a row of complex numbers (re, im), of the orders 0, 1, ... of one ring, or of the
// bins 0...n/2 of its real Fourier transform. Both are the same where n is above twice the largest
// order.

/// The orders 0...`limit` of 16 pairs of mirrored rings from their tiles, times e^{imφ0}: north =
/// even + odd, south = even − odd, both times a factor.
///
/// - Parameters:
///   - tiles: one per order, four rows of 16: even re, im, odd re, im.
///   - factors: one per pair, 16 of them.
///   - orders: the factor of every order.
///   - limit: the largest order.
///   - spectra: receive (re, im) of every order.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func unfoldTiles<T: LaneScalar>(
  _ tiles: BufferView<Double>, factors: BufferView<Double>, orders: [Double], limit: Int,
  to spectra: BlockSpectra<T>
) {
  typealias Vector = SIMD4<Double>
  let width = RecurrenceBlock.width
  let step = 2 * spectra.count
  withScratch(Double.self, count: 2 * OrderPhases.entry) { phases in
    let southPhases = spectra.south == nil ? phases : phases.at(OrderPhases.entry)
    for m in 0...limit {
      let tile = tiles.base + m * 4 * width
      let order = Vector(repeating: orders[m])
      spectra.north?.fill(m, phases)
      spectra.south?.fill(m, southPhases)
      for i in stride(from: 0, to: spectra.pairs, by: 4) {
        let f = order * loadVector(factors.base + i)
        let (evenReal, evenImaginary) = (f * loadVector(tile + i), f * loadVector(tile + width + i))
        let (oddReal, oddImaginary) = (
          f * loadVector(tile + 2 * width + i), f * loadVector(tile + 3 * width + i)
        )
        var (a, b) = (evenReal + oddReal, evenImaginary + oddImaginary)
        var (c, d) = (evenReal - oddReal, evenImaginary - oddImaginary)
        if spectra.north != nil {
          (a, b) = turned(a, b, phases.at(i), sign: 1)
          (c, d) = turned(c, d, southPhases.at(i), sign: 1)
        }
        let row = spectra.rows.base + i * step + 2 * m
        for j in 0..<min(4, spectra.pairs - i) {
          let (north, south) = (row + j * step, row + j * step + spectra.count)
          (north[0], north[1]) = (T(a[j]), T(b[j]))
          (south[0], south[1]) = (T(c[j]), T(d[j]))
        }
      }
    }
  }
}

/// The transpose: even = north + south and odd = north − south, times e^{−imφ0} and the factors.
/// Places behind the last pair become zero.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func foldTiles<T: LaneScalar>(
  _ spectra: BlockSpectra<T>, factors: BufferView<Double>, orders: [Double], limit: Int,
  to tiles: BufferView<Double>
) {
  typealias Vector = SIMD4<Double>
  let width = RecurrenceBlock.width
  let step = 2 * spectra.count
  withScratch(Double.self, count: 2 * OrderPhases.entry) { phases in
    let southPhases = spectra.south == nil ? phases : phases.at(OrderPhases.entry)
    for m in 0...limit {
      let tile = tiles.base + m * 4 * width
      let order = Vector(repeating: orders[m])
      spectra.north?.fill(m, phases)
      spectra.south?.fill(m, southPhases)
      for i in stride(from: 0, to: width, by: 4) {
        var (a, b) = (Vector(repeating: 0), Vector(repeating: 0))
        var (c, d) = (a, b)
        let row = spectra.rows.base + i * step + 2 * m
        for j in 0..<max(0, min(4, spectra.pairs - i)) {
          let (north, south) = (row + j * step, row + j * step + spectra.count)
          (a[j], b[j]) = (Double(north[0]), Double(north[1]))
          (c[j], d[j]) = (Double(south[0]), Double(south[1]))
        }
        if spectra.north != nil {
          (a, b) = turned(a, b, phases.at(i), sign: -1)
          (c, d) = turned(c, d, southPhases.at(i), sign: -1)
        }
        let f = order * loadVector(factors.base + i)
        storeVector(f * (a + c), tile + i)
        storeVector(f * (b + d), tile + width + i)
        storeVector(f * (a - c), tile + 2 * width + i)
        storeVector(f * (b - d), tile + 3 * width + i)
      }
    }
  }
}

/// z e^{±iφ} of four rings.
@inline(__always)
private func turned(
  _ real: SIMD4<Double>, _ imaginary: SIMD4<Double>, _ phases: BufferView<Double>, sign: Double
) -> (SIMD4<Double>, SIMD4<Double>) {
  let cosine = loadVector(phases.base)
  let sine = sign * loadVector(phases.base + RecurrenceBlock.width)
  return (
    (real * cosine).adding(-imaginary, times: sine), (real * sine).adding(imaginary, times: cosine)
  )
}

/// The bins of a ring of n points from its orders 0...limit, in place.
///
/// Order m belongs to bin k = m mod n, or as its conjugate to bin n − k. Bins 0 and n/2 stand for
/// themselves, the others for their conjugates as well: what falls into the former counts twice,
/// with its conjugate of order −m. The factors of orders have the ½ of m = 0.
///
/// The spectrum has 2 max(`limit` + 1, n/2 + 1) numbers, `limit` is the largest order that is not
/// zero, and order n/2 counts half where `halvesNyquist` says so.
/// Checked by: RingSpectraTests.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func foldOrders<T: LaneScalar>(
  _ spectrum: BufferView<T>, limit: Int, points n: Int, halvesNyquist: Bool
) {
  let last = n / 2
  if limit < last { clear(spectrum.at(2 * (limit + 1)), count: 2 * (last - limit)) }
  if halvesNyquist && n % 2 == 0 && limit >= last { spectrum[2 * last] *= 0.5 }
  var k = last
  for m in stride(from: last + 1, through: limit, by: 1) {
    k = k + 1 == n ? 0 : k + 1
    if k <= last {
      spectrum[2 * k] += spectrum[2 * m]
      spectrum[2 * k + 1] += spectrum[2 * m + 1]
    } else {
      spectrum[2 * (n - k)] += spectrum[2 * m]
      spectrum[2 * (n - k) + 1] -= spectrum[2 * m + 1]
    }
  }
  (spectrum[0], spectrum[1]) = (2 * spectrum[0], 0)
  if n % 2 == 0 { (spectrum[2 * last], spectrum[2 * last + 1]) = (2 * spectrum[2 * last], 0) }
}

/// The orders 0...limit of a ring of n points from its bins, in place: order m is bin m mod n, or
/// the conjugate of bin n − (m mod n).
@_specialize(where T == Float)
@_specialize(where T == Double)
package func unfoldOrders<T: LaneScalar>(
  _ spectrum: BufferView<T>, limit: Int, points n: Int
) {
  let last = n / 2
  var k = last
  for m in stride(from: last + 1, through: limit, by: 1) {
    k = k + 1 == n ? 0 : k + 1
    if k <= last {
      spectrum[2 * m] = spectrum[2 * k]
      spectrum[2 * m + 1] = spectrum[2 * k + 1]
    } else {
      spectrum[2 * m] = spectrum[2 * (n - k)]
      spectrum[2 * m + 1] = -spectrum[2 * (n - k) + 1]
    }
  }
}

/// Copies `count` numbers between memory with different distances.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func copyNumbers<T: LaneScalar>(
  count: Int, from source: BufferView<T>, stride sourceStride: Int, to target: BufferView<T>,
  stride targetStride: Int
) {
  if sourceStride == 1 && targetStride == 1 {
    target.base.update(from: source.base, count: count)
  } else {
    for k in 0..<count { target[k * targetStride] = source[k * sourceStride] }
  }
}

/// The rows of a tile times one number per colatitude: the even ones (nil: 1) and the odd ones.
package func scaleTileRows(
  _ tile: BufferView<Double>, even: BufferView<Double>?, odd: BufferView<Double>
) {
  let width = RecurrenceBlock.width
  for i in stride(from: 0, to: width, by: 4) {
    if let even {
      let factor = loadVector(even.base + i)
      for row in stride(from: 0, to: 2 * width, by: width) {
        storeVector(factor * loadVector(tile.base + row + i), tile.base + row + i)
      }
    }
    let factor = loadVector(odd.base + i)
    for row in stride(from: 2 * width, to: 4 * width, by: width) {
      storeVector(factor * loadVector(tile.base + row + i), tile.base + row + i)
    }
  }
}

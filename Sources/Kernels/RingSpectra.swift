// Between tiles of orders and the spectra of rings that are as long as their orders need.

/// The orders of 16 pairs of mirrored rings from one order's tile: north = even + odd, south = even
/// − odd, both times a factor.
///
/// - Parameters:
///   - tile: four rows of 16: even re, im, odd re, im.
///   - factors: one per pair.
///   - factor: of the order.
///   - pairs: how many of the 16 pairs there are.
///   - spectra: the place of the order in the northern ring's spectrum of the first pair; receives
///   (re, im).
///   - stride: from the spectrum of one northern ring to that of the next.
///   - southOffset: from a northern ring's spectrum to its southern ring's.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func unfoldTile<T: LaneScalar>(
  _ tile: BufferView<Double>, factors: BufferView<Double>, factor: Double, pairs: Int,
  to spectra: BufferView<T>, stride: Int, southOffset: Int
) {
  let width = RecurrenceBlock.width
  for i in 0..<pairs {
    let f = factor * factors[i]
    let (evenReal, evenImaginary) = (f * tile[i], f * tile[width + i])
    let (oddReal, oddImaginary) = (f * tile[2 * width + i], f * tile[3 * width + i])
    let (north, south) = (spectra.at(i * stride), spectra.at(i * stride + southOffset))
    north[0] = T(evenReal + oddReal)
    north[1] = T(evenImaginary + oddImaginary)
    south[0] = T(evenReal - oddReal)
    south[1] = T(evenImaginary - oddImaginary)
  }
}

/// The transpose: even = north + south and odd = north − south, times the factors.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func foldTile<T: LaneScalar>(
  _ spectra: BufferView<T>, stride: Int, southOffset: Int, factors: BufferView<Double>,
  factor: Double, pairs: Int, to tile: BufferView<Double>
) {
  let width = RecurrenceBlock.width
  for i in 0..<pairs {
    let f = factor * factors[i]
    let (north, south) = (spectra.at(i * stride), spectra.at(i * stride + southOffset))
    let (northReal, northImaginary) = (f * Double(north[0]), f * Double(north[1]))
    let (southReal, southImaginary) = (f * Double(south[0]), f * Double(south[1]))
    tile[i] = northReal + southReal
    tile[width + i] = northImaginary + southImaginary
    tile[2 * width + i] = northReal - southReal
    tile[3 * width + i] = northImaginary - southImaginary
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

/// The odd rows of a tile times one number per colatitude.
package func scaleOddRows(_ tile: BufferView<Double>, by numbers: BufferView<Double>) {
  let width = RecurrenceBlock.width
  for i in 0..<width {
    tile[2 * width + i] *= numbers[i]
    tile[3 * width + i] *= numbers[i]
  }
}

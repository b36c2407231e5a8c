// Between the orders of two mirrored rings and their even and odd parts.
//
// A ring's transform Z carries two real fields in each complex lane pair (x in the even, y in the
// odd lane). The orders of the fields themselves are
//
//     X_m = (Z_m + Z*_{n−m}) / 2,    Y_m = (Z_m − Z*_{n−m}) / 2i,
//
// which on lanes reads  re = (z + w)/2,  im = −(i (z − w))/2  with z = Z_m, w = Z_{n−m}:
// multiplication of a lane pair by i exchanges its two numbers and changes the sign of the first.
// Rings start at the longitude φ0, so X_m is multiplied by e^{−imφ0}. As λ_lm(π − θ) = (−1)^{l+m}
// λ_lm(θ), the degrees with even l − m see north + south, those with odd l − m see north − south.

/// Analysis: parts of one order from the transforms of a northern ring and its mirror ring.
///
/// The phases times `factor` contain all factors, the ½ of X_m included. Without a southern ring
/// both parts are the ring itself: a ring on the equator, or a grid that has no mirror symmetry.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func separateOrder<T: LaneScalar>(
  lanes: Int, north: OrderBins<T>, _ northPhase: RingPhase<T>, south: OrderBins<T>?,
  _ southPhase: RingPhase<T>, factor: T = 1, into parts: ParityParts<T>
) {
  separate(
    lanes, north, northPhase.scaled(by: factor), south, southPhase.scaled(by: factor), parts)
}

/// The same for the orders 0...mmax of a pair of rings.
///
/// The phases of the orders are those from `firstPhase` on; the factor of order m is
/// `factor · orderFactors[m]`.
/// Checked by: RingFoldingTests, against `separateOrder`.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func separateOrders<T: LaneScalar>(
  mmax: Int, _ bins: PairBins<T>, phases: [PairPhases<T>], firstPhase: Int, factor: Double,
  orderFactors: [Double], into rows: OrderRows<T>
) {
  for m in 0...mmax {
    let f = T(factor * orderFactors[m])
    let phase = phases[firstPhase + m]
    separate(
      bins.lanes, bins.north(m), phase.north.scaled(by: f), bins.hasSouth ? bins.south(m) : nil,
      phase.south.scaled(by: f), rows.parts(m))
  }
}

@inline(__always)
private func separate<T: LaneScalar>(
  _ lanes: Int, _ north: OrderBins<T>, _ northPhase: RingPhase<T>, _ south: OrderBins<T>?,
  _ southPhase: RingPhase<T>, _ parts: ParityParts<T>
) {
  var lane = 0
  while lane < lanes {
    let (northReal, northImaginary) = separated(north, northPhase, lane)
    if let south {
      let (southReal, southImaginary) = separated(south, southPhase, lane)
      storeVector(northReal + southReal, parts.evenReal.base + lane)
      storeVector(northImaginary + southImaginary, parts.evenImaginary.base + lane)
      storeVector(northReal - southReal, parts.oddReal.base + lane)
      storeVector(northImaginary - southImaginary, parts.oddImaginary.base + lane)
    } else {
      storeVector(northReal, parts.evenReal.base + lane)
      storeVector(northImaginary, parts.evenImaginary.base + lane)
      storeVector(northReal, parts.oddReal.base + lane)
      storeVector(northImaginary, parts.oddImaginary.base + lane)
    }
    lane += T.Vector.scalarCount
  }
}

/// (Re, Im) of phase* · 2 X_m for one vector of lanes.
@inline(__always)
private func separated<T: LaneScalar>(
  _ bins: OrderBins<T>, _ phase: RingPhase<T>, _ lane: Int
) -> (T.Vector, T.Vector) {
  let z = loadVector(bins.order.base + lane)
  let w = loadVector(bins.mirror.base + lane)
  let real = z + w
  let imaginary = -T.imaginaryUnitSigns * T.exchangingPairs(z - w)
  let c = T.Vector(repeating: phase.cosine)
  let s = T.Vector(repeating: phase.sine)
  return ((real * c).adding(imaginary, times: s), (imaginary * c).adding(-real, times: s))
}

/// Synthesis: adds one order, from its even and odd part, to the transforms of two mirrored rings.
///
/// Order m and order −m, its conjugate, are both added: Z_m += X + iY, Z_{n−m} += X* + iY*.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func combineOrder<T: LaneScalar>(
  lanes: Int, parts: ParityParts<T>, north: OrderBins<T>, _ northPhase: RingPhase<T>,
  south: OrderBins<T>?, _ southPhase: RingPhase<T>, factor: T = 1
) {
  combine(
    lanes, parts, north, northPhase.scaled(by: factor), south, southPhase.scaled(by: factor),
    isAdding: true)
}

/// The orders 0...mmax of a pair of rings, and zeros in the bins that no order reaches.
///
/// Every bin of rings with n ≥ 2 mmax longitudes belongs to one order, which then is written and
/// not added. Phases and factors as in `separateOrders`; with `halvesNyquist` the order n/2 counts
/// half.
/// Checked by: RingFoldingTests, against `combineOrder`.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func combineOrders<T: LaneScalar>(
  mmax: Int, _ rows: OrderRows<T>, phases: [PairPhases<T>], firstPhase: Int, factor: Double,
  orderFactors: [Double], halvesNyquist: Bool, into bins: PairBins<T>
) {
  let n = bins.count
  let folds = 2 * mmax > n
  let reached = folds ? 0 : mmax + 1
  let empty = folds ? n : max(n - 2 * mmax - 1, 0)
  for side in 0..<(bins.hasSouth ? 2 : 1) {
    clear(bins.view.at((side * n + reached) * bins.lanes), count: empty * bins.lanes)
  }
  for m in 0...mmax {
    let f = T(factor * orderFactors[m] * (halvesNyquist && 2 * m == n ? 0.5 : 1))
    let phase = phases[firstPhase + m]
    let (north, south) = (bins.north(m), bins.hasSouth ? bins.south(m) : nil)
    let (northPhase, southPhase) = (phase.north.scaled(by: f), phase.south.scaled(by: f))
    if folds {
      combine(
        bins.lanes, rows.parts(m), north, northPhase, south, southPhase, isAdding: true)
    } else {
      combine(
        bins.lanes, rows.parts(m), north, northPhase, south, southPhase, isAdding: false)
    }
  }
}

@inline(__always)
private func combine<T: LaneScalar>(
  _ lanes: Int, _ parts: ParityParts<T>, _ north: OrderBins<T>, _ northPhase: RingPhase<T>,
  _ south: OrderBins<T>?, _ southPhase: RingPhase<T>, isAdding: Bool
) {
  var lane = 0
  while lane < lanes {
    let evenReal = loadVector(parts.evenReal.base + lane)
    let evenImaginary = loadVector(parts.evenImaginary.base + lane)
    let oddReal = loadVector(parts.oddReal.base + lane)
    let oddImaginary = loadVector(parts.oddImaginary.base + lane)
    combine(
      evenReal + oddReal, evenImaginary + oddImaginary, northPhase, into: north, lane,
      isAdding: isAdding)
    if let south {
      combine(
        evenReal - oddReal, evenImaginary - oddImaginary, southPhase, into: south, lane,
        isAdding: isAdding)
    }
    lane += T.Vector.scalarCount
  }
}

@inline(__always)
private func combine<T: LaneScalar>(
  _ x: T.Vector, _ y: T.Vector, _ phase: RingPhase<T>, into bins: OrderBins<T>, _ lane: Int,
  isAdding: Bool
) {
  let c = T.Vector(repeating: phase.cosine)
  let s = T.Vector(repeating: phase.sine)
  let real = (x * c).adding(-y, times: s)
  let imaginary = T.imaginaryUnitSigns * T.exchangingPairs((y * c).adding(x, times: s))
  let order = bins.order.base + lane
  let mirror = bins.mirror.base + lane
  if isAdding {
    storeVector(loadVector(order) + (real + imaginary), order)
    // The second addition reads memory again: for m = 0 and the Nyquist order both bins are the
    // same.
    storeVector(loadVector(mirror) + (real - imaginary), mirror)
  } else if order == mirror {
    storeVector((real + imaginary) + (real - imaginary), order)
  } else {
    storeVector(real + imaginary, order)
    storeVector(real - imaginary, mirror)
  }
}

// Between the orders of two mirrored rings and their even and odd parts.
//
// A ring's transform Z carries two real fields in each complex lane pair (x in the even, y in the odd
// lane). The orders of the fields themselves are
//
//     X_m = (Z_m + Z*_{n−m}) / 2,    Y_m = (Z_m − Z*_{n−m}) / 2i,
//
// which on lanes reads  re = (z + w)/2,  im = −(i (z − w))/2  with z = Z_m, w = Z_{n−m}: multiplication
// of a lane pair by i exchanges its two numbers and changes the sign of the first.
// Rings start at the longitude φ0, so X_m is multiplied by e^{−imφ0}. As λ_lm(π − θ) = (−1)^{l+m} λ_lm(θ),
// the degrees with even l − m see north + south, those with odd l − m see north − south.

/// What one ring contributes at one order: a real factor times e^{∓imφ0}.
package struct RingPhase<T: LaneScalar>: Sendable {
  @usableFromInline package var cosine: T
  @usableFromInline package var sine: T

  /// factor (cos angle, sin angle).
  @inlinable @inline(__always)
  package init(factor: Double, cosine: Double, sine: Double) {
    self.cosine = T(factor * cosine)
    self.sine = T(factor * sine)
  }
}

extension RingPhase {
  @inline(__always)
  fileprivate func scaled(by factor: T) -> RingPhase {
    var phase = self
    phase.cosine *= factor
    phase.sine *= factor
    return phase
  }
}

/// Memory of one ring's transform: where order m and order n − m start.
package struct OrderBins<T: LaneScalar>: Sendable {
  package let order: BufferView<T>
  package let mirror: BufferView<T>

  package init(order: BufferView<T>, mirror: BufferView<T>) {
    self.order = order
    self.mirror = mirror
  }
}

/// Re and Im of one order of the even and odd part, in lanes.
package struct ParityParts<T: LaneScalar>: Sendable {
  package let evenReal: BufferView<T>
  package let evenImaginary: BufferView<T>
  package let oddReal: BufferView<T>
  package let oddImaginary: BufferView<T>

  package init(
    evenReal: BufferView<T>, evenImaginary: BufferView<T>, oddReal: BufferView<T>,
    oddImaginary: BufferView<T>
  ) {
    self.evenReal = evenReal
    self.evenImaginary = evenImaginary
    self.oddReal = oddReal
    self.oddImaginary = oddImaginary
  }

  /// Four rows, `stride` apart.
  package init(rows: BufferView<T>, stride: Int) {
    self.init(
      evenReal: rows, evenImaginary: rows.at(stride), oddReal: rows.at(2 * stride),
      oddImaginary: rows.at(3 * stride))
  }

  /// Copies lanes 0, 2, 4, ... of other parts to lanes 0, 1, 2, ... of these.
  package func takeEvenLanes(of other: ParityParts, count: Int) {
    for lane in 0..<count {
      evenReal[lane] = other.evenReal[2 * lane]
      evenImaginary[lane] = other.evenImaginary[2 * lane]
      oddReal[lane] = other.oddReal[2 * lane]
      oddImaginary[lane] = other.oddImaginary[2 * lane]
    }
  }
}

/// Analysis: parts of one order from the transforms of a northern ring and its mirror ring.
///
/// The phases times `factor` contain all factors, the ½ of X_m included. Without a southern ring both parts are
/// the ring itself: a ring on the equator, or a grid that has no mirror symmetry.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func separateOrder<T: LaneScalar>(
  lanes: Int, north: OrderBins<T>, _ northPhase: RingPhase<T>, south: OrderBins<T>?,
  _ southPhase: RingPhase<T>, factor: T = 1, into parts: ParityParts<T>
) {
  let northPhase = northPhase.scaled(by: factor)
  let southPhase = southPhase.scaled(by: factor)
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
  let northPhase = northPhase.scaled(by: factor)
  let southPhase = southPhase.scaled(by: factor)
  var lane = 0
  while lane < lanes {
    let evenReal = loadVector(parts.evenReal.base + lane)
    let evenImaginary = loadVector(parts.evenImaginary.base + lane)
    let oddReal = loadVector(parts.oddReal.base + lane)
    let oddImaginary = loadVector(parts.oddImaginary.base + lane)
    combine(evenReal + oddReal, evenImaginary + oddImaginary, northPhase, into: north, lane)
    if let south {
      combine(evenReal - oddReal, evenImaginary - oddImaginary, southPhase, into: south, lane)
    }
    lane += T.Vector.scalarCount
  }
}

@inline(__always)
private func combine<T: LaneScalar>(
  _ x: T.Vector, _ y: T.Vector, _ phase: RingPhase<T>, into bins: OrderBins<T>, _ lane: Int
) {
  let c = T.Vector(repeating: phase.cosine)
  let s = T.Vector(repeating: phase.sine)
  let real = (x * c).adding(-y, times: s)
  let imaginary = T.imaginaryUnitSigns * T.exchangingPairs((y * c).adding(x, times: s))
  storeVector(loadVector(bins.order.base + lane) + (real + imaginary), bins.order.base + lane)
  // The second addition reads memory again: for m = 0 and the Nyquist order both bins are the same.
  storeVector(loadVector(bins.mirror.base + lane) + (real - imaginary), bins.mirror.base + lane)
}

/// Memory for the duration of one call, aligned to a cache line, contents undefined.
@inline(__always)
package func withScratch<T: LaneScalar>(
  _ type: T.Type, count: Int, _ body: (BufferView<T>) -> Void
) {
  withUnsafeTemporaryAllocation(byteCount: max(count, 1) * MemoryLayout<T>.stride, alignment: 64) {
    guard let base = $0.baseAddress else { return }
    body(BufferView(base: base.bindMemory(to: T.self, capacity: max(count, 1))))
  }
}

/// Writes `count` zeros.
@inline(__always)
package func clear<T: LaneScalar>(_ view: BufferView<T>, count: Int) {
  UnsafeMutableRawPointer(view.base)
    .initializeMemory(as: UInt8.self, repeating: 0, count: count * MemoryLayout<T>.stride)
}

/// Writes zeros behind the first `lanes` values of every row.
///
/// Two adjacent lanes share a complex transform: what pads the last lane of a row must be zero, or the
/// last bits of that lane depend on what the memory was used for before.
package func clearPadding<T: LaneScalar>(
  rows: Int, lanes: Int, _ view: BufferView<T>, stride: Int
) {
  guard lanes < stride else { return }
  for row in 0..<rows { clear(view.at(row * stride + lanes), count: stride - lanes) }
}

/// Copies `rows` rows of `columns` values between memory with different distances of rows.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func copyRows<T: LaneScalar>(
  rows: Int, columns: Int, from source: BufferView<T>, stride sourceStride: Int,
  to target: BufferView<T>, stride targetStride: Int
) {
  for row in 0..<rows {
    (target.base + row * targetStride).update(
      from: source.base + row * sourceStride, count: columns)
  }
}

extension Array where Element: LaneScalar {
  /// The array's elements as a view, for kernels that only read.
  @inline(__always)
  package func withView<R>(_ body: (BufferView<Element>) -> R) -> R {
    withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        return withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { empty in
          guard let start = empty.baseAddress else { preconditionFailure("no memory") }
          return body(BufferView(base: start))
        }
      }
      return body(BufferView(base: UnsafeMutablePointer(mutating: base)))
    }
  }

  /// The array's elements as a view that kernels may write to.
  @inline(__always)
  package mutating func withMutableView<R>(_ body: (BufferView<Element>) -> R) -> R {
    withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        return withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { empty in
          guard let start = empty.baseAddress else { preconditionFailure("no memory") }
          return body(BufferView(base: start))
        }
      }
      return body(BufferView(base: base))
    }
  }
}

import Foundation
import Kernels

/// The orders of a pair of rings of n points, as a real Fourier transform takes and gives them.
///
/// Layout:  bins 0...n/2 as (re, im). A ring shorter than 2 mmax + 1 folds: order m belongs to bin
///          k = m mod n, or as its conjugate to bin n − k.
/// Phases:  a ring starts at φ0, so that order m carries e^{imφ0}, from a table of 32 and one of
///          every 32nd order, with one rounding error more than the cosine itself.
struct RingOrders<T: LaneScalar> {
  let north: BufferView<T>
  let south: BufferView<T>
  let points: Int
  let hasSouth: Bool

  init(_ north: BufferView<T>, _ south: BufferView<T>, points: Int, hasSouth: Bool) {
    self.north = north
    self.south = south
    self.points = points
    self.hasSouth = hasSouth
  }

  /// The bins of G_m e^{imφ0}, from the tiles of the orders 0...limit.
  ///
  /// Bins 0 and n/2 stand for themselves, the others for their conjugates as well: order m counts
  /// twice in the former, with its conjugate of order −m. The factors of orders have the ½ of m =
  /// 0.
  ///
  /// - Parameters:
  ///   - tile: the place of the pair in the tile of order 0 (`OrderTiles`).
  ///   - limit: the highest order that is not zero.
  ///   - factor: of the pair.
  ///   - ofOrder: the factor of every order.
  ///   - halvesNyquist: whether order n/2 counts half.
  ///   - northStart: φ0 of the northern ring.
  ///   - southStart: φ0 of the southern ring.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  func fill(
    _ tile: BufferView<Double>, limit: Int, factor: Double, ofOrder: [Double],
    halvesNyquist: Bool, northStart: Double, southStart: Double
  ) {
    let (width, stride) = (RecurrenceBlock.width, OrderTiles.tile)
    clear(north, count: 2 * (points / 2 + 1))
    if hasSouth { clear(south, count: 2 * (points / 2 + 1)) }
    let (northPhases, southPhases) = (
      OrderPhases(start: northStart, mmax: limit), OrderPhases(start: southStart, mmax: limit)
    )
    var k = 0
    for m in 0...limit {
      let parts = tile.at(m * stride)
      let f = factor * ofOrder[m] * (halvesNyquist && 2 * m == points ? 0.5 : 1)
      let (evenReal, evenImaginary) = (f * parts[0], f * parts[width])
      let (oddReal, oddImaginary) = (f * parts[2 * width], f * parts[3 * width])
      add(
        northPhases.turned(evenReal + oddReal, evenImaginary + oddImaginary, m: m), bin: k,
        to: north)
      if hasSouth {
        add(
          southPhases.turned(evenReal - oddReal, evenImaginary - oddImaginary, m: m), bin: k,
          to: south)
      }
      k = k + 1 == points ? 0 : k + 1
    }
  }

  @inline(__always)
  private func add(_ z: (real: Double, imaginary: Double), bin k: Int, to bins: BufferView<T>) {
    if k == 0 || 2 * k == points {
      bins[2 * k] += T(2 * z.real)
    } else if 2 * k < points {
      bins[2 * k] += T(z.real)
      bins[2 * k + 1] += T(z.imaginary)
    } else {
      bins[2 * (points - k)] += T(z.real)
      bins[2 * (points - k) + 1] -= T(z.imaginary)
    }
  }

  /// The even and odd parts of factor F_m e^{−imφ0}, to the tiles of the orders 0...limit.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  func take(
    _ tile: BufferView<Double>, limit: Int, factor: Double, ofOrder: [Double],
    northStart: Double, southStart: Double
  ) {
    let (width, stride) = (RecurrenceBlock.width, OrderTiles.tile)
    let (northPhases, southPhases) = (
      OrderPhases(start: -northStart, mmax: limit), OrderPhases(start: -southStart, mmax: limit)
    )
    var k = 0
    for m in 0...limit {
      let parts = tile.at(m * stride)
      let f = factor * ofOrder[m]
      let z = order(k, of: north)
      let x = northPhases.turned(f * z.real, f * z.imaginary, m: m)
      if hasSouth {
        let w = order(k, of: south)
        let y = southPhases.turned(f * w.real, f * w.imaginary, m: m)
        parts[0] = x.real + y.real
        parts[width] = x.imaginary + y.imaginary
        parts[2 * width] = x.real - y.real
        parts[3 * width] = x.imaginary - y.imaginary
      } else {
        // A ring on the equator, or one of a grid without mirror symmetry: both parts are the ring.
        parts[0] = x.real
        parts[width] = x.imaginary
        parts[2 * width] = x.real
        parts[3 * width] = x.imaginary
      }
      k = k + 1 == points ? 0 : k + 1
    }
  }

  @inline(__always)
  private func order(_ k: Int, of bins: BufferView<T>) -> (real: Double, imaginary: Double) {
    if 2 * k <= points { return (Double(bins[2 * k]), Double(bins[2 * k + 1])) }
    return (Double(bins[2 * (points - k)]), -Double(bins[2 * (points - k) + 1]))
  }
}

/// e^{imφ} for m = 0...mmax.
struct OrderPhases {
  private let isTrivial: Bool
  private let near: [(cosine: Double, sine: Double)]
  private let far: [(cosine: Double, sine: Double)]

  init(start: Double, mmax: Int) {
    isTrivial = start == 0
    guard !isTrivial else {
      near = []
      far = []
      return
    }
    near = (0..<32).map { (cos(Double($0) * start), sin(Double($0) * start)) }
    far = (0...mmax / 32).map { (cos(Double(32 * $0) * start), sin(Double(32 * $0) * start)) }
  }

  /// z e^{imφ}.
  @inline(__always)
  func turned(_ real: Double, _ imaginary: Double, m: Int) -> (real: Double, imaginary: Double) {
    if isTrivial { return (real, imaginary) }
    let (a, b) = (near[m % 32], far[m / 32])
    let cosine = a.cosine * b.cosine - a.sine * b.sine
    let sine = a.cosine * b.sine + a.sine * b.cosine
    return (real * cosine - imaginary * sine, real * sine + imaginary * cosine)
  }
}

import Foundation
import Kernels
import SpecialFunctions
import SphereGrids

/// The ring pairs of a grid in blocks of 16, as the recurrence takes them.
///
/// Layout:      numbers of block b, place i at 16 b + i; places behind the last pair repeat it.
/// Partition:   a block of spin-weighted functions has rings of one kind only: those whose
///              functions are made from Legendre functions (`SpinLowering`), or those near the
///              poles, whose functions are not. And it has rings of one form of the recurrence
///              only, cos²θ ≤ ½ or above; near the border, ¼...¾, either form is as good.
/// Skipping:    a block takes part in the orders up to `OrderLimit` of its rings.
/// Checked by:  RecurrenceTransformTests.
struct ColatitudeBlocks: Sendable {
  /// The pairs of every block.
  let ranges: [Range<Int>]
  /// Whether the recurrence of a block runs on sin²θ, else on cos²θ.
  let isPolar: [Bool]
  /// Whether sin^s θ of a block is large enough to divide by.
  let dividesBySine: [Bool]
  /// The largest order that a block takes part in.
  let limits: [Int]
  /// cos²θ or sin²θ.
  let arguments: AlignedBuffer<Double>
  /// cos θ.
  let cosines: AlignedBuffer<Double>
  /// sin θ.
  let sines: AlignedBuffer<Double>

  /// The least sin^s θ by which fields are divided: rounding errors then grow at most fourfold.
  static let smallestSinePower = 0.25

  init(_ pairs: [RingPair], lmax: Int, mmax: Int, spin: Int = 0, skipsPoles: Bool = true) {
    let width = RecurrenceBlock.width
    func dividesBySine(_ pair: RingPair) -> Bool {
      pow(pair.north.sinTheta, Double(spin)) >= Self.smallestSinePower
    }
    func square(_ pair: RingPair) -> Double { pair.north.cosTheta * pair.north.cosTheta }
    func mayShare(_ block: Range<Int>, _ pair: RingPair) -> Bool {
      let squares = block.map { square(pairs[$0]) } + [square(pair)]
      let (low, high) = (squares.min() ?? 0, squares.max() ?? 1)
      let border = DegreePairRecurrence.polarSquare
      return high <= border || low > border || (low >= border / 2 && high <= 1.5 * border)
    }
    var ranges: [Range<Int>] = []
    for (place, pair) in pairs.enumerated() {
      if let last = ranges.last, last.count < width,
        dividesBySine(pairs[last.lowerBound]) == dividesBySine(pair), mayShare(last, pair)
      {
        ranges[ranges.count - 1] = last.lowerBound..<place + 1
      } else {
        ranges.append(place..<place + 1)
      }
    }
    self.ranges = ranges
    self.dividesBySine = ranges.map { dividesBySine(pairs[$0.lowerBound]) }
    let places = ranges.flatMap { range in
      (0..<width).map { pairs[min(range.lowerBound + $0, range.upperBound - 1)].north }
    }
    let squares = ranges.map { range in
      range.reduce(0.0) { $0 + square(pairs[$1]) } / Double(range.count)
    }
    let polar = squares.map { $0 > DegreePairRecurrence.polarSquare }
    isPolar = polar
    limits = ranges.map { range in
      guard skipsPoles else { return mmax }
      let widest = range.map { pairs[$0].north.sinTheta }.max() ?? 1
      return min(mmax, OrderLimit.order(lmax: lmax, spin: spin, sinTheta: widest))
    }
    sines = AlignedBuffer(count: places.count)
    arguments = AlignedBuffer(count: places.count)
    cosines = AlignedBuffer(count: places.count)
    for (place, ring) in places.enumerated() {
      cosines[place] = ring.cosTheta
      sines[place] = ring.sinTheta
      arguments[place] =
        polar[place / width] ? ring.sinTheta * ring.sinTheta : ring.cosTheta * ring.cosTheta
    }
  }

  /// Number of blocks.
  var count: Int { ranges.count }
}

/// Which orders have functions that are zero for every purpose at a colatitude.
///
/// Definition:  for m > lmax sin θ + Δ all |λ_lm(θ)|, l ≤ lmax, are below 10⁻²⁰; for spin-weighted
///              functions s is added.
/// Derivation:  λ_lm(θ) decays towards the pole from the turning point sin θ_t = m/l on, like
///              exp(−∫ √(m²/sin²θ' − l²) dθ'). With the root linear in θ_t − θ' the integral is
///              (2√2/3) Δ^{3/2} / (√(l sin θ) cos θ), Δ = m − l sin θ; 10⁻²⁰ asks for 46, and 50
///              and 25 orders more cover what the linear form leaves out.
/// Checked by:  RecurrenceTransformTests, which look at the functions themselves.
enum OrderLimit {
  /// The largest order that counts.
  static func order(lmax: Int, spin: Int, sinTheta: Double) -> Int {
    let turning = Double(lmax) * sinTheta
    let cosine = max(0, 1 - sinTheta * sinTheta).squareRoot()
    let margin = pow(50 * turning.squareRoot() * cosine, 2.0 / 3) + 25
    return Int((turning + margin).rounded(.up)) + spin
  }
}

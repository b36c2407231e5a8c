import Foundation
import Kernels
import Numerics
import SpecialFunctions

extension CoefficientStack {
  /// The coefficients of the rotated fields.
  ///
  /// Definition:  a'_lm = Σ_m' D^l_mm'(α, β, γ) a_lm',
  ///              D^l_mm' = e^{−imα} d^l_mm'(β) e^{−im'γ} [Varshalovich1988, 4.3 (1)].
  ///              The field turns with R = R_z(α) R_y(β) R_z(γ): f'(R n) = f(n) for every
  ///              direction n. All lanes turn alike.
  ///              E and B turn like two scalars, each on its own: a field of spin s is
  ///              Σ_lm a_s,lm ₛY_lm, and ₛY_lm of one l turn among each other with the same D^l for
  ///              every s, if the values are carried along with the frames in which they are
  ///              measured. Since a_±2,lm = −(E_lm ± i B_lm), the same D^l turns E and B, and both
  ///              obey a_{l,−m} = (−1)^m a*_lm as scalars do.
  /// Method:      with b_lm = e^{−imγ} a_lm and a_{l,−m} = (−1)^m a*_lm, real and imaginary parts
  ///              separate,
  ///              Re Σ_m' d_mm' b_m' = d_m0 b_0 + Σ_{m'>0} [d_mm' + (−1)^m' d_{m,−m'}] Re b_m',
  ///              Im Σ_m' d_mm' b_m' =            Σ_{m'>0} [d_mm' − (−1)^m' d_{m,−m'}] Im b_m',
  ///              and both brackets are symmetric in m and m' up to (−1)^{m+m'}. So the two columns
  ///              over l of one pair m ≥ m' ≥ 0 (`WignerSweep`) serve four sums and are forgotten.
  /// Parallel:    orders are cut into blocks, and pairs of blocks are done in rounds in which no
  ///              block occurs twice; cuts and rounds depend on lmax only, so that any number of
  ///              threads gives the same bits.
  /// Domain:      any angles; mmax = lmax, since rotations mix all orders. Im a_l0 counts as 0, and
  ///              is 0 in the result.
  /// Accuracy:    relative L2 error (lmax + 5)/2 rounding errors of `Double`; computed in `Double`
  ///              and rounded once for `Float` (WignerRotationPropertyTests).
  /// Cost:        about lmax³/3 steps of the recurrence and, per lane, 2/3 lmax³ multiply-adds;
  ///              memory of some four stacks in `Double`. With β = 0 only phases, lmax² operations.
  /// Checked by:  WignerRotationDefinitionTests (`rotationByDefinition`),
  ///              WignerRotationFixtureTests (healpy), WignerRotationPropertyTests,
  ///              WignerRotationSlowTests (lmax 1024).
  ///
  /// - Parameters:
  ///   - rotation: the Euler angles.
  ///   - threads: at least 1.
  /// - Returns: a stack of the same shape.
  public func rotated(by rotation: Rotation, threads: Int = 1) -> CoefficientStack {
    precondition(mmax == lmax, "mmax \(mmax) < lmax \(lmax): a rotation mixes all orders")
    let task = RotationTask(lmax: lmax, lanes: lanes, beta: rotation.beta)
    var numbers = values.map { Double($0) }
    task.turn(&numbers, by: rotation.gamma)
    numbers = task.sums(numbers, threads: threads)
    task.turn(&numbers, by: rotation.alpha)
    return CoefficientStack(lmax: lmax, mmax: lmax, lanes: lanes, values: numbers.map { T($0) })
  }

  /// The gradient of `rotated` with respect to the stored coefficients, these being the gradients
  /// of the rotated ones.
  ///
  /// Definition:  over all −l ≤ m ≤ l a rotation is unitary, D⁻¹ = D†; the stored m > 0 stand for
  ///              two coefficients each, hence ā = W D† W⁻¹ ā', W = 2 − δ_m0. Im of m = 0 is 0.
  /// Checked by:  WignerRotationTransposePropertyTests.
  public func rotationGradient(of rotation: Rotation, threads: Int = 1) -> CoefficientStack {
    func scaled(_ a: CoefficientStack, _ factor: T) -> CoefficientStack {
      var result = a
      for i in 2 * (lmax + 1) * lanes..<a.values.count { result.values[i] *= factor }
      return result
    }
    return scaled(scaled(self, 0.5).rotated(by: rotation.inverse, threads: threads), 2)
  }
}

/// One rotation of coefficients in `Double`.
private struct RotationTask: Sendable {
  let lmax: Int
  let lanes: Int
  let cosBeta: Double
  /// |sin β|; the sign goes into the phases, since d^l_mn(−β) = (−1)^{m−n} d^l_mn(β).
  let sinBeta: Double
  let sineIsNegative: Bool

  /// Into how many blocks the orders are cut: half as many threads can work at a time.
  static var blockCount: Int { 16 }

  init(lmax: Int, lanes: Int, beta: Double) {
    self.lmax = lmax
    self.lanes = lanes
    cosBeta = cos(beta)
    sinBeta = abs(sin(beta))
    sineIsNegative = sin(beta) < 0
  }

  private func first(_ l: Int, _ m: Int) -> Int {
    coefficientIndex(l: l, m: m, lmax: lmax) * 2 * lanes
  }

  /// a_lm e^{−im angle}, times (−1)^m if sin β < 0.
  func turn(_ numbers: inout [Double], by angle: Double) {
    for m in 1..<lmax + 1 {
      let sign = sineIsNegative && !m.isMultiple(of: 2) ? -1.0 : 1.0
      let (c, s) = cosineAndSine(m, angle)
      let (re, im) = (sign * c, -sign * s)
      for l in m...lmax {
        let place = first(l, m)
        for i in place..<place + lanes {
          let (x, y) = (numbers[i], numbers[i + lanes])
          numbers[i] = re * x - im * y
          numbers[i + lanes] = re * y + im * x
        }
      }
    }
  }

  /// Σ_m' d^l_mm'(β) b_lm' with |sin β| for sin β.
  func sums(_ b: [Double], threads: Int) -> [Double] {
    let source = AlignedBuffer<Double>(count: b.count)
    for m in 0...lmax {
      for l in m...lmax {
        // δ_l is √[(2l+1)/4π] d^l. The two brackets of m' = 0 are 2 d_m0 and 0.
        let norm = (4 * Double.pi / Double(2 * l + 1)).squareRoot() * (m == 0 ? 0.5 : 1)
        let place = first(l, m)
        for i in place..<place + lanes {
          source[i] = norm * b[i]
          source[i + lanes] = m == 0 ? 0 : norm * b[i + lanes]
        }
      }
    }
    guard sinBeta > 0 else { return withoutImaginaryOfOrderZero(b) }
    let target = AlignedBuffer<Double>(count: b.count)
    let sweep = WignerSweep(lmax: lmax, cosBeta: cosBeta, sinBeta: sinBeta)
    let blocks = evenRanges(lmax + 1, parts: Self.blockCount)
    withViews(source, target) { source, target in
      for round in pairRounds(blocks.count) {
        parallelFor(round.count, threads: threads) { i in
          addPairs(sweep, blocks[round[i].upper], blocks[round[i].lower], source, to: target)
        }
      }
    }
    return target.array()
  }

  private func withoutImaginaryOfOrderZero(_ b: [Double]) -> [Double] {
    var result = CoefficientStack(lmax: lmax, mmax: lmax, lanes: lanes, values: b)
    result.clearImaginaryOfOrderZero()
    return result.values
  }

  /// All pairs m ≥ n with m in one block and n in the other, which is below or the same.
  private func addPairs(
    _ sweep: WignerSweep, _ upper: Range<Int>, _ lower: Range<Int>,
    _ source: BufferView<Double>, to target: BufferView<Double>
  ) {
    var direct = [Double](repeating: 0, count: lmax + 1)
    var mirrored = direct
    for m in upper {
      let columns = sweep.order(m)
      for n in lower where n <= m {
        columns.write(n: n, into: &direct, mirrored: &mirrored)
        let (ofM, ofN) = (first(m, m), first(m, n))
        addOrderPair(
          count: lmax - m + 1, lanes: lanes, direct: direct, mirrored: mirrored,
          mirrorSign: n.isMultiple(of: 2) ? 1 : -1,
          transposeSign: (m - n).isMultiple(of: 2) ? 1 : -1,
          sources: (source.at(ofM), source.at(ofN)),
          targets: (target.at(ofM), m == n ? nil : target.at(ofN)))
      }
    }
  }
}

/// cos(m angle) and sin(m angle).
///
/// The product m · angle is rounded by up to |m angle| u, which at m = 1000 would be the largest
/// error of a rotation; what the rounding takes away is known exactly and put back to first order.
private func cosineAndSine(_ m: Int, _ angle: Double) -> (Double, Double) {
  let product = Double(m) * angle
  let lost = (-product).addingProduct(Double(m), angle)
  let (c, s) = (cos(product), sin(product))
  return (c - lost * s, s + lost * c)
}

/// Every pair of `count` blocks once, upper ≥ lower, in rounds in which no block occurs twice.
///
/// First each block with itself, then the rounds of a tournament, in which one block stays in place
/// and the others move round a circle. Within a round the pairs with the longest columns come
/// first.
func pairRounds(_ count: Int) -> [[(upper: Int, lower: Int)]] {
  let seats = count + count % 2  // with an odd number one block has no partner in each round
  let circle = seats - 1
  var rounds = [(0..<count).map { (upper: $0, lower: $0) }]
  for round in 0..<max(circle, 0) where count > 1 {
    var pairs = [(seats - 1, round)]
    for i in 1..<max(seats / 2, 1) {
      pairs.append(((round + i) % circle, (round - i + circle) % circle))
    }
    rounds.append(
      pairs.map { (upper: max($0.0, $0.1), lower: min($0.0, $0.1)) }
        .filter { $0.upper < count }
        .sorted { $0.upper < $1.upper })
  }
  return rounds
}

/// Σ_m' D^l_mm' a_lm' over −l ≤ m' ≤ l with Wigner's sums: the slow twin of
/// `CoefficientStack.rotated(by:)`, in plain loops.
///
/// Domain:   lmax = mmax ≤ 16.
/// Accuracy: that of `wignerByDefinition`, about (l + 1) (1 + |sin β|)^l rounding errors.
public func rotationByDefinition(
  _ a: CoefficientStack<Double>, by rotation: Rotation
) -> CoefficientStack<Double> {
  precondition(a.mmax == a.lmax && a.lmax <= 16, "lmax \(a.lmax), mmax \(a.mmax)")
  var result = CoefficientStack<Double>(lmax: a.lmax, lanes: a.lanes)
  for lane in 0..<a.lanes {
    for l in 0...a.lmax {
      for m in 0...l {
        var sum = Complex<Double>(0)
        for n in -l...l {
          let d = wignerByDefinition(l: l, m: m, n: n, beta: rotation.beta)
          let stored = a[l, abs(n), lane]
          let sign = n.isMultiple(of: 2) ? 1.0 : -1.0
          let coefficient = n >= 0 ? stored : stored.conjugate.multiplied(by: sign)
          let phase = -Double(m) * rotation.alpha - Double(n) * rotation.gamma
          sum += coefficient.multiplied(by: d) * Complex(cos(phase), sin(phase))
        }
        result[l, m, lane] = sum
      }
    }
  }
  return result
}

import Foundation
import Kernels
import Numerics
import SpecialFunctions
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

/// The laws of rotations of coefficients, at one lmax each; the slow suite asks for lmax 1024.
enum RotationLaws {
  static let first = Rotation(alpha: 0.7, beta: 1.1, gamma: -2.3)
  static let second = Rotation(alpha: -1.9, beta: 2.6, gamma: 0.4)

  /// A rotation is wrong by half a rounding error per degree in the L2 norm: those of d^l are below
  /// 3 (l + 5) u of the local amplitude at the worst places, and a sixth of that in the mean.
  static func bound(_ lmax: Int) -> Double { 0.5 * Double(lmax + 5) * 0x1p-53 }

  /// The angles of a product are wrong by up to 4u. Order m turns by m times that, and the mean of
  /// m² over all coefficients is lmax²/6.
  static func productBound(_ lmax: Int) -> Double {
    2 * bound(lmax) + 4 * 0x1p-53 * Double(lmax) / 6.0.squareRoot()
  }

  /// There and back, two rotations against their product, and unchanged spectra.
  static func check(lmax: Int, lanes: Int, threads: Int) {
    let a = randomCoefficients(lmax: lmax, lanes: lanes, seed: 71)
    let once = a.rotated(by: first, threads: threads)
    #expect(relativeError(once.values, a.values) > 0.1)

    let back = Comparison(once.rotated(by: first.inverse, threads: threads).values, with: a.values)
    #expect(back.relativeL2 <= 2 * bound(lmax), "there and back: \(back)")

    let twice = once.rotated(by: second, threads: threads)
    let product = a.rotated(by: second.after(first), threads: threads)
    let composition = Comparison(product.values, with: twice.values)
    #expect(composition.relativeL2 <= productBound(lmax), "composition: \(composition)")

    // Σ_m |a_lm|² of each l does not change.
    let spectra = Comparison(twice.spectra().joined(), with: a.spectra().joined())
    #expect(spectra.relativeMaximum <= 4 * bound(lmax), "spectra: \(spectra)")

    // Negative controls, cheap: the last angle wrong by 10⁻³, or of the wrong sign.
    for change in [1e-3, -2 * first.alpha] {
      let wrong = once.rotated(by: Rotation(alpha: change, beta: 0, gamma: 0))
      #expect(relativeError(wrong.values, once.values) > 1000 * productBound(lmax))
    }
  }
}

@Suite("Laws of the rotation of coefficients")
struct WignerRotationPropertyTests {

  @Test(
    "There and back, composition, spectra", arguments: [(0, 2), (1, 1), (8, 5), (47, 3), (200, 1)])
  func laws(lmax: Int, lanes: Int) {
    guard lmax > 0 else {
      let a = randomCoefficients(lmax: 0, lanes: lanes, seed: 72)
      let rotated = a.rotated(by: RotationLaws.first)
      #expect(relativeError(rotated.values, a.values) <= RotationLaws.bound(0))
      return
    }
    RotationLaws.check(lmax: lmax, lanes: lanes, threads: 2)
  }

  // MARK: - What a rotation does to a field

  /// Σ_lm a_lm ₛY_lm(n) over −l ≤ m ≤ l, ₛY_lm = (−1)^s √[(2l+1)/4π] d^l_{m,−s}(θ) e^{imφ}, of a
  /// field of spin s ≥ 0 with a_{s,lm} = −(E_lm + i B_lm) for s = 2, or E_lm for s = 0.
  private func value(
    _ e: CoefficientStack<Double>, _ b: CoefficientStack<Double>?, spin: Int, at n: Direction
  ) -> Complex<Double> {
    var sum = Complex<Double>(0)
    for m in -e.lmax...e.lmax {
      let first = max(abs(m), spin)
      let column = WignerRecurrence(m: m, n: -spin, lmax: e.lmax)
        .values(cosBeta: cos(n.theta), sinBeta: sin(n.theta))
      let sign = m.isMultiple(of: 2) ? 1.0 : -1.0
      func full(_ a: CoefficientStack<Double>, _ l: Int) -> Complex<Double> {
        m >= 0 ? a[l, m] : a[l, -m].conjugate.multiplied(by: sign)
      }
      for l in first..<e.lmax + 1 {
        var coefficient = full(e, l)
        if let b { coefficient = -(coefficient + Complex<Double>.i * full(b, l)) }
        let phase = Complex(cos(Double(m) * n.phi), sin(Double(m) * n.phi))
        sum += coefficient.multiplied(by: column[l - first]) * phase
      }
    }
    return sum
  }

  static let points: [Direction] = {
    var numbers = TestNumbers(seed: 73)
    return (0..<12).map { _ in
      Direction(theta: acos(numbers.uniform(-1, 1)), phi: numbers.uniform(0, 2 * .pi))
    }
  }()

  /// f'(R n) = f(n): the series of the rotated coefficients at rotated points. Functions, angles
  /// and coefficients are wrong by some two rounding errors per degree.
  @Test("A scalar field turns with R", arguments: RotationPropertyTests.rotations)
  func scalarField(r: Rotation) {
    let a = randomCoefficients(lmax: 12, seed: 74)
    let rotated = a.rotated(by: r)
    let values = Self.points.map { value(a, nil, spin: 0, at: $0).real }
    func moved(_ r: Rotation) -> [Double] {
      Self.points.map { value(rotated, nil, spin: 0, at: r.applied(to: $0)).real }
    }
    let bound = 2 * Double(12 + 5) * 0x1p-53
    let comparison = Comparison(moved(r), with: values)
    #expect(comparison.relativeL2 <= bound, "\(r): \(comparison)")
    // Negative controls: the points turned backwards, and not at all.
    if abs(sin(r.beta)) > 0.1 {
      #expect(relativeError(moved(r.inverse), values) > 1000 * bound)
      #expect(relativeError(moved(.identity), values) > 1000 * bound)
    }
  }

  /// With synthesis on a grid: the rotated field at the grid's points is the original field at the
  /// points turned back.
  @Test("Synthesis of rotated coefficients")
  func synthesis() throws {
    let grid = GaussLegendreGrid(lmax: 12)
    let a = randomCoefficients(lmax: 12, seed: 75)
    let r = Rotation(alpha: 2.1, beta: 0.6, gamma: -0.9)
    let field = ScalarTransform<Double>(grid: grid, lmax: 12).synthesis(a.rotated(by: r))
    let expected = grid.rings.flatMap { ring in
      (0..<ring.count).map { k in
        let n = Direction(
          theta: ring.theta, phi: ring.phi0 + 2 * .pi * Double(k) / Double(ring.count))
        return value(a, nil, spin: 0, at: r.inverse.applied(to: n)).real
      }
    }
    let bound = 2 * Double(12 + 5) * 0x1p-53
    let comparison = Comparison(field.values, with: expected)
    #expect(comparison.relativeL2 <= bound, "\(comparison)")
    let wrong = ScalarTransform<Double>(grid: grid, lmax: 12).synthesis(a.rotated(by: r.inverse))
    #expect(relativeError(wrong.values, expected) > 1000 * bound)
  }

  /// Q + iU is carried along: at R n, in the turned frame, it is what it was at n. There R e_θ(n)
  /// stands at an angle ψ to e_θ(R n), from e_θ towards e_φ, so that in the frame of the grid
  /// (Q + iU)'(R n) = e^{2iψ} (Q + iU)(n). E and B turned as two scalars give just that.
  @Test("Polarisation turns with its frame", arguments: RotationPropertyTests.rotations)
  func polarisation(r: Rotation) {
    var (e, b) = (randomCoefficients(lmax: 9, seed: 76), randomCoefficients(lmax: 9, seed: 77))
    for l in 0...1 {
      for m in 0...l {
        e[l, m] = 0
        b[l, m] = 0
      }
    }
    let (turnedE, turnedB) = (e.rotated(by: r), b.rotated(by: r))
    func southward(_ n: Direction) -> SIMD3<Double> {
      SIMD3(cos(n.theta) * cos(n.phi), cos(n.theta) * sin(n.phi), -sin(n.theta))
    }
    func eastward(_ n: Direction) -> SIMD3<Double> { SIMD3(-sin(n.phi), cos(n.phi), 0) }
    func parts(_ spinSign: Double) -> (moved: [Double], carried: [Double]) {
      var (moved, carried): ([Double], [Double]) = ([], [])
      for n in Self.points {
        let target = r.applied(to: n)
        let axis = r.applied(to: southward(n))
        let psi = atan2((axis * eastward(target)).sum(), (axis * southward(target)).sum())
        let there = value(turnedE, turnedB, spin: 2, at: target)
        let here =
          value(e, b, spin: 2, at: n) * Complex(cos(2 * psi), sin(spinSign * 2 * psi))
        moved += [there.real, there.imaginary]
        carried += [here.real, here.imaginary]
      }
      return (moved, carried)
    }
    let bound = 2 * Double(9 + 5) * 0x1p-53
    let right = parts(1)
    let comparison = Comparison(right.moved, with: right.carried)
    #expect(comparison.relativeL2 <= bound, "\(r): \(comparison)")
    // Negative control: the frame turned the wrong way.
    if abs(sin(r.beta)) > 0.1 {
      let wrong = parts(-1)
      #expect(relativeError(wrong.moved, wrong.carried) > 1000 * bound)
    }
  }

  // MARK: - Special angles

  /// Rotations about z multiply by e^{−im(α + γ)}: two phases of 2 rounding errors each, m α as
  /// exact as α is. An angle of zero changes no bit.
  @Test("Rotations about the polar axis")
  func polarAxis() {
    let a = randomCoefficients(lmax: 300, seed: 78)
    #expect(a.rotated(by: .identity) == a)
    for (alpha, gamma) in [(2.7, 0), (0, -40), (0.3, 0.5)] {
      let rotated = a.rotated(by: Rotation(alpha: alpha, beta: 0, gamma: gamma))
      var expected = a
      var naive = a
      for m in 0...300 {
        var phase = Complex<Double>(1)
        // By repeated squaring of short products: mα = Σ 2^j α over the bits of m, each exact.
        for j in 0..<9 where m >> j & 1 == 1 {
          for angle in [alpha, gamma] {
            let turn = angle * Double(1 << j)
            phase *= Complex(cos(turn), -sin(turn))
          }
        }
        for l in m...300 {
          expected[l, m] = a[l, m] * phase
          naive[l, m] = a[l, m] * phase.conjugate
        }
      }
      let bound = 2 * 9.0.squareRoot() * 0x1p-53
      let comparison = Comparison(rotated.values, with: expected.values)
      #expect(comparison.relativeL2 <= bound, "\(alpha), \(gamma): \(comparison)")
      #expect(relativeError(naive.values, expected.values) > 1000 * bound)
    }
  }

  /// β = π exchanges the poles: R_y(π) maps (θ, φ) to (π − θ, π − φ), so a'_lm = (−1)^l a*_lm. The
  /// number π is rounded by 1.2·10⁻¹⁶, which moves order m by no more than its own rounding.
  @Test("Half a turn about y")
  func halfTurn() {
    let a = randomCoefficients(lmax: 60, seed: 79)
    var expected = a
    for l in 0...60 {
      for m in 0...l {
        expected[l, m] = a[l, m].conjugate.multiplied(by: l.isMultiple(of: 2) ? 1 : -1)
      }
    }
    let rotated = a.rotated(by: Rotation(alpha: 0, beta: .pi, gamma: 0))
    #expect(relativeError(rotated.values, expected.values) <= RotationLaws.bound(60))
    let other = a.rotated(by: Rotation(alpha: .pi, beta: .pi, gamma: 0))
    #expect(relativeError(other.values, expected.values) > 1000 * RotationLaws.bound(60))
  }

  /// An angle of 10⁻⁹ is a turn by 10⁻⁹ and neither none nor noise. The change is β J_y a: the mean
  /// of J_y² over the orders of a degree is l(l+1)/3, over all of them lmax²/6. Two turns are one
  /// by twice the angle.
  @Test("Small angles add up")
  func smallAngles() {
    let a = randomCoefficients(lmax: 100, seed: 80)
    let small = a.rotated(by: Rotation(alpha: 0, beta: 1e-9, gamma: 0))
    let change = relativeError(small.values, a.values)
    #expect(abs(change / (1e-9 * 100 / 6.0.squareRoot()) - 1) < 0.1, "change \(change)")
    var twice = a
    for _ in 0..<2 { twice = twice.rotated(by: Rotation(alpha: 0, beta: 1e-9, gamma: 0)) }
    let double = a.rotated(by: Rotation(alpha: 0, beta: 2e-9, gamma: 0))
    #expect(relativeError(double.values, twice.values) <= 2 * RotationLaws.bound(100))
  }
}

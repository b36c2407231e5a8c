import Foundation
import HarmonicTransforms
import Numerics
import SphereGrids
import Testing
import Verification

@testable import SpectralNetworks

/// Rotations and reflections under which something is invariant exactly, up to rounding.
///
/// HEALPix pixels are mapped onto pixels by rotations through multiples of π/2 about the polar axis
/// and by the reflections φ → −φ and θ → π − θ. A dipole is a vector, so its coefficients can be
/// turned by any rotation of space without a Wigner matrix.
/// Blind to: rotations of degrees l > 1 about other axes, and the aliasing of rectified fields.
@Suite("Rotations and reflections")
struct EquivarianceTests {

  // MARK: - Symmetries of the pixels

  enum Symmetry: String, CaseIterable, Sendable {
    case quarterTurn, halfTurn, threeQuarterTurn, eastWest, northSouth, halfTurnAboutX
  }

  /// The pixel whose value the turned or reflected map has at every pixel.
  static func sources(_ symmetry: Symmetry, nside: Int) throws -> [Int] {
    let rings = try HealpixGrid(nside: nside).rings
    return rings.indices.flatMap { r -> [Int] in
      let ring = rings[r]
      let mirrored = rings[rings.count - 1 - r]
      let n = ring.count
      func eastWest(_ k: Int) -> Int { ring.phi0 == 0 ? (n - k) % n : n - 1 - k }
      return (0..<n).map { k in
        switch symmetry {
        case .quarterTurn: return ring.start + (k + n / 4) % n
        case .halfTurn: return ring.start + (k + n / 2) % n
        case .threeQuarterTurn: return ring.start + (k + 3 * n / 4) % n
        case .eastWest: return ring.start + eastWest(k)
        case .northSouth: return mirrored.start + k
        case .halfTurnAboutX: return mirrored.start + eastWest(k)
        }
      }
    }
  }

  static func permuted(_ maps: [Double], lanes: Int, _ sources: [Int]) -> [Double] {
    sources.flatMap { maps[($0 * lanes)..<(($0 + 1) * lanes)] }
  }

  /// Band values are logarithms of powers of order one. Their error is that of the coefficients:
  /// some hundred terms per coefficient, amplified by at most the condition of the least squares.
  private func bound(_ network: IsotropicNetwork<Double>) -> Double {
    guard let analysis = (network.input as? ScalarInput<Double>)?.analysis else {
      Issue.record("the input is not one of scalar fields")
      return .nan
    }
    return RoundingBound.probable(operations: analysis.transform.grid.pointCount)
      / analysis.reciprocalCondition.squareRoot()
  }

  private func bands(_ network: IsotropicNetwork<Double>, _ maps: [Double]) -> [Double] {
    network.bandValues(maps, count: 2, threads: 1)
  }

  /// One block: the whole network up to the readout, from pixels. Two channels turn together.
  @Test("Isotropic network, symmetries of the pixels", arguments: Symmetry.allCases)
  func isotropicPixels(_ symmetry: Symmetry) throws {
    let network = try IsotropicNetwork<Double>.random(.small([4]), seed: 31)
    let maps = randomMaps(nside: 4, lanes: 4, seed: 32, as: Double.self)
    let sources = try Self.sources(symmetry, nside: 4)
    #expect(Set(sources).count == 192)
    let turned = Self.permuted(maps, lanes: 4, sources)
    #expect(turned != maps)
    let bound = bound(network)
    let comparison = Comparison(bands(network, turned), with: bands(network, maps))
    #expect(comparison.largestAbsolute <= bound, "\(symmetry): \(comparison)")

    // Two pixels exchanged are no symmetry.
    var other = turned
    other.swapAt(0, 4)
    let control = Comparison(bands(network, other), with: bands(network, maps))
    #expect(control.largestAbsolute > 1000 * bound, "\(symmetry): \(control)")
  }

  /// Two blocks: half turns and both reflections map the 10 x 20 points of the Gauss-Legendre grid
  /// onto themselves, and so does a quarter turn, so the rectified fields turn along, aliasing and
  /// all.
  @Test("Isotropic network with a rectified field", arguments: Symmetry.allCases)
  func isotropicTwoBlocks(_ symmetry: Symmetry) throws {
    let network = try IsotropicNetwork<Double>.random(.small([3, 4]), seed: 33)
    #expect(network.blocks[0].transform.grid.rings[0].count % 4 == 0)
    let maps = randomMaps(nside: 4, lanes: 4, seed: 34, as: Double.self)
    let turned = Self.permuted(maps, lanes: 4, try Self.sources(symmetry, nside: 4))
    // The second block's weights multiply what comes out of the first: a few times its error.
    let bound = 8 * bound(network)
    let comparison = Comparison(bands(network, turned), with: bands(network, maps))
    #expect(comparison.largestAbsolute <= bound, "\(symmetry): \(comparison)")
    var other = turned
    other.swapAt(0, 4)
    let control = Comparison(bands(network, other), with: bands(network, maps))
    #expect(control.largestAbsolute > 1000 * bound, "\(symmetry): \(control)")
  }

  /// The published network reads the pixels at points that a half turn about the x axis does not
  /// map onto themselves, with weights that differ from order to order: its output changes in the
  /// first digits.
  @Test("The published network is not invariant")
  func published() throws {
    let c = PublishedConfiguration.small(blocks: 2)
    let network = try PublishedNetwork<Double>.random(c, seed: 35)
    let maps = randomMaps(nside: 4, lanes: 4, seed: 36, as: Double.self)
    let turned = Self.permuted(maps, lanes: 4, try Self.sources(.halfTurnAboutX, nside: 4))
    let change = relativeError(
      network.predict(turned, count: 2, threads: 1), network.predict(maps, count: 2, threads: 1))
    #expect(change > 1e-3, "relative change \(change)")
  }

  // MARK: - Rotations of coefficients

  /// A rotation by α about the polar axis: a_lm e^{−imα}. Powers see |a_lm|² only.
  @Test("Any rotation about the polar axis", arguments: [0.1, 1, 2.5])
  func polarRotations(alpha: Double) throws {
    let network = try IsotropicNetwork<Double>.random(.small([4]), seed: 37)
    let lmax = network.configuration.lmax
    var a = CoefficientStack<Double>(lmax: lmax, lanes: 2)
    var numbers = TestNumbers(seed: 38)
    for i in a.values.indices { a.values[i] = numbers.normal() }
    a.clearImaginaryOfOrderZero()
    func turned(_ phase: (Int) -> Double) -> CoefficientStack<Double> {
      var turned = a
      for m in 0...lmax {
        for l in m...lmax {
          for lane in 0..<2 {
            // A phase for one channel alone would be another sky.
            turned[l, m, lane] *= Complex(
              length: 1, phase: lane == 0 ? phase(m) : -Double(m) * alpha)
          }
        }
      }
      return turned
    }
    func bands(_ a: CoefficientStack<Double>) -> [Double] {
      network.forward(.coefficients(a.values), count: 1, isTraining: false, threads: 1) {
        $0.bandValues[0]
      }
    }
    let bound = RoundingBound.probable(operations: a.values.count)
    let comparison = Comparison(bands(turned { -Double($0) * alpha }), with: bands(a))
    #expect(comparison.largestAbsolute <= bound, "\(comparison)")
    let control = Comparison(bands(turned { Double($0) * alpha }), with: bands(a))
    #expect(control.largestAbsolute > 1000 * bound, "\(control)")
  }

  // MARK: - Any rotation of a dipole

  /// The coefficients of v · n, n the direction: a_10 = √(4π/3) v_z, a_11 = −√(2π/3) (v_x − i v_y).
  static func dipole(_ v: SIMD3<Double>, lmax: Int) -> CoefficientStack<Double> {
    var a = CoefficientStack<Double>(lmax: lmax)
    a[1, 0] = Complex((4 * .pi / 3).squareRoot() * v.z)
    a[1, 1] = Complex(-v.x, v.y).multiplied(by: (2 * .pi / 3).squareRoot())
    return a
  }

  /// Unit vectors in all directions, the axes among them.
  static let directions: [SIMD3<Double>] = {
    var numbers = TestNumbers(seed: 39)
    return [SIMD3(0, 0, 1), SIMD3(1, 0, 0), SIMD3(0, 1, 0)]
      + (0..<5).map { _ in
        let v = SIMD3(numbers.normal(), numbers.normal(), numbers.normal())
        return v / (v * v).sum().squareRoot()
      }
  }()

  /// The map v · n at the pixels' centres.
  static func dipoleMap(_ v: SIMD3<Double>, nside: Int) throws -> [Double] {
    try HealpixGrid(nside: nside).rings.flatMap { ring in
      (0..<ring.count).map { k in
        let phi = ring.phi0 + 2 * .pi * Double(k) / Double(ring.count)
        return ring.sinTheta * (v.x * cos(phi) + v.y * sin(phi)) + ring.cosTheta * v.z
      }
    }
  }

  /// The dipole's map and its coefficients belong together, and the power of every channel is the
  /// same for all directions.
  @Test("Isotropic network, any rotation of a dipole")
  func isotropicDipole() throws {
    let network = try IsotropicNetwork<Double>.random(.small([4], channels: 1), seed: 40)
    let bound = bound(network)
    let reference = try network.bandValues(
      Self.dipoleMap(Self.directions[0], nside: 4), count: 1, threads: 1)
    for v in Self.directions {
      let fromMap = network.bandValues(try Self.dipoleMap(v, nside: 4), count: 1, threads: 1)
      let a = Self.dipole(v, lmax: network.configuration.lmax)
      let fromCoefficients = network.forward(
        .coefficients(a.values), count: 1, isTraining: false, threads: 1
      ) { $0.bandValues[0] }
      #expect(Comparison(fromMap, with: reference).largestAbsolute <= bound, "\(v)")
      #expect(Comparison(fromCoefficients, with: reference).largestAbsolute <= bound, "\(v)")
    }
    let longer = network.bandValues(
      try Self.dipoleMap(1.01 * Self.directions[0], nside: 4), count: 1, threads: 1)
    #expect(Comparison(longer, with: reference).largestAbsolute > 1000 * bound)
  }

  /// Weights of the published kind, one for each (l, m), give a dipole along z another power than
  /// one along x; weights per l do not. So does the whole published network, from maps.
  @Test("Weights per (l, m) see the direction of a dipole")
  func orderwiseDipole() throws {
    let c = PublishedConfiguration.small(blocks: 1, channels: 1)
    let network = try PublishedNetwork<Double>.random(c, seed: 41)
    let outputs = try Self.directions.prefix(2).map {
      network.predict(try Self.dipoleMap($0, nside: 4), count: 1, threads: 1)
    }
    #expect(relativeError(outputs[0], outputs[1]) > 1e-3)

    let mixing = network.blocks[0].mixing
    let readout = PowerReadout<Double>(lmax: mixing.lmax, mmax: mixing.mmax)
    let weights = network.namedParameters.blocks[0].weights.values
    func power(_ v: SIMD3<Double>) -> [Double] {
      // m = 0 and m = 1 are all that a dipole has; the coefficients of other orders stay zero.
      let x = PowerReadoutTests.padded(
        CoefficientStack(
          lmax: mixing.lmax, mmax: mixing.mmax, lanes: 1,
          values: Array(
            Self.dipole(v, lmax: mixing.lmax).values.prefix(
              2 * coefficientCount(lmax: mixing.lmax, mmax: mixing.mmax)))), 1)
      let y = PowerReadoutTests.padded(
        CoefficientStack(lmax: mixing.lmax, mmax: mixing.mmax, lanes: 3), 3)
      weights.withView { w in
        for m in 0...mixing.mmax {
          let first = 2 * coefficientIndex(l: m, m: m, lmax: mixing.lmax)
          mixing.forward(
            order: m, maps: 1, Panel(x.view(first), stride: 1),
            to: Panel(y.view(3 * first), stride: 3), weights: w)
        }
      }
      let padded = PowerReadoutTests.padded(
        CoefficientStack(
          lmax: mixing.lmax, mmax: mixing.mmax, lanes: 3, values: y.array()), 8)
      return readout.forward(padded, laneStride: 8, lanes: 3, threads: 1)
    }
    #expect(relativeError(power(Self.directions[0]), power(Self.directions[1])) > 1e-2)
    // About the polar axis they do commute: x and y give the same power.
    let bound = RoundingBound.probable(operations: 64)
    #expect(relativeError(power(Self.directions[2]), power(Self.directions[1])) <= bound)
  }
}

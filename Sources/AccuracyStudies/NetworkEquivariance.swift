import Foundation
import HarmonicTransforms
import RandomNumbers
import SpectralNetworks
import SphereGrids

/// The skies on which networks are turned.
public enum StudySky: String, Sendable, Hashable, CaseIterable {
  /// Task t1 in the middle of its prior, C_l = exp(−(l − 12.5)²/50) + 10⁻⁵.
  case peaked = "t1 sky"
  /// C_l = 1 for all l ≤ lmax: the hardest of band-limited skies.
  case white = "white sky"

  /// √C_l.
  func amplitude(_ l: Int) -> Double {
    switch self {
    case .peaked: (exp(-pow(Double(l) - 12.5, 2) / 50) + 1e-5).squareRoot()
    case .white: 1
    }
  }
}

/// What rotations of the sky do to what a whole network makes of its pixels.
public struct NetworkChange: Sendable, Equatable {
  /// ‖v(R f) − v(f)‖ / ‖v(f)‖, root mean square over skies and rotations.
  public var relative: Double
  /// ‖v(R f) − v(f)‖ / √2 over the scatter ‖v(f) − mean of v‖ between skies, both root mean squares:
  /// 1 when a turned sky is to the network like another sky.
  public var ofScatter: Double
}

/// Skies with their rotations as one batch of `Float` maps at nside 16.
struct TurnedSkies {
  static let nside = 16
  static let lmax = 47
  let skies: Int
  let rotationCount: Int
  /// `[pixel][map]`, map = sky · (rotations + 1) + rotation, 0 unturned.
  let maps: [Float]

  var count: Int { skies * (rotationCount + 1) }

  /// - Throws: `HealpixError`.
  init(_ sky: StudySky, skies: Int, _ rotations: [Rotation], seed: UInt64, threads: Int) throws {
    self.skies = skies
    rotationCount = rotations.count
    var a = CoefficientStack<Double>(lmax: Self.lmax, lanes: skies)
    for lane in 0..<skies {
      let numbers = RandomStream(seed: seed, purpose: .sky, index: UInt64(lane))
        .normals(count: a.values.count / skies)
      a.forEachCoefficient { l, m, first in
        let scale = sky.amplitude(l) * (m == 0 ? 1 : 0.5.squareRoot())
        a.values[first + lane] = scale * numbers[first / skies]
        if m > 0 { a.values[first + skies + lane] = scale * numbers[first / skies + 1] }
      }
    }
    let versions = [a] + rotations.map { a.rotated(by: $0, threads: threads) }
    let transform = ScalarTransform<Double>(
      grid: try HealpixGrid(nside: Self.nside), lmax: Self.lmax)
    let fields = versions.map { transform.synthesis($0, threads: threads).values }
    var maps: [Float] = []
    for pixel in 0..<transform.grid.pointCount {
      for lane in 0..<skies {
        for field in fields { maps.append(Float(field[pixel * skies + lane])) }
      }
    }
    self.maps = maps
  }

  /// What becomes of values `[map][value]`.
  func change(_ values: [Double]) -> NetworkChange {
    let width = values.count / count
    let vector = { (map: Int) in values[map * width..<(map + 1) * width] }
    let square = { (a: ArraySlice<Double>, b: ArraySlice<Double>) in
      zip(a, b).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let originals = (0..<skies).map { vector($0 * (rotationCount + 1)) }
    let mean = (0..<width).map { k in
      originals.reduce(0.0) { $0 + $1[$1.startIndex + k] } / Double(skies)
    }
    let scatter =
      originals.reduce(0.0) { $0 + square($1, mean[...]) } / Double(max(skies - 1, 1))
    var relative: [Double] = []
    var absolute = 0.0
    for (sky, original) in originals.enumerated() {
      let norm = original.reduce(0) { $0 + $1 * $1 }
      for k in 0..<rotationCount {
        let difference = square(vector(sky * (rotationCount + 1) + 1 + k), original)
        relative.append((difference / norm).squareRoot())
        absolute += difference / Double(skies * rotationCount)
      }
    }
    return NetworkChange(
      relative: rootMeanSquare(relative), ofScatter: (absolute / (2 * scatter)).squareRoot())
  }
}

/// Whole networks with initial weights on turned skies.
enum NetworkEquivariance {
  /// The powers of the bands of an isotropic network with blocks of 8 channels, ReLU between them.
  ///
  /// - Parameters:
  ///   - skies: what it sees.
  ///   - blocks: number of blocks; 1 has no ReLU.
  ///   - gridRings: rings of the Gauss-Legendre grid; lmax + 1 carries the degrees exactly.
  ///   - seed: of the weights.
  ///   - threads: any number gives the same bits.
  /// - Returns: what the rotations change.
  /// - Throws: `NetworkConfigurationError`, `HarmonicTransformError`.
  static func isotropic(
    _ skies: TurnedSkies, blocks: Int, gridRings: Int, seed: UInt64, threads: Int
  ) throws -> NetworkChange {
    let configuration = IsotropicConfiguration(
      nside: TurnedSkies.nside, lmax: TurnedSkies.lmax,
      channels: [Int](repeating: 8, count: blocks), gridRings: gridRings,
      powerFunction: .identity, readoutDegree: 1)
    let network = try IsotropicNetwork<Float>(configuration, seed: seed)
    return skies.change(network.bandValues(skies.maps, count: skies.count, threads: threads))
  }

  /// 16 outputs of the published network with initial weights, after its batch normalisations have seen the
  /// skies: with their initial statistics all signals would vanish beside the biases.
  ///
  /// - Throws: `HealpixError`.
  static func published(
    _ skies: TurnedSkies, seed: UInt64, threads: Int
  ) throws -> NetworkChange {
    var network = try PublishedNetwork<Float>(
      PublishedConfiguration(outputCount: 16), seed: seed)
    var unused = network.parameters.map {
      NamedTensor<Float>(name: $0.name, shape: $0.shape)
    }
    // The running statistics forget a tenth of the past at every step.
    for step in 0..<50 {
      _ = network.accumulateGradients(
        skies.maps, count: skies.count, step: step, threads: threads, into: &unused
      ) { (0, [Float](repeating: 0, count: $0.count)) }
    }
    let outputs = network.predict(skies.maps, count: skies.count, threads: threads)
    return skies.change(outputs.map { Double($0) })
  }
}

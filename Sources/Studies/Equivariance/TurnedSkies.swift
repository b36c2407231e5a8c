import HarmonicTransforms
import RandomNumbers
import SpectralNetworks
import SphereGrids

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

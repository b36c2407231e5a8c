import Foundation
import HarmonicTransforms
import RandomFields
import SkyMaps
import SkyModels
import SphereGrids
import Tasks

/// Maps of a task with something wrong in them.
///
/// The sky, its parameters and its noise are those of the task's test maps; each contamination
/// changes the same maps, so that predictions can be compared one by one.
final class ContaminatedMaps {
  let settings: TaskSettings
  let seed: UInt64
  private let channels: Int
  private let sky: SkyMapSource
  private let grid: HealpixGrid
  private let scalar: LeastSquaresAnalysis<Float>?
  private let spin: SpinLeastSquaresAnalysis<Float>?

  /// Maps for a network of `channels` channels.
  ///
  /// - Throws: `HealpixError`, `HarmonicTransformError`, `TaskError`.
  init(_ settings: TaskSettings, channels: Int, seed: UInt64) throws {
    self.settings = settings
    self.channels = channels
    self.seed = seed
    var clean = settings
    clean.noise = 0
    clean.mask = nil
    clean.skyFraction = 1
    sky = try SkyMapSource(clean, seed: seed)
    grid = try HealpixGrid(nside: settings.nside)
    let lmax = TaskSettings.lmax
    let isPolarisation = settings.task.isPolarisation
    scalar = isPolarisation ? nil : try LeastSquaresAnalysis(grid: grid, lmax: lmax)
    spin = isPolarisation ? try SpinLeastSquaresAnalysis(grid: grid, spin: 2, lmax: lmax) : nil
  }

  /// Some maps, `[pixel][map * channels + channel]`.
  ///
  /// - Throws: `HealpixError`, `HarmonicTransformError`, `SkyModelError`, `NamedSpectraError`.
  func batch(maps: Range<Int>, _ contamination: Contamination, threads: Int) throws -> [Float] {
    let count = maps.count
    let points = grid.pointCount
    let base = sky.batch(maps: maps, split: .test, threads: threads).maps
    let fieldCount = settings.fieldCount
    /// `[field][pixel * count + map]`.
    var fields = (0..<fieldCount).map { field in
      (0..<points * count).map { base[$0 * fieldCount + field] }
    }
    let rms = (0..<count).map { map in
      let sum = fields.reduce(0.0) { sum, field in
        (0..<points).reduce(sum) {
          $0 + Double(field[$1 * count + map]) * Double(field[$1 * count + map])
        }
      }
      return (sum / Double(points * fieldCount)).squareRoot()
    }
    try changeSky(&fields, contamination, maps: maps, rms: rms, threads: threads)
    addNoise(to: &fields, contamination, maps: maps, rms: rms)
    try changeData(&fields, contamination, count: count, rms: rms)
    var result = [Float](repeating: 0, count: points * count * channels)
    for pixel in 0..<points where settings.mask.map({ $0.weights[pixel] > 0 }) ?? true {
      for map in 0..<count {
        for channel in 0..<channels {
          result[(pixel * count + map) * channels + channel] =
            channel < fieldCount ? fields[channel][pixel * count + map] : 1
        }
      }
    }
    return result
  }

  // MARK: - The sky

  private func changeSky(
    _ fields: inout [[Float]], _ contamination: Contamination, maps: Range<Int>, rms: [Double],
    threads: Int
  ) throws {
    let count = maps.count
    switch contamination {
    case .beam(let degrees):
      let sigma = degrees * .pi / 180 / (8 * log(2.0)).squareRoot()
      // A spin-2 field is smoothed with l(l + 1) − 4 in place of l(l + 1).
      let spinTerm = settings.fieldCount == 1 ? 0.0 : 4
      try filter(&fields, on: grid, count: count, threads: threads) { l in
        exp(-(Double(l * (l + 1)) - spinTerm) * sigma * sigma / 2)
      }
    case .truncated(let lmax):
      try filter(&fields, on: grid, count: count, threads: threads) { $0 > lmax ? 0 : 1 }
    case .pixelAverage(let nside):
      let fine = try HealpixGrid(nside: nside)
      try filter(&fields, on: fine, count: count, threads: threads) { _ in 1 }
      let order = nside / settings.nside * (nside / settings.nside)
      for field in fields.indices {
        var mean = [Float](repeating: 0, count: grid.pointCount * count)
        for child in 0..<fine.pointCount {
          let parent = try grid.ringPixel(nested: child / order)
          let source = try fine.ringPixel(nested: child)
          for map in 0..<count {
            mean[parent * count + map] += fields[field][source * count + map] / Float(order)
          }
        }
        fields[field] = mean
      }
    case .monopole(let value):
      for k in fields[0].indices { fields[0][k] += Float(value) }
    case .dipole(let value):
      for pixel in 0..<grid.pointCount {
        let centre = try grid.centre(of: pixel)
        let x = Float(value * sin(centre.theta) * cos(centre.phi))
        for map in 0..<count { fields[0][pixel * count + map] += x }
      }
    case .powerLaw(let share):
      try addPowerLaw(to: &fields, share: share, maps: maps, rms: rms, threads: threads)
    default: break
    }
  }

  /// Multiplies the coefficients of every degree and evaluates them on a grid.
  private func filter(
    _ fields: inout [[Float]], on target: HealpixGrid, count: Int, threads: Int,
    _ factor: (Int) -> Double
  ) throws {
    func stack(_ values: [Float]) -> FieldStack<Float> {
      FieldStack(grid: grid, lanes: count, values: values)
    }
    func filtered(_ a: CoefficientStack<Float>) -> CoefficientStack<Float> {
      var a = a
      var place = 0
      for m in 0...a.mmax {
        for l in m...a.lmax {
          for k in 0..<2 * count { a.values[place + k] *= Float(factor(l)) }
          place += 2 * count
        }
      }
      return a
    }
    if let scalar {
      let a = try scalar.analysis(stack(fields[0]), threads: threads)
      let transform =
        target.nside == grid.nside
        ? scalar.transform : ScalarTransform(grid: target, lmax: a.lmax)
      fields = [transform.synthesis(filtered(a), threads: threads).values]
    } else if let spin {
      let a = try spin.analysis(
        SpinFields(q: stack(fields[0]), u: stack(fields[1])), threads: threads)
      let transform =
        target.nside == grid.nside
        ? spin.transform : SpinTransform(grid: target, spin: 2, lmax: a.e.lmax)
      let result = transform.synthesis(
        SpinCoefficients(e: filtered(a.e), b: filtered(a.b)), threads: threads)
      fields = [result.q.values, result.u.values]
    }
  }

  /// The power law goes from l = 2; its maps have another seed than the sky.
  private func addPowerLaw(
    to fields: inout [[Float]], share: Double, maps: Range<Int>, rms: [Double], threads: Int
  ) throws {
    let lmax = TaskSettings.lmax
    let law = (0...lmax).map { $0 < 2 ? 0 : pow(Double($0 + 1), -2.4) }
    let count = maps.count
    let otherSeed = seed &+ 0x9E37_79B9_7F4A_7C15
    let foreground: [[Float]]
    if settings.fieldCount == 1 {
      let spectrum = try PowerSpectrum(law)
      foreground = [
        GaussianMapSynthesizer<Float>(grid: grid, lmax: lmax).maps(
          maps, seed: otherSeed, split: .test, threads: threads
        ) { _ in spectrum }.values
      ]
    } else {
      let spectra = try NamedSpectra(ee: law, bb: law.map { $0 / 2 })
      let made = PolarisationMapSynthesizer<Float>(grid: grid, lmax: lmax).maps(
        maps, seed: otherSeed, split: .test, threads: threads
      ) { _ in spectra }
      foreground = (0...1).map { field in
        (0..<grid.pointCount * count).map { made[2 * $0 + field] }
      }
    }
    for map in 0..<count {
      let sum = foreground.reduce(0.0) { sum, field in
        (0..<grid.pointCount).reduce(sum) {
          $0 + Double(field[$1 * count + map]) * Double(field[$1 * count + map])
        }
      }
      let own = (sum / Double(grid.pointCount * fields.count)).squareRoot()
      let factor = Float(share * rms[map] / own)
      for field in fields.indices {
        for pixel in 0..<grid.pointCount {
          fields[field][pixel * count + map] += factor * foreground[field][pixel * count + map]
        }
      }
    }
  }

  // MARK: - Noise and data

  private func addNoise(
    to fields: inout [[Float]], _ contamination: Contamination, maps: Range<Int>, rms: [Double]
  ) {
    let own = settings.noise
    for (lane, map) in maps.enumerated() {
      var north = own
      var south = own
      switch contamination {
      case .noiseFactor(let factor): (north, south) = (own * factor, own * factor)
      case .extraNoise(let share):
        let extra = share * rms[lane]
        north = (own * own + extra * extra).squareRoot()
        south = north
      case .unevenNoise:
        north = own > 0 ? own * 1.5.squareRoot() : 0.01 * rms[lane]
        south = own * 0.5.squareRoot()
      default: break
      }
      guard north > 0 || south > 0 else { continue }
      let key = MapKey(seed: seed, split: .test, index: UInt64(map))
      for field in fields.indices {
        // T is field 0 of the keys, Q and U are 1 and 2.
        let number = settings.fieldCount == 1 ? 0 : field + 1
        var noise = [Float](repeating: 0, count: grid.pointCount)
        addWhiteNoise(standardDeviation: 1, key: key, field: number, to: &noise)
        for pixel in noise.indices {
          let sigma = Float(pixel < grid.pointCount / 2 ? north : south)
          fields[field][pixel * maps.count + lane] += sigma * noise[pixel]
        }
      }
    }
  }

  private func changeData(
    _ fields: inout [[Float]], _ contamination: Contamination, count: Int, rms: [Double]
  ) throws {
    switch contamination {
    case .factor(let factor):
      for field in fields.indices {
        for k in fields[field].indices { fields[field][k] *= Float(factor) }
      }
    case .flippedU: fields[1] = fields[1].map { -$0 }
    case .nestedOrder:
      for field in fields.indices {
        let ring = fields[field]
        for pixel in 0..<grid.pointCount {
          let source = try grid.ringPixel(nested: pixel)
          for map in 0..<count {
            fields[field][pixel * count + map] = ring[source * count + map]
          }
        }
      }
    case .brightPixel(let factor):
      // A pixel that every mask of the benchmark observes: the one at the published centre.
      let pixel = try grid.pixel(at: SkyMask.publishedCentre)
      for map in 0..<count { fields[0][pixel * count + map] += Float(factor * rms[map]) }
    case .zeros(let share):
      try clear(&fields, count: count) { centre in cos(centre.theta) > 1 - 2 * share }
    case .rotatedMask(let degrees):
      guard let mask = settings.mask else { break }
      try clear(&fields, count: count) { [grid] centre in
        let turned = Direction(theta: centre.theta, phi: centre.phi - degrees * .pi / 180)
        return mask.weights[try grid.pixel(at: turned)] == 0
      }
    default: break
    }
  }

  private func clear(
    _ fields: inout [[Float]], count: Int, where isLost: (Direction) throws -> Bool
  ) throws {
    for pixel in 0..<grid.pointCount where try isLost(try grid.centre(of: pixel)) {
      for field in fields.indices {
        for map in 0..<count { fields[field][pixel * count + map] = 0 }
      }
    }
  }
}

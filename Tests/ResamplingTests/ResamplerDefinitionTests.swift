import Foundation
import HarmonicTransforms
import Resampling
import SphereGrids
import Testing
import Verification

@Suite("Resampling against its definition")
struct ResamplerDefinitionTests {

  /// Both directions entry by entry from the functions of pixels; at most 64 terms a point. Pixels
  /// are copied exactly. Control: the other rules.
  @Test("HEALPix maps against the formula", arguments: ResamplingMethod.allCases, [3, 4])
  func formula(method: ResamplingMethod, nside: Int) throws {
    let healpix = try HealpixGrid(nside: nside)
    let target = PublishedSamplingGrid(ringCount: 8, longitudeCount: 16)
    let (lanes, bound) = (2, RoundingBound.probable(operations: 64))
    var numbers = TestNumbers(seed: 5)
    let x = numbers.normals(lanes * healpix.pointCount)
    let y = numbers.normals(lanes * target.pointCount)
    let slow = try method.appliedByDefinition(x, from: healpix, to: target.directions)
    let back = try method.transposedByDefinition(y, from: healpix, to: target.directions)
    for other in ResamplingMethod.allCases {
      let resampler = Resampler<Double>(from: healpix, to: target, method: other)
      let applied = resampler.apply(x.transposed(rows: lanes), lanes: lanes)
        .transposed(rows: target.pointCount)
      let transposed = resampler.transpose(y.transposed(rows: lanes), lanes: lanes)
        .transposed(rows: healpix.pointCount)
      if other == method {
        #expect(relativeError(applied, slow) <= bound && relativeError(transposed, back) <= bound)
        if method != .bilinear { #expect(applied == slow) }
      } else {
        #expect(relativeError(applied, slow) > 1000 * bound)
        #expect(relativeError(transposed, back) > 1000 * bound)
      }
    }
  }

  /// Every rule reproduces a constant: exactly when it copies, else to the rounding of weights that
  /// sum to 1, at most 64 of them (a whole ring at a pole).
  @Test("Constants stay constant", arguments: ResamplingPairs.all.indices)
  func constants(pair: Int) {
    let (source, target) = ResamplingPairs.all[pair]
    for method in ResamplingMethod.allCases {
      let resampler = Resampler<Double>(from: source, to: target, method: method)
      let ones = [Double](repeating: 1, count: resampler.sourceCount)
      let bound = method == .bilinear ? RoundingBound.certain(operations: 128) : 0
      for value in resampler.apply(ones) { #expect(abs(value - 1) <= bound) }
      // Negative control: rows with a weight too few, which is what the transpose has.
      let columns = resampler.transpose([Double](repeating: 1, count: resampler.targetCount))
      if source.pointCount != target.pointCount {
        #expect(columns.contains { abs($0 - 1) > 1000 * RoundingBound.certain(operations: 128) })
      }
    }
  }

  /// Integers are copied exactly, into every lane, and a grid resampled to itself is itself.
  @Test("Integers and identities are exact", arguments: ResamplingPairs.all.indices)
  func integers(pair: Int) {
    let (source, target) = ResamplingPairs.all[pair]
    let lanes = 3
    let numbers = (0..<source.pointCount * lanes).map { Double($0) }
    for method in [ResamplingMethod.containingPixel, .nearest] {
      let resampler = Resampler<Double>(from: source, to: target, method: method)
      let result = resampler.apply(numbers, lanes: lanes)
      for point in 0..<target.pointCount {
        let first = result[point * lanes]
        #expect(first.truncatingRemainder(dividingBy: 3) == 0)
        #expect(result[point * lanes + 1] == first + 1 && result[point * lanes + 2] == first + 2)
      }
    }
    for grid in [source, target] where !(grid is HealpixGrid) && grid.rings[0].sinTheta > 0 {
      for method in ResamplingMethod.allCases {
        let resampler = Resampler<Float>(from: grid, to: grid, method: method)
        let map = (0..<grid.pointCount).map { Float($0) }
        #expect(resampler.apply(map) == map, "\(grid.name), \(method)")
      }
    }
  }

  /// Interpolation between rings is one rule: the one written for any grid of rings gives HEALPix's
  /// own weights on HEALPix's rings. Bound as in ResamplerFixtureTests, and 2⁻⁴⁰ where a point
  /// within that distance of a source point is taken to be on it.
  @Test("HEALPix interpolation is interpolation between rings", arguments: [1, 3, 8])
  func bilinearRules(nside: Int) throws {
    let healpix = try HealpixGrid(nside: nside)
    let rings = PlainRings(of: healpix)
    var numbers = TestNumbers(seed: 3)
    let map = numbers.normals(healpix.pointCount)
    let scale = map.map(abs).max() ?? 0
    for target in [GaussLegendreGrid(lmax: 20) as any RingGrid, PublishedSamplingGrid(), healpix] {
      let special = Resampler<Double>(from: healpix, to: target, method: .bilinear).apply(map)
      let general = Resampler<Double>(from: rings, to: target, method: .bilinear).apply(map)
      let bound = (1024 * RoundingBound.unitRoundoff(Double.self) + 0x1p-38) * scale
      let comparison = Comparison(general, with: special)
      #expect(comparison.largestAbsolute <= bound, "\(target.name): \(comparison)")
      // Negative control: a copy of the nearest pixel, except on the grid itself.
      if !(target is HealpixGrid) {
        let nearest = Resampler<Double>(from: healpix, to: target, method: .nearest).apply(map)
        #expect(Comparison(nearest, with: special).largestAbsolute > 1000 * bound, "\(target.name)")
      }
    }
  }

  /// A bilinear map of cos θ errs by at most h²/8, h the largest distance of rings, and by h²/2
  /// within the first or last ring, where the mean of the ring stands for ±1; a copy errs by at
  /// most the distance to the point copied, which is below the diagonal of a cell.
  /// Blind to: errors in φ (the second field, sin θ cos φ, sees those).
  @Test("Dipoles", arguments: ResamplingPairs.all.indices.dropLast())
  func dipoles(pair: Int) {
    let (source, target) = ResamplingPairs.all[pair]
    var edges = source.rings.map(\.theta)
    edges = [-edges[0]] + edges + [2 * .pi - (edges.last ?? 0)]
    let step = zip(edges.dropFirst(), edges).map { $0 - $1 }.max() ?? 0
    let turn = source.rings.map { 2 * .pi * $0.sinTheta / Double($0.count) }.max() ?? 0
    for field in [{ cos($0.theta) }, { sin($0.theta) * cos($0.phi) }] as [(Direction) -> Double] {
      let exact = target.directions.map(field)
      let samples = source.directions.map(field)
      for method in ResamplingMethod.allCases {
        let result = Resampler<Double>(from: source, to: target, method: method).apply(samples)
        let worst = Comparison(result, with: exact).largestAbsolute
        let bound = method == .bilinear ? (step * step + turn * turn) / 2 : hypot(step, turn)
        #expect(worst <= bound, "\(source.name) to \(target.name), \(method): \(worst) > \(bound)")
      }
    }
  }

  /// The cell of a ring grid that contains a point of HEALPix is the one whose bounds hold its
  /// angles: half-open at the south and the east.
  @Test("Cells hold the points that they contain")
  func cells() throws {
    let target = try HealpixGrid(nside: 8)
    for source in [GaussLegendreGrid(lmax: 9) as any RingGrid, PublishedSamplingGrid()] {
      let resampler = Resampler<Double>(from: source, to: target, method: .containingPixel)
      let found = resampler.apply((0..<source.pointCount).map { Double($0) })
      for (pixel, direction) in target.directions.enumerated() {
        let j = try #require(source.rings.lastIndex { Double($0.start) <= found[pixel] })
        let ring = source.rings[j]
        let north = j == 0 ? 0 : (source.rings[j - 1].theta + ring.theta) / 2
        let south =
          j == source.rings.count - 1 ? 4 : (source.rings[j + 1].theta + ring.theta) / 2
        let margin = 1e-11  // ties within 2⁻⁴⁰ of a spacing count as on the edge
        #expect(north - margin <= direction.theta && direction.theta < south - margin / 100)
        let spacing = 2 * .pi / Double(ring.count)
        let turns = (direction.phi - ring.phi0) / spacing - (found[pixel] - Double(ring.start))
        let wrapped = turns - (turns / Double(ring.count)).rounded() * Double(ring.count)
        #expect(-0.5 - margin <= wrapped && wrapped < 0.5 - margin / 100)
      }
    }
  }

  /// Lanes, threads and ranges change nothing: each lane is the one-lane result, bit for bit, in
  /// both directions, and equals the sum over the entries of W.
  @Test("Lanes and threads", arguments: ResamplingMethod.allCases)
  func lanesAndThreads(method: ResamplingMethod) throws {
    let source = try HealpixGrid(nside: 8)
    let target = ClenshawCurtisGrid(ringCount: 16, longitudeCount: 32)
    let resampler = Resampler<Float>(from: source, to: target, method: method)
    var numbers = TestNumbers(seed: 4)
    let lanes = 11
    let x = numbers.normals(source.pointCount * lanes).map { Float($0) }
    let y = numbers.normals(target.pointCount * lanes).map { Float($0) }
    let forward = resampler.apply(x, lanes: lanes)
    let backward = resampler.transpose(y, lanes: lanes)
    #expect(resampler.apply(x, lanes: lanes, threads: 3) == forward)
    #expect(resampler.transpose(y, lanes: lanes, threads: 3) == backward)
    let fields = FieldStack(grid: source, lanes: lanes, values: x)
    #expect(resampler.apply(fields).values == forward)
    func lane(_ k: Int, _ a: [Float]) -> [Float] {
      stride(from: k, to: a.count, by: lanes).map { a[$0] }
    }
    for k in 0..<lanes {
      #expect(lane(k, forward) == resampler.apply(lane(k, x)))
      #expect(lane(k, backward) == resampler.transpose(lane(k, y)))
    }
    let definition = resampler.rows.productByDefinition(lane(0, x).map(Double.init))
    let bound = RoundingBound.certain(operations: 64, Float.self)
    #expect(Comparison(lane(0, forward), with: definition).relativeMaximum <= bound)
    // Negative control: another lane.
    #expect(Comparison(lane(1, forward), with: definition).relativeMaximum > 1000 * bound)
  }

  /// Old contents of the result do not survive: it may be full of NaN.
  @Test("Results are overwritten")
  func overwrites() throws {
    let source = try HealpixGrid(nside: 4)
    let target = GaussLegendreGrid(lmax: 3)
    let resampler = Resampler<Double>(from: source, to: target, method: .containingPixel)
    var y = [Double](repeating: .nan, count: target.pointCount * 2)
    resampler.apply([Double](repeating: 1, count: source.pointCount * 2), lanes: 2, into: &y)
    #expect(y.allSatisfy { $0 == 1 })
    var x = [Double](repeating: .nan, count: source.pointCount)
    resampler.transpose([Double](repeating: 1, count: target.pointCount), into: &x)
    // Each target point reads one pixel: the transpose counts readers, none for most pixels.
    #expect(x.reduce(0, +) == Double(target.pointCount))
    #expect(x.contains(0))
  }
}

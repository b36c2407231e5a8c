import Kernels
import LinearAlgebra
import SphereGrids
import Testing
import Verification

@testable import HarmonicTransforms

extension TransformCase {
  /// Grids with every kind of symmetry, and without: HEALPix; even and odd numbers of rings; poles
  /// sampled; no mirror rings; orders cut.
  static let overdetermined: [TransformCase] =
    [
      TransformCase(GaussLegendreGrid(lmax: 6), lmax: 6),
      TransformCase(GaussLegendreGrid(ringCount: 9, longitudeCount: 15), lmax: 6, mmax: 4),
      TransformCase(ClenshawCurtisGrid(ringCount: 9, longitudeCount: 14), lmax: 6),
      TransformCase(PublishedSamplingGrid(ringCount: 10, longitudeCount: 20), lmax: 7, mmax: 5),
      TransformCase(ShiftedGrid(), lmax: 4),
    ]
    + [(1, 2), (2, 5), (3, 8), (4, 9), (2, 4)].compactMap { nside, lmax in
      (try? HealpixGrid(nside: nside)).map { TransformCase($0, lmax: lmax) }
    }
}

/// Mirror rings that start at longitudes without any symmetry: nothing decouples but the orders.
struct ShiftedGrid: RingGrid {
  let rings: [Ring]
  var pointCount: Int { rings.reduce(0) { $0 + $1.count } }
  var exactDegree: Int { 0 }
  var exactAnalysisDegree: Int { 0 }
  var name: String { "shifted test rings" }

  init(step: Double = 0.1) {
    var rings = GaussLegendreGrid(ringCount: 8, longitudeCount: 7).rings
    for i in rings.indices { rings[i].phi0 = step * Double(i * i + 1) }
    self.rings = rings
  }
}

@Suite("Least-squares analysis against its definition")
struct LeastSquaresDefinitionTests {
  /// Both solve the same equations; the answers differ by rounding times the condition number
  /// κ(YᵀY) of the normal equations, for random signs √unknowns of them.
  /// Blind to: an error in λ_lm or the ring table, which both sides share.
  static func bound(_ operation: LeastSquaresAnalysis<Double>, _ c: TransformCase) -> Double {
    let unknowns = 2 * coefficientCount(lmax: c.lmax, mmax: c.mmax)
    return RoundingBound.probable(operations: unknowns) / operation.reciprocalCondition
  }

  @Test("Block operator against a dense solution", arguments: TransformCase.overdetermined)
  func dense(_ c: TransformCase) throws {
    let operation = try LeastSquaresAnalysis<Double>(grid: c.grid, lmax: c.lmax, mmax: c.mmax)
    let f: FieldStack<Double> = c.field(seed: 31)
    let slow = try DirectTransform(grid: c.grid, lmax: c.lmax, mmax: c.mmax).leastSquares(f)
    let comparison = Comparison(try operation.analysis(f).values, with: slow.values)
    let bound = Self.bound(operation, c)
    #expect(comparison.relativeL2 <= bound, "\(c): \(comparison), bound \(bound)")
    let single = try LeastSquaresAnalysis<Float>(grid: c.grid, lmax: c.lmax, mmax: c.mmax)
      .analysis(FieldStack(grid: c.grid, lanes: c.lanes, values: f.values.map { Float($0) }))
    let rounded = Comparison(single.values, with: slow.values)
    #expect(rounded.relativeL2 <= bound * 0x1p29, "\(c) in Float: \(rounded)")
    // On HEALPix the equal-weight quadrature is another estimate: the check tells them apart.
    if c.grid is HealpixGrid {
      let quadrature = try operation.transform.analysis(f, .lossy)
      #expect(relativeError(quadrature.values, slow.values) > 1000 * bound, "\(c)")
    }
  }

  /// The elements of the normal matrix from their closed form, against the product of dense
  /// columns.
  @Test("Normal matrix against the sums over points", arguments: TransformCase.overdetermined)
  func normalMatrix(_ c: TransformCase) {
    let direct = DirectTransform(grid: c.grid, lmax: c.lmax, mmax: c.mmax)
    let (places, matrix) = (direct.freePlaces, direct.synthesisMatrix)
    let product = matrix.transposed.multiplied(by: matrix)
    let pairs = RingPair.pairs(of: c.grid.rings)
    let table = LegendreTable<Double>(lmax: c.lmax, mmax: c.mmax, pairs: pairs)
    let blocks = NormalBlocks(lmax: c.lmax, mmax: c.mmax, basis: .scalar(table), pairs: pairs)
    var assembled = Matrix(rows: product.rows, columns: product.columns)
    for block in blocks.blocks {
      let gram = blocks.gramMatrix(of: block)
      var rows: [(Int, Double)] = []
      for run in block {
        for l in run.degrees {
          let place = 2 * coefficientIndex(l: l, m: run.m, lmax: c.lmax) + run.part
          let row = places.firstIndex(of: place) ?? -1
          rows.append((row, run.m == 0 ? 1 : 2.0.squareRoot()))
        }
      }
      for (i, a) in rows.enumerated() {
        for (j, b) in rows.enumerated() { assembled[a.0, b.0] = a.1 * b.1 * gram[i, j] }
      }
    }
    let bound = RoundingBound.probable(operations: 8 * (c.lmax + 1))
    let comparison = Comparison(assembled.storage, with: product.storage)
    #expect(comparison.relativeL2 <= bound, "\(c): \(comparison)")
    // Negative control: without the folded orders (blocks by m alone) HEALPix is not reproduced.
    if c.grid is HealpixGrid && c.lmax > 2 {
      var cut = assembled
      for (i, a) in places.enumerated() {
        for (j, b) in places.enumerated()
        where order(of: a, c) != order(of: b, c) {
          cut[i, j] = 0
        }
      }
      #expect(relativeError(cut.storage, product.storage) > 1000 * bound, "\(c)")
    }
  }

  private func order(of place: Int, _ c: TransformCase) -> Int {
    (0...c.mmax).last { coefficientIndex(l: $0, m: $0, lmax: c.lmax) <= place / 2 } ?? 0
  }
}

import FileFormats
import Foundation

/// EE and BB of the reionised sky as functions of the optical depth tau: the T3 test of [KT19].
///
/// Spectra:     CAMB [Lewis2000], lensed, r = 0, H0 67.4, Omega_b h² 0.0224, Omega_c h² 0.120,
///              A_s 2.1e-9 fixed, n_s 0.965; C_l in μK², l = 0...lmax, zero below l = 2.
/// Method:      ln C_l is tabulated at the Chebyshev points
///              τ_j = (a + b)/2 − (b − a)/2 cos(j π/N), j = 0...N, of the range a...b, and
///              interpolated by the polynomial p(x) = Σ_k c_k T_k(x), x = (2τ − a − b)/(b − a),
///              with c_k = (2 − δ_k0 − δ_kN)/N Σ_j ln C_l(τ_j) T_k(x_j), the terms j = 0 and N
///              halved [DLMF, 3.11(ii)]. dp/dx = Σ_k k c_k U_{k−1}(x) [DLMF, 18.9.21].
/// Accuracy:    of the interpolation 1e-5 of C_l (OpticalDepthOracleTests: CAMB between the nodes).
///              CAMB's own accuracy is about 2e-3 (its AccuracyBoost moves EE by that).
/// Checked by:  OpticalDepthOracleTests, OpticalDepthPropertyTests, OpticalDepthErrorTests.
public struct OpticalDepthTable: Sendable, Hashable {
  /// The nodes τ_k, ascending, both ends of the range included.
  public let nodes: [Double]
  /// C_l^EE at node k, [k][l].
  public let ee: [[Double]]
  /// C_l^BB at node k, [k][l].
  public let bb: [[Double]]
  /// The largest degree, inclusive.
  public var lmax: Int { ee[0].count - 1 }
  /// The range of tau.
  public var range: ClosedRange<Double> { nodes[0]...nodes[nodes.count - 1] }

  /// c_k of ln C_l, [l][k], l = 0...lmax; empty where C_l vanishes.
  private let series: [SkyField: [[Double]]]

  /// A table from spectra at Chebyshev points.
  ///
  /// - Parameters:
  ///   - nodes: τ_k, at least two, ascending.
  ///   - ee: C_l^EE, [k][l], positive from l = 2 on and zero below.
  ///   - bb: C_l^BB likewise.
  /// - Throws: `OpticalDepthError`.
  public init(
    nodes: [Double], ee: [[Double]], bb: [[Double]]
  ) throws(OpticalDepthError) {
    guard nodes.count >= 2 else { throw .tooFewNodes(found: nodes.count) }
    guard nodes[0] < nodes[nodes.count - 1] else {
      throw .notChebyshev(node: 0, found: nodes[0], expected: nodes.min() ?? .nan)
    }
    for (k, expected) in Self.chebyshevNodes(nodes[0], nodes[nodes.count - 1], nodes.count)
      .enumerated()
    where !(abs(nodes[k] - expected) <= 1e-12 * abs(nodes[nodes.count - 1])) {
      throw .notChebyshev(node: k, found: nodes[k], expected: expected)
    }
    let count = ee.first?.count ?? 0
    guard count > 2 else { throw .wrongLength(name: .ee, node: 0, found: count, expected: 48) }
    for (name, table) in [(SpectrumName.ee, ee), (.bb, bb)] {
      guard table.count == nodes.count else {
        throw .wrongNodeCount(name: name, found: table.count, expected: nodes.count)
      }
      for (k, row) in table.enumerated() {
        guard row.count == count else {
          throw .wrongLength(name: name, node: k, found: row.count, expected: count)
        }
        for (l, value) in row.enumerated()
        where !(l < 2 ? value == 0 : value > 0 && value.isFinite) {
          throw .badPower(name: name, node: k, l: l, found: value)
        }
      }
    }
    self.nodes = nodes
    self.ee = ee
    self.bb = bb
    series = [.e: Self.series(of: ee), .b: Self.series(of: bb)]
  }

  /// Reads a table from a FITS file with the columns TAU, EE and BB, one row per node; EE and BB
  /// have lmax + 1 numbers in a row.
  ///
  /// - Throws: `FileError`, `FitsError`; `OpticalDepthFileError` with the file's name around an
  ///   `OpticalDepthError`.
  public init(contentsOf url: URL) throws {
    let isTable = { (header: [String: String]) in header["TTYPE1"] != nil }
    let (tables, others) = try FitsTable.read(url, where: isTable)
    guard let table = tables.first else {
      throw FitsError(
        file: url.path,
        fault: .noTable(expected: "a table with the columns TAU, EE and BB", found: others))
    }
    do throws(OpticalDepthError) {
      let names = ["TAU", "EE", "BB"]
      guard table.columns.count == names.count, table.omittedColumns.isEmpty else {
        throw .wrongColumns(found: table.columns.map(\.name) + table.omittedColumns)
      }
      var rows: [[[Double]]] = []
      for name in names {
        guard let column = table.columns.first(where: { $0.name.uppercased() == name }) else {
          throw .wrongColumns(found: table.columns.map(\.name))
        }
        let size = max(column.valuesPerRow, 1)
        rows.append(
          stride(from: 0, to: column.values.count, by: size).map {
            Array(column.values[$0..<$0 + size])
          })
      }
      guard rows[0].allSatisfy({ $0.count == 1 }) else {
        throw .wrongColumns(found: table.columns.map { "\($0.name) (\($0.valuesPerRow))" })
      }
      try self.init(nodes: rows[0].map { $0[0] }, ee: rows[1], bb: rows[2])
    } catch {
      throw OpticalDepthFileError(file: url.relativePath, fault: error)
    }
  }

  /// The table of CAMB's C_l: `Fixtures/spectra/optical_depth_physical.fits`.
  public static let physical = shipped(ee: physicalEE, bb: physicalBB)

  /// The table of the published training: D_l of a calculation that ends near l = 47, in the place
  /// of C_l. `Fixtures/spectra/optical_depth_published.fits`.
  public static let published = shipped(ee: publishedEE, bb: publishedBB)

  /// A spectrum at τ.
  ///
  /// - Parameters:
  ///   - field: E or B.
  ///   - tau: within `range`.
  /// - Returns: C_l, l = 0...lmax.
  /// - Throws: `OpticalDepthError.outside`.
  public func spectrum(
    of field: SkyField, tau: Double
  ) throws(OpticalDepthError) -> PowerSpectrum {
    PowerSpectrum(nonnegative: try interpolated(field, tau: tau).map { $0.power })
  }

  /// ∂C_l/∂τ = C_l d ln C_l/dτ, l = 0...lmax.
  ///
  /// - Parameters:
  ///   - field: E or B.
  ///   - tau: within `range`.
  /// - Returns: ∂C_l/∂τ, l = 0...lmax.
  /// - Throws: `OpticalDepthError.outside`.
  public func derivative(
    of field: SkyField, tau: Double
  ) throws(OpticalDepthError) -> [Double] {
    try interpolated(field, tau: tau).map { $0.power * $0.slope }
  }

  /// The spectra of one field as a family with the parameter `tau`.
  public func family(_ field: SkyField) -> OpticalDepthFamily {
    precondition(field != .temperature, "the table has E and B only")
    return OpticalDepthFamily(table: self, field: field)
  }

  /// C_l and d ln C_l/dτ, l = 0...lmax.
  private func interpolated(
    _ field: SkyField, tau: Double
  ) throws(OpticalDepthError) -> [(power: Double, slope: Double)] {
    guard range.contains(tau) else { throw .outside(tau: tau, range: range) }
    guard let series = series[field] else { preconditionFailure("the table has no \(field)") }
    let width = range.upperBound - range.lowerBound
    let x = ((tau - range.lowerBound) - (range.upperBound - tau)) / width
    return series.map { coefficients in
      guard !coefficients.isEmpty else { return (0, 0) }
      let (value, slope) = chebyshevSum(coefficients, at: x)
      return (exp(value), slope * 2 / width)
    }
  }

  /// τ_k = (a + b)/2 − (b − a)/2 cos(k π/N); the ends exactly.
  static func chebyshevNodes(_ a: Double, _ b: Double, _ count: Int) -> [Double] {
    (0..<count).map { k in
      if k == 0 { return a }
      if k == count - 1 { return b }
      return (a + b) / 2 - (b - a) / 2 * cos(Double(k) * .pi / Double(count - 1))
    }
  }

  /// c_k of ln C_l, [l][k], from C_l at the nodes, [j][l].
  private static func series(of table: [[Double]]) -> [[Double]] {
    let n = table.count - 1
    return table[0].indices.map { l in
      guard table[0][l] > 0 else { return [] }
      return (0...n).map { k in
        var sum = 0.0
        for j in 0...n {
          // x_j = −cos(j π/N) = cos((N − j) π/N), and T_k(x_j) = cos(k (N − j) π/N).
          let end = j == 0 || j == n ? 0.5 : 1
          sum += end * log(table[j][l]) * cos(.pi * Double(k * (n - j) % (2 * n)) / Double(n))
        }
        return sum * (k == 0 || k == n ? 1 : 2) / Double(n)
      }
    }
  }

  /// The numbers in the source as a table; they come from its generator and need no check.
  private static func shipped(ee: [Double], bb: [Double]) -> OpticalDepthTable {
    let count = shippedNodes.count
    func rows(_ values: [Double]) -> [[Double]] {
      let size = values.count / count
      return (0..<count).map { [0, 0] + Array(values[$0 * size..<($0 + 1) * size]) }
    }
    do {
      return try OpticalDepthTable(nodes: shippedNodes, ee: rows(ee), bb: rows(bb))
    } catch {
      preconditionFailure("the table in the source: \(error)")
    }
  }
}

/// p(x) = Σ_k c_k T_k(x) and dp/dx = Σ_k k c_k U_{k−1}(x), by the recurrences of T_k and U_k.
private func chebyshevSum(
  _ coefficients: [Double], at x: Double
) -> (value: Double, slope: Double) {
  var (value, slope) = (coefficients[0], 0.0)
  var (below, here) = (1.0, x)  // T_{k−1}, T_k
  var (second, secondBelow) = (1.0, 0.0)  // U_{k−1}, U_{k−2}
  for k in 1..<coefficients.count {
    value += coefficients[k] * here
    slope += Double(k) * coefficients[k] * second
    (below, here) = (here, 2 * x * here - below)
    (secondBelow, second) = (second, 2 * x * second - secondBelow)
  }
  return (value, slope)
}

extension UncorrelatedModel {
  /// The sky of task t3: EE and BB with the parameter `tau`, l = 2...47.
  public static func opticalDepth(
    _ table: OpticalDepthTable = .physical
  ) -> UncorrelatedModel {
    UncorrelatedModel([
      Component(.e, table.family(.e)), Component(.b, table.family(.b)),
    ])
  }
}

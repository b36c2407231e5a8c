import LinearAlgebra

/// Band powers of the whole sky from the pseudo-spectra of a masked one (MASTER).
///
/// Definition:  C_l is taken for a constant c_b in each bin b, and for 0 outside the bins. With the
///              coupling matrix K of the mask and n_b degrees in bin b,
///              ⟨C̃_b⟩ = Σ_b' M_bb' c_b',  M_bb' = Σ_{l in b} Σ_{l' in b'} K_ll' f_l' g_l' / n_b,
///              C̃_b = Σ_{l in b} C̃_l / n_b, and c = M⁻¹ C̃ [Hivon2002] [Alonso2019]. f and g are
///              the beams and pixel windows of the two fields: the c_b are free of them.
///              EE + BB, EE − BB, EB + BE and EB − BE have one matrix each, from
///              `SpinModeCoupling`.
/// Bias:        none for a sky whose spectrum is constant in the bins; noise is not subtracted:
///              cross spectra of maps with independent noise have none.
/// Domain:      mask and bins such that M can be inverted.
/// Checked by:  SpinModeCouplingDefinitionTests, SpectrumDecouplingPropertyTests.
public struct SpectrumDecoupling: Sendable {
  /// The bins.
  public let bins: DegreeBins
  private let scalar: Matrix
  private let mixed: Matrix
  private let sum: Matrix
  private let difference: Matrix
  private let transfer: HarmonicTransfer

  /// The matrices of a mask.
  ///
  /// - Parameters:
  ///   - maskSpectrum: W_L, L = 0, 1, ...
  ///   - bins: degrees up to the transfer's lmax (a precondition).
  ///   - transfer: beams and pixel windows of the maps.
  ///   - isPolarised: whether there are E and B: without them their matrices are not made.
  /// - Throws: `MapToolError.windowsOfPolarisationDiffer`: E and B are mixed by the mask, and sums
  ///   and differences of their spectra have one matrix only for equal windows.
  public init(
    maskSpectrum: [Double], bins: DegreeBins, transfer: HarmonicTransfer, isPolarised: Bool
  ) throws(MapToolError) {
    if isPolarised,
      let l = (2..<max(2, transfer.lmax + 1)).first(where: {
        transfer.gradient[$0] != transfer.curl[$0]
      })
    {
      throw .windowsOfPolarisationDiffer(l: l, e: transfer.gradient[l], b: transfer.curl[l])
    }
    precondition(
      bins.ranges.allSatisfy { $0.upperBound <= transfer.lmax + 1 }, "bins beyond \(transfer.lmax)")
    self.bins = bins
    self.transfer = transfer
    let lmax = transfer.lmax
    scalar = ModeCouplingMatrix(maskSpectrum: maskSpectrum, lmax: lmax).elements
    if isPolarised {
      let spin = SpinModeCoupling(maskSpectrum: maskSpectrum, lmax: lmax)
      mixed = spin.mixed
      sum = Self.combined(spin.even, spin.odd, 1)
      difference = Self.combined(spin.even, spin.odd, -1)
    } else {
      (mixed, sum, difference) = (scalar, scalar, scalar)
    }
  }

  private static func combined(_ a: Matrix, _ b: Matrix, _ sign: Double) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns) { a[$0, $1] + sign * b[$0, $1] }
  }

  /// The band powers of all spectra of a pair of fields.
  ///
  /// - Parameter pseudo: C̃_l by names of two letters, l = 0...lmax, as they are: not divided by
  ///   the mean of w². EE needs BB beside it and EB needs BE, except for auto spectra, where BE =
  ///   EB.
  /// - Returns: c_b under the same names.
  /// - Throws: `MapToolError.couplingSingular`.
  public func bandPowers(
    of pseudo: [(name: String, values: [Double])]
  ) throws -> [(name: String, values: [Double])] {
    var means: [String: [Double]] = [:]
    for (name, values) in pseudo {
      precondition(values.count == transfer.lmax + 1, "\(values.count) degrees of \(name)")
      means[name] = bins.means(of: values)
    }
    var result: [String: [Double]] = [:]
    for (name, values) in means {
      guard result[name] == nil else { continue }
      switch name {
      case "TT": result[name] = try solve(scalar, values, name, "T", "T")
      case "TE", "ET": result[name] = try solve(mixed, values, name, "T", "E")
      case "TB", "BT": result[name] = try solve(mixed, values, name, "T", "B")
      case "EE", "BB":
        let (ee, bb) = try pair(
          means["EE"], means["BB"], "EE and BB", plus: sum, minus: difference, ("E", "E"))
        result["EE"] = ee
        result["BB"] = bb
      default:
        let (eb, be) = try pair(
          means["EB"], means["BE"] ?? means["EB"], "EB and BE", plus: difference, minus: sum,
          ("E", "B"))
        result["EB"] = eb
        result["BE"] = be
      }
    }
    return pseudo.map { ($0.name, result[$0.name] ?? []) }
  }

  /// Two spectra through their sum and their difference.
  private func pair(
    _ a: [Double]?, _ b: [Double]?, _ name: String, plus: Matrix, minus: Matrix,
    _ letters: (String, String)
  ) throws -> ([Double], [Double]) {
    guard let a, let b else { preconditionFailure("\(name) without its partner") }
    let p = try solve(plus, zip(a, b).map { $0 + $1 }, name, letters.0, letters.1)
    let m = try solve(minus, zip(a, b).map { $0 - $1 }, name, letters.0, letters.1)
    return (zip(p, m).map { ($0 + $1) / 2 }, zip(p, m).map { ($0 - $1) / 2 })
  }

  /// M⁻¹ C̃.
  private func solve(
    _ coupling: Matrix, _ values: [Double], _ name: String, _ x: String, _ y: String
  ) throws -> [Double] {
    let (f, g) = (transfer[x], transfer[y])
    let ranges = bins.ranges
    let binned = Matrix(rows: ranges.count, columns: ranges.count) { row, column in
      var total = 0.0
      for l in ranges[row] {
        for other in ranges[column] { total += coupling[l, other] * f[other] * g[other] }
      }
      return total / Double(ranges[row].count)
    }
    let right = Matrix(rows: ranges.count, columns: 1, storage: values)
    let solution = try LeastSquaresSolution(binned, right)
    guard solution.rank == ranges.count else {
      throw MapToolError.couplingSingular(spectra: name, bins: ranges.count)
    }
    return solution.solution.column(0)
  }
}

import Expectations
import Foundation
import HarmonicTransforms
import Plotting
import SphereGrids
import Testing
import Verification

@testable import Studies

/// The map of errors, by what theory says of its corners.
/// Blind to: errors that synthesis and analysis share, which the suites of the transforms see.
@Suite("Exactness of analysis")
struct ExactnessStudyTests {
  private func error(
    _ method: AnalysisMethod, nside: Int, lmax: Int, spin: Int
  ) throws -> RoundTripError {
    try RoundTrip<Double>(
      grid: HealpixGrid(nside: nside), lmax: lmax, mmax: lmax, spin: spin, trials: 2, seed: 3,
      threads: 1
    ).error(method)
  }

  /// Least squares inverts synthesis up to lmax = 3 nside − 1: its iteration stops when the normal
  /// equations hold to 4 ulp, which leaves κ² = 46 times that (nside 16, lmax 47; less on smaller
  /// grids).
  /// Control: quadrature on the same field.
  @Test("Least squares is exact", arguments: [0, 2], [(4, 8), (4, 11), (8, 23)])
  func leastSquares(spin: Int, size: (nside: Int, lmax: Int)) throws {
    let bound = 46 * 4 * Double.ulpOfOne
    let found = try error(.leastSquares, nside: size.nside, lmax: size.lmax, spin: spin)
    #expect(found.relativeL2 <= bound, "\(found)")
    let plain = try error(.gridWeights, nside: size.nside, lmax: size.lmax, spin: spin)
    #expect(plain.relativeL2 > 1000 * bound)
    #expect(plain.largest >= plain.relativeL2 / 2)
  }

  /// At lmax = nside every method is better than the one before it, by factors that do not depend
  /// on chance: a weight per ring removes the error of m = 0, iteration squares the convergence
  /// twice, weights per order leave rounding.
  @Test("Order of the methods at lmax = nside", arguments: [0, 2])
  func order(spin: Int) throws {
    let errors = try [AnalysisMethod.gridWeights, .ringWeights, .iterated, .orderWeights].map {
      try error($0, nside: 8, lmax: 8, spin: spin).relativeL2
    }
    for (worse, better) in zip(errors, errors.dropFirst()) {
      #expect(better < worse / 5, "\(errors)")
    }
  }

  /// The published grid: exact to degree 15, and then the errors that are known of it,
  /// 0.002...0.004 at lmax 23, 0.12...0.135 at 31, 0.71 at 46, for normal coefficients; for uniform
  /// ones within a fifth. Bound of the exact case: that of transforms, 8 √points u, both ways.
  @Test("The published grid")
  func publishedGrid() throws {
    let error = { (lmax: Int) in
      try RoundTrip<Double>(
        grid: ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64), lmax: lmax,
        mmax: min(lmax, 32), spin: 0, trials: 3, seed: 1, threads: 1, nyquistOrder: 32
      ).error(.gridWeights).relativeL2
    }
    #expect(try error(15) <= 16 * RoundingBound.unitRoundoff() * 2048.0.squareRoot())
    #expect(try (0.0016...0.0048).contains(error(23)))
    #expect(try (0.096...0.162).contains(error(31)))
    #expect(try (0.57...0.85).contains(error(46)))
  }

  /// By hand: the squares 1 and 9 of two values have the mean 5 and the standard deviation √32, so
  /// that the root √5 has the error √32/(2 √5 √2) = 2/√5. In many draws the root mean squares of
  /// trials scatter by the errors that they state: their ratio is 1 to five of its errors,
  /// 1/√(2 · 40), and the few per cent that 64 draws know an error to.
  /// Control: the error of a single trial, eight times as large.
  @Test("Error of the error")
  func standardError() throws {
    #expect(abs(standardErrorOfRootMeanSquare([1, -3]) - 2 / 5.0.squareRoot()) <= 1e-15)
    #expect(standardErrorOfRootMeanSquare([0, 0]) == 0)
    let grid = try HealpixGrid(nside: 4)
    let draws = try (0..<40).map { seed in
      try RoundTrip<Double>(
        grid: grid, lmax: 4, mmax: 4, spin: 0, trials: 64, seed: UInt64(seed), threads: 1
      ).error(.gridWeights)
    }
    let mean = draws.reduce(0) { $0 + $1.relativeL2 / 40 }
    let variance = draws.reduce(0) {
      $0 + ($1.relativeL2 - mean) * ($1.relativeL2 - mean) / 39
    }
    let stated = rootMeanSquare(draws.map(\.standardError))
    func isRight(_ stated: Double) -> Bool {
      abs(variance.squareRoot() / stated - 1) <= 5 / 80.0.squareRoot()
    }
    #expect(isRight(stated) && !isRight(8 * stated), "\(variance.squareRoot()), \(stated)")
    #expect(draws[0].trials == 64)
    #expect(ExactnessStudy.Configuration.full(seed: 1).trials(lmax: 47) == 86)
    #expect(ExactnessStudy.Configuration.full(seed: 1).trials(lmax: 2) == 256)
    #expect(ExactnessStudy.Configuration.full(seed: 1).trials(lmax: 191) == 16)
  }

  /// Coefficients are uniform in [−1, 1], all filled, and do not depend on lmax or on the number of
  /// trials.
  @Test("Coefficients of the protocol")
  func coefficients() {
    let a: CoefficientStack<Double> = UniformCoefficients.draw(
      lmax: 20, mmax: 20, trials: 3, seed: 8)
    let b: CoefficientStack<Double> = UniformCoefficients.draw(
      lmax: 9, mmax: 9, trials: 1, seed: 8)
    for m in 0...9 { for l in m...9 { #expect(a[l, m, 0] == b[l, m, 0]) } }
    var sum = 0.0
    a.forEachCoefficient { l, m, _ in
      for lane in 0..<3 {
        let value = a[l, m, lane]
        #expect(value.real != 0 && (m == 0) == (value.imaginary == 0))
        sum += value.real * value.real
      }
    }
    // The mean square is 1/3, its standard error √(4/45 / n): five of them.
    let count = Double(3 * 21 * 22 / 2)
    #expect(abs(sum / count - 1.0 / 3) <= 5 * (4 / 45.0 / count).squareRoot())
  }

  /// Equal bits with any number of threads; one row per entry; the files of the figures.
  @Test("A small study as files")
  func files() throws {
    var c = ExactnessStudy.Configuration.quick(seed: 2)
    c.nsides = [4]
    c.ratios = [0.5, 1, 3]
    c.publishedDegrees = [7, 31]
    let study = try ExactnessStudy(c, threads: 1)
    #expect(try ExactnessStudy(c, threads: 3).table == study.table)
    #expect(study.table.rows.count == 3 * 2 * 2 * 5 + 2 * 2 * 4)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("study-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try study.write(to: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count == 9 && names.contains("exactness.csv"))
    c.nsides = [0]
    #expect(throws: HealpixError.invalidNside(0)) { try ExactnessStudy(c, threads: 1) }
  }

  /// The study of large maps: its files, its rows, and the same errors as that of small ones, whose
  /// functions come from tables and whose weights per ring are multiplied into them: in `Double`
  /// both differ by rounding.
  /// Control: another number of corrections.
  @Test("A small study of large maps")
  func large() throws {
    var c = ExactnessStudy.Configuration.large(largestNside: 16, seed: 2)
    #expect(c.nsides == [16])
    c.nsides = [8]
    c.ratios = [1, 2]
    c.gaussLegendreDegrees = [8]
    c.mostTrials = 3
    let study = try ExactnessStudy(c, threads: 2)
    #expect(study.table.rows.count == 2 * 2 * 2 * 7 + 2 * 2)
    #expect(study.table.rows.allSatisfy { $0.last == "sphere" })
    for entry in study.entries where entry.precision == .double && entry.nside != nil {
      func trip(_ method: AnalysisMethod) throws -> Double {
        try RoundTrip<Double>(
          grid: HealpixGrid(nside: 8), lmax: entry.lmax, mmax: entry.lmax, spin: entry.spin,
          trials: 3, seed: 2, threads: 1
        ).error(method).relativeL2
      }
      let found = entry.error.relativeL2
      #expect(abs(found - (try trip(entry.method))) <= 1e-13, "\(entry)")
      if entry.method == .iteratedOnce { #expect(found > 2 * (try trip(.iteratedTwice))) }
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("study-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try study.write(to: folder)
    // The table read back is the study, to the digits of the table; others are refused.
    let url = folder.appendingPathComponent("exactness-large.csv")
    #expect(try ExactnessStudy(c, table: url).table == study.table)
    var other = c
    other.gaussLegendreDegrees = [9]
    let first = "Gauss-Legendre,,0,Double,grid weights"
    let end = study.table.rows.count - 2
    #expect(
      throws: StudyTableError.otherRow(
        path: url.relativePath, line: end, found: "\(first),8,8,", expected: "\(first),9,9,")
    ) { try ExactnessStudy(other, table: url) }
    let text = try String(contentsOf: url, encoding: .utf8)
    for (change, to) in [(",yes,", ",maybe,"), ("e-", "e-x"), (",sphere", "")] {
      let damaged = folder.appendingPathComponent("damaged.csv")
      try text.replacing(change, with: to, maxReplacements: 1)
        .write(to: damaged, atomically: true, encoding: .utf8)
      #expect(throws: StudyTableError.self) { try ExactnessStudy(c, table: damaged) }
      try FileManager.default.removeItem(at: damaged)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count == 5 && names.contains("exactness-large.csv"))
  }
}

import Foundation

/// Measured errors of analyses, and what they say of cases between them.
///
/// Definition:  the error of coefficients → field → coefficients as `ExactnessStudy` measures it,
///              ‖a' − a‖/‖a‖ of white coefficients with every degree and order filled.
/// Method:      a measured case is the measurement. Between measurements log error is linear in
///              the place 3 lmax/(3 nside − 1) of the degree, which is 3 at the largest degree
///              3 nside − 1 of every nside; then, at the same place, in log nside. On
///              Gauss-Legendre grids it is linear in log lmax. Pixel weights are exact up to
///              1.5 nside and jump there: nothing is interpolated across, nor between the nsides
///              of which HEALPix has weights.
/// Accuracy:    `AnalysisExpectation.factor`, by leaving measurements out; Docs/Exactness.md.
/// Domain:      the measurements and what lies between them; `ExpectationError` outside.
/// Checked by:  ExpectationTableTests, ExpectationErrorTests.
package struct ExpectationTable: Sendable {
  /// One measured error.
  package struct Point: Sendable, Hashable {
    /// HEALPix or Gauss-Legendre.
    package var grid: StudiedGrid
    package var method: AnalysisMethod
    /// Largest degree, inclusive.
    package var lmax: Int
    /// Relative L2 error, root mean square over the draws.
    package var error: Double
    /// Of `error`, from the scatter of the draws.
    package var standardError: Double
    /// Independent sets of coefficients.
    package var draws: Int
    /// The program: this one, or healpy with ducc0.
    package var measuredBy: String

    /// Where it lies along its row.
    var place: Double { ExpectationTable.place(lmax: lmax, on: grid) }
    /// Numbers rows: by nside, and for weights that are exact up to 1.5 nside by the side of it.
    fileprivate var row: Int {
      let nside = grid.nside ?? 0
      return 2 * nside + (method == .pixelWeights && 2 * lmax > 3 * nside ? 1 : 0)
    }
  }

  /// What a curve of errors belongs to.
  package struct Series: Sendable, Hashable {
    package var isHealpix: Bool
    package var spin: Int
    package var precision: StudyPrecision
    package var method: AnalysisMethod

    /// The curve of a method on HEALPix or on Gauss-Legendre grids.
    package init(
      isHealpix: Bool, spin: Int, precision: StudyPrecision, method: AnalysisMethod
    ) {
      self.isHealpix = isHealpix
      self.spin = spin
      self.precision = precision
      self.method = method
    }
  }

  /// Points with their weights in the sum of logarithms.
  private typealias Mixture = [(point: Point, weight: Double)]

  /// The points of every series: a row per nside, ascending, each by ascending lmax; of pixel
  /// weights two rows, up to 1.5 nside and above.
  private let rows: [Series: [[Point]]]

  /// The table of Docs/Exactness.md.
  package static let measured = ExpectationTable(values: values)

  /// A table from lines of comma-separated values, with a line of headings:
  /// nside (nothing: Gauss-Legendre), spin, precision, method, lmax, relative L2 error, its
  /// standard error, draws, measured by.
  ///
  /// A line that cannot be read is a precondition: the lines are written by a generator.
  package init(values: String) {
    var points: [Series: [Point]] = [:]
    for line in values.split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 9, let spin = Int(cells[1]),
        let precision = StudyPrecision(rawValue: cells[2]),
        let method = AnalysisMethod(rawValue: cells[3]), let lmax = Int(cells[4]),
        let error = Double(cells[5]), error > 0, let standardError = Double(cells[6]),
        let draws = Int(cells[7])
      else { preconditionFailure("no measured error: \(line)") }
      let nside = Int(cells[0])
      let series = Series(
        isHealpix: nside != nil, spin: spin, precision: precision, method: method)
      points[series, default: []].append(
        Point(
          grid: nside.map { .healpix(nside: $0) } ?? .gaussLegendre, method: method, lmax: lmax,
          error: error, standardError: standardError, draws: draws, measuredBy: cells[8]))
    }
    rows = points.mapValues { points in
      Dictionary(grouping: points, by: \.row).sorted { $0.key < $1.key }
        .map { row in row.value.sorted { $0.lmax < $1.lmax } }
    }
  }

  /// What is measured, in a fixed order.
  package var series: [Series] {
    rows.keys.sorted { a, b in
      let order = AnalysisMethod.named
      let numbers = [a, b].map {
        [
          $0.isHealpix ? 0 : 1, order.firstIndex(of: $0.method) ?? 0, $0.spin,
          $0.precision == .double ? 0 : 1,
        ]
      }
      return numbers[0].lexicographicallyPrecedes(numbers[1])
    }
  }

  /// All points of a series.
  package func points(of series: Series) -> [Point] { (rows[series] ?? []).flatMap { $0 } }

  // MARK: - Interpolation

  private static func place(lmax: Int, on grid: StudiedGrid) -> Double {
    guard let nside = grid.nside else { return log(Double(lmax)) }
    return Double(3 * lmax) / Double(3 * nside - 1)
  }

  /// The points beside a place of a row; nil outside of the row.
  private static func mixture(at place: Double, in row: [Point]) -> Mixture? {
    if let exact = row.first(where: { abs($0.place - place) <= 1e-12 * place }) {
      return [(exact, 1)]
    }
    guard let next = row.firstIndex(where: { $0.place > place }), next > 0 else { return nil }
    let (a, b) = (row[next - 1], row[next])
    let t = (place - a.place) / (b.place - a.place)
    return [(a, 1 - t), (b, t)]
  }

  /// The points beside a case; nil outside of the rows.
  private static func mixture(lmax: Int, on grid: StudiedGrid, in rows: [[Point]]) -> Mixture? {
    let place = place(lmax: lmax, on: grid)
    let own = rows.filter { $0[0].grid == grid }
    if !own.isEmpty { return own.lazy.compactMap { mixture(at: place, in: $0) }.first }
    guard let (above, below) = neighbours(of: grid, in: rows),
      let a = mixture(at: place, in: below), let b = mixture(at: place, in: above)
    else { return nil }
    let nsides = [grid, below[0].grid, above[0].grid].map { log(Double($0.nside ?? 0)) }
    let t = (nsides[0] - nsides[1]) / (nsides[2] - nsides[1])
    return a.map { ($0.point, $0.weight * (1 - t)) } + b.map { ($0.point, $0.weight * t) }
  }

  /// The rows with the next larger and the next smaller nside.
  private static func neighbours(
    of grid: StudiedGrid, in rows: [[Point]]
  ) -> (above: [Point], below: [Point])? {
    guard let nside = grid.nside, rows.first?[0].method != .pixelWeights,
      let next = rows.firstIndex(where: { ($0[0].grid.nside ?? 0) > nside }), next > 0
    else { return nil }
    return (rows[next], rows[next - 1])
  }

  private static func error(_ mixture: Mixture) -> Double {
    exp(mixture.reduce(0) { $0 + $1.weight * log($1.point.error) })
  }

  // MARK: - Answers

  /// The error to expect of a case.
  ///
  /// - Throws: outside of what is measured.
  package func expectation(of c: AnalysisCase) throws(ExpectationError) -> AnalysisExpectation {
    let series = Series(
      isHealpix: c.grid.nside != nil, spin: c.spin, precision: c.precision, method: c.method)
    guard let rows = rows[series] else {
      throw .notMeasured(method: c.method.word, spin: c.spin, precision: c.precision.word)
    }
    guard let mixture = Self.mixture(lmax: c.lmax, on: c.grid, in: rows) else {
      throw outside(c, rows)
    }
    let (error, points) = (Self.error(mixture), mixture.map(\.point))
    return AnalysisExpectation(
      error: error, points: points, factor: points.count == 1 ? 1 : factor(series, beside: points),
      isRounding: isRounding(c, error))
  }

  /// Whether a method is as exact as its numbers: an error of at most 100 unit roundoffs, of which
  /// `Double` would leave less than half.
  private func isRounding(_ c: AnalysisCase, _ error: Double) -> Bool {
    guard error <= 100 * c.precision.unitRoundoff else { return false }
    guard c.precision == .single else { return true }
    var double = c
    double.precision = .double
    guard let inDouble = try? expectation(of: double) else { return false }
    return inDouble.error < error / 2
  }

  private func outside(_ c: AnalysisCase, _ rows: [[Point]]) -> ExpectationError {
    let nsides = Set(rows.compactMap { $0[0].grid.nside }).sorted()
    if let nside = c.grid.nside, let first = nsides.first, let last = nsides.last {
      if !(first...last).contains(nside) {
        return .nsideOutsideTable(found: nside, expected: first...last, method: c.method.word)
      }
      if c.method == .pixelWeights, !nsides.contains(nside) {
        return .withoutWeights(found: nside, expected: nsides, method: c.method.word)
      }
    }
    return .degreeOutsideTable(
      found: c.lmax, expected: degrees(on: c.grid, rows), method: c.method.word,
      grid: c.grid.nside.map { "HEALPix nside \($0)" } ?? c.grid.name)
  }

  /// The degrees that rows answer on a grid between their first and last nside.
  private func degrees(on grid: StudiedGrid, _ rows: [[Point]]) -> ClosedRange<Int> {
    let largest = rows.flatMap { $0 }.map(\.lmax).max() ?? 1
    let degrees = (1...largest).filter { Self.mixture(lmax: $0, on: grid, in: rows) != nil }
    guard let first = degrees.first, let last = degrees.last else {
      preconditionFailure("rows without a common degree")
    }
    return first...last
  }

  // MARK: - Accuracy

  /// By how much interpolation missed measurements that were left out.
  package struct Miss: Sendable {
    /// What was left out.
    package var point: Point
    /// What interpolation makes of it.
    package var interpolated: Double
    /// Whether its whole row was left out, rather than the point alone.
    package var isAcrossNsides: Bool

    /// The larger of the two errors over the smaller one.
    package var factor: Double {
      max(interpolated / point.error, point.error / interpolated)
    }
  }

  /// Every point between others, left out and interpolated: along its row, where it is between
  /// two points, and from the rows beside it, where its row is between two rows.
  ///
  /// The gaps are twice those of answers, so that an answer misses by less as a rule.
  package func leaveOneOut(_ series: Series) -> [Miss] {
    let rows = rows[series] ?? []
    var misses: [Miss] = []
    for point in rows.flatMap({ $0 }) {
      let row = rows.first { $0.contains(point) }?.filter { $0 != point } ?? []
      if let along = Self.mixture(at: point.place, in: row) {
        misses.append(Miss(point: point, interpolated: Self.error(along), isAcrossNsides: false))
      }
      let others = rows.filter { $0[0].grid != point.grid }
      if let across = Self.mixture(lmax: point.lmax, on: point.grid, in: others) {
        misses.append(Miss(point: point, interpolated: Self.error(across), isAcrossNsides: true))
      }
    }
    return misses
  }

  /// The largest factor by which interpolation misses one of these points, or the one at its place
  /// with twice or half the nside, when it is left out; of the whole series, where all of them are
  /// at its ends and cannot be.
  private func factor(_ series: Series, beside points: [Point]) -> Double {
    func isBeside(_ other: Point) -> Bool {
      points.contains { point in
        guard let nside = point.grid.nside, let otherNside = other.grid.nside else { return false }
        return [2 * nside, nside / 2].contains(otherNside) && abs(point.place - other.place) < 0.05
      }
    }
    let misses = leaveOneOut(series)
    let near = misses.filter { points.contains($0.point) || isBeside($0.point) }
    return (near.isEmpty ? misses : near).map(\.factor).max() ?? .infinity
  }
}

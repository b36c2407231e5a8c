import Foundation
import SpecialFunctions
import Testing
import Verification

@testable import SkyModels

@Suite("Interpolated tables of spectra")
struct TabulatedModelPropertyTests {
  /// The largest |C' − C|/√(C_XX C_YY) of all spectra, l = 2...lmax.
  private func error(_ found: NamedSpectra, _ expected: NamedSpectra) -> Double {
    var worst = 0.0
    for l in 2...expected.lmax {
      for name in [SpectrumName.tt, .ee, .bb, .te] {
        let (x, y) = name.fields
        let scale = (expected[x.spectrum][l] * expected[y.spectrum][l]).squareRoot()
        let error = abs(found[name][l] - expected[name][l]) / scale
        worst = max(worst, error.isNaN ? .infinity : error)
      }
    }
    return worst
  }

  private func points(_ count: Int, seed: UInt64) -> [[Double]] {
    var numbers = TestNumbers(seed: seed)
    return (0..<count).map { _ in
      TestTables.two.map {
        numbers.uniform($0.range.lowerBound, $0.range.upperBound)
      }
    }
  }

  private func expect(
    _ model: TabulatedModel, _ powers: (Int, [Double]) -> TestTables.Powers, bound: Double
  ) throws {
    for theta in points(50, seed: 81) {
      let expected = try TestTables.spectra(lmax: model.lmax) { powers($0, theta) }
      let worst = error(model.spectra(at: theta), expected)
      #expect(worst < bound, "\(theta): \(worst)")
    }
  }

  /// Polynomials of degree 2 and 6 on axes of 5 and 10 uneven nodes are reproduced, with and
  /// without a node, and are recognised among the variants. Rounding: the Lebesgue constants of the
  /// axes are below 30 each, times a few roundings.
  @Test("Polynomials on a grid")
  func gridOfPolynomials() throws {
    let table = try TestTables.table(
      TestTables.two, nodes: TestTables.product(TestTables.axes), lmax: 20, TestTables.polynomials)
    #expect(table.layout == .grid(axes: TestTables.axes))
    let model = try TabulatedModel(table)
    #expect(model.parameters == TestTables.two && model.lmax == 20)
    #expect(model.spectrumNames == [.tt, .ee, .bb, .te])
    let chosen = model.report.chosen
    #expect(chosen.quantity == .powers && chosen.coordinates == .parameters)
    #expect(chosen.error < 1e-20 && model.report.variants.count == 4)
    try expect(model, TestTables.polynomials, bound: 1e-12)
    // Negative control: the same table in logarithms.
    let others = model.report.variants.filter { $0.quantity == .logarithms }
    #expect(others.allSatisfy { $0.error > 1e-8 })
    // The nodes have their own bits.
    for (node, spectra) in zip(table.nodes, table.spectra) {
      #expect(model.spectra(at: node) == spectra)
    }
  }

  /// Exponentials of polynomials in the coordinate of a log-uniform prior are found out too.
  @Test("Exponentials on a grid")
  func gridOfExponentials() throws {
    let table = try TestTables.table(
      TestTables.two, nodes: TestTables.product(TestTables.axes), lmax: 20,
      TestTables.exponentials)
    let model = try TabulatedModel(table)
    let chosen = model.report.chosen
    #expect(chosen.quantity == .logarithms && chosen.coordinates == .priors)
    #expect(chosen.error < 1e-20)
    try expect(model, TestTables.exponentials, bound: 1e-11)
    #expect(model.report.description.contains("ln C_l at 5 x 10 nodes"))
  }

  /// Rows in another order are the same table to a model, bit by bit.
  @Test("Order of rows")
  func order() throws {
    let nodes = TestTables.product(TestTables.axes)
    let table = try TestTables.table(
      TestTables.two, nodes: nodes, lmax: 9, TestTables.exponentials)
    var numbers = TestNumbers(seed: 82)
    let shuffled = try TestTables.table(
      TestTables.two, nodes: nodes.shuffled(using: &numbers), lmax: 9, TestTables.exponentials)
    let (a, b) = (try TabulatedModel(table), try TabulatedModel(shuffled))
    #expect(a.report.chosen.error == b.report.chosen.error)
    for theta in points(20, seed: 83) { #expect(a.spectra(at: theta) == b.spectra(at: theta)) }
  }

  /// Scattered nodes: polynomials of the degree that two nodes per coefficient allow are
  ///                  reproduced.
  @Test("Polynomials through scattered nodes", arguments: [2, 3])
  func scattered(count: Int) throws {
    let parameters = (0..<count).map {
      ModelParameter(name: "p\($0)", range: 0.1...0.9)
    }
    func cubic(_ l: Int, _ theta: [Double]) -> TestTables.Powers {
      let (a, b, c) = (theta[0], theta[1], theta[count - 1])
      let scale = 1 / Double(1 + l)
      return (
        scale * (2 + a * b * c - c * c), scale * (1 + a * a * b), scale * (2 + b * b * b - a),
        scale * (0.2 + a * b)
      )
    }
    var numbers = TestNumbers(seed: 84)
    let size = 2 * PolynomialBasis.count(degree: 3, variables: count)
    // The corners first: the nodes must enclose the prior.
    var nodes = (0..<1 << count).map { corner in
      (0..<count).map { corner >> $0 & 1 == 0 ? 0.0 : 1.0 }
    }
    while nodes.count < size { nodes.append((0..<count).map { _ in numbers.uniform() }) }
    let table = try TestTables.table(parameters, nodes: nodes, lmax: 12, cubic)
    #expect(table.layout == .scattered)
    let model = try TabulatedModel(table)
    #expect(model.report.chosen.degree == 3 && model.report.chosen.error < 1e-18)
    for _ in 0..<30 {
      let theta = (0..<count).map { _ in numbers.uniform(0.1, 0.9) }
      let expected = try TestTables.spectra(lmax: 12) { cubic($0, theta) }
      #expect(error(model.spectra(at: theta), expected) < 1e-11)
    }
    // Negative control: a smaller degree.
    let quadratic = model.report.variants.first { $0.degree == 2 && $0.quantity == .powers }
    #expect((quadratic?.error ?? 0) > 1e-6)
  }

  /// The error of a node is that of a fit without it: on an axis ...
  @Test("A node of an axis is left out", arguments: InterpolationReport.Quantity.allCases)
  func leftOutOfAxis(quantity: InterpolationReport.Quantity) throws {
    let axis = [-1, -0.8, -0.4, 0.1, 0.3, 0.7, 1.1, 1.5, 1.8, 2.0]
    let parameter = TestTables.two[1]
    func powers(_ l: Int, _ theta: [Double]) -> TestTables.Powers {
      let wave = sin(3 * theta[0] + 0.1 * Double(l))
      return (2 + wave, 1.5 + 0.3 * wave * wave, 1 + 0.4 * cos(2 * theta[0]), 0.3 + 0.2 * wave)
    }
    func fit(_ values: [Double]) throws -> (GridFit, SpectraTable) {
      let table = try TestTables.table(
        [parameter], nodes: values.map { [$0] }, lmax: 6, powers)
      return (GridFit(table, axes: [values], priors: [nil]), table)
    }
    let (whole, table) = try fit(axis)
    let found = whole.error(whole.interpolant(quantity), coordinates: .parameters).variant
    var worst = 0.0
    for place in 1..<axis.count - 1 {
      var rest = axis
      rest.remove(at: place)
      let predicted = try fit(rest).0.interpolant(quantity).spectra(at: [axis[place]])
      let terms = SpectraDivergence.terms(of: predicted, from: table.spectra[place])
      worst = max(worst, terms.reduce(0, +))
    }
    #expect(worst > 1e-6 && abs(found.error / worst - 1) < 1e-6, "\(found.error), \(worst)")
  }

  /// ... and of scattered nodes, where 1 − h_n stands for the fit without node n.
  @Test("A scattered node is left out", arguments: InterpolationReport.Quantity.allCases)
  func leftOutOfScattered(quantity: InterpolationReport.Quantity) throws {
    var numbers = TestNumbers(seed: 85)
    var nodes: [[Double]] = [[0, -1], [1, 2], [0, 2], [1, -1]]
    while nodes.count < 24 {
      nodes.append([numbers.uniform(), numbers.uniform(-1, 2)])
    }
    func fit(_ nodes: [[Double]]) throws -> (ScatteredFit, PackedSpectra, SpectraTable) {
      let table = try TestTables.table(
        TestTables.two, nodes: nodes, lmax: 6, TestTables.exponentials)
      let values = PackedSpectra(table, order: Array(nodes.indices), quantity: quantity)
      return (ScatteredFit(table, priors: [nil, nil]), values, table)
    }
    let (whole, values, table) = try fit(nodes)
    let found = whole.error(values, degree: 2, coordinates: .parameters)
    var worst = 0.0
    for place in 4..<nodes.count {
      var rest = nodes
      rest.remove(at: place)
      let (part, partValues, _) = try fit(rest)
      let predicted = part.interpolant(partValues, degree: 2).spectra(at: nodes[place])
      let terms = SpectraDivergence.terms(of: predicted, from: table.spectra[place])
      worst = max(worst, terms.reduce(0, +))
    }
    #expect(
      worst == found.error || abs(found.error / worst - 1) < 1e-6, "\(found.error), \(worst)")
  }

  /// Fewer degrees, and narrower priors, leave the spectra as they are.
  @Test("Fewer degrees and other priors")
  func parts() throws {
    let table = try TestTables.table(
      TestTables.two, nodes: TestTables.product(TestTables.axes), lmax: 20,
      TestTables.exponentials)
    let whole = try TabulatedModel(table)
    let cut = try TabulatedModel(try table.truncated(lmax: 7))
    #expect(cut.lmax == 7)
    let theta = [0.3, 0.4]
    let (a, b) = (whole.spectra(at: theta), cut.spectra(at: theta))
    for name in [SpectrumName.tt, .ee, .bb, .te] {
      #expect(Array(a[name].prefix(8)) == b[name])
    }
    let narrow = try table.with(priors: [
      "a": .logUniform(0.1...0.5, offset: 0.05), "b": .uniform(0...1),
    ])
    #expect(narrow.parameters[0].unit == "K" && narrow.parameters[1].range == 0...1)
    #expect(try TabulatedModel(narrow).spectra(at: theta) == a)
    #expect(narrow != table && narrow.spectra == table.spectra)
  }

  /// The report travels as JSON.
  @Test("Report")
  func report() throws {
    let table = try TestTables.table(
      TestTables.two, nodes: TestTables.product(TestTables.axes), lmax: 5, TestTables.polynomials)
    let report = try TabulatedModel(table).report
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(InterpolationReport.self, from: data) == report)
    #expect(report.bound == TabulatedModel.standardBound)
    #expect(report.values == table.nodes[report.chosen.node])
  }
}

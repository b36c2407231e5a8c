import FileFormats
import Foundation
import SpecialFunctions
import Testing
import Verification

@testable import SkyModels

@Suite("Files of tables of spectra")
struct SpectraTableFileTests {
  private static func table() throws -> SpectraTable {
    try TestTables.table(
      TestTables.two + [ModelParameter(name: "c_3", range: 0...1)],
      nodes: TestTables.product([[0, 0.3, 1], [-1, 0.1, 2], [0, 0.7, 1]]), lmax: 4
    ) { l, theta in
      let (tt, ee, bb, te) = TestTables.polynomials(l, theta)
      return (tt, ee + theta[2] / 3, bb, te)
    }
  }

  /// Every bit of every number survives, and the same table gives the same file.
  @Test("Round trip of FITS")
  func roundTrip() throws {
    let table = try Self.table()
    try withTemporaryFolder { folder in
      let (first, second) = (
        folder.appendingPathComponent("a.fits"), folder.appendingPathComponent("b.fits")
      )
      try table.write(to: first)
      let copy = try SpectraTable(contentsOf: first)
      #expect(copy == table && copy.layout == table.layout && copy.notes.isEmpty)
      try copy.write(to: second)
      #expect(try Data(contentsOf: first) == Data(contentsOf: second))
      #expect(try names(in: folder) == ["a.fits", "b.fits"])
      // Negative control: one bit.
      var spectra = table.spectra
      spectra[3] = try NamedSpectra(
        tt: [spectra[3].tt[0].nextUp] + spectra[3].tt.dropFirst(), ee: spectra[3].ee,
        bb: spectra[3].bb, te: spectra[3].te)
      let other = try SpectraTable(
        parameters: table.parameters, nodes: table.nodes, spectrumNames: table.spectrumNames,
        spectra: spectra)
      #expect(other != copy)
    }
  }

  /// JSON keeps every bit too, compactly, and is checked like a file.
  @Test("Round trip of JSON")
  func json() throws {
    let table = try Self.table()
    let data = try JSONEncoder().encode(table)
    #expect(try JSONDecoder().decode(SpectraTable.self, from: data) == table)
    let numbers = table.nodes.count * (3 + 4 * 5)
    #expect(data.count < numbers * 32 / 3 + 1000)
    let text = String(decoding: data, as: UTF8.self)
    for (old, new) in [
      ("\"lmax\":4", "\"lmax\":5"), ("\"lmax\":4", "\"lmax\":-1"),
      ("\"lmax\":4", "\"lmax\":4611686018427387904"), ("\"nodes\":\"", "\"nodes\":\"AAAA"),
      ("\"tt\",", ""), ("c_3", "tt"), ("\"values\":\"", "\"values\":\"?"),
    ] {
      let changed = Data(text.replacing(old, with: new).utf8)
      #expect(
        thrown { try JSONDecoder().decode(SpectraTable.self, from: changed) } != nil, "\(new)")
    }
  }

  /// A file that astropy wrote: names, priors and numbers.
  @Test("A file of the example script")
  func example() throws {
    let table = try SpectraTable(contentsOf: FixtureStore.url("spectra/r-tau.fits"))
    #expect(table.parameters.map(\.name) == ["r", "tau"])
    #expect(table.parameters[0].prior == .logUniform(0...0.01, offset: 1e-4))
    #expect(table.parameters[1].prior == .uniform(0.03...0.08))
    guard case .grid(let axes) = table.layout else {
      Issue.record("found no grid")
      return
    }
    #expect(axes.map(\.count) == [4, 12] && table.nodes[1] == [axes[0][0], axes[1][1]])
    // EE at l = 2 is about 0.03 muK^2, and BB with r = 0 only lensing.
    #expect(table.spectra[6].ee[2] > 0.01 && table.spectra[6].ee[2] < 0.1)
    #expect(table.spectra[6].bb[2] < 1e-5 && table.spectra[6].bb[2] > 1e-7)
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("copy.fits")
      try table.write(to: url)
      #expect(try SpectraTable(contentsOf: url) == table)
    }
  }

  // MARK: - Refusals

  /// The two tables of a file that is fine.
  private static func parts() throws -> (parameters: FitsTable, spectra: FitsTable) {
    let nodes = [0.0, 0.25, 0.5, 1]
    let lists: [[Double]] = [[1, 1, 2, 3], [0, 0, 1, 1], [0, 0, 1, 2], [0, 0, 0.5, -0.5]]
    let parameters = FitsTable(
      keywords: [FitsTable.Keyword("EXTNAME", .text("PARAMETERS"), comment: "")],
      textColumns: [
        FitsTable.TextColumn(name: "NAME", values: ["x"]),
        FitsTable.TextColumn(name: "UNIT", values: [""]),
        FitsTable.TextColumn(name: "PRIOR", values: ["uniform"]),
      ],
      columns: [("LOWER", 0), ("UPPER", 1), ("OFFSET", .nan), ("MEAN", 0), ("SIGMA", .nan)].map {
        FitsTable.Column(name: $0, values: [$1], type: .float64)
      })
    var columns = [FitsTable.Column(name: "x", values: nodes, type: .float64)]
    for (name, list) in zip(["TT", "EE", "BB", "TE"], lists) {
      columns.append(
        FitsTable.Column(
          name: name, unit: "uK^2", values: nodes.flatMap { x in list.map { $0 * (1 + x) } },
          valuesPerRow: 4, type: .float64))
    }
    let spectra = FitsTable(
      keywords: [
        FitsTable.Keyword("EXTNAME", .text("SPECTRA"), comment: ""),
        FitsTable.Keyword("QUANTITY", .text("C_l"), comment: ""),
        FitsTable.Keyword("LMIN", .integer(0), comment: ""),
        FitsTable.Keyword("LMAX", .integer(3), comment: ""),
      ], columns: columns)
    return (parameters, spectra)
  }

  /// Writes the two tables after a change, and reads them.
  private func read(
    _ change: (inout FitsTable, inout FitsTable) -> Void
  ) throws -> SpectraTable {
    var (parameters, spectra) = try Self.parts()
    change(&parameters, &spectra)
    return try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("table.fits")
      try FitsTable.write([parameters, spectra], to: url)
      return try SpectraTable(contentsOf: url)
    }
  }

  private func fault(
    _ change: (inout FitsTable, inout FitsTable) -> Void
  ) -> SpectraTableFault? {
    guard let error = thrown({ try read(change) }) else { return nil }
    guard let error = error as? SpectraTableFileError else {
      Issue.record("found \(error)")
      return nil
    }
    #expect(error.description.hasPrefix(error.file) && error.file.hasSuffix("table.fits"))
    #expect(error.faultClass == .badInput && error.fault.faultClass == .badInput)
    return error.fault
  }

  private func contents(
    _ change: (inout FitsTable, inout FitsTable) -> Void
  ) -> SpectraTableError? {
    guard case .contents(let error)? = fault(change) else { return nil }
    return error
  }

  @Test("What is read")
  func accepted() throws {
    let plain = try read { _, _ in }
    #expect(plain.parameters == [ModelParameter(name: "x", range: 0...1)])
    #expect(plain.nodes == [[0], [0.25], [0.5], [1]] && plain.lmax == 3)
    // Names in small letters, other orders of columns.
    let other = try read { parameters, spectra in
      spectra.columns.reverse()
      spectra.columns = spectra.columns.map {
        var column = $0
        column.name = column.name.lowercased()
        return column
      }
      parameters.columns.reverse()
      spectra.keywords[1].value = .text("c_l")
    }
    #expect(other == plain)
    // Units: squares of temperatures are converted, and that is said.
    for (unit, factor) in [
      ("K^2", 1e12), ("K_CMB^2", 1e12), ("mK2", 1e6), ("uK**2", 1), ("[uK]^2", 1), ("muK^{2}", 1),
    ] {
      let table = try read { _, spectra in
        for k in 1..<5 { spectra.columns[k].unit = unit }
      }
      #expect(table.spectra[2].tt[3] == plain.spectra[2].tt[3] * factor)
      #expect(table.notes.count == (factor == 1 ? 0 : 4), "\(unit): \(table.notes)")
      #expect(table.notes.allSatisfy { $0.contains(unit) && $0.contains("uK^2") })
    }
    // One spectrum is enough.
    let single = try read { _, spectra in spectra.columns.removeSubrange(2..<5) }
    #expect(single.spectrumNames == [.tt] && single.spectra[0].ee == [0, 0, 0, 0])
    for (prior, numbers, expected) in [
      ("log-uniform", [0.1, .nan, .nan], ParameterPrior.logUniform(0...1, offset: 0.1)),
      ("GAUSSIAN", [.nan, 0.5, 0.25], .gaussian(0...1, mean: 0.5, standardDeviation: 0.25)),
      ("Uniform", [0, 0, 0], .uniform(0...1)),
    ] {
      let table = try read { parameters, _ in
        parameters.textColumns[2].values = [prior]
        for k in 0..<3 { parameters.columns[2 + k].values = [numbers[k]] }
      }
      #expect(table.parameters[0].prior == expected)
    }
  }

  @Test("PARAMETERS")
  func parametersTable() {
    guard
      case .wrongTables("PARAMETERS", 0, _)? = fault({ parameters, _ in
        parameters.keywords[0].value = .text("PRIORS")
      })
    else {
      Issue.record("a file without PARAMETERS was accepted")
      return
    }
    guard
      case .wrongTables("SPECTRA", 0, _)? = fault({ _, spectra in
        spectra.keywords[0] = .init(
          "EXTNAME", .text("TABLE"), comment: "")
      })
    else {
      Issue.record("a file without SPECTRA was accepted")
      return
    }
    guard
      case .wrongTables("SPECTRA", 2, _)? = fault({ parameters, spectra in
        parameters = spectra
      }) ?? .wrongTables(name: "", count: 0, found: [])
    else {
      if case .wrongTables("PARAMETERS", 0, _)? = fault({ parameters, spectra in
        parameters = spectra
      }) {
        return
      }
      Issue.record("two tables SPECTRA were accepted")
      return
    }
  }

  @Test("Rows of PARAMETERS")
  func rows() {
    for change in [
      { (parameters: inout FitsTable) in parameters.columns.removeLast() },
      { parameters in parameters.textColumns.removeLast() },
      { parameters in parameters.columns[0].name = "LOW" },
      { parameters in
        parameters.columns.append(FitsTable.Column(name: "STEP", values: [1], type: .float64))
      },
      { parameters in parameters.textColumns[1].name = "NOTE" },
    ] {
      guard case .wrongParameterColumns? = fault({ parameters, _ in change(&parameters) }) else {
        Issue.record("wrong columns were accepted")
        continue
      }
    }
    #expect(
      fault { parameters, _ in parameters.textColumns[2].values = ["flat"] }
        == .unknownPrior(row: 0, found: "flat"))
    #expect(
      fault { parameters, _ in parameters.columns[2].values = [0.1] }
        == .unusedNumber(row: 0, column: "OFFSET", found: 0.1, prior: "uniform"))
    #expect(
      fault { parameters, _ in
        parameters.textColumns[2].values = ["gaussian"]
        parameters.columns[2].values = [1]
      } == .unusedNumber(row: 0, column: "OFFSET", found: 1, prior: "gaussian"))
    #expect(
      contents { parameters, _ in parameters.columns[1].values = [0] }
        == .badPrior(.emptyRange(name: "x", lower: 0, upper: 0)))
    #expect(
      contents { parameters, _ in parameters.columns[1].values = [2] }
        == .priorOutside(name: "x", prior: 0...2, nodes: 0...1))
    guard
      case .badPrior(.badOffset)? = contents({ parameters, _ in
        parameters.textColumns[2].values = ["log-uniform"]
      })
    else {
      Issue.record("a log-uniform prior without OFFSET was accepted")
      return
    }
    // No parameter, and four.
    for count in [0, 4] {
      #expect(
        contents { parameters, _ in
          for k in 0..<3 {
            parameters.textColumns[k].values = [String](
              repeating: parameters.textColumns[k].values[0], count: count)
          }
          for k in 0..<5 {
            parameters.columns[k].values = [Double](
              repeating: parameters.columns[k].values[0], count: count)
          }
        } == .wrongParameterCount(found: count))
    }
  }

  @Test("SPECTRA")
  func spectraTable() {
    for (quantity, found) in [("D_l", "D_l"), ("", nil)] {
      let error = fault { _, spectra in spectra.keywords[1].value = .text(quantity) }
      #expect(error == .wrongQuantity(found: found))
      #expect(error?.description.contains("2 pi / (l(l+1))") == true)
    }
    #expect(fault { _, spectra in spectra.keywords.remove(at: 1) } == .wrongQuantity(found: nil))
    #expect(
      fault { _, spectra in spectra.keywords[2].value = .integer(2) }
        == .wrongKeyword(name: "LMIN", found: "2", expected: "0"))
    guard
      case .wrongKeyword("LMAX", "4", _)? = fault({ _, spectra in
        spectra.keywords[3].value = .integer(4)
      })
    else {
      Issue.record("a wrong LMAX was accepted")
      return
    }
    for unit in ["K", "uJy^2", "K_RJ^2", nil] {
      #expect(
        fault { _, spectra in spectra.columns[3].unit = unit }
          == .wrongUnit(column: "BB", found: unit ?? ""))
    }
    #expect(
      fault { _, spectra in spectra.columns[4].name = "EB" }
        == .unknownColumns(found: ["EB"], parameters: ["x"]))
    #expect(
      fault { _, spectra in
        spectra.textColumns = [FitsTable.TextColumn(name: "NOTE", values: ["a", "b", "c", "d"])]
      } == .unknownColumns(found: ["NOTE (1A)"], parameters: ["x"]))
    #expect(
      fault { _, spectra in spectra.columns[0].name = "y" }
        == .unknownColumns(found: ["y"], parameters: ["x"]))
    #expect(
      fault { _, spectra in spectra.columns.remove(at: 0) }
        == .missingColumn(name: "x", found: ["TT", "EE", "BB", "TE"]))
    #expect(
      fault { _, spectra in spectra.columns[4].name = "tt" } == .repeatedColumn(name: "tt"))
    #expect(
      fault { _, spectra in
        spectra.columns[0].valuesPerRow = 2
        spectra.columns[0].values += spectra.columns[0].values
      } == .notOneNumber(name: "x", found: 2))
    #expect(
      fault { _, spectra in
        spectra.columns[3].valuesPerRow = 3
        spectra.columns[3].values.removeLast(4)
      } == .wrongVector(name: "BB", found: 3, expected: 4, first: "TT"))
    #expect(
      contents { _, spectra in spectra.columns.removeSubrange(1..<5) }
        == .noAutoSpectrum(found: []))
  }

  @Test("Numbers of SPECTRA")
  func numbers() {
    #expect(
      contents { _, spectra in spectra.columns[3].values[4 + 3] = -1 }
        == .negativePower(name: .bb, node: 1, l: 3, found: -1, at: "x = 0.25"))
    guard
      case .notFinite(.te, 2, 2, _, "x = 0.5")? = contents({ _, spectra in
        spectra.columns[4].values[8 + 2] = .nan
      })
    else {
      Issue.record("NaN was accepted")
      return
    }
    #expect(
      contents { _, spectra in spectra.columns[2].values[1] = 1e-9 }
        == .belowFirstDegree(name: .ee, node: 0, l: 1, found: 1e-9))
    guard
      case .notSemidefinite(3, 2, _, "x = 1.0")? = contents({ _, spectra in
        spectra.columns[4].values[12 + 2] = 3
      })
    else {
      Issue.record("a matrix that is no covariance was accepted")
      return
    }
    #expect(
      contents { _, spectra in spectra.columns[0].values[2] = 0.25 }
        == .repeatedNode(node: 2, first: 1, values: "x = 0.25"))
    #expect(
      contents { _, spectra in
        for k in 0..<5 {
          spectra.columns[k].values.removeLast(2 * spectra.columns[k].valuesPerRow)
        }
      } == .tooFewNodes(found: 2, expected: 3))
    #expect(
      contents { _, spectra in
        for k in 0..<5 { spectra.columns[k].values = [] }
      } == .tooFewNodes(found: 0, expected: 3))
  }

  @Test("Files of other kinds")
  func others() {
    #expect(throws: FileError.self) {
      try SpectraTable(contentsOf: FixtureStore.url("spectra/none.fits"))
    }
    #expect(throws: SpectraTableFileError.self) {
      try SpectraTable(contentsOf: FixtureStore.url("formats/image.fits"))
    }
    #expect(throws: SpectraTableFileError.self) {
      try SpectraTable(contentsOf: FixtureStore.url("spectra/optical_depth_physical.fits"))
    }
    #expect(throws: FitsError.self) {
      try SpectraTable(contentsOf: FixtureStore.url("spectra/camb_scalCls.dat"))
    }
  }
}

import Foundation
import SpecialFunctions
import Testing
import Verification

@testable import SkyModels

@Suite("What is not a table of spectra")
struct SpectraTableErrorTests {
  private static let x = ModelParameter(name: "x", range: 0...1)
  private static let y = ModelParameter(name: "y", range: 0...1)

  private func spectra(_ change: (inout [SpectrumName: [Double]]) -> Void = { _ in })
    -> NamedSpectra
  {
    var lists: [SpectrumName: [Double]] = [
      .tt: [1, 1, 1, 1], .ee: [0, 0, 1, 1], .bb: [0, 0, 1, 1], .te: [0, 0, 0.5, 0.5],
    ]
    change(&lists)
    let zeros = [Double](repeating: 0, count: lists[.tt]?.count ?? 0)
    return NamedSpectra(
      uncheckedTT: lists[.tt] ?? zeros, ee: lists[.ee] ?? zeros, bb: lists[.bb] ?? zeros,
      te: lists[.te] ?? zeros, eb: lists[.eb] ?? zeros, tb: lists[.tb] ?? zeros)
  }

  /// The fault of a table; the spectra of node 1 are changed.
  private func fault(
    _ parameters: [ModelParameter] = [x], nodes: [[Double]] = [[0], [0.5], [1]],
    names: [SpectrumName] = [.tt, .ee, .bb, .te], count: Int? = nil,
    change: (inout [SpectrumName: [Double]]) -> Void = { _ in }
  ) -> SpectraTableError? {
    do {
      let all = (0..<(count ?? nodes.count)).map { $0 == 1 ? spectra(change) : spectra() }
      _ = try SpectraTable(
        parameters: parameters, nodes: nodes, spectrumNames: names, spectra: all)
      return nil
    } catch {
      #expect(error.faultClass == .badInput && !error.description.isEmpty)
      return error
    }
  }

  @Test("Parameters")
  func parameters() {
    #expect(fault() == nil)
    #expect(fault([]) == .wrongParameterCount(found: 0))
    let four = "abcd".map { ModelParameter(name: "\($0)", range: 0...1) }
    #expect(fault(four) == .wrongParameterCount(found: 4))
    for name in ["", "1x", "a b", "tau\u{1b}", String(repeating: "x", count: 33), "τ"] {
      let parameter = ModelParameter(name: name, range: 0...1)
      let error = fault([parameter])
      #expect(error == .badParameterName(found: name))
      #expect(error?.description.contains("\u{1b}") == false)
    }
    for name in ["TT", "te", "eb"] {
      #expect(
        fault([ModelParameter(name: name, range: 0...1)]) == .repeatedParameterName(found: name))
    }
    let twice = [Self.x, ModelParameter(name: "X", range: 0...1)]
    #expect(fault(twice) == .repeatedParameterName(found: "X"))
    #expect(
      fault([ModelParameter(name: "x", prior: .logUniform(0...1, offset: 0))])
        == .badPrior(.badOffset(name: "x", offset: 0, lower: 0)))
    #expect(
      fault([ModelParameter(name: "x", range: 0...1.5)])
        == .priorOutside(name: "x", prior: 0...1.5, nodes: 0...1))
    #expect(
      fault([ModelParameter(name: "x", range: -0.1...0.5)])
        == .priorOutside(name: "x", prior: -0.1...0.5, nodes: 0...1))
  }

  @Test("Names of spectra")
  func names() {
    #expect(fault(names: []) == .noAutoSpectrum(found: []))
    #expect(fault(names: [.te]) == .noAutoSpectrum(found: [.te]))
    #expect(fault(names: [.tt, .te]) == .crossWithoutAutos(found: [.tt, .te]))
    #expect(fault(names: [.tt, .ee, .eb]) == .unsupportedSpectrum(name: .eb))
    #expect(fault(names: [.tt, .tt]) == .repeatedSpectrum(found: ["tt", "tt"]))
    #expect(fault(names: [.tt, .ee, .te]) == .unnamedPower(name: .bb, node: 0, l: 2, found: 1))
    let reordered = fault(names: [.te, .bb, .ee, .tt])
    #expect(reordered == nil)
  }

  @Test("Nodes")
  func nodes() {
    #expect(fault(count: 2) == .wrongNodeCount(found: 2, expected: 3))
    #expect(fault(nodes: [[0], [0.5, 1], [1]]) == .wrongNode(node: 1, found: 2, expected: 1))
    #expect(
      fault(nodes: [[0], [.infinity], [1]])
        == .nodeNotFinite(node: 1, parameter: "x", found: .infinity))
    #expect(
      fault(nodes: [[0], [0.5], [1], [0.5]])
        == .repeatedNode(node: 3, first: 1, values: "x = 0.5"))
    #expect(
      fault(nodes: [[0], [-0.0], [1]]) == .repeatedNode(node: 1, first: 0, values: "x = -0.0"))
    #expect(
      fault(nodes: [[0], [0.5], [(0.5).nextUp], [1]])
        == .nearlyEqualNodes(parameter: "x", first: 0.5, second: (0.5).nextUp))
    #expect(fault(nodes: [[0], [1]]) == .tooFewNodes(found: 2, expected: 3))
    #expect(fault(nodes: []) == .tooFewNodes(found: 0, expected: 3))
    let pair = [Self.x, Self.y]
    let grid = TestTables.product([[0, 0.4, 1], [0, 0.2, 0.7, 1]])
    #expect(fault(pair, nodes: grid) == nil)
    // A grid with gaps.
    #expect(
      fault(pair, nodes: grid.filter { $0 != [0.4, 0.2] && $0 != [1, 0.7] })
        == .missingNodes(count: 2, first: "x = 0.4, y = 0.2", shape: [3, 4]))
    #expect(
      fault(pair, nodes: TestTables.product([[0, 0.4, 1], [0, 1]]))
        == .shortAxis(parameter: "y", found: 2))
    #expect(
      fault(pair, nodes: [[0, 0], [1, 1], [0.3, 0.2], [0.6, 0.8], [0.1, 0.9]])
        == .tooFewNodes(found: 5, expected: 6))
    #expect(
      fault(pair, nodes: [[0, 0], [1, 1], [0.3, 0.2], [0.6, 0.8], [0.1, 0.9], [0.7, 0.4]]) == nil)
  }

  @Test("Numbers")
  func numbers() {
    #expect(fault { $0[.tt] = [1, 1, 1] } == .wrongDegrees(node: 1, found: 2, expected: 3))
    let short = { (lists: inout [SpectrumName: [Double]]) in
      for name in lists.keys { lists[name]?.removeLast(2) }
    }
    do throws(SpectraTableError) {
      let cut = spectra { short(&$0) }
      _ = try SpectraTable(
        parameters: [Self.x], nodes: [[0], [0.5], [1]], spectrumNames: [.tt],
        spectra: [cut, cut, cut])
      Issue.record("lmax 1 was accepted")
    } catch {
      #expect(error == .tooFewDegrees(lmax: 1))
    }
    for bad in [Double.nan, .infinity] {
      guard
        case .notFinite(.bb, 1, 3, let found, "x = 0.5")? = fault(change: {
          $0[.bb] = [0, 0, 1, bad]
        })
      else {
        Issue.record("\(bad) was accepted")
        continue
      }
      #expect(found == bad || bad.isNaN)
    }
    #expect(
      fault { $0[.tt] = [1, 1, -1, 1] }
        == .negativePower(name: .tt, node: 1, l: 2, found: -1, at: "x = 0.5"))
    for name in [SpectrumName.ee, .bb, .te] {
      #expect(
        fault { $0[name] = [0, 0.1, 0.5, 0.5] }
          == .belowFirstDegree(name: name, node: 1, l: 1, found: 0.1))
    }
    #expect(
      fault { $0[.eb] = [0, 0, 0, 0.1] } == .unnamedPower(name: .eb, node: 1, l: 3, found: 0.1))
    #expect(
      fault { $0[.bb] = [0, 0, 1, 0] }
        == .vanishingPower(name: .bb, node: 1, l: 3, at: "x = 0.5"))
    for correlation in [1.2, -1.0000001, 1] {
      guard
        case .notSemidefinite(1, 2, let found, "x = 0.5")? =
          fault(change: { $0[.te] = [0, 0, correlation, 0.5] })
      else {
        Issue.record("\(correlation) was accepted")
        continue
      }
      #expect(abs(found - correlation) < 1e-15)
    }
    #expect(fault { $0[.te] = [0, 0, 0.999999, -0.999999] } == nil)
  }

  /// Power at no node, or at no degree from l = 2 on, of some spectra only.
  @Test("Degrees without power")
  func power() throws {
    let empty = spectra { lists in
      for name in lists.keys { lists[name] = [0, 0, 0, 0] }
    }
    #expect(throws: SpectraTableError.noPower) {
      try SpectraTable(
        parameters: [Self.x], nodes: [[0], [0.5], [1]], spectrumNames: [.tt],
        spectra: [empty, empty, empty])
    }
    // A spectrum without power anywhere, and degrees without power, are no fault.
    let part = spectra { lists in
      lists[.bb] = [0, 0, 0, 0]
      lists[.tt] = [0, 0, 1, 1]
    }
    let table = try SpectraTable(
      parameters: [Self.x], nodes: [[0], [0.5], [1]], spectrumNames: [.tt, .ee, .bb, .te],
      spectra: [part, part, part])
    for quantity in InterpolationReport.Quantity.allCases {
      let fit = GridFit(table, axes: [[0, 0.5, 1]], priors: [nil])
      let found = fit.interpolant(quantity).spectra(at: [0.3])
      #expect(found.bb == [0, 0, 0, 0] && found.tt[0] == 0 && found.te[1] == 0)
      #expect(abs(found.tt[2] - 1) < 1e-15 && abs(found.te[3] - 0.5) < 1e-15)
    }
  }

  @Test("Parts of a table")
  func parts() throws {
    let table = try SpectraTable(
      parameters: [Self.x], nodes: [[0], [0.5], [1]], spectrumNames: [.tt, .ee, .bb, .te],
      spectra: [spectra(), spectra(), spectra()])
    func fault(_ body: () throws -> SpectraTable) -> SpectraTableError? {
      thrown(body) as? SpectraTableError
    }
    #expect(fault { try table.truncated(lmax: 4) } == .tooManyDegrees(asked: 4, lmax: 3))
    #expect(fault { try table.truncated(lmax: 1) } == .tooFewDegrees(lmax: 1))
    #expect(try table.truncated(lmax: 3) == table)
    #expect(try table.truncated(lmax: 2).spectra[2].te == [0, 0, 0.5])
    #expect(
      fault { try table.with(priors: ["tau": .uniform(0...1)]) }
        == .unknownParameter(found: "tau", known: ["x"]))
    #expect(
      fault { try table.with(priors: ["x": .uniform(0...2)]) }
        == .priorOutside(name: "x", prior: 0...2, nodes: 0...1))
    #expect(
      fault { try table.with(priors: ["x": .gaussian(0...1, mean: 0, standardDeviation: 0)]) }
        == .badPrior(.badDeviation(name: "x", found: 0)))
    #expect(SpectraTableError.unknownParameter(found: "", known: []).faultClass == .usage)
    #expect(SpectraTableError.tooManyDegrees(asked: 4, lmax: 3).faultClass == .usage)
    #expect(table.nodeRanges == [0...1] && table.text(of: [0.5]) == "x = 0.5")
  }
}

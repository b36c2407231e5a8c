import FileFormats
import Foundation
import RandomFields
import SkyModels
import SpecialFunctions
import Testing

@testable import Tasks

/// Tasks of tables of spectra: their maps, windows, noise and files.
struct TableTaskTests {
  /// EE and BB of one parameter on a small grid.
  static func table(lmax: Int = 40) throws -> SpectraTable {
    let parameter = ModelParameter(
      name: "amplitude", prior: .logUniform(0.1...10, offset: 0), unit: "uK2")
    let nodes = (0..<9).map { [0.1 * exp(Double($0) / 8 * log(100))] }
    return try SpectraTable(
      parameters: [ModelParameter(name: "amplitude", prior: parameter.prior, unit: "uK2")],
      nodes: nodes, spectrumNames: [.ee, .bb],
      spectra: nodes.map { node in
        try NamedSpectra(
          ee: (0...lmax).map { $0 < 2 ? 0 : node[0] / Double($0) },
          bb: (0...lmax).map { $0 < 2 ? 0 : 0.1 / Double($0) })
      })
  }

  private static func settings(
    lmax: Int? = nil, beam: Double = 0, hasPixelWindow: Bool = false, noise: Double = 0
  ) throws -> TaskSettings {
    try TaskSettings(
      task: BenchmarkTask(TableTask(name: "own", observe: .polarisation, table: table())),
      noise: noise, lmax: lmax, beam: beam, hasPixelWindow: hasPixelWindow)
  }

  @Test func settingsTakeTheTablesDegrees() throws {
    let settings = try Self.settings()
    #expect(settings.lmax == 40 && settings.parameterNames == ["amplitude"])
    #expect(settings.priorRanges == [0.1...10] && settings.fieldCount == 2)
    #expect(settings.model().lmax == 40)
    #expect(try Self.settings(lmax: 20).model().lmax == 20)
    #expect(throws: TaskError.invalidDegree(found: 41, most: 40, nside: 16)) {
      try Self.settings(lmax: 41)
    }
    #expect(throws: TaskError.invalidBeam(found: -1)) { try Self.settings(beam: -1) }
  }

  /// Beam and pixel window multiply the spectra.
  @Test func windowsMultiplySpectra() throws {
    let bare = try Self.settings().model().spectra(at: [2])
    let settings = try Self.settings(beam: 300, hasPixelWindow: true)
    let seen = settings.model().spectra(at: [2])
    let window = settings.transfer.polarisation
    #expect(window[40] < 0.7 && window[2] > 0.98)
    for l in 2...40 { #expect(seen.ee[l] == bare.ee[l] * window[l] * window[l]) }
  }

  /// Parameters follow the prior: half of a log-uniform one lies below its geometric mean.
  @Test func parametersFollowThePrior() throws {
    let source = try SkyMapSource(Self.settings(), seed: 3)
    let truths = source.truths(maps: 0..<4000, split: .training)
    let below = Double(truths.count { $0 < 1 }) / 4000
    #expect(abs(below - 0.5) < 4 * 0.5 / 4000.0.squareRoot())
    #expect(truths.allSatisfy { (0.1...10).contains($0) })
  }

  /// Fixed parameters: every map has them, and the map is the same sky with other amplitudes.
  @Test func parametersCanBeFixed() throws {
    var source = try SkyMapSource(Self.settings(), seed: 3)
    source.fixedParameters = [2]
    let first = source.batch(maps: 0..<2, split: .test, threads: 1)
    #expect(source.truths(maps: 0..<2, split: .test) == [2, 2] && first.targets == [2, 2])
    source.fixedParameters = [3]
    #expect(source.batch(maps: 0..<2, split: .test, threads: 1).maps != first.maps)
  }

  /// A task file has everything: the maps of what is read are those of what was written.
  @Test func taskFilesKeepEverything() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let settings = try Self.settings(lmax: 30, beam: 120, hasPixelWindow: true, noise: 0.3)
    let url = folder.appendingPathComponent("task.json")
    try settings.write(taskFile: url)
    let read = try TaskSettings(taskFile: url)
    #expect(read == settings && read.task.table == settings.task.table)
    let maps = try SkyMapSource(settings, seed: 1).batch(maps: 0..<1, split: .test, threads: 1)
    let again = try SkyMapSource(read, seed: 1).batch(maps: 0..<1, split: .test, threads: 1)
    #expect(maps.maps == again.maps)

    let text = try String(contentsOf: url, encoding: .utf8)
    for (from, to) in [
      ("\"QU\"", "\"V\""), ("\"beam\":120", "\"beam\":-5"), ("\"lmax\":30", "\"lmax\":300"),
      ("{", ""),
    ] {
      #expect(text.contains(from))
      try Data(text.replacing(from, with: to).utf8).write(to: url)
      #expect {
        try TaskSettings(taskFile: url)
      } throws: { error in
        guard case TaskError.notATaskFile = error else { return false }
        return true
      }
    }
  }

  /// The published sky of a table is that of misread spectra, behind the windows; a file keeps it.
  @Test func thePublishedSkyOfATable() throws {
    let task = try Self.settings().task
    let settings = try TaskSettings(
      task: task, skyProtocol: .published, lmax: 30, hasPixelWindow: true)
    #expect(settings.isPublishedSky)
    let (own, found) = (task.sky(.physical).spectra(at: [2]), settings.model().spectra(at: [2]))
    let window = settings.transfer.polarisation
    for l in 2...30 {
      let square = own.ee[l] * own.ee[l] / 1e-5 * window[l] * window[l]
      #expect(abs(found.ee[l] - square) < 4 * .ulpOfOne * square)
      #expect(abs(found.eb[l] * found.eb[l] / (found.ee[l] * found.bb[l]) - 1) < 1e-14)
    }
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(TaskSettings.self, from: data) == settings)
    #expect(try settings.estimator() == nil && settings.posteriorEstimator(threads: 1) == nil)
  }

  /// A table without the observed fields is no task.
  @Test func fieldsMustBeInTheTable() throws {
    let table = try Self.table()
    #expect(throws: TaskError.tableWithoutField(observe: "T", found: ["EE", "BB"])) {
      try TableTask(name: "own", observe: .temperature, table: table)
    }
  }

  /// Two tasks of one name and different tables are different tasks.
  @Test func tablesTellTasksApart() throws {
    let first = try Self.settings()
    let second = try TaskSettings(
      task: BenchmarkTask(
        TableTask(name: "own", observe: .polarisation, table: Self.table(lmax: 30))))
    #expect(first.task != second.task && first.task.rawValue == second.task.rawValue)
  }
}

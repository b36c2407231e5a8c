import ArgumentParser
import FileFormats
import Foundation
import RandomFields
import SkyMaps
import SkyModels
import SphereGrids
import Tasks

/// `sphere simulate --spectra` of the spectra of one sky: maps without parameters.
extension Simulate {
  /// The spectra of one sky, if `--spectra` names a file of them; nil if it is a table.
  func theory() throws -> TheorySpectra? {
    guard let path = taskOptions.tableOptions.spectra else { return nil }
    let url = URL(fileURLWithPath: path)
    guard try TheorySpectra.isText(url) || readSpectra(url) != nil else { return nil }
    let theory = try TheorySpectra(contentsOf: url)
    for note in theory.notes { say("\(path): \(note)") }
    return theory
  }

  /// Makes the maps.
  func simulate(_ theory: TheorySpectra) throws {
    let table = taskOptions.tableOptions
    let nside = taskOptions.sky.nside ?? 16
    let grid = try HealpixGrid(nside: nside)
    let largest = min(theory.spectra.lmax, 3 * nside - 1)
    let lmax = table.lmax ?? largest
    guard lmax <= largest else {
      throw TaskError.invalidDegree(found: lmax, most: largest, nside: nside)
    }
    var spectra = theory.spectra.truncated(lmax: lmax)
    if let transfer = try table.windows.transfer(lmax: lmax, nside: nside) {
      spectra = spectra.filtered(
        temperature: transfer.temperature, polarisation: transfer.gradient)
    }
    let mask = try taskOptions.sky.mask(nside: nside)
    let noiseMap = try table.readNoiseMap(nside: nside, mask: mask)
    let noise = try table.noise(taskOptions.sky, nside: nside)
    let fields = try observedFields(theory)
    let folder = URL(fileURLWithPath: output).resolvingSymlinksInPath()
    try OutputFile.requireSpace(
      Double(4 * grid.pointCount * fields) * Double(count), for: folder)
    Interruption.shared.watch()
    let progress = ProgressReporter()
    let drawn = spectra
    try NewFolder.make(folder) { temporary in
      let batch = max(1, min(64, (1 << 26) / (grid.pointCount * fields)))
      let maker = MapMaker(grid: grid, lmax: lmax, fields: fields)
      for first in stride(from: 0, to: count, by: batch) {
        if Interruption.shared.flag.isRaised { throw TaskError.interrupted }
        let range = first..<min(first + batch, count)
        let maps = maker.maps(
          range, seed: seed, noise: noise, noiseMap: noiseMap?.deviations,
          threads: threadOptions.threads, drawn)
        for lane in 0..<range.count {
          try stokesMap(
            maps, lane: lane, of: range.count, fields: fields, nside: nside, mask: mask
          ).write(to: temporary.appendingPathComponent("m\(first + lane).fits"))
        }
        progress.update("simulating", done: range.upperBound, total: count)
      }
      if let mask { try mask.mapFile.write(to: temporary.appendingPathComponent("mask.fits")) }
    }
  }

  /// 1 for T, 2 for Q and U, 3 for all: what is asked for, or what has power.
  private func observedFields(_ theory: TheorySpectra) throws -> Int {
    let has = theory.fields
    let hasT = has.contains(.temperature)
    let hasPolarisation = has.contains(.e) || has.contains(.b)
    switch taskOptions.tableOptions.observe {
    case .temperature where hasT: return 1
    case .polarisation where hasPolarisation: return 2
    case .some(let observe):
      throw TaskError.tableWithoutField(
        observe: observe.rawValue, found: theory.spectrumNames.map { $0.rawValue.uppercased() })
    case nil: return hasT && hasPolarisation ? 3 : hasT ? 1 : 2
    }
  }
}

/// Maps of T, of Q and U, or of all three.
private struct MapMaker {
  private enum Kind {
    case temperature(GaussianMapSynthesizer<Float>)
    case polarisation(PolarisationMapSynthesizer<Float>)
    case all(StokesMapSynthesizer<Float>)
  }

  private let kind: Kind

  init(grid: HealpixGrid, lmax: Int, fields: Int) {
    switch fields {
    case 1: kind = .temperature(GaussianMapSynthesizer(grid: grid, lmax: lmax))
    case 2: kind = .polarisation(PolarisationMapSynthesizer(grid: grid, lmax: lmax))
    default: kind = .all(StokesMapSynthesizer(grid: grid, lmax: lmax))
    }
  }

  func maps(
    _ indices: Range<Int>, seed: UInt64, noise: Double, noiseMap: [Float]?, threads: Int,
    _ spectra: NamedSpectra
  ) -> [Float] {
    switch kind {
    case .temperature(let maker):
      return maker.maps(
        indices, seed: seed, split: .test, noise: noise, noiseMap: noiseMap, threads: threads
      ) { _ in spectra.spectrum(of: .temperature) }.values
    case .polarisation(let maker):
      return maker.maps(
        indices, seed: seed, split: .test, noise: noise, noiseMap: noiseMap, threads: threads
      ) { _ in spectra }
    case .all(let maker):
      return maker.maps(
        indices, seed: seed, split: .test, noise: noise, noiseMap: noiseMap, threads: threads
      ) { _ in spectra }
    }
  }
}

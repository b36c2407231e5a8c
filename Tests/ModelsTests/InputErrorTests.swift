import FileFormats
import Foundation
import SkyMaps
import SphereGrids
import Testing
import Verification

@testable import Models
@testable import Tasks

@Suite("Maps and tables from files")
struct InputErrorTests {
  private let nside = 4
  private var pixelCount: Int { 12 * nside * nside }

  private func column(
    _ name: String = "TEMPERATURE", unit: String = "uK",
    _ change: (inout [Double]) -> Void = { _ in }
  ) -> HealpixMapFile.Column {
    var values = (0..<pixelCount).map(Double.init)
    change(&values)
    return HealpixMapFile.Column(name: name, values: values, unit: unit)
  }

  private func read(
    _ map: HealpixMapFile, nside: Int = 4
  ) throws -> (map: SkyMap?, error: (any Error)?) {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("m.fits")
      try map.write(to: url, precision: .float64)
      do {
        return (try SkyMap(contentsOf: url, isPolarised: false, nside: nside), nil)
      } catch {
        #expect("\(error)".contains("m.fits"), "\(error)")
        return (nil, error)
      }
    }
  }

  /// A map of pixel numbers: NESTED pixel p must end up at its RING number, K as a million muK.
  @Test("Ordering and units")
  func conventions() throws {
    let ring = try read(HealpixMapFile(nside: nside, columns: [column()]))
    #expect(ring.map.map { interleaved([$0]) } == (0..<pixelCount).map { Float($0) })
    let nested = try read(
      HealpixMapFile(nside: nside, ordering: .nested, columns: [column()]))
    let grid = try HealpixGrid(nside: nside)
    #expect(
      nested.map.map { interleaved([$0]) }
        == (try (0..<pixelCount).map { Float(try grid.nestedPixel(ring: $0)) }))
    let kelvin = try read(
      HealpixMapFile(nside: nside, columns: [column("T", unit: "K")]))
    #expect(kelvin.map.map { interleaved([$0]) } == (0..<pixelCount).map { Float($0) * 1e6 })
  }

  /// 1e39 is finite in the file and no measurement: not observed, and said. An infinite pixel is
  /// refused.
  @Test("Masked, infinite, of another resolution, without temperature")
  func refusals() throws {
    let masked = try read(
      HealpixMapFile(nside: nside, columns: [column { $0[3] = .nan }]))
    var map = try #require(masked.map)
    #expect(map.maskedCount == 1 && !map.observed[3])
    let full = try model(isotropicNetwork())
    let refusal = thrown { try full.prepare(&map, mask: nil) }
    guard case .maskedMap(_, 1, 192)? = refusal as? MapInputError else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    let infinite = try read(
      HealpixMapFile(nside: nside, columns: [column { $0[7] = .infinity }]))
    guard case .infinitePixel(_, 7, _)? = (infinite.error as? FitsError)?.fault else {
      Issue.record("\(String(describing: infinite.error))")
      return
    }
    let huge = try read(HealpixMapFile(nside: nside, columns: [column { $0[7] = 1e39 }])).map
    #expect(huge?.observed[7] == false && huge?.warnings.first?.contains("1 values") == true)
    let coarse = try read(HealpixMapFile(nside: nside, columns: [column()]), nside: 16)
    guard case .wrongNside(_, 4, 16)? = coarse.error as? MapInputError else {
      Issue.record("\(String(describing: coarse.error))")
      return
    }
    let polarised = try read(
      HealpixMapFile(nside: nside, columns: [column("Q"), column("U")]))
    #expect(polarised.error is FitsError, "\(String(describing: polarised.error))")
  }

  /// A mask of another resolution than the model's is refused by both, before the map is touched.
  @Test("A mask of another resolution")
  func otherMask() throws {
    var any = try model(isotropicNetwork())
    any.description.takesAnyMask = true
    var map = SkyMap(nside: 16, temperature: [Double](repeating: 1, count: 3072))
    let coarse = try SkyMask.fullSky(nside: 8)
    #expect(throws: SkyMaskError.nsideMismatch(found: 8, expected: 16)) {
      try any.prepare(&map, mask: coarse)
    }
    #expect(map.maskedCount == 0 && map.warnings.isEmpty)
    try any.prepare(&map, mask: try SkyMask.fullSky(nside: 16))
    #expect(map.maskedCount == 0)
  }

  /// Test maps of a folder: the maps are read in the order of the table, and one that lacks a pixel
  /// is refused when its turn comes.
  @Test("A test map without some pixels")
  func maskedTestMap() throws {
    try withTemporaryFolder { folder in
      for name in ["m0.fits", "m1.fits"] {
        var values = [Double](repeating: 1, count: 3072)
        if name == "m1.fits" { values[3] = .nan }
        let column = HealpixMapFile.Column(name: "TEMPERATURE", values: values, unit: "uK")
        let file = HealpixMapFile(nside: 16, columns: [column])
        try file.write(to: folder.appendingPathComponent(name), precision: .float64)
      }
      let table = TruthTable(
        parameters: ["ell_peak"],
        rows: [.init(file: "m0.fits", truths: [5]), .init(file: "m1.fits", truths: [7])])
      let truth = folder.appendingPathComponent("truth.csv")
      try Data(table.text.utf8).write(to: truth)
      let maps = try TestMaps(folder: folder, truth: truth, settings: TaskSettings())
      var read: [[Double]] = []
      let error = thrown { try maps.forEachBlock(of: 1) { _, truths in read.append(truths) } }
      #expect(read == [[5]])
      guard case .maskedMap(_, 1, 3072)? = error as? MapInputError else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  /// A task keeps its own fields: what T lacks is nothing to Q and U. Where one of the two is
  /// missing both are 0, and the mask, as a further channel, says so.
  @Test("The fields of a task as the input of a network")
  func networkInput() throws {
    let file = HealpixMapFile(
      nside: nside,
      columns: [
        column("T") { $0[2] = .nan }, column("Q") { $0[5] = .nan },
        column("U") { for pixel in $0.indices { $0[pixel] += 0.5 } },
      ])
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("m.fits")
      try file.write(to: url, precision: .float64)
      let temperature = try SkyMap(contentsOf: url, isPolarised: false, nside: nside)
      #expect(temperature.polarisation == nil && !temperature.observed[2])
      #expect(temperature.maskedCount == 1)
      let map = try SkyMap(contentsOf: url, isPolarised: true, nside: nside)
      #expect(map.temperature == nil && map.maskedCount == 1)
      let maps = [map, map]
      let (plain, masked) = (interleaved(maps), interleaved(maps, channels: 3))
      for p in 0..<pixelCount {
        let expected: [Float] = p == 5 ? [0, 0, 0] : [Float(p), Float(p) + 0.5, 1]
        for lane in 0..<2 {
          let (first, second) = (4 * p + 2 * lane, 6 * p + 3 * lane)
          #expect(Array(plain[first..<first + 2]) == Array(expected.prefix(2)))
          #expect(Array(masked[second..<second + 3]) == expected)
        }
      }
      // Negative control: the values that the file has at pixel 5.
      #expect(map.polarisation?.u[5] == 5.5)
    }
    let alone = HealpixMapFile(nside: nside, columns: [column()])
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("t.fits")
      try alone.write(to: url)
      let error =
        thrown { try SkyMap(contentsOf: url, isPolarised: true, nside: nside) } as? FitsError
      guard case .missingStokes? = error?.fault else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  /// Text and numbers come back as they were.
  @Test("Table of true values")
  func truthTable() throws {
    let table = TruthTable(
      parameters: ["ell_e", "ell_b"],
      rows: [
        .init(file: "m0.fits", truths: [0.1 + 0.2, 5]), .init(file: "b c.fits", truths: [19, 7]),
      ])
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("truth.csv")
      try Data(table.text.utf8).write(to: url)
      #expect(try TruthTable(contentsOf: url, parameters: ["ell_e", "ell_b"]) == table)
      #expect(
        thrown { try TruthTable(contentsOf: url, parameters: ["tau"]) } is MapInputError,
        "another task's table")
      let missing = thrown {
        try TruthTable(
          contentsOf: folder.appendingPathComponent("none.csv"), parameters: ["ell_peak"])
      }
      #expect((missing as? FileError)?.isMissingInput == true)
    }
  }

  @Test(
    "Malformed tables",
    arguments: [
      ("", 1), ("file,ell_peak\n", 1), ("a,b\n", 1), ("file,ell_peak\nm.fits\n", 2),
      ("file,ell_peak\nm.fits,x\n", 2), ("file,ell_peak\nm.fits,-3\n", 2),
      ("file,ell_peak\nm.fits,nan\n", 2), ("file,ell_peak\na,5\nb,6\na,7\n", 4),
    ])
  func malformed(text: String, line: Int) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("truth.csv")
      try Data(text.utf8).write(to: url)
      let error = thrown { try TruthTable(contentsOf: url, parameters: ["ell_peak"]) }
      guard case .badTruth(_, line, _, _)? = error as? MapInputError else {
        Issue.record("'\(text)': \(String(describing: error))")
        return
      }
    }
  }

  @Test("Settings of a task")
  func settings() throws {
    #expect(thrown { try BenchmarkTask(name: "t9") } is TaskError)
    #expect(try BenchmarkTask(name: "t1") == .t1)
    #expect(
      thrown { try TaskSettings(noise: -1) } as? TaskError == .invalidNoise(found: -1))
    #expect(thrown { try TaskSettings(noise: .nan) } is TaskError)
    #expect(
      thrown { try TaskSettings(nside: 15) } as? TaskError == .invalidNside(found: 15))
    for nside in [0, -1, 8193, 1 << 62, .max, .min] {
      #expect(
        thrown { try TaskSettings(nside: nside) } as? TaskError
          == .invalidNside(found: nside))
    }
    #expect(try TaskSettings(nside: HealpixMapFile.largestNside).nside == 8192)
    for noise in [1.0000001e9, 1e308, .infinity] {
      #expect(
        thrown { try TaskSettings(noise: noise) } as? TaskError
          == .invalidNoise(found: noise))
    }
    #expect(try TaskSettings(noise: TaskSettings.largestNoise).noise == 1e9)
    #expect(
      thrown { try TaskSettings(skyFraction: 0.5) } as? TaskError
        == .maskNotSupported(task: "t1"))
    for fraction in [0, -0.1, 1.1, .nan] {
      #expect(
        thrown { try TaskSettings(task: .t2, skyFraction: fraction) } is TaskError,
        "f_sky \(fraction)")
    }
    #expect(try TaskSettings(task: .t2, skyFraction: 0.05).mask?.observedPixels.count == 152)
    let coarse = try SkyMask.fullSky(nside: 8)
    #expect(thrown { try TaskSettings(task: .t2, mask: coarse) } is SkyMaskError)
  }
}

import Foundation
import SkyMaps
import Testing
import Training
import Verification

/// What `predict` prints of a map that is unlike the training: no number, a reason, and exit code
/// 1.
@Suite("Maps unlike the training, through the program")
struct UnlikeMapTests {
  private let sphere: Program
  private let model = FixtureStore.url("models/t1-physical-isotropic-noise0.safetensors").path

  init() throws { sphere = try Program() }

  /// A good map of the fixtures as `good.fits`, and the same with 10 muK added as `raised.fits`.
  private func prepare(_ folder: URL) throws {
    let map = try HealpixMapFile(contentsOf: FixtureStore.url("maps/t1/map4.fits"))
    for (name, offset) in [("good", 0.0), ("raised", 10)] {
      let columns = map.columns.map { column in
        var column = column
        column.values = column.values.map { $0 + offset }
        return column
      }
      try HealpixMapFile(nside: map.nside, ordering: map.ordering, columns: columns)
        .write(to: folder.appendingPathComponent("\(name).fits"))
    }
  }

  private func object(_ line: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  @Test("JSON")
  func json() throws {
    try withFolder { folder in
      try prepare(folder)
      let arguments = ["predict", "--model", model, "--format", "json", "good.fits", "raised.fits"]
      let found = try sphere.run(arguments, in: folder)
      #expect(found.status == 1, "\(found)")
      let (good, raised) = (try object(found.lines[0]), try object(found.lines[1]))
      #expect(Set(good.keys) == ["file", "ell_peak", "ell_peak_error", "warnings"])
      #expect(abs(try #require(good["ell_peak"] as? Double) - 13.2) < 0.1)
      #expect(raised["ell_peak"] is NSNull && raised["ell_peak_error"] is NSNull)
      let reason = try #require(raised["reason"] as? String)
      #expect(reason.contains("monopole and dipole"), "\(reason)")
      #expect(found.messages.contains("1 of 2 maps"))

      let forced = try sphere.run(arguments + ["--force"], in: folder)
      #expect(forced.status == 0, "\(forced)")
      let printed = try object(forced.lines[1])
      #expect(printed["ell_peak"] is Double && printed["reason"] as? String == reason)
    }
  }

  @Test("CSV and text")
  func lines() throws {
    try withFolder { folder in
      try prepare(folder)
      let csv = try sphere(
        "predict", "--model", model, "--format", "csv", "good.fits", "raised.fits", in: folder)
      #expect(csv.status == 1 && csv.lines[0] == "file,ell_peak,ell_peak_error,warnings")
      #expect(csv.lines[1].hasSuffix(","), "no warning: \(csv.lines[1])")
      #expect(csv.lines[2].hasPrefix("raised.fits,,,"), "\(csv.lines[2])")
      #expect(csv.lines[2].contains("unlike the maps of the training"))
      let text = try sphere("predict", "--model", model, "raised.fits", in: folder)
      #expect(text.status == 1)
      #expect(text.lines[0].hasPrefix("raised.fits  ell_peak no estimate  (the map is unlike"))
    }
  }
}

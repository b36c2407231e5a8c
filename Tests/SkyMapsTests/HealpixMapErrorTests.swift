import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyMaps

@Suite("Files that are no sound map")
struct HealpixMapErrorTests {
  /// The fixture with each text replaced by another of the same length.
  private func damaged(_ name: String, _ replacements: [(String, String)]) throws -> Data {
    var data = try FixtureStore.data("formats/\(name)")
    for (old, new) in replacements {
      precondition(old.utf8.count == new.utf8.count, "\(old) and \(new) differ in length")
      let range = try #require(data.range(of: Data(old.utf8)), "\(name) has no \(old)")
      data.replaceSubrange(range, with: Data(new.utf8))
    }
    return data
  }

  private func reading(_ data: Data) throws -> Result<HealpixMapFile, any Error> {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("map.fits")
      try data.write(to: url)
      return Result { try HealpixMapFile(contentsOf: url) }
    }
  }

  private func fault(_ data: Data) throws -> FitsFault? {
    guard case .failure(let error) = try reading(data) else { return nil }
    return (error as? FitsError)?.fault
  }

  private func fault(_ name: String, _ replacements: (String, String)...) throws -> FitsFault? {
    try fault(try damaged(name, replacements))
  }

  @Test("Headers that contradict the data")
  func contradictions() throws {
    let map = "t_nside16.fits"
    let nside = "NSIDE   =                   16"
    #expect(
      try fault(map, (nside, "NSIDE   =                    8"))
        == .pixelCountMismatch(column: "T", found: 3072, nside: 8))
    for value in ["  0", " -4", "1.5", "9e9", "'a'"] {
      let found = try fault(map, (nside, "NSIDE   =                  \(value)"))
      guard case .invalidNside? = found else {
        Issue.record("NSIDE \(value): found \(String(describing: found))")
        continue
      }
    }
    // 3072 = 12 * 16^2 is right for the count, but NESTED needs a power of two.
    #expect(
      try fault(map, (nside, "NSIDE   =                   12"), ("'RING    '", "'NESTED  '"))
        == .invalidNside(found: "12", expected: "a power of two in 1...8192 (NESTED)"))
    #expect(try fault(map, ("'RING    '", "'SPIRAL  '")) == .unknownOrdering(found: "SPIRAL"))
    #expect(
      try fault(map, ("'FULLSKY '", "'PARTIAL '"))
        == .badIndexing(scheme: "IMPLICIT", object: "PARTIAL"))
  }

  /// Keywords that may be missing: the map is read, with a warning each.
  @Test("Missing keywords")
  func missingKeywords() throws {
    let data = try damaged(
      "t_nside16.fits", [("ORDERING=", "REMOVED1="), ("NSIDE   =", "REMOVED2=")])
    let map = try reading(data).get()
    #expect(map.nside == 16)
    #expect(map.ordering == .ring)
    #expect(map.warnings.count == 2)
    #expect(
      try fault("t_nside16.fits", ("PIXTYPE =", "REMOVED1="), ("NSIDE   =", "REMOVED2="))
        == .noHealpixTable(found: ["HDU 0: image", "HDU 1: table xtension (T)"]))
  }

  @Test("Partial-sky tables")
  func partialSky() throws {
    let partial = "tq_nside8_partial.fits"
    #expect(
      try fault(partial, ("NSIDE   =                    8", "NSIDE   =                    2"))
        == .pixelOutOfRange(row: 16, found: 48, pixelCount: 48))
    // Rows are int16 + 2 float32 = 10 bytes after one header of 2880 and one of 2 * 2880 bytes.
    var data = try FixtureStore.data("formats/\(partial)")
    let start = try #require(data.range(of: Data([0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 3])))
    data.replaceSubrange(start.lowerBound + 10..<start.lowerBound + 12, with: [0, 0])
    #expect(try fault(data) == .repeatedPixel(pixel: 0, row: 1))
  }

  @Test("Files of another kind")
  func otherFiles() throws {
    #expect(
      try fault(FixtureStore.data("formats/image.fits"))
        == .noHealpixTable(found: ["HDU 0: image"]))
    #expect(try fault(Data()) == .notFits(found: "no bytes"))
    #expect(try fault(Data("ell,cl\n1,2\n".utf8)) == .notFits(found: "binary data"))
    #expect(try fault(Data("Hello world".utf8)) == .notFits(found: "'Hello wor'"))
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("none.fits")
      let error = thrown { try HealpixMapFile(contentsOf: url) }
      #expect(error as? FileError == .missing(path: url.path))
      let inFolder = thrown { try HealpixMapFile(contentsOf: folder) }
      #expect(inFolder as? FileError == .notARegularFile(path: folder.path))
    }
  }

  @Test("Missing column and unwritable folder")
  func columnsAndFolders() throws {
    let map = try HealpixMapFile(contentsOf: FixtureStore.url("formats/t_nside16.fits"))
    let error = try #require(thrown { try map.column(named: "Q") })
    #expect(
      (error as? FitsError)?.fault == .missingColumn(name: "Q", found: ["T"]))
    #expect("\(error)".contains("t_nside16.fits"))
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("none/x.fits")
      let folderError = thrown { try map.write(to: url) }
      #expect(
        folderError as? FileError
          == .folderMissing(path: url.path, folder: folder.appendingPathComponent("none").path))
      let large = HealpixMapFile(
        nside: 1,
        columns: [
          HealpixMapFile.Column(name: "T", values: [1e39] + [Double](repeating: 0, count: 11))
        ])
      let tooLarge = thrown { try large.write(to: folder.appendingPathComponent("x.fits")) }
      #expect(
        (tooLarge as? FitsError)?.fault == .valueTooLarge(column: "T", pixel: 0, value: 1e39))
      let left = try names(in: folder)
      #expect(left.isEmpty)
    }
  }

  /// A file that lost data at its end is refused, at whatever byte it was cut. Padding after the
  /// data is not needed.
  @Test("Truncation")
  func truncation() throws {
    for name in ["t_nside16.fits", "tq_nside8_partial.fits"] {
      let data = try FixtureStore.data("formats/\(name)")
      let dataEnd = try #require(data.lastIndex { $0 != 0 }) + 1
      for count in Array(stride(from: 0, to: dataEnd, by: 97)) + [dataEnd - 1] {
        guard case .failure = try reading(data.prefix(count)) else {
          Issue.record("\(name): \(count) of \(dataEnd) bytes are read as a map")
          continue
        }
      }
    }
    let found = try fault(try FixtureStore.data("formats/t_nside16.fits").prefix(10000))
    #expect(found == .truncated(found: 10000, expected: 5760 + 4 * 3072))
    let compressed = try FixtureStore.data("formats/t_nside16.fits.gz")
    #expect(try fault(compressed.prefix(3000)) != nil)
  }

  /// Changed bytes of the table's header are read or refused, and never trap.
  @Test("Fuzzing the header")
  func fuzzing() throws {
    let data = try FixtureStore.data("formats/columns_nside2.fits")
    let start = try #require(data.range(of: Data("XTENSION= 'BINTABLE'".utf8))).lowerBound
    var refused = 0
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("map.fits")
      for position in stride(from: start, to: start + 24 * 80, by: 7) {
        for mask: UInt8 in [1, 8, 0x40] {
          var changed = data
          changed[position] ^= mask
          try changed.write(to: url)
          if thrown({ try HealpixMapFile(contentsOf: url) }) != nil { refused += 1 }
        }
      }
    }
    #expect(refused > 0)
  }
}

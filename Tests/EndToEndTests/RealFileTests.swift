import FileFormats
import Foundation
import SkyMaps
import Testing
import Verification

/// Files of other programs as a user meets them: what is said, and with what exit code
/// (`Fixtures/generators/real_maps.py`; the numbers are those of RealMapFixtureTests).
@Suite("Files of other programs")
struct RealFileTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  private func path(_ name: String) -> String {
    FixtureStore.url("formats/cases/\(name).fits").path
  }

  private func run(
    _ arguments: [String], in folder: URL, says words: [String],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try sphere.run(arguments, in: folder)
    #expect(result.status == 0, "\(arguments): \(result)", sourceLocation: location)
    for word in words {
      #expect(
        (result.messages + result.output).contains(word), "no '\(word)' in \(result)",
        sourceLocation: location)
    }
  }

  private func refuse(
    _ status: Int32, _ words: [String], _ arguments: [String], in folder: URL,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try sphere.expectRefusal(status, words, arguments, in: folder, at: location)
  }

  @Test("Tables and columns are chosen on every command that reads a map")
  func choices() throws {
    try withFolder { folder in
      let several = path("several_maps")
      let output = ["--output", "x.fits"]
      for command in [
        ["spectrum", several] + output, ["analyze", several, "--lmax", "8"] + output,
        ["rotate", several, "--euler", "0,0,0"] + output,
        ["resample", several, "--to", "nside4", "--method", "nearest"] + output,
      ] {
        try refuse(65, ["HITS", "HDU 2: table MAP", "--hdu"], command, in: folder)
        try refuse(65, ["HDU 7", "HDU 1: table HITS"], command + ["--hdu", "7"], in: folder)
        try run(command + ["--hdu", "MAP"], in: folder, says: [])
        try run(command + ["--hdu", "1", "--column", "hits"], in: folder, says: [])
        try FileManager.default.removeItem(at: folder.appendingPathComponent("x.fits"))
      }
      // Of predict the resolution is refused, after the choice of a table.
      let predict = [
        "predict", "--model",
        FixtureStore.url("models/t1-physical-isotropic-noise0.safetensors").path, several,
      ]
      try refuse(65, ["HDU 7", "--hdu"], predict + ["--hdu", "7"], in: folder)
      try refuse(65, ["nside"], predict + ["--hdu", "MAP"], in: folder)
      try refuse(64, ["--mask-column"], predict + ["--mask-column", "1"], in: folder)
      try run(["inspect", several], in: folder, says: ["column HITS", "HDU 2: table MAP"])
      try run(["inspect", several, "--hdu", "2"], in: folder, says: ["column TEMPERATURE"])
      let picture = ["--output", "x.png"]
      try run(["plot", several] + picture, in: folder, says: ["HDU 2: table MAP"])
      try run(["plot", several, "--hdu", "2"] + picture, in: folder, says: [])
      try refuse(
        65, ["--column", "GAL020"], ["spectrum", path("mask_columns")] + output, in: folder)
    }
  }

  @Test("Masks: which column was taken")
  func masks() throws {
    try withFolder { folder in
      let start = [
        "spectrum", path("signal_hits"), "--mask", path("mask_columns"), "--output", "x.csv",
      ]
      try run(start, in: folder, says: ["GAL020 is taken for the mask", "GAL040, GAL080"])
      let first = try folder.bytes("x.csv")
      try run(start + ["--mask-column", "1"], in: folder, says: [])
      #expect(try folder.bytes("x.csv") == first)
      try run(start + ["--mask-column", "GAL040"], in: folder, says: [])
      #expect(try folder.bytes("x.csv") != first)
      try refuse(
        65, ["GAL099", "GAL080", "--mask-column"], start + ["--mask-column", "GAL099"], in: folder)
      try refuse(
        64, ["--mask-column", "--mask"],
        ["spectrum", path("signal_hits"), "--mask-column", "1", "--output", "y.csv"], in: folder)
    }
  }

  @Test("Units, spectra, coefficients")
  func others() throws {
    try withFolder { folder in
      let output = ["--output", "x.fits"]
      try refuse(
        65, ["TEMPERATURE in K_CMB", "no unit"],
        ["spectrum", path("unit_on_some_columns")] + output, in: folder)
      for name in ["spectra_nan", "spectra_ell"] {
        try run(["plot", path(name), "--output", "x.png"], in: folder, says: [])
        try run(["inspect", path(name)], in: folder, says: ["spectrum TT", "warning:"])
      }
      try FileManager.default.removeItem(at: folder.appendingPathComponent("x.png"))
      try refuse(
        65, ["these are coefficients", "synthesize"],
        ["plot", path("alm_sparse"), "--output", "x.png"], in: folder)
      try run(
        ["synthesize", path("alm_sparse"), "--nside", "8"] + output, in: folder,
        says: ["of 66 coefficients"])
      try refuse(
        65, ["POLCCONV is IAU", "analyse the map again"],
        ["synthesize", path("alm_iau"), "--nside", "8", "--output", "y.fits"], in: folder)
    }
  }

  /// One pixel of 805 million: described and drawn at once; more than the machine has is refused,
  /// and what it takes is said before.
  @Test("A partial sky at a high resolution")
  func partialSky() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("x.fits")
      try FitsTable.write(
        [
          FitsTable(
            keywords: [
              .init("PIXTYPE", .text("HEALPIX"), comment: ""),
              .init("ORDERING", .text("NESTED"), comment: ""),
              .init("INDXSCHM", .text("EXPLICIT"), comment: ""),
              .init("NSIDE", .integer(8192), comment: ""),
            ],
            columns: [
              .init(name: "PIXEL", values: [5, 9], type: .int32),
              .init(name: "T", unit: "uK", values: [1, 2], type: .float64),
            ])
        ], to: url)
      try run(
        ["inspect", "x.fits"], in: folder, says: ["nside 8192", "partial, 2 listed", "mean 1.5"])
      try run(["plot", "x.fits", "--output", "x.png"], in: folder, says: [])
      try FileManager.default.removeItem(at: folder.appendingPathComponent("x.png"))
      try refuse(
        65, ["nside"],
        [
          "predict", "--model",
          FixtureStore.url("models/t1-physical-isotropic-noise0.safetensors").path,
          "x.fits",
        ], in: folder)
    }
  }

  /// A limit on the size of files stands for a full disk: the system's reason, 73, and no file.
  @Test("FITS files that cannot be written to the end")
  func fullDisk() throws {
    try withFolder { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = [
        "-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"", sphere.executable.path, "synthesize",
        path("alm_sparse"), "--nside", "32", "--output", "x.fits",
      ]
      process.currentDirectoryURL = folder
      let messages = Pipe()
      process.standardError = messages
      try process.run()
      let text = String(
        decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 73, "\(text)")
      #expect(text.contains("File too large"), "\(text)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }
}

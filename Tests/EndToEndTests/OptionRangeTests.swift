import ArgumentParser
import Foundation
import Testing

@testable import sphere

/// Every number on a command line has a range, and no value of it ends the program otherwise than
/// with a message.
///
/// Sees: traps, missing bounds, and options that nobody has decided about, since the options are
/// those that the program lists itself. Blind to: whether the bounds are sensible.
@Suite("Ranges of options")
struct OptionRangeTests {
  private struct Help: Decodable {
    struct Name: Decodable { var name: String }
    struct Argument: Decodable {
      var kind: String
      var names: [Name]?
    }
    struct Command: Decodable {
      var commandName: String
      var arguments: [Argument]?
      var subcommands: [Command]?
    }
    var command: Command
  }

  /// Options with texts: names of files and columns, words of a list.
  private static let texts: Set<String> = [
    "architecture", "at", "beam", "beam-in", "beam-out", "bins", "by", "cases", "certified",
    "checkpoints", "column", "field", "form", "format", "from",
    "grid", "hdu", "inpainting", "loss", "mask", "mask-column", "mask-hdu", "method", "model",
    "models", "noise-map", "noise-map-column", "observe", "only", "output", "outputs", "path",
    "pooling", "posterior", "precision", "preset", "protocol",
    "readout", "record-errors", "recorded-errors", "samples", "sampling", "schedule", "set",
    "spectra", "suite", "table", "targets", "task-file",
    "task", "title", "truth", "evaluate maps", "baseline maps",
    "coordinates to",
  ]
  /// Options with numbers.
  private static let numbers: Set<String> = [
    "bands", "batch", "batch-statistics", "count", "dropout", "euler", "fiducials", "floor",
    "fsky", "fwhm", "fwhm-in", "fwhm-out", "gal-cut", "good", "iter", "lanes", "largest-nside",
    "learning-rate", "lmax", "maps",
    "max-iterations", "mmax", "noise", "noise-arcmin", "nside", "optimal-count", "points", "power",
    "readout-maps", "repeat", "sample-count", "seconds", "seed", "shared-bands", "shared-orders",
    "spin", "threads",
    "to",
    "tolerance", "width",
  ]
  private static let hostile = [
    "4611686018427387904", "9223372036854775807", "9223372036854775808", "-1",
    "-9223372036854775808", "nan", "inf", "-inf", "1e308", "-1e308", "",
  ]

  /// What a command needs beside the option in question.
  private static let needed: [String: [String: String]] = [
    "train": ["task": "t2", "output": "m.safetensors"],
    "evaluate": ["model": "m.safetensors", "count": "10"],
    "simulate": ["task": "t2", "count": "10", "output": "maps"],
    "baseline": ["task": "t2", "count": "10"], "limits": ["task": "t2", "fsky": "0.1"],
    "task": ["task": "t2"],
    "predict": ["model": "m.safetensors", "samples": "s.csv"],
    "calibrate": ["model": "m.safetensors"],
    "synthesize": ["nside": "8", "output": "x.fits"], "analyze": ["lmax": "8", "output": "x.fits"],
    "spectrum": ["output": "x.fits"],
    "resample": ["to": "nside8", "method": "harmonic", "output": "x.fits"],
    "rotate": ["euler": "1,2,3", "output": "x.fits"],
    "smooth": ["fwhm": "30", "output": "x.fits"],
    "downgrade": ["nside": "2", "method": "harmonic", "output": "x.fits"],
    "upgrade": ["nside": "8", "method": "harmonic", "output": "x.fits"],
    "remove-dipole": ["output": "x.fits"], "coordinates": ["to": "C", "output": "x.fits"],
    "almxfl": ["by": "f.csv", "output": "x.fits"],
    "apodize": ["width": "5", "method": "c1", "output": "x.fits"], "plot": ["output": "x.png"],
    "conformance export": ["output": "kit"], "study exactness": ["output": "study"],
    "study equivariance": ["output": "study"], "study ablation": ["output": "study"],
    "study detection": ["output": "study"], "bench transforms": ["lmax": "8", "repeat": "1"],
    "bench scaling": ["output": "scaling"], "expect analysis": ["nside": "32", "lmax": "32"],
  ]

  private static func arguments(
    _ path: [String], _ option: String, _ value: String
  ) -> [String] {
    var words = path
    if [
      "predict", "synthesize", "analyze", "spectrum", "resample", "rotate", "smooth", "downgrade",
      "upgrade", "remove-dipole", "coordinates", "almxfl", "apodize", "plot",
    ].contains(path[0]) {
      words.append("file.fits")
    }
    // Degrees, beams and noise in uK arcmin are of tables of spectra.
    let isOfTables =
      ["train", "simulate", "baseline", "limits", "task"].contains(path[0])
      && ["lmax", "fwhm", "noise-arcmin"].contains(option)
    if isOfTables { words += ["--spectra", "table.fits"] }
    for (name, given) in (needed[path.joined(separator: " ")] ?? [:]).sorted(by: { $0.key < $1.key }
    )
    where name != option && !(isOfTables && ["task", "fsky"].contains(name)) {
      // --power is of pixels, everything else of coefficients.
      let isPixel = name == "method" && option == "power"
      words += ["--\(name)", isPixel ? "pixel" : given]
    }
    // The pixels of a list of coefficients are nobody's without it.
    if path == ["almxfl"], option == "nside" { words.append("--pixel-window") }
    switch option {
    case "euler": return words + ["--euler", "0,\(value),0"]
    case "to": return words + ["--to", "gauss-legendre:\(value)"]
    default: return words + ["--\(option)", value]
    }
  }

  /// The message of a refused command line; nil if it is accepted.
  ///
  /// The words behind the command's name are parsed by the command itself: the whole program
  /// examines the declarations of all its commands first, every time.
  private static func refusal(
    _ words: [String], of path: [String]
  ) throws -> (status: Int32, text: String)? {
    let command: any ParsableCommand.Type = try path.reduce(Sphere.self) { command, name in
      try #require(command.configuration.subcommands.first { $0._commandName == name })
    }
    do {
      _ = try command.parseAsRoot(Array(words.dropFirst(path.count)))
      return nil
    } catch {
      return (command.exitCode(for: error).rawValue, command.fullMessage(for: error))
    }
  }

  private static func options() throws -> [(path: [String], name: String)] {
    let result = try Program().run(
      ["--experimental-dump-help"], in: FileManager.default.temporaryDirectory)
    let root = try JSONDecoder().decode(Help.self, from: Data(result.output.utf8)).command
    func collect(_ command: Help.Command, _ path: [String]) -> [(path: [String], name: String)] {
      let own = (command.arguments ?? []).filter { $0.kind == "option" }
        .compactMap { $0.names?.first?.name }.map { (path: path, name: $0) }
      return own
        + (command.subcommands ?? []).flatMap { collect($0, path + [$0.commandName]) }
    }
    return collect(root, [])
  }

  @Test("No number is taken that the program cannot use, and none ends it without a message")
  func ranges() throws {
    let options = try Self.options()
    var tried = 0
    var known: Set<String> = []
    for (path, name) in options {
      let full = "\(path.joined(separator: " ")) \(name)"
      let isText = Self.texts.contains(name) || Self.texts.contains(full)
      let isNumber = Self.numbers.contains(name) && !isText
      #expect(isText || isNumber, "nobody has said what '\(full)' takes: add it to a list")
      // The options of 'upgrade' are those of 'downgrade'.
      guard isNumber, path != ["upgrade"] else { continue }
      // One degree back is an angle, and -1 an exponent.
      // All values once per name; where another command has it too, those that a range alone may
      // miss.
      let values =
        known.insert(name).inserted ? Self.hostile : ["9223372036854775808", "-1", "nan"]
      for value in values where !["euler", "power"].contains(name) || value != "-1" {
        let words = Self.arguments(path, name, value)
        let refusal = try Self.refusal(words, of: path)
        tried += 1
        if name == "seed", UInt64(value) != nil {
          #expect(refusal == nil, "\(words): \(refusal?.text ?? "")")
          continue
        }
        guard let refusal else {
          Issue.record("accepted: \(words)")
          continue
        }
        #expect(refusal.status == 64, "\(words): \(refusal)")
        let subject = name == "to" ? "grid" : "--\(name)"
        #expect(
          refusal.text.contains(subject)
            && (refusal.text.contains("expected") || refusal.text.contains("invalid")),
          "\(words): \(refusal.text)")
      }
    }
    #expect(tried > 500, "\(tried) command lines")
  }

  /// Negative control: the same command lines with numbers in the middle of their ranges are
  /// accepted.
  @Test("Numbers within the ranges are taken")
  func accepted() throws {
    let middle = [
      "bands": "8", "batch": "16", "batch-statistics": "0.5", "count": "100", "dropout": "0.1",
      "euler": "20", "fiducials": "2", "floor": "1e-3", "fsky": "0.2", "fwhm": "60",
      "fwhm-in": "5", "fwhm-out": "10", "gal-cut": "20", "good": "100", "iter": "2",
      "lanes": "2", "largest-nside": "64", "learning-rate": "0.002", "lmax": "8", "repeat": "2",
      "sample-count": "100", "seconds": "2",
      "spin": "2",
      "maps": "5000", "max-iterations": "10", "mmax": "4", "noise": "5", "noise-arcmin": "6",
      "nside": "32",
      "optimal-count": "10", "points": "4", "power": "-2", "readout-maps": "20000", "seed": "7",
      "shared-bands": "2", "shared-orders": "0.5", "threads": "3", "to": "8", "tolerance": "1e-9",
      "width": "500",
    ]
    #expect(Set(middle.keys) == Self.numbers)
    for (path, name) in try Self.options() {
      let full = "\(path.joined(separator: " ")) \(name)"
      guard var value = middle[name], !Self.texts.contains(full) else { continue }
      // Pixels of a picture, degrees of a mask.
      if full == "apodize width" { value = "5" }
      var words = Self.arguments(path, name, value)
      switch name {
      case "shared-orders", "batch-statistics", "dropout", "learning-rate", "readout-maps",
        "shared-bands":
        words += ["--architecture", "published"]
        if !["dropout", "learning-rate", "readout-maps"].contains(name) {
          words += ["--schedule", "one-cycle"]
        }
        if name == "shared-bands" { words += ["--shared-orders", "0.5"] }
      case "fiducials" where path == ["train"]: words += ["--fsky", "0.1"]
      default: break
      }
      let refusal = try Self.refusal(words, of: path)
      #expect(refusal == nil, "\(words): \(refusal?.text ?? "")")
    }
  }
}

import FileFormats
import Foundation
import SkyMaps
import Testing
import Verification

/// Every wrong input ends with its exit code and a message that names it, and changes no file.
@Suite("Refusals")
struct RefusalTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  private func expect(
    _ status: Int32, _ words: [String], _ arguments: [String], in folder: URL,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try sphere.expectRefusal(status, words, arguments, in: folder, at: location)
  }

  @Test("Wrong usage: 64")
  func usage() throws {
    try withFolder { folder in
      let output = ["--output", "m.safetensors"]
      for command in [["train"] + output, ["simulate", "--count", "2", "--output", "maps"]] {
        let start = command[0...0] + ["--task"]
        let rest = Array(command.dropFirst())
        try expect(64, ["t9", "t1"], start + ["t9"] + rest, in: folder)
        try expect(64, ["1.5", "f_sky"], start + ["t2", "--fsky", "1.5"] + rest, in: folder)
        try expect(
          64, ["--noise is -5.0", "0...1e+09"], start + ["t1", "--noise", "-5"] + rest, in: folder)
        try expect(
          64, ["--noise is nan", "0...1e+09"], start + ["t1", "--noise", "nan"] + rest, in: folder)
        try expect(
          64, ["--nside is 8", "16...8192", "3 nside - 1", "47"],
          start + ["t1", "--nside", "8"] + rest, in: folder)
        try expect(64, ["full sky"], start + ["t1", "--fsky", "0.5"] + rest, in: folder)
        try expect(64, ["full sky"], start + ["t1", "--mask", "x.fits"] + rest, in: folder)
        try expect(64, ["--threads"], start + ["t1", "--threads", "0"] + rest, in: folder)
      }
      try expect(64, ["--task"], ["train"] + output, in: folder)
      try expect(
        64, ["100", "512"], ["train", "--task", "t1", "--maps", "100"] + output, in: folder)
      try expect(
        64, [".safetensors"], ["train", "--task", "t1", "--output", "m.bin"], in: folder)
      try expect(
        64, ["did you mean", "t1-physical-pixel-noise0", "'sphere train --help'"],
        ["train", "--preset", "t1-physical-pixel"] + output, in: folder)
      try expect(
        64, ["--noise", "the preset has that already"],
        ["train", "--preset", "t1-physical-pixel-noise15", "--noise", "0"] + output, in: folder)
      try expect(
        64, ["--maps, --noise", "the preset has that already"],
        ["train", "--preset", "t1-physical-pixel-noise0", "--noise", "5", "--maps", "5000"]
          + output, in: folder)
      try expect(64, ["--batch"], ["train", "--task", "t1", "--batch", "0"] + output, in: folder)
      let pixel = ["train", "--task", "t1", "--architecture", "pixel"] + output
      try expect(64, ["nside is 17", "powers of two"], pixel + ["--nside", "17"], in: folder)
      try expect(
        64, ["--schedule", "pixel", "published"], pixel + ["--schedule", "plateau"], in: folder)
      try expect(64, ["--sampling", "pixel"], pixel + ["--sampling", "harmonic"], in: folder)
      try expect(64, ["--pooling", "pixel"], pixel + ["--pooling", "power"], in: folder)
      try expect(
        64, ["--dropout, --readout-maps", "pixel"],
        pixel + ["--readout-maps", "20000", "--dropout", "0"], in: folder)
      let published =
        ["train", "--task", "t1", "--architecture", "published", "--maps", "1000"] + output
      for (option, value, words) in [
        ("--shared-orders", "1.5", "0...1"), ("--batch-statistics", "nan", "0.1...1"),
        ("--batch-statistics", "0", "0.1...1"),
        ("--dropout", "1", "less than 1"), ("--readout-maps", "5", "at least 10000"),
        ("--shared-orders", "0.5", "one-cycle"), ("--shared-bands", "17", "1...16"),
        ("--shared-bands", "4", "--shared-orders above 0"),
        ("--learning-rate", "0", "above 0 and at most 1"), ("--loss", "density", "mean-squared"),
      ] {
        try expect(
          64, [option, words], published + ["\(option)=\(value)"], in: folder)
      }
      try expect(
        64, ["0 maps", "512", "10000 maps for the readout"],
        published + ["--readout-maps", "10000"], in: folder)
      try expect(
        64, ["harmonic with inpainting"],
        ["train", "--task", "t2", "--fsky", "0.5", "--architecture", "published"]
          + ["--sampling", "harmonic"] + output, in: folder)
      try expect(64, ["--count"], ["baseline", "--task", "t1"], in: folder)
      try expect(
        64, ["--count is 1", "2...10000000"], ["baseline", "--task", "t1", "--count", "1"],
        in: folder)
      try expect(64, [".pt"], ["convert", "a.txt", "b.pt"], in: folder)
      try expect(
        64, ["no subcommand 'frobnicate'", "quickstart", "reproduce"], ["frobnicate"], in: folder)
      for (words, near) in [
        (["trian"], "did you mean train?"), (["Predict"], "did you mean predict?"),
        (["sim", "--count", "3"], "did you mean simulate?"),
        (
          ["study", "exactnes"],
          "'sphere study' has no subcommand 'exactnes'; did you mean exactness?"
        ),
        (["conformance", "exprot"], "did you mean export?"),
      ] {
        try expect(64, [near, "--help"], words, in: folder)
      }
      for words in [["help"], ["help", "train"], ["--help"], ["study"], ["--version"]] {
        #expect(try sphere.run(words, in: folder).status == 0, "\(words)")
      }
    }
  }

  /// Outputs are named for what is written: FITS tables, for spectra also text.
  @Test("Unknown endings of outputs: 64")
  func endings() throws {
    try withFolder { folder in
      let commands = [
        ["analyze", "m.fits", "--lmax", "3"], ["synthesize", "a.fits", "--nside", "4"],
        ["resample", "m.fits", "--to", "nside4", "--method", "nearest"],
        ["rotate", "m.fits", "--euler", "1,2,3"], ["spectrum", "m.fits"],
      ]
      for command in commands {
        for name in ["x", "x.png", "x.txt", "x.fits.gz", "x.fitss", ".fits"] {
          try expect(64, ["--output is \(name)"], command + ["--output", name], in: folder)
        }
        let isSpectrum = command[0] == "spectrum"
        try expect(
          isSpectrum ? 66 : 64, [isSpectrum ? "m.fits" : ".csv is for spectra"],
          command + ["--output", "x.csv"], in: folder)
        for name in ["x.fits", "x.FITS", "x.fit"] {
          try expect(66, [command[1]], command + ["--output", name], in: folder)
        }
      }
    }
  }

  /// What no machine has is refused before anything is made; what fits is named.
  @Test("More memory or disk than there is")
  func resources() throws {
    try withFolder { folder in
      let output = ["--output", "m.safetensors"]
      try expect(
        64, ["making 9 filters of 127799 pixels needs about", "TB", "what fits", "--fiducials"],
        ["train", "--task", "t2", "--fsky", "0.65", "--nside", "128"] + output, in: folder)
      try expect(
        64, ["1048576 maps of nside 8192 per step", "what fits", "--batch"],
        ["train", "--task", "t1", "--nside", "8192", "--batch", "1048576", "--maps", "20000000"]
          + output, in: folder)
      try expect(
        64, ["Cramer-Rao bound of 393216 pixels", "TB", "what fits"],
        ["limits", "--task", "t2", "--fsky", "0.5", "--nside", "256"], in: folder)
      try expect(
        64, ["128 maps of nside 8192", "what fits"],
        ["baseline", "--task", "t1", "--nside", "8192", "--count", "1000"], in: folder)
      try expect(
        73, ["maps", "TB of disk"],
        ["simulate", "--task", "t1", "--nside", "4096", "--count", "10000000"]
          + ["--output", "maps"], in: folder)
    }
  }

  @Test("Missing input: 66")
  func missing() throws {
    try withFolder { folder in
      let model = ["--model", "none.safetensors"]
      try expect(66, ["none.safetensors"], ["predict"] + model + ["m.fits"], in: folder)
      try expect(66, ["none.safetensors"], ["evaluate"] + model + ["--count", "2"], in: folder)
      try expect(66, ["none.pt"], ["convert", "none.pt", "a.safetensors"], in: folder)
      try expect(66, ["none.fits"], ["inspect", "none.fits"], in: folder)
      try expect(66, ["truth.csv"], ["baseline", "--task", "t1", "--maps", "maps"], in: folder)
      try expect(66, ["nowhere"], ["models", "--models", "nowhere"], in: folder)
      try expect(
        66, ["checkpoint.safetensors"],
        ["train", "--task", "t1", "--resume", "--output", "m.safetensors"], in: folder)
    }
  }

  @Test("Output that cannot be written: 73")
  func unwritable() throws {
    try withFolder { folder in
      try Data("mine".utf8).write(to: folder.appendingPathComponent("file"))
      try Data("{}".utf8).write(to: folder.appendingPathComponent("mine.json"))
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("full.safetensors"), withIntermediateDirectories: false)
      try Data("kept".utf8).write(to: folder.appendingPathComponent("full.safetensors/kept"))
      let train = ["train", "--task", "t1", "--maps", "600", "--output"]
      try expect(73, ["none", "does not exist"], train + ["none/m.safetensors"], in: folder)
      try expect(73, ["file"], train + ["file/m.safetensors"], in: folder)
      try expect(73, ["folder"], train + ["full.safetensors"], in: folder)
      try expect(73, ["mine.json", "record"], train + ["mine.safetensors"], in: folder)
      // No one, not even root, makes files there.
      try expect(73, ["/proc"], train + ["/proc/m.safetensors"], in: folder)
      let simulate = ["simulate", "--task", "t1", "--count", "2", "--output"]
      try expect(73, ["1 entries", "empty"], simulate + ["full.safetensors"], in: folder)
      try expect(73, ["none"], simulate + ["none/maps"], in: folder)
      try expect(73, ["file"], simulate + ["file"], in: folder)
    }
  }

  @Test("Unusable maps: 65")
  func maps() throws {
    try withFolder { folder in
      let training = try sphere(
        "train", "--task", "t1", "--maps", "512", "--output", "m.safetensors", in: folder)
      try #require(training.status == 0, "\(training)")
      _ = try sphere("simulate", "--task", "t1", "--count", "1", "--output", "maps", in: folder)
      func url(_ name: String) -> URL { folder.appendingPathComponent(name) }
      func write(_ name: String, _ column: String, nside: Int = 16, _ value: Double = 1) throws {
        var values = [Double](repeating: 1, count: 12 * nside * nside)
        values[5] = value
        try HealpixMapFile(
          nside: nside, columns: [HealpixMapFile.Column(name: column, values: values)]
        ).write(to: url(name))
      }
      try write("masked.fits", "TEMPERATURE", .nan)
      try write("whole.fits", "MASK")
      try write("coarse.fits", "TEMPERATURE", nside: 8)
      try write("q.fits", "Q_POLARISATION")
      let whole = try folder.bytes("maps/m0.fits")
      try whole.prefix(8_000).write(to: url("short.fits"))
      try Data("not a map".utf8).write(to: url("text.fits"))
      try FileManager.default.copyItem(
        at: FixtureStore.url("formats/image.fits"), to: url("image.fits"))

      let predict = ["predict", "--model", "m.safetensors", "--format", "json", "maps/m0.fits"]
      try expect(
        65, ["masked.fits", "1 of the 3072"], predict + ["masked.fits"], in: folder)
      try expect(65, ["coarse.fits", "nside is 8", "16"], predict + ["coarse.fits"], in: folder)
      try expect(65, ["q.fits", "Q_POLARISATION"], predict + ["q.fits"], in: folder)
      try expect(65, ["short.fits", "truncated"], predict + ["short.fits"], in: folder)
      try expect(65, ["text.fits", "not a FITS"], predict + ["text.fits"], in: folder)
      try expect(65, ["image.fits", "HEALPIX"], predict + ["image.fits"], in: folder)
      try expect(66, ["none.fits"], predict + ["none.fits"], in: folder)
      try expect(
        64, ["--mask", "without a mask"], predict + ["--mask", "whole.fits"], in: folder)

      try Data("file,ell_peak\nnone.fits,5\nm0.fits,6\n".utf8).write(to: url("maps/other.csv"))
      try Data("file,tau\nm0.fits,0.05\n".utf8).write(to: url("maps/tau.csv"))
      let evaluate = ["evaluate", "--model", "m.safetensors", "--maps", "maps", "--truth"]
      try expect(66, ["none.fits"], evaluate + ["maps/other.csv"], in: folder)
      try expect(65, ["tau.csv", "file,ell_peak"], evaluate + ["maps/tau.csv"], in: folder)
    }
  }

  @Test("Unusable models: 65")
  func models() throws {
    try withFolder { folder in
      func url(_ name: String) -> URL { folder.appendingPathComponent(name) }
      let training = try sphere(
        "train", "--task", "t1", "--maps", "512", "--output", "m.safetensors", in: folder)
      try #require(training.status == 0, "\(training)")
      try folder.bytes("m.safetensors").dropLast(100).write(to: url("short.safetensors"))
      for name in ["refused_code", "refused_list", "refused_model", "plain"] {
        try FileManager.default.copyItem(
          at: FixtureStore.url("formats/\(name).pt"), to: url("\(name).pt"))
      }
      try FileManager.default.copyItem(
        at: FixtureStore.url("formats/all_types.safetensors"), to: url("other.safetensors"))
      // A published network on another pixel table.
      var tensors = try PyTorchStateDict(
        contentsOf: FixtureStore.url("networks/tiny_plain.pt")
      ).tensors
      let table = try tensors.tensor("to_equi.pixel_indices").integers()
      tensors["to_equi.pixel_indices"] = TensorData(Array(table.reversed()))
      try PyTorchStateDict(tensors: tensors).write(to: url("table.pt"))
      let cases: [(String, [String])] = [
        ("short.safetensors", ["truncated"]), ("other.safetensors", ["format"]),
        ("refused_code.pt", ["nothing was run"]), ("refused_list.pt", ["dictionary"]),
        ("refused_model.pt", ["refused_model.pt"]), ("plain.pt", ["pixel_indices"]),
        ("table.pt", ["first different at point 0"]),
      ]
      for (model, words) in cases {
        try expect(
          65, [model] + words, ["evaluate", "--model", model, "--count", "4"], in: folder)
      }
      try expect(65, ["plain.pt"], ["convert", "plain.pt", "a.safetensors"], in: folder)
      try expect(65, ["other"], ["convert", "other.safetensors", "a.pt"], in: folder)
      // Tensors do not tell what is pooled.
      let variant = try sphere(
        "train", "--task", "t1", "--architecture", "published", "--maps", "512", "--pooling",
        "power", "--output", "power.safetensors", in: folder)
      try #require(variant.status == 0, "\(variant)")
      try expect(
        65, ["power.safetensors", "pooling is power"],
        ["convert", "power.safetensors", "a.pt"], in: folder)

      // A damaged checkpoint is refused and stays.
      try FileManager.default.createDirectory(
        at: url("c"), withIntermediateDirectories: false)
      try folder.bytes("short.safetensors").write(to: url("c/checkpoint.safetensors"))
      try expect(
        65, ["checkpoint.safetensors", "truncated"],
        [
          "train", "--task", "t1", "--maps", "512", "--checkpoints", "c", "--resume", "--output",
          "n.safetensors",
        ], in: folder)
    }
  }
}

import FileFormats
import Foundation
import SkyMaps
import Testing
import Verification

/// Models by name, checkpoints of published networks, and damaged models, as a user meets them.
@Suite("Models on the command line")
struct ModelCommandTests {
  private let sphere: Program
  private let name = "t1-physical-isotropic-noise0"

  init() throws { sphere = try Program() }

  private func expect(
    _ status: Int32, _ words: [String], _ arguments: [String], in folder: URL,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try sphere.expectRefusal(status, words, arguments, in: folder, at: location)
  }

  /// A copy of a model with new error bars predicts the same values with other bars; the model
  /// itself and its folder stay as they are.
  @Test("Error bars measured anew")
  func newErrorBars() throws {
    try withFolder { folder in
      let file = FixtureStore.url("maps/t1").path
      let map = try #require(
        FileManager.default.contentsOfDirectory(atPath: file).sorted().first {
          $0.hasSuffix(".fits")
        })
      let made = try sphere(
        "calibrate", "--model", name, "--output", "new.safetensors", "--count", "300", in: folder)
      #expect(made.messages.contains("new.safetensors: error bars from 300 maps"), "\(made)")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["new.safetensors"])
      let lines = try [name, "new.safetensors"].map {
        try object(
          try sphere("predict", "--model", $0, "--format", "json", "\(file)/\(map)", in: folder)
            .output)
      }
      #expect(lines[0]["ell_peak"] as? Double == lines[1]["ell_peak"] as? Double)
      let bars = try lines.map { try #require($0["ell_peak_error"] as? Double) }
      #expect(bars[0] != bars[1] && abs(bars[1] / bars[0] - 1) < 0.5)
      try expect(
        64, ["--seed"],
        ["calibrate", "--model", name, "--output", "x.safetensors", "--seed", "2"], in: folder)
      try expect(
        64, ["10 maps"],
        ["calibrate", "--model", name, "--output", "x.safetensors", "--count", "10"], in: folder)
    }
  }

  /// A name that `sphere models` prints stands for its file, in any folder; a file of that name in
  /// the current folder comes first.
  @Test("Shipped models by name")
  func names() throws {
    try withFolder { folder in
      let list = try sphere("models", in: folder)
      #expect(list.output.contains("\n\(name)  "), "\(list)")
      let map = FixtureStore.url("maps/t1").path
      let maps = try FileManager.default.contentsOfDirectory(atPath: map).filter {
        $0.hasSuffix(".fits")
      }.sorted()
      let file = "\(map)/\(try #require(maps.first))"
      let path = FixtureStore.url("models/\(name).safetensors").path
      let byPath = try sphere("predict", "--model", path, file, in: folder)
      #expect(byPath.status == 0, "\(byPath)")
      for text in [name, name + ".safetensors"] {
        #expect(try sphere("predict", "--model", text, file, in: folder).output == byPath.output)
      }
      let inspected = try sphere("inspect", name, in: folder)
      #expect(inspected.output.contains("digest  in the file, agrees"))
      let listed = try sphere("inspect", "t1-physical-published-noise0", in: folder)
      #expect(listed.output.contains("digest  in SHA256SUMS beside the file, agrees"))
      #expect(try sphere("convert", name, "m.pt", in: folder).status == 0)
      try expect(
        66, ["did you mean \(name)", "noise5"],
        ["predict", "--model", "t1-physical-isotropic-noise", file], in: folder)
      let record = "t1-physical-published-noise15"
      #expect(list.output.contains("\n\(record)  ") && list.output.contains("(record, no weights)"))
      try expect(
        66, ["only the record", "sphere train --preset \(record)"],
        ["predict", "--model", record, file], in: folder)
      try expect(
        66, ["nothing-alike", "'sphere models'"],
        ["evaluate", "--model", "nothing-alike", "--count", "4"], in: folder)
      try expect(
        66, ["no such file"], ["predict", "--model", "./\(name)", file], in: folder)
      try Data("{}".utf8).write(to: folder.appendingPathComponent("\(name).safetensors"))
      try expect(
        65, ["truncated"], ["predict", "--model", "\(name).safetensors", file], in: folder)
    }
  }

  /// A checkpoint at nside 8 with names for its outputs, and what evaluation and a wrong number of
  /// names say.
  @Test("Checkpoints of published networks")
  func checkpoints() throws {
    let answers = try SafetensorsFile(
      contentsOf: FixtureStore.url("networks/checkpoint_answers.safetensors")
    ).tensors
    try withFolder { folder in
      let values = try answers.tensor("nside8.maps").doubles()
      try HealpixMapFile(
        nside: 8,
        columns: [
          .init(name: "TEMPERATURE", values: Array(values.prefix(768)), unit: "uK")
        ]
      ).write(to: folder.appendingPathComponent("m.fits"), precision: .float32)
      let model = FixtureStore.url("networks/checkpoint_nside8.pt").path
      let result = try sphere(
        "predict", "--model", model, "--outputs", "scale", "--format", "json", "m.fits", in: folder)
      let value = try #require(object(result.output)["scale"] as? Double, "\(result)")
      let expected = try answers.tensor("nside8.float64").doubles()[0]
      #expect(abs(value - expected) <= 4e-6 * abs(expected))
      let plain = try sphere("predict", "--model", model, "m.fits", in: folder)
      #expect(plain.output.contains("output_1") && plain.messages.contains("no prior is known"))
      try expect(
        64, ["a, b", "1 different name"],
        ["predict", "--model", model, "--outputs", "a,b", "m.fits"], in: folder)
      try expect(64, ["no task"], ["evaluate", "--model", model, "--count", "4"], in: folder)

      // Own files know what a state dict cannot say.
      let inpaint = FixtureStore.url("networks/checkpoint_inpaint.pt").path
      let converted = try sphere(
        "convert", inpaint, "own.safetensors", "--inpaint", "--outputs", "r,tau", in: folder)
      #expect(converted.status == 0, "\(converted)")
      let inspected = try sphere("inspect", "own.safetensors", in: folder)
      #expect(inspected.output.contains("\"inpaints\":true"))
      #expect(inspected.output.contains("[\"r\",\"tau\"]"))
      #expect(inspected.output.contains("digest  in the file, agrees"))
    }
  }

  @Test("Damaged models: 65")
  func damaged() throws {
    try withFolder { folder in
      func url(_ name: String) -> URL { folder.appendingPathComponent(name) }
      let shipped = FixtureStore.url("models/\(name).safetensors")
      var file = try SafetensorsFile(contentsOf: shipped)
      let weights = try file.tensors.tensor("readout.bias")
      file.tensors["readout.bias"] = TensorData([Float.nan], shape: weights.shape)
      try file.write(to: url("nan.safetensors"))
      file.tensors["readout.bias"] = weights
      let configuration = try #require(file.metadata["configuration"])
      let edits = [
        ("rings", "\"gridRings\":48", "\"gridRings\":4611686018427387904"),
        ("outputs", "\"outputCount\":1", "\"outputCount\":4611686018427387904"),
        ("lmax", "\"lmax\":47", "\"lmax\":16000"),
      ]
      for (name, old, new) in edits {
        var edited = file
        edited.metadata["configuration"] = configuration.replacingOccurrences(of: old, with: new)
        #expect(edited != file, "\(old) is not in \(configuration)")
        try edited.write(to: url("\(name).safetensors"))
      }
      try Data(
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n".utf8
      ).write(to: url("pointer.pt"))
      var bytes = try Data(contentsOf: shipped)
      bytes[bytes.count - 2] ^= 1
      try bytes.write(to: url("\(name).safetensors"))
      try FileManager.default.copyItem(
        at: FixtureStore.url("models/SHA256SUMS"), to: url("SHA256SUMS"))
      let cases = [
        ("nan.safetensors", ["element 0", "readout.bias", "nan"]),
        ("rings.safetensors", ["number of rings"]), ("outputs.safetensors", ["number of outputs"]),
        ("lmax.safetensors", ["lmax"]), ("pointer.pt", ["Git LFS", "9 bytes"]),
        ("\(name).safetensors", ["damaged", "SHA256SUMS"]),
      ]
      for (model, words) in cases {
        try expect(
          65, [model] + words, ["evaluate", "--model", model, "--count", "4"], in: folder)
      }
    }
  }
}

import Foundation
import SkyMaps
import Testing
import Training
import Verification

/// Tasks t2 and t3 as a user meets them: healpy's Q and U maps through the shipped models, and the
/// subcommands with the smallest sizes that mean something.
@Suite("Subcommands for polarisation")
struct PolarisationWorkflowTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  private func model(_ name: String) -> String {
    FixtureStore.url("models/\(name).safetensors").path
  }

  private func map(_ number: Int) -> String {
    FixtureStore.url("maps/t2/map\(number).fits").path
  }

  /// `[file: [ell_e, ell_b]]`.
  private func truths() throws -> [String: [Double]] {
    let text = try String(contentsOf: FixtureStore.url("maps/t2/truth.csv"), encoding: .utf8)
    var truths: [String: [Double]] = [:]
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",").map(String.init)
      truths[fields[0]] = fields.dropFirst().compactMap(Double.init)
    }
    return truths
  }

  private func object(_ line: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
  }

  /// The first line that the program printed.
  private func first(_ result: ProgramResult) throws -> [String: Any] {
    let line = try #require(result.lines.first, "\(result)")
    return try object(line)
  }

  /// Predictions lie within five of their error bars of the truth; those of another map do not.
  private func expectNearTruth(_ line: String, _ file: String) throws {
    let (result, truths) = (try object(line), try truths())
    let truth = try #require(truths[file])
    #expect(
      Set(result.keys) == ["file", "ell_e", "ell_e_error", "ell_b", "ell_b_error", "warnings"])
    for (name, expected) in zip(["ell_e", "ell_b"], truth) {
      let value = try #require(result[name] as? Double)
      let error = try #require(result["\(name)_error"] as? Double)
      #expect(abs(value - expected) <= 5 * error, "\(file), \(name): \(value) +- \(error)")
      let exchanged = truth[name == "ell_e" ? 1 : 0]
      #expect(abs(value - exchanged) > 5 * error, "\(file): E and B are told apart")
    }
  }

  /// UNSEEN pixels, a partial-sky table and NESTED order; a map that observes more than the model
  /// reads is used with a warning that names both sky fractions.
  @Test("healpy's cut-sky maps")
  func cutSky() throws {
    try withFolder { folder in
      let result = try sphere.run(
        ["predict", "--model", model("t2-physical-isotropic-fsky0.1"), "--format", "json"]
          + (0...3).map(map), in: folder)
      #expect(result.status == 0 && result.lines.count == 4, "\(result)")
      for (number, line) in result.lines.enumerated() {
        try expectNearTruth(line, "map\(number).fits")
        let warnings = try #require(try object(line)["warnings"] as? [String])
        let isWide = warnings.contains { $0.contains("overlap") }
        #expect(isWide == (number == 3), "map \(number): \(warnings)")
      }
    }
  }

  @Test("healpy's full-sky maps, one in the IAU convention")
  func fullSky() throws {
    try withFolder { folder in
      let result = try sphere.run(
        ["predict", "--model", model("t2-physical-isotropic"), "--format", "json", map(4), map(5)],
        in: folder)
      #expect(result.status == 0 && result.lines.count == 2, "\(result)")
      for (number, line) in result.lines.enumerated() {
        try expectNearTruth(line, "map\(4 + number).fits")
      }
      let csv = try sphere.run(
        ["predict", "--model", model("t2-physical-isotropic"), "--format", "csv", map(4)],
        in: folder)
      #expect(csv.lines.first == "file,ell_e,ell_b,ell_e_error,ell_b_error,warnings")
    }
  }

  /// A mask that hides pixels the model reads, maps that lack them, and maps without Q and U are
  /// refused.
  @Test("Maps and masks that do not suit a model: 65")
  func refusals() throws {
    try withFolder { folder in
      func refused(_ words: [String], _ arguments: [String]) throws {
        let result = try sphere.run(arguments, in: folder)
        #expect(result.status == 65 && result.output.isEmpty, "\(arguments): \(result)")
        for word in words { #expect(result.messages.contains(word), "no '\(word)' in \(result)") }
      }
      let full = ["predict", "--model", model("t2-physical-isotropic")]
      let cut = ["predict", "--model", model("t2-physical-isotropic-fsky0.1")]
      try refused(["map0.fits", "2762 of the 3072"], full + [map(0)])
      try refused(
        ["Q_POLARISATION"], full + [FixtureStore.url("maps/t1/map0.fits").path])
      let mask = try sphere(
        "simulate", "--task", "t2", "--fsky", "0.05", "--count", "1", "--output", "small",
        in: folder)
      try #require(mask.status == 0, "\(mask)")
      try refused(
        ["map3.fits", "158 of the 310"], cut + ["--mask", "small/mask.fits", map(3)])
      try refused(["158 of the 310"], cut + ["small/m0.fits"])
      var values = [Double](repeating: 0.5, count: 3072)
      func write(_ name: String) throws {
        try HealpixMapFile(
          nside: 16, columns: [HealpixMapFile.Column(name: "MASK", values: values)]
        ).write(to: folder.appendingPathComponent(name))
      }
      values[7] = 1.5
      try write("outside.fits")
      values = [Double](repeating: 0, count: 3072)
      try write("none.fits")
      try refused(["outside.fits", "1.5"], cut + ["--mask", "outside.fits", map(3)])
      try refused(["none.fits"], cut + ["--mask", "none.fits", map(3)])
      let train = ["train", "--task", "t2", "--maps", "600", "--output", "m.safetensors"]
      try refused(["outside.fits"], train + ["--mask", "outside.fits"])
      let usage = try sphere.run(
        [
          "predict", "--model", model("t2-physical-isotropic"), "--mask", "small/mask.fits", map(4),
        ],
        in: folder)
      #expect(usage.status == 64, "\(usage)")
      let both = try sphere.run(
        train + ["--fsky", "0.1", "--mask", "small/mask.fits"], in: folder)
      #expect(both.status == 64, "\(both)")
      let fraction = try sphere.run(train + ["--fsky", "1.5"], in: folder)
      #expect(fraction.status == 64 && fraction.messages.contains("1.5"), "\(fraction)")
    }
  }

  /// Simulated maps come back through training, evaluation and the baselines of both tasks.
  @Test("Simulate, train, evaluate, baseline, limits", arguments: ["t2", "t3"])
  func workflow(task: String) throws {
    try withFolder { folder in
      let names = task == "t2" ? ["ell_e", "ell_b"] : ["tau"]
      let maps = try sphere(
        "simulate", "--task", task, "--count", "4", "--seed", "2", "--output", "maps", in: folder)
      #expect(maps.status == 0, "\(maps)")
      let truth = try String(
        contentsOf: folder.appendingPathComponent("maps/truth.csv"), encoding: .utf8)
      #expect(truth.hasPrefix((["file"] + names).joined(separator: ",") + "\n"))
      let training = try sphere(
        "train", "--task", task, "--maps", "2000", "--output", "m.safetensors", in: folder)
      #expect(training.status == 0, "\(training)")
      for arguments in [["--maps", "maps"], ["--count", "4", "--seed", "2"]] {
        let evaluated = try sphere.run(
          ["evaluate", "--model", "m.safetensors", "--format", "json"] + arguments, in: folder)
        let result = try first(evaluated)
        let ratio = try #require(result["ratio_to_optimal"] as? [String: Double])
        #expect(Set(ratio.keys) == Set(names) && result["count"] as? Int == 4)
      }
      let baseline = try sphere(
        "baseline", "--task", task, "--count", "20", "--format", "json", in: folder)
      let errors = try #require(try first(baseline)["optimal"] as? [String: Double])
      #expect(Set(errors.keys) == Set(names))
      let limits = try sphere(
        "limits", "--task", task, "--count", "200", "--format", "json", in: folder)
      let bounds = try #require(try first(limits)["cramer_rao"] as? [String: Double])
      #expect(bounds.values.allSatisfy { $0 > 0.4 && $0 < 4 }, "\(bounds)")
      let refused = try sphere(
        "baseline", "--task", task, "--protocol", "published", "--count", "4", in: folder)
      #expect(refused.status == 64 && refused.messages.contains("published"), "\(refused)")
    }
  }
  /// One filter in the middle of the prior: at that one point its linear error is the bound of the
  /// pixels.
  @Test("Limits and training with filters")
  func filters() throws {
    try withFolder { folder in
      let limits = [
        "limits", "--task", "t2", "--fsky", "0.02", "--points", "1", "--count", "2", "--format",
        "json", "--fiducials",
      ]
      func errors(_ fiducials: String) throws -> (bound: Double, linear: Double) {
        let result = try first(try sphere.run(limits + [fiducials], in: folder))
        let bounds = try #require(result["cramer_rao"] as? [String: Double])
        let linear = try #require(result["linear_of_filters"] as? [String: Double])
        let count = try #require(Int(fiducials))
        #expect(result["filters"] as? Int == count * count)
        return (try #require(bounds["ell_e"]), try #require(linear["ell_e"]))
      }
      let middle = try errors("1")
      #expect(abs(middle.linear / middle.bound - 1) < 1e-6, "\(middle)")
      // Negative control: four filters elsewhere.
      let aside = try errors("2")
      #expect(aside.linear > 1.003 * aside.bound, "\(aside)")
      for arguments in [
        limits + ["5"], limits + ["0"], ["limits", "--task", "t2", "--fiducials", "2"],
        [
          "train", "--task", "t2", "--fsky", "0.1", "--fiducials", "5", "--output", "m.safetensors",
        ],
        ["train", "--task", "t2", "--fiducials", "2", "--output", "m.safetensors"],
        ["train", "--task", "t2", "--bands", "60", "--output", "m.safetensors"],
        ["train", "--task", "t1", "--bands", "8", "--output", "m.safetensors"],
        [
          "train", "--task", "t2", "--bands", "8", "--architecture", "published", "--output",
          "m.safetensors",
        ],
      ] {
        let refused = try sphere.run(arguments, in: folder)
        #expect(refused.status == 64, "\(arguments): \(refused)")
      }
    }
  }
}

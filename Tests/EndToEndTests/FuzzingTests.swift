import Foundation
import Testing
import Verification

/// Inputs that broke a reader once, and the harness that finds such inputs, `Tests/fuzzing`.
@Suite("Damaged inputs")
struct FuzzingTests {
  private let fuzzing: Program

  init() throws { fuzzing = try Program("fuzzing") }

  /// Every input of the corpus gives a value or an error of the package, within ten seconds, half a
  /// gigabyte and a process of its own; of a command line, a documented exit code.
  @Test("Inputs that broke a reader once")
  func corpus() throws {
    try withFolder { folder in
      let result = try fuzzing("corpus", in: folder)
      #expect(result.status == 0 && !result.wasSignalled, "\(result)")
      #expect(result.lines.count { $0.hasPrefix("ok - ") } >= 60)
    }
  }

  /// The harness takes no fault for a refusal: a reader with every kind of fault is caught each
  /// time.
  @Test(
    "Negative control",
    arguments: [
      "trap": "signal ", "abort": "signal 6", "hang": "endless", "memory": "MB of memory",
      "address": "failed to allocate", "foreign": "untyped error",
    ])
  func control(fault: String, report: String) throws {
    try withFolder { folder in
      for word in [fault, "fine"] {
        try Data(word.utf8).write(to: folder.appendingPathComponent(word))
      }
      let result = try fuzzing("replay", "control", fault, "fine", in: folder)
      #expect(result.status == 1, "\(result)")
      #expect(result.lines.first?.hasPrefix("not ok - \(fault)") == true, "\(result)")
      #expect(result.output.contains(report), "\(result)")
      #expect(result.lines.last == "ok - fine: parsed", "\(result)")
    }
  }

  /// An input is a function of target, seed and number: what was found can be made again.
  @Test("Inputs can be made again", arguments: ["models", "maps", "state-dicts", "options"])
  func reproducible(target: String) throws {
    try withFolder { folder in
      for (name, seed, index) in [("a", "1", "77"), ("b", "1", "77"), ("c", "2", "77")] {
        let result = try fuzzing(
          "write", target, index, "--seed", seed, "--output", name, in: folder)
        #expect(result.status == 0, "\(result)")
      }
      #expect(try folder.bytes("a") == folder.bytes("b"))
      #expect(try folder.bytes("a") != folder.bytes("c"))
    }
  }
}

import Foundation
import Testing
import Verification

@Suite("Interrupted programs")
struct InterruptionTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  private func train(_ output: String, threads: String = "2") -> [String] {
    [
      "train", "--task", "t1", "--maps", "4000", "--batch", "4", "--seed", "8", "--threads",
      threads,
      "--output", output,
    ]
  }

  /// A run interrupted in gradient training, and resumed by the command that it prints, writes the
  /// bytes of one that ran through; so does a run with another number of threads.
  /// Blind to: interruptions at other steps, which CheckpointPropertyTests goes through.
  @Test("The same model with and without interruption", arguments: [SIGINT, SIGTERM, SIGHUP])
  func resumed(signal: Int32) throws {
    try withFolder { folder in
      let arguments = train("a.safetensors")
      let stopped = try sphere.interrupted(by: signal, after: "training ", arguments, in: folder)
      #expect(stopped.status == 128 + signal && !stopped.wasSignalled, "\(stopped)")
      #expect(stopped.messages.contains("To resume:"), "\(stopped)")
      let command = stopped.messages.split(separator: "\n").last.map(String.init) ?? ""
      #expect(command.hasSuffix("--output a.safetensors --resume"), "\(command)")
      #expect(
        try Set(folder.snapshot().keys) == [
          "a.checkpoints", "a.checkpoints/checkpoint.safetensors",
        ])

      // A new run must not take the checkpoint's place, and other options must not resume from it.
      let before = try folder.snapshot()
      let again = try sphere(
        "train", "--task", "t1", "--maps", "4000", "--output", "a.safetensors", in: folder)
      #expect(again.status == 73 && again.messages.contains("resume from it"), "\(again)")
      let other = try sphere(
        "train", "--task", "t1", "--maps", "5000", "--batch", "4", "--seed", "8", "--output",
        "a.safetensors", "--resume", in: folder)
      #expect(other.status == 64 && other.messages.contains("another run"), "\(other)")
      #expect(try folder.snapshot() == before)

      let words = command.split(separator: " ").dropFirst().map(String.init)
      let resumed = try sphere.run(words, in: folder)
      #expect(resumed.status == 0, "\(resumed)")
      let through = try sphere.run(train("b.safetensors", threads: "1"), in: folder)
      #expect(through.status == 0, "\(through)")
      #expect(try folder.bytes("a.safetensors") == folder.bytes("b.safetensors"))
    }
  }

  /// A lost terminal sends SIGHUP more than once, from the system and from the shell: the
  /// checkpoint is written all the same.
  @Test("SIGHUP twice")
  func hangUpTwice() throws {
    try withFolder { folder in
      let stopped = try sphere.interrupted(
        by: SIGHUP, after: "training ", train("a.safetensors"), in: folder, times: 2)
      #expect(stopped.status == 129 && !stopped.wasSignalled, "\(stopped)")
      #expect(
        try Set(folder.snapshot().keys) == [
          "a.checkpoints", "a.checkpoints/checkpoint.safetensors",
        ])
    }
  }

  /// Who starts the program with nohup wants it to outlive the terminal.
  @Test("SIGHUP under nohup is ignored")
  func noHangUp() throws {
    try withFolder { folder in
      let finished = try sphere.interrupted(
        by: SIGHUP, after: "simulating",
        ["simulate", "--task", "t1", "--count", "300", "--output", "maps"],
        in: folder, preparation: "trap '' HUP", times: 2)
      #expect(finished.status == 0 && !finished.wasSignalled, "\(finished)")
      #expect(FileManager.default.fileExists(atPath: folder.path + "/maps/truth.csv"))
    }
  }

  @Test("An interrupted simulation leaves nothing")
  func simulation() throws {
    try withFolder { folder in
      let stopped = try sphere.interrupted(
        by: SIGINT, after: "simulating",
        ["simulate", "--task", "t1", "--count", "20000", "--output", "maps"], in: folder)
      #expect(stopped.status == 130 && !stopped.wasSignalled, "\(stopped)")
      #expect(try folder.snapshot().isEmpty)
    }
  }
}

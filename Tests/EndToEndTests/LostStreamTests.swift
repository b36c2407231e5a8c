import Foundation
import Testing
import Verification

/// What happens to the work when the streams of the program are lost.
@Suite("Lost streams")
struct LostStreamTests {
  private let sphere: Program

  init() throws { sphere = try Program() }

  private func train(_ output: String) -> [String] {
    ["train", "--task", "t1", "--maps", "2400", "--seed", "8", "--output", output]
  }

  /// A training whose messages cannot be written comes to the same model: a full disk, a closed
  /// descriptor, a pipe whose reader has gone.
  @Test("Messages that nobody takes")
  func lostMessages() throws {
    try withFolder { folder in
      let heard = try sphere.run(train("heard.safetensors"), in: folder)
      #expect(heard.status == 0 && heard.messages.contains("training"), "\(heard)")
      for (name, words) in [
        ("full", "2>/dev/full"), ("closed", "2>&-"), ("all", "0<&- 1>&- 2>&-"),
      ] {
        let lost = try sphere.run(train("\(name).safetensors"), in: folder, redirection: words)
        #expect(lost.status == 0 && !lost.wasSignalled && lost.messages.isEmpty, "\(lost)")
        #expect(
          try folder.bytes("\(name).safetensors") == folder.bytes("heard.safetensors"), "\(name)")
        #expect(FileManager.default.fileExists(atPath: folder.path + "/\(name).json"))
      }
    }
  }

  /// The reader of the messages goes away while the training runs. Blind to: a terminal that is
  /// lost, which Tests/reliability/lost_terminal.py tries.
  @Test("Messages whose reader goes away")
  func readerGoesAway() throws {
    try withFolder { folder in
      let heard = try sphere.run(train("heard.safetensors"), in: folder)
      #expect(heard.status == 0, "\(heard)")
      let pipe = Pipe()
      let process = Process()
      process.executableURL = sphere.executable
      process.arguments = train("lost.safetensors")
      process.currentDirectoryURL = folder
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = pipe
      try process.run()
      #expect(!pipe.fileHandleForReading.availableData.isEmpty)
      try pipe.fileHandleForReading.close()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      #expect(try folder.bytes("lost.safetensors") == folder.bytes("heard.safetensors"))
    }
  }

  /// Data that cannot be written are a fault: exit code 73 with the system's reason. The reader of
  /// a pipe who has seen enough is none: the program ends by SIGPIPE, as others do.
  @Test("Data that nobody takes")
  func lostData() throws {
    try withFolder { folder in
      for arguments in [["--help"], ["train", "--help"], ["--version"]] {
        let full = try sphere.run(arguments, in: folder, redirection: ">/dev/full")
        #expect(full.status == 73 && !full.wasSignalled, "\(arguments): \(full)")
        #expect(full.messages.contains("No space left on device"), "\(full)")
        let closed = try sphere.run(arguments, in: folder, redirection: ">&-")
        #expect(closed.status == 73 && !closed.wasSignalled, "\(arguments): \(closed)")
        #expect(closed.messages.contains("Bad file descriptor"), "\(closed)")
        let both = try sphere.run(arguments, in: folder, redirection: ">/dev/full 2>/dev/full")
        #expect(both.status == 73 && !both.wasSignalled, "\(arguments): \(both)")

        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let process = Process()
        process.executableURL = sphere.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = pipe.fileHandleForWriting
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(
          process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGPIPE,
          "\(arguments): \(process.terminationStatus)")
      }
      // Wrong usage keeps its code when its words are lost.
      let usage = try sphere.run(["train", "--bogus"], in: folder, redirection: "2>/dev/full")
      #expect(usage.status == 64 && !usage.wasSignalled, "\(usage)")
    }
  }
}

import Foundation
import Testing
import Verification

@testable import FileFormats

@Suite("Atomic files")
struct AtomicFilePropertyTests {
  /// The file appears with the right bytes, replaces an older one, and nothing else is left.
  @Test("Write and replace")
  func writeAndReplace() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a b [1] +!.bin")
      try AtomicFile.write(Data([1, 2, 3]), to: url)
      try AtomicFile.write(Data(repeating: 7, count: 1 << 20), to: url)
      #expect(try Data(contentsOf: url) == Data(repeating: 7, count: 1 << 20))
      try AtomicFile.write(Data(), to: url)
      #expect(try Data(contentsOf: url).isEmpty)
      #expect(try names(in: folder) == ["a b [1] +!.bin"])
    }
  }

  /// A failure while producing keeps the old contents and leaves no temporary file.
  @Test("A failure changes nothing")
  func failureChangesNothing() throws {
    struct Stop: Error {}
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("file")
      try AtomicFile.write(Data([1]), to: url)
      #expect(throws: Stop.self) {
        try AtomicFile.write(to: url) { temporary in
          try Data([2, 3]).write(to: temporary)
          throw Stop()
        }
      }
      #expect(try Data(contentsOf: url) == Data([1]))
      #expect(try names(in: folder) == ["file"])
    }
  }

  /// A symbolic link stays one; the file that it points to is replaced.
  @Test("Links are followed")
  func linksAreFollowed() throws {
    try withTemporaryFolder { folder in
      let target = folder.appendingPathComponent("target")
      let link = folder.appendingPathComponent("link")
      try Data([1]).write(to: target)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
      try AtomicFile.write(Data([2]), to: link)
      #expect(try Data(contentsOf: target) == Data([2]))
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == target.path)
    }
  }

  /// A link that leads nowhere, and one that leads to itself, are refused, and stay; so is a file
  /// behind a file.
  @Test("Links that lead nowhere")
  func brokenLinks() throws {
    try withTemporaryFolder { folder in
      let (lost, loop) = (
        folder.appendingPathComponent("lost"), folder.appendingPathComponent("loop")
      )
      let target = folder.appendingPathComponent("none")
      try FileManager.default.createSymbolicLink(at: lost, withDestinationURL: target)
      try FileManager.default.createSymbolicLink(at: loop, withDestinationURL: loop)
      for link in [lost, loop] {
        #expect(throws: FileError.brokenLink(path: link.path)) {
          try AtomicFile.write(Data([1]), to: link)
        }
        #expect(throws: FileError.brokenLink(path: link.path)) {
          try AtomicFile.requireWritable(link)
        }
      }
      #expect(try names(in: folder) == ["loop", "lost"])
      let file = folder.appendingPathComponent("file")
      try AtomicFile.write(Data([1]), to: file)
      let behind = file.appendingPathComponent("behind")
      for output in [behind, behind.appendingPathComponent("deeper")] {
        let folder = output.deletingLastPathComponent().path
        let reason = systemErrorText(ENOTDIR)
        #expect(
          throws: FileError.folderNotWritable(path: output.path, folder: folder, reason: reason)
        ) {
          try AtomicFile.write(Data(), to: output)
        }
      }
    }
  }

  /// Modes of files that are replaced stay; new files get what umask leaves. While it is written,
  /// what replaces a private file can be read by nobody else.
  @Test("Modes", arguments: [0o600, 0o640, 0o644, 0o664, 0o666, 0o755, 0o200])
  func modes(mode: Int) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("file")
      try AtomicFile.write(Data([1]), to: url)
      let mask = umask(0)
      umask(mask)
      #expect(try permissions(of: url) == 0o666 & ~Int(mask))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
      try AtomicFile.write(to: url) { temporary in
        #expect(try permissions(of: temporary) == 0o600)
        try Data([2, 3]).write(to: temporary)
      }
      #expect(try permissions(of: url) == mode)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
      #expect(try Data(contentsOf: url) == Data([2, 3]))
    }
  }

  /// The superuser's files do not become theirs whose files they were not; only the superuser can
  /// give files away, so elsewhere there is nothing to see.
  @Test("Owner and group", .enabled(if: geteuid() == 0))
  func owner() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("file")
      try AtomicFile.write(Data([1]), to: url)
      #expect(chown(url.path, 1234, 4321) == 0)
      try AtomicFile.write(Data([2]), to: url)
      let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
      #expect(attributes[.ownerAccountID] as? Int == 1234)
      #expect(attributes[.groupOwnerAccountID] as? Int == 4321)
    }
  }

  /// A file that nobody may write to is not replaced, not even by the superuser.
  @Test("Read-only files", arguments: [0o444, 0o400, 0o555, 0o000])
  func readOnly(mode: Int) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("file")
      try AtomicFile.write(Data([1]), to: url)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
      let error = thrown { try AtomicFile.write(Data([2]), to: url) }
      #expect(
        error as? FileError
          == .writeProtected(path: url.path, reason: "nobody may write to it"))
      #expect((error as? FileError)?.isOutputFault == true)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
      #expect(try Data(contentsOf: url) == Data([1]))
      #expect(try names(in: folder) == ["file"])
    }
  }

  /// Of unfinished files those of dead processes of this system go, and old ones of other systems;
  /// those of living processes, young ones of other systems and files of other names stay.
  @Test("Stale files are removed, and no others")
  func staleFiles() throws {
    try withTemporaryFolder { folder in
      let ended = Process()
      ended.executableURL = URL(fileURLWithPath: "/bin/sh")
      ended.arguments = ["-c", ":"]
      try ended.run()
      ended.waitUntilExit()
      let (dead, system) = (ended.processIdentifier, TemporaryName.system)
      let old = Date(timeIntervalSinceNow: -8 * 24 * 3600)
      func make(_ name: String, old isOld: Bool) throws {
        let url = folder.appendingPathComponent(name)
        try Data([1]).write(to: url)
        guard isOld else { return }
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: url.path)
      }
      let stale = [".sphere-\(system)-\(dead)-0a.partial", ".sphere-other.1-\(dead)-0b.partial"]
      try make(stale[0], old: false)
      try make(stale[1], old: true)
      let kept = [
        ".sphere-\(system)-\(getpid())-0c.partial", ".sphere-\(system)-1-0d.partial",
        ".sphere-\(system)-\(dead)-0e.partial.fits", ".sphere-\(system)-\(dead).partial",
        ".sphere-\(system)-0-0f.partial", ".sphere-\(system)--\(dead)-0g.partial", "a.partial",
      ]
      for name in kept { try make(name, old: true) }
      let young = ".sphere-other.1-\(dead)-0h.partial"
      try make(young, old: false)
      let folderOfDead = folder.appendingPathComponent(".sphere-\(system)-\(dead)-0i.partial")
      try FileManager.default.createDirectory(
        at: folderOfDead, withIntermediateDirectories: false)
      try Data([1]).write(to: folderOfDead.appendingPathComponent("m0.fits"))

      try AtomicFile.requireWritable(folder.appendingPathComponent("file"))
      #expect(try names(in: folder) == (kept + [young]).sorted())
    }
  }

  /// Names of temporary files say who writes them.
  @Test("Temporary names")
  func temporaryNames() throws {
    let name = TemporaryName.new(in: URL(fileURLWithPath: "/a")).lastPathComponent
    let writer = try #require(TemporaryName.writer(of: name))
    #expect(writer.system == TemporaryName.system && writer.process == getpid())
    #expect(!writer.system.isEmpty)
  }

  /// Files that belong together appear together and replace older ones; a file that cannot be
  /// written leaves all as they were.
  @Test("Files that belong together")
  func together() throws {
    try withTemporaryFolder { folder in
      let (model, record) = (folder.appendingPathComponent("m"), folder.appendingPathComponent("r"))
      for value: UInt8 in [1, 2] {
        try AtomicFile.writeTogether([(Data([value]), model), (Data([value, value]), record)])
        #expect(try Data(contentsOf: model) == Data([value]))
        #expect(try Data(contentsOf: record) == Data([value, value]))
        #expect(try names(in: folder) == ["m", "r"])
      }
      let lost = folder.appendingPathComponent("none/r")
      #expect(throws: FileError.self) {
        try AtomicFile.writeTogether([(Data([3]), model), (Data([3]), lost)])
      }
      #expect(try Data(contentsOf: model) == Data([2]))
      #expect(try names(in: folder) == ["m", "r"])
    }
  }

  /// When the last file cannot take its name, those before it give theirs back.
  @Test("Files that belong together: a fault half-way", arguments: [true, false])
  func togetherFails(hasOld: Bool) throws {
    try withTemporaryFolder { folder in
      let (model, record) = (folder.appendingPathComponent("m"), folder.appendingPathComponent("r"))
      if hasOld { try AtomicFile.write(Data([1]), to: model) }
      let staged = try [model, record].map { url in
        try StagedFile(url) { try Data([2]).write(to: $0) }
      }
      // A folder comes into the way between the check of the place and the taking of the name.
      try FileManager.default.createDirectory(at: record, withIntermediateDirectories: false)
      let error = thrown { try AtomicFile.exchange(staged) }
      for file in staged { file.discard() }
      guard case .writeFailed(record.path, _)? = error as? FileError else {
        Issue.record("found \(String(describing: error))")
        return
      }
      if hasOld { #expect(try Data(contentsOf: model) == Data([1])) }
      #expect(try names(in: folder) == (hasOld ? ["m", "r"] : ["r"]))
    }
  }

  /// Missing folders, folders in place of files, and devices are refused with what was found.
  @Test("Refusals")
  func refusals() throws {
    try withTemporaryFolder { folder in
      let lost = folder.appendingPathComponent("none/file")
      #expect(
        throws: FileError.folderMissing(
          path: lost.path, folder: folder.appendingPathComponent("none").path)
      ) { try AtomicFile.write(Data(), to: lost) }
      #expect(throws: FileError.outputNotAFile(path: folder.path)) {
        try AtomicFile.write(Data(), to: folder)
      }
      let device = URL(fileURLWithPath: "/dev/null")
      #expect(throws: FileError.outputNotAFile(path: device.path)) {
        try AtomicFile.write(Data(), to: device)
      }
      let missing = folder.appendingPathComponent("missing")
      #expect(throws: FileError.missing(path: missing.path)) { try contents(of: missing) }
      #expect(throws: FileError.notARegularFile(path: folder.path)) { try contents(of: folder) }
      let left = try names(in: folder)
      #expect(left.isEmpty)
    }
  }

  /// A folder that takes no new files is refused. The superuser may write anywhere but in /proc.
  @Test("Folder without permission")
  func folderWithoutPermission() throws {
    try withTemporaryFolder { temporary in
      var folder = temporary
      if geteuid() == 0 {
        folder = URL(fileURLWithPath: "/proc/self/fdinfo")
      } else {
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
      }
      let error = thrown { try AtomicFile.write(Data(), to: folder.appendingPathComponent("f")) }
      guard case .folderNotWritable? = error as? FileError else {
        Issue.record("found \(String(describing: error))")
        return
      }
    }
  }
}

/// The permission bits of a file.
private func permissions(of url: URL) throws -> Int? {
  try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
}

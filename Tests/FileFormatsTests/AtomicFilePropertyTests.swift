import Foundation
import Testing

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

  /// Missing folders, folders in place of files, and devices are refused with what was found.
  @Test("Refusals")
  func refusals() throws {
    try withTemporaryFolder { folder in
      let lost = folder.appendingPathComponent("none/file")
      #expect(
        throws: FileError.folderMissing(
          path: lost.path, folder: folder.appendingPathComponent("none").path)
      ) { try AtomicFile.write(Data(), to: lost) }
      #expect(throws: FileError.notARegularFile(path: folder.path)) {
        try AtomicFile.write(Data(), to: folder)
      }
      let device = URL(fileURLWithPath: "/dev/null")
      #expect(throws: FileError.notARegularFile(path: device.path)) {
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

import Foundation
import Testing
import Verification

@testable import FileFormats

/// Pointers that Git LFS leaves where files were not fetched, of every kind that is read here.
@Suite("Git LFS pointers")
struct GitLFSPointerTests {
  private let text = """
    version https://git-lfs.github.com/spec/v1
    oid sha256:0000000000000000000000000000000000000000000000000000000000000000
    size 12345

    """

  @Test("Recognised by its first line")
  func recognised() {
    #expect(GitLFSPointer(text.utf8)?.byteCount == 12345)
    #expect(GitLFSPointer("version https://git-lfs.github.com/spec/v1\n".utf8) != nil)
    #expect(GitLFSPointer("version https://git-lfs.github.com/spec/v1\n".utf8)?.byteCount == nil)
    #expect(GitLFSPointer("version 1".utf8) == nil)
    #expect(GitLFSPointer([UInt8]()) == nil)
  }

  @Test("Refused by name", arguments: ["m.pt", "m.safetensors"])
  func refused(name: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent(name)
      try Data(text.utf8).write(to: url)
      let expected = FileError.gitLFSPointer(path: url.path, byteCount: 12345)
      let error = thrown {
        name.hasSuffix(".pt")
          ? try PyTorchStateDict(contentsOf: url).tensors
          : try SafetensorsFile(contentsOf: url).tensors
      }
      #expect(error as? FileError == expected)
      #expect("\(expected)".contains("git lfs pull"))
      #expect(thrown { try SafetensorsSummary(contentsOf: url) } as? FileError == expected)
      #expect(thrown { try GitLFSPointer.refuse(url) } as? FileError == expected)
      #expect(throws: Never.self) {
        try GitLFSPointer.refuse(folder.appendingPathComponent("none"))
      }
    }
  }
}

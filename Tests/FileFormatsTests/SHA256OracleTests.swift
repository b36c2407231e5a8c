import FileFormats
import Testing

/// Digests of the standard's own examples and of Python's hashlib.
///
/// Lengths 55, 56, 63, 64, 119 and 120 lie on both sides of every boundary of the padding.
/// Blind to: messages beyond 2³² bits.
@Suite("SHA-256")
struct SHA256OracleTests {

  /// The three messages of [FIPS180-4]'s example values, one and two blocks and a million bytes.
  @Test("Examples of the standard")
  func examples() {
    #expect(
      sha256("abc".utf8)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      sha256([UInt8](repeating: 0x61, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// Bytes 0, 1, 2... of lengths around the boundaries, hashed with hashlib.
  @Test(
    "Padding",
    arguments: [
      (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (55, "463eb28e72f82e0a96c0a4cc53690c571281131f672aa229e0d45ae59b598b59"),
      (56, "da2ae4d6b36748f2a318f23e7ab1dfdf45acdc9d049bd80e59de82a60895f562"),
      (63, "29af2686fd53374a36b0846694cc342177e428d1647515f078784d69cdb9e488"),
      (64, "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"),
      (119, "da18797ed7c3a777f0847f429724a2d8cd5138e6ed2895c3fa1a6d39d18f7ec6"),
      (120, "f52b23db1fbb6ded89ef42a23ce0c8922c45f25c50b568a93bf1c075420bbb7c"),
    ])
  func padding(_ count: Int, _ digest: String) {
    #expect(sha256((0..<count).map { UInt8($0) }) == digest)
  }

  /// However a message is cut, also at and beside the ends of its blocks, the digest is that of the
  /// whole.
  @Test("Messages in parts", arguments: [1, 3, 55, 63, 64, 65, 127, 128, 200])
  func parts(_ length: Int) {
    let message = (0..<300).map { UInt8(truncatingIfNeeded: 7 * $0) }
    var digest = SHA256()
    for first in stride(from: 0, to: message.count, by: length) {
      digest.update(message[first..<min(first + length, message.count)])
      digest.update([])
    }
    #expect(digest.hexadecimal() == sha256(message))
  }
}

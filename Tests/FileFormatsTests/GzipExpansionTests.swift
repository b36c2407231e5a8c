import Foundation
import Testing
import Verification

@testable import FileFormats

/// Files of other programs: gzip of Python (zlib) in the fixtures, all three kinds of block by
/// hand.
@Suite("Gzip")
struct GzipExpansionTests {
  private func expanded(_ input: [UInt8], step: Int = 1 << 20) throws -> [UInt8] {
    var expansion = GzipExpansion(input)
    while !expansion.isComplete { try expansion.expand(to: expansion.bytes.count + step) }
    return expansion.bytes
  }

  private let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]

  private func trailer(_ contents: [UInt8]) -> [UInt8] {
    let words = [checksum32(contents[...]), UInt32(contents.count)]
    return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  /// The bytes of the file that healpy wrote, whatever the size of the steps.
  @Test("A map", arguments: [1, 7, 4096, 1 << 20])
  func map(step: Int) throws {
    let plain = try FixtureStore.data("formats/t_nside16.fits")
    let packed = try FixtureStore.data("formats/t_nside16.fits.gz")
    #expect(try expanded(Array(packed), step: step) == Array(plain))
  }

  @Test("Stored and fixed blocks, several members, padding")
  func blocks() throws {
    let stored: [UInt8] = [1, 3, 0, 0xfc, 0xff, 65, 66, 67]
    let first = header + stored + trailer([65, 66, 67])
    #expect(try expanded(first) == [65, 66, 67])
    #expect(try expanded(first + first + [0, 0]) == [65, 66, 67, 65, 66, 67])
    // zlib's fixed block of "aaaaaaaaaa": two literals and a match of distance 1.
    let fixed: [UInt8] = [0x4b, 0x4c, 0x84, 0x01, 0x00]
    let contents = [UInt8](repeating: 97, count: 10)
    #expect(try expanded(header + fixed + trailer(contents)) == contents)
  }

  /// Every byte of a file matters: one changed, or the end cut off, is refused or gives the same
  /// contents.
  @Test("Damage")
  func damage() throws {
    let packed = Array(try FixtureStore.data("formats/t_nside16.fits.gz"))
    let plain = Array(try FixtureStore.data("formats/t_nside16.fits"))
    var refused = 0
    for position in stride(from: 10, to: packed.count, by: 31) {
      var changed = packed
      changed[position] ^= 0x10
      do {
        // The name in the header may change without harm.
        #expect(try expanded(changed) == plain, "byte \(position)")
      } catch {
        refused += 1
        guard case .damagedCompression? = error as? FitsFault else {
          Issue.record("byte \(position): \(error)")
          continue
        }
      }
      #expect(throws: FitsFault.self) { try expanded(Array(packed.prefix(position))) }
    }
    #expect(refused > packed.count / 31 - 3)
  }

  /// A header of 80 cards that announces 400 MB, compressed: refused before anything of the size is
  /// taken.
  @Test("A bomb")
  func bomb() throws {
    let cards = [
      "SIMPLE  =                    T", "BITPIX  =                    8",
      "NAXIS   =                    1", "NAXIS1  =            400000000", "END",
    ]
    let text = cards.map { $0.padding(toLength: 80, withPad: " ", startingAt: 0) }.joined()
      .padding(toLength: 2880, withPad: " ", startingAt: 0)
    func stored(_ contents: [UInt8], isLast: Bool) -> [UInt8] {
      let length = UInt16(contents.count)
      let bounds = [length, ~length].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      return [isLast ? 1 : 0] + bounds + contents
    }
    // The data begin, so that nobody can know where they end.
    let (start, zeros) = (Array(text.utf8), [UInt8](repeating: 0, count: 60_000))
    let bytes =
      header + stored(start, isLast: false) + stored(zeros, isLast: true) + trailer(start + zeros)
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.fits.gz")
      try Data(bytes).write(to: url)
      guard
        case .expandsTooFar(let found, let limit, let size)? =
          (thrown { try FitsFile(url) } as? FitsError)?.fault
      else {
        Issue.record("a bomb is expanded")
        return
      }
      #expect(found >= 400_000_000 && limit == 256 << 20 && size == bytes.count)
    }
  }
}

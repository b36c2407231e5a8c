import Foundation
import Testing

@testable import MachineMemory

@Suite("Free memory")
struct FreeMemoryTests {
  @Test("What a control group allows")
  func controlGroup() {
    func allowed(_ limit: String, _ statistics: String = "") -> Int? {
      FreeMemory.allowed(limit: limit, current: "600\n", statistics: statistics)
    }
    #expect(allowed("max\n") == nil)
    #expect(allowed("1000\n") == 400)
    #expect(allowed("1000\n", "anon 5\ninactive_file 150\n") == 550)
    #expect(allowed("500\n") == 0)
  }

  @Test("More than nothing, and no more than the machine has")
  func machine() {
    #expect(FreeMemory.bytes > 0)
    #expect(FreeMemory.bytes <= Int(clamping: ProcessInfo.processInfo.physicalMemory))
  }

  @Test(
    "Numbers of bytes", arguments: [(1, "1 kB"), (64_000_000, "64 MB"), (2_350_000_000, "2.4 GB")])
  func text(bytes: Int, expected: String) {
    let found = FreeMemory.text(bytes)
    #expect(found == expected || bytes == 2_350_000_000 && found == "2.3 GB")
  }
}

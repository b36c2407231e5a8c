import Foundation

/// The memory that can be taken.
public enum FreeMemory {
  /// Bytes that can be taken now without displacing other programs: the kernel's MemAvailable where
  /// there is one, else all memory of the machine; less where the address space (`ulimit -v`) or
  /// the control group (a container) is limited.
  public static var bytes: Int { min(available, addressSpace, controlGroup ?? .max) }

  private static var available: Int {
    let total = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else {
      return total
    }
    for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      let fields = line.split(separator: " ")
      if fields.count >= 2, let kibibytes = Int(fields[1]) { return min(total, kibibytes << 10) }
    }
    return total
  }

  /// The limit of the address space less what is in use of it.
  private static var addressSpace: Int {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let resource = RLIMIT_AS
    #endif
    guard getrlimit(resource, &limit) == 0, let most = Int(exactly: limit.rlim_cur) else {
      return .max
    }
    // The first number is that of pages in use.
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))
      .flatMap { Int($0.prefix { $0 != " " }) }
    return max(0, most - (pages ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))))
  }

  private static var controlGroup: Int? {
    func text(_ name: String) -> String? {
      try? String(contentsOfFile: "/sys/fs/cgroup/memory.\(name)", encoding: .utf8)
    }
    return text("max").flatMap {
      allowed(limit: $0, current: text("current") ?? "", statistics: text("stat") ?? "")
    }
  }

  /// What a control group still allows: its limit less what it holds, files that can be dropped not
  /// counted; nil without a limit.
  static func allowed(limit: String, current: String, statistics: String) -> Int? {
    func number(_ text: some StringProtocol) -> Int? {
      Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    guard let limit = number(limit), let current = number(current) else { return nil }
    let files = statistics.split(separator: "\n").first { $0.hasPrefix("inactive_file ") }
      .flatMap { number($0.dropFirst("inactive_file ".count)) }
    return max(0, limit - current + (files ?? 0))
  }

  /// A number of bytes for reading, "1.3 GB".
  public static func text(_ bytes: Int) -> String {
    switch bytes {
    case ..<1_000_000: return "\((bytes + 999) / 1000) kB"
    case ..<1_000_000_000: return "\((bytes + 999_999) / 1_000_000) MB"
    default: return String(format: "%.1f GB", Double(bytes) / 1e9)
    }
  }
}

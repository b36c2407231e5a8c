import Foundation

/// The computer a run took place on, as far as it explains its speed.
public struct MachineDescription: Codable, Sendable, Equatable {
  /// The processor's own name, or "unknown" where the system does not tell.
  public var processor: String
  /// Logical cores in use by the system.
  public var cores: Int
  /// Name and version of the operating system.
  public var operatingSystem: String
  /// The compiler's version, as far as the source can ask for it.
  public var swift: String

  /// This computer.
  public static var current: MachineDescription {
    MachineDescription(
      processor: processorName() ?? "unknown",
      cores: ProcessInfo.processInfo.activeProcessorCount,
      operatingSystem: ProcessInfo.processInfo.operatingSystemVersionString,
      swift: compilerVersion)
  }

  /// The entry `model name` of /proc/cpuinfo, where there is one.
  private static func processorName() -> String? {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
      return nil
    }
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      return line.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
    }
    return nil
  }

  private static var compilerVersion: String {
    #if compiler(>=6.4)
      return "6.4 or later"
    #elseif compiler(>=6.3)
      return "6.3"
    #elseif compiler(>=6.2)
      return "6.2"
    #else
      return "6.1"
    #endif
  }
}

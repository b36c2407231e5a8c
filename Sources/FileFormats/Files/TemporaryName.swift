import Foundation

/// Names of files and folders that are not complete yet, and the removal of those whose process
/// died.
///
/// Layout:  `.sphere-SYSTEM-PROCESS-RANDOM.partial`. SYSTEM is the running system with its space of
///          process numbers: on Linux the first part of the boot's identity and the number of the
///          process namespace, elsewhere the host's name. PROCESS is the process number.
/// Stale:   a process number says something only within one SYSTEM: another host that shares the
///          folder, another container or an earlier boot may use the same number. So, of our own
///          SYSTEM, what belongs to no running process is stale at once; a number that has been
///          given to another process since keeps its file for as long as that one runs, which does
///          no harm. Of another SYSTEM, what nobody has changed for a week is stale: no run takes
///          that long to make one file or folder.
/// Checked by: AtomicFilePropertyTests, Tests/reliability.
package enum TemporaryName {
  /// Seconds after which an unfinished file of another system counts as left behind.
  private static let longestWrite = 7.0 * 24 * 3600

  /// A new name in `folder`.
  package static func new(in folder: URL) -> URL {
    let random = String(UInt64.random(in: 0 ... .max), radix: 36)
    return folder.appendingPathComponent(".sphere-\(system)-\(getpid())-\(random).partial")
  }

  /// Removes stale files and folders of this user from `folder`; others are not touched.
  ///
  /// What cannot be removed stays; it does no harm.
  package static func removeStale(in folder: URL) {
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
    where isTemporary(name) {
      let url = folder.appendingPathComponent(name)
      if isStale(url) { try? manager.removeItem(at: url) }
    }
  }

  /// Whether a file of this user with a temporary name has no writer any more.
  private static func isStale(_ url: URL) -> Bool {
    var information = stat()
    guard lstat(url.path, &information) == 0, information.st_uid == geteuid(),
      let writer = writer(of: url.lastPathComponent)
    else { return false }
    if writer.system == system {
      return kill(writer.process, 0) != 0 && errno == ESRCH
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    guard let changed = attributes?[.modificationDate] as? Date else { return false }
    return -changed.timeIntervalSinceNow > longestWrite
  }

  private static func isTemporary(_ name: String) -> Bool { writer(of: name) != nil }

  /// System and process of a temporary name; nil for other names.
  static func writer(of name: String) -> (system: String, process: pid_t)? {
    guard name.hasPrefix(".sphere-"), name.hasSuffix(".partial") else { return nil }
    let parts = name.dropFirst(8).dropLast(8).split(
      separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, let process = pid_t(parts[1]), process > 0,
      !parts[2].isEmpty, parts[2].allSatisfy({ $0.isASCII && ($0.isNumber || $0.isLetter) })
    else { return nil }
    return (String(parts[0]), process)
  }

  /// This system: letters, digits and dots.
  static let system: String = {
    let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    let text =
      if let boot, let space {
        "\(boot.prefix(8)).\(space.filter(\.isNumber))"
      } else {
        ProcessInfo.processInfo.hostName
      }
    return text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") }
  }()
}

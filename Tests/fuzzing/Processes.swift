import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// How a process ended.
enum ProcessStatus {
  case exited(Int32)
  case signalled(Int32)
  /// It was killed, since it took too long.
  case endless
}

/// A process with its texts going to files.
///
/// - Parameters:
///   - executable: the program's path.
///   - arguments: without the program's name.
///   - folder: the current folder of the process.
///   - output: where standard output goes.
///   - messages: where standard error goes.
/// - Returns: the identifier of the process.
/// - Throws: `ProgramFault` when it cannot be started.
func startProcess(
  _ executable: String, _ arguments: [String], folder: String, output: String, messages: String
) throws -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  posix_spawn_file_actions_addopen(&actions, 2, messages, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  // The program env changes the folder; the call that does so before a start is not everywhere.
  let line = ["env", "-C", folder, executable] + arguments
  var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) }
  words.append(nil)
  defer { for word in words { free(word) } }
  var identifier: pid_t = 0
  let fault = posix_spawn(&identifier, "/usr/bin/env", &actions, nil, words, environ)
  guard fault == 0 else {
    throw ProgramFault(
      description: "\(executable) cannot be started: \(String(cString: strerror(fault)))")
  }
  return identifier
}

/// The file of this program.
let ownExecutable =
  (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
  ?? CommandLine.arguments[0]

/// Looks whether a process has ended.
func endOfProcess(_ identifier: pid_t, waits: Bool = false) -> ProcessStatus? {
  var status: Int32 = 0
  guard waitpid(identifier, &status, waits ? 0 : WNOHANG) == identifier else { return nil }
  let signal = status & 0x7f
  return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
}

/// The time that a process has computed, in seconds; on a busy machine much less than has passed.
func processorTime(_ identifier: pid_t) -> Double {
  let text = (try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8)) ?? ""
  // The name in parentheses may have spaces; the times are fields 14 and 15 of all.
  let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
  guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
    return 0
  }
  return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
}

/// How long a process may compute, and how long it may take in all, before it is taken for endless.
struct Patience {
  let computing: Double
  var passing: Double { 12 * computing }
}

/// Runs a process to its end, or kills it when it takes too long.
func processStatus(
  _ executable: String, _ arguments: [String], folder: String, output: String, messages: String,
  patience: Patience
) throws -> ProcessStatus {
  let identifier = try startProcess(
    executable, arguments, folder: folder, output: output, messages: messages)
  let limit = ContinuousClock.now + .seconds(patience.passing)
  while ContinuousClock.now < limit, processorTime(identifier) < patience.computing {
    if let status = endOfProcess(identifier) { return status }
    usleep(2000)
  }
  kill(identifier, SIGKILL)
  _ = endOfProcess(identifier, waits: true)
  return .endless
}

/// Limits the address space of this process, and of those it starts, to so much more than it has.
func limitMemory(megabytes: Int) {
  let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
  let pages = text.split(separator: " ").first.flatMap { Int($0) } ?? 0
  let bytes = rlim_t(pages * 4096 + megabytes << 20)
  var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
  setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  var noCore = rlimit(rlim_cur: 0, rlim_max: 0)
  setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCore)
}

/// The largest memory that this process has had, in kilobytes.
func peakMemory() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss
}

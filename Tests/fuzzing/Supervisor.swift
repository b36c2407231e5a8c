import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// What came of a target.
struct TargetReport: Codable {
  var target: String
  var seconds = 0.0
  var executions: UInt64 = 0
  var parsed: UInt64 = 0
  var refused: UInt64 = 0
  var crashes: UInt64 = 0
  var hangs: UInt64 = 0
  var faults: UInt64 = 0
  /// Crashes, hangs and faults that differ, with the number of inputs that led to each.
  var findings: [String: Int] = [:]

  var isFine: Bool { crashes + hangs + faults == 0 }
}

/// Keeps a worker alive that reads one input after the other; looks at what breaks it, keeps the
/// input, and goes on behind it.
final class Supervisor {
  let target: FuzzTarget
  let seed: UInt64
  private let findings: URL
  private let folder: URL
  private let counts: SharedCounts
  private var report: TargetReport
  private let seeds: [[UInt8]]

  /// When an input is taken for endless.
  static let patience = Patience(computing: 10)

  init(_ target: FuzzTarget, seed: UInt64, findings: URL) throws {
    self.target = target
    self.seed = seed
    self.findings = findings
    report = TargetReport(target: target.name)
    let place =
      FileManager.default.fileExists(atPath: "/dev/shm")
      ? URL(fileURLWithPath: "/dev/shm") : FileManager.default.temporaryDirectory
    folder = place.appendingPathComponent("sphere-fuzzing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(at: findings, withIntermediateDirectories: true)
    counts = try SharedCounts(folder.appendingPathComponent("counts").path)
    seeds = try target.seeds()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Executes inputs from `first` for some seconds, or up to a number of them.
  func run(first: UInt64, seconds: Double, count: UInt64) throws -> TargetReport {
    let began = ContinuousClock.now
    let limit = began + .seconds(seconds)
    let last = first + min(count, UInt64.max - first)
    counts[.next] = first
    while ContinuousClock.now < limit, counts[.next] < last {
      try keepWorker(until: limit, last: last)
    }
    try collectFaults()
    let elapsed = began.duration(to: .now)
    report.seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    report.executions = counts[.next] - first
    (report.parsed, report.refused) = (counts[.parsed], counts[.refused])
    return report
  }

  /// One worker, to its end or to the time limit.
  private func keepWorker(until limit: ContinuousClock.Instant, last: UInt64) throws {
    let messages = folder.appendingPathComponent("messages").path
    let identifier = try startProcess(
      ownExecutable,
      ["worker", target.name, "--seed", "\(seed)", "--folder", folder.path, "--last", "\(last)"],
      folder: folder.path, output: "/dev/null", messages: messages)
    var seen = counts[.next]
    var since = ContinuousClock.now
    var computedBefore = 0.0
    while true {
      if let status = endOfProcess(identifier) {
        if case .exited(0) = status { return }
        let text = (try? String(contentsOfFile: messages, encoding: .utf8)) ?? ""
        report.crashes += 1
        try keep(counts[.next], "crash", "\(status)\n" + String(text.suffix(1500)))
        counts[.next] += 1
        return
      }
      usleep(20_000)
      let computed = processorTime(identifier)
      if counts[.next] != seen {
        (seen, since, computedBefore) = (counts[.next], ContinuousClock.now, computed)
      }
      if ContinuousClock.now > limit {
        kill(identifier, SIGKILL)
        _ = endOfProcess(identifier, waits: true)
        return
      }
      // What starts processes keeps their time itself.
      let passing = Self.patience.passing * (target.startsProcesses ? 2 : 1)
      if computed - computedBefore > Self.patience.computing
        || since.duration(to: .now) > .seconds(passing)
      {
        kill(identifier, SIGKILL)
        _ = endOfProcess(identifier, waits: true)
        report.hangs += 1
        try keep(counts[.next], "hang", "no end after \(Self.patience.computing) s")
        counts[.next] += 1
        return
      }
    }
  }

  private func collectFaults() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    for name in names.sorted() where name.hasPrefix("fault-") {
      guard let index = UInt64(name.dropFirst(6)) else { continue }
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      report.faults += 1
      try keep(index, "fault", text)
    }
  }

  /// Keeps the first input, and then smaller ones, of every different finding.
  private func keep(_ index: UInt64, _ kind: String, _ text: String) throws {
    let key = "\(kind): " + signature(text)
    report.findings[key, default: 0] += 1
    let input = target.input(index, seed: seed, of: seeds)
    let name = "\(target.name)-\(String(format: "%08x", UInt32(truncatingIfNeeded: hash(key))))"
    let ending = (target.fileName as NSString).pathExtension
    let file = findings.appendingPathComponent("\(name).\(ending)")
    if let old = try? Data(contentsOf: file), old.count <= input.count { return }
    try Data(input).write(to: file)
    try Data("\(target.name) seed \(seed) index \(index)\n\(key)\n\(text)\n".utf8)
      .write(to: findings.appendingPathComponent("\(name).txt"))
  }

  /// What two inputs with the same fault have in common: addresses, or the text without its
  /// numbers.
  private func signature(_ text: String) -> String {
    let lines = text.split(separator: "\n").map(String.init)
    let place = lines.last { $0.hasPrefix("signal ") && $0.contains(" at ") }
    let reason = lines.first { $0.contains("Fatal error") || $0.contains("error:") } ?? ""
    if let place { return String((place + " " + reason).prefix(200)) }
    let head = lines.prefix(2).joined(separator: " ")
    let words = head.split(separator: " ").filter { !$0.contains("/") && !$0.contains("\"") }
    return String(words.joined(separator: " ").filter { !$0.isNumber }.prefix(120))
  }

  private func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

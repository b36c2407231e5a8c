import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Numbers that a worker and its supervisor share through a file in memory.
struct SharedCounts {
  enum Slot: Int { case next, parsed, refused, faults }
  private let words: UnsafeMutablePointer<UInt64>

  /// Opens the file, which is made if it is not there.
  init(_ path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
    guard descriptor >= 0, ftruncate(descriptor, 4096) == 0,
      let memory = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      memory != MAP_FAILED
    else { throw ProgramFault(description: "\(path) cannot be shared") }
    close(descriptor)
    words = memory.bindMemory(to: UInt64.self, capacity: 512)
  }

  subscript(slot: Slot) -> UInt64 {
    get { words[slot.rawValue] }
    nonmutating set { words[slot.rawValue] = newValue }
  }
}

/// The addresses of the program's code on the stack of a signal, which tell one crash from another.
private func reportSignal(
  _ signal: Int32, _ information: UnsafeMutablePointer<siginfo_t>?,
  _ context: UnsafeMutableRawPointer?
) {
  var text: [UInt8] = Array("signal \(signal) at".utf8)
  if let context {
    #if arch(x86_64)
      let machine = context.assumingMemoryBound(to: ucontext_t.self).pointee.uc_mcontext.gregs
      var address = UInt(bitPattern: Int(machine.16))
      var frame = UInt(bitPattern: Int(machine.10))
      let top = UInt(bitPattern: Int(machine.15))
      let stack = top..<top + 1 << 20
      for _ in 0..<8 {
        if codeRange.contains(address) {
          text += Array(" \(String(address - codeRange.lowerBound, radix: 16))".utf8)
        }
        guard frame & 7 == 0, stack.contains(frame),
          let pair = UnsafePointer<UInt>(bitPattern: frame)
        else { break }
        (address, frame) = (pair[1], pair[0])
      }
    #endif
  }
  text.append(0x0a)
  write(2, text, text.count)
  _exit(128 + signal)
}

private func range(_ name: String) -> Range<UInt> {
  let text = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
  let bounds = text.split(separator: "\n").filter { $0.hasSuffix(name) }.flatMap { line in
    line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
  }
  guard let first = bounds.min(), let last = bounds.max() else { return 0..<0 }
  return first..<last
}

/// Where the program's own code lies.
private let codeRange = range(ownExecutable)

/// Executes inputs one after the other in this process until it is killed or breaks.
struct Worker {
  let target: FuzzTarget
  let seed: UInt64
  let folder: URL
  let last: UInt64

  /// Megabytes above what the process has at its start.
  static let memoryLimit = 2048
  /// An input after which the process has so many kilobytes more than before is a fault.
  static let memoryFault = 512 << 10

  func run() throws {
    let counts = try SharedCounts(folder.appendingPathComponent("counts").path)
    let seeds = try target.seeds()
    let work = folder.appendingPathComponent("work")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    prepare()
    var peak = peakMemory()
    // From a start that is refused itself, changes lead nowhere.
    var usefulSeeds = 0
    while counts[.next] < last {
      let index = counts[.next]
      try Data(target.input(index, seed: seed, of: seeds))
        .write(to: work.appendingPathComponent(target.fileName))
      let outcome = target.outcome(in: work)
      clean(work)
      switch outcome {
      case .parsed: counts[.parsed] += 1
      case .refused: counts[.refused] += 1
      case .fault(let text): try note(index, text, counts)
      }
      if !target.startsProcesses {
        let now = peakMemory()
        if now - peak > Self.memoryFault {
          try note(index, "memory: \((now - peak) >> 10) MB", counts)
          peak = now
        }
      }
      if case .parsed = outcome, index < seeds.count { usefulSeeds += 1 }
      if index + 1 == seeds.count, usefulSeeds == 0 {
        try note(index, "no undamaged input is read: \(outcome)", counts)
      }
      counts[.next] = index + 1
    }
  }

  private func note(_ index: UInt64, _ text: String, _ counts: SharedCounts) throws {
    counts[.faults] += 1
    let file = folder.appendingPathComponent("fault-\(index)")
    try Data(text.utf8).write(to: file)
  }

  private func clean(_ work: URL) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: work.path)) ?? [] {
      try? FileManager.default.removeItem(at: work.appendingPathComponent(name))
    }
  }

  /// Limits, and a report of the place where a signal ends the process; with SPHERE_BACKTRACE in
  /// the environment that report is left to the Swift runtime, whose stacks have names.
  func prepare() {
    limitMemory(megabytes: Self.memoryLimit)
    guard ProcessInfo.processInfo.environment["SPHERE_BACKTRACE"] == nil else { return }
    // Programs that this one starts need not say where they broke: that takes them seconds.
    setenv("SWIFT_BACKTRACE", "enable=no", 1)
    _ = codeRange
    let size = 1 << 17
    var stack = stack_t(ss_sp: malloc(size), ss_flags: 0, ss_size: size)
    sigaltstack(&stack, nil)
    var action = sigaction()
    action.__sigaction_handler.sa_sigaction = reportSignal
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | Int32(bitPattern: UInt32(SA_RESETHAND))
    for signal in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE] {
      sigaction(signal, &action, nil)
    }
  }
}

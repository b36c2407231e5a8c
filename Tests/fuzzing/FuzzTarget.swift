import Foundation
import Verification

/// What a reader made of an input. Everything else (a trap, a signal, no end, memory without bound)
/// is seen from outside.
enum Outcome {
  case parsed
  /// An error of the package, with its type and text.
  case refused(String)
  /// Wrong, although nothing broke: an error of no type of ours, an exit code that is not
  /// documented.
  case fault(String)
}

/// One kind of input: where it begins, how it is changed, and what reads it.
struct FuzzTarget: Sendable {
  let name: String
  /// The name of the file that readers see.
  let fileName: String
  /// Undamaged inputs, small ones.
  let seeds: @Sendable () throws -> [[UInt8]]
  let mutate: @Sendable ([UInt8], [UInt8], inout SeededStream) -> [UInt8]
  /// Reads an input from a folder that has it under `fileName`; throws what the readers throw.
  let read: @Sendable (URL) throws -> Void
  /// Inputs between two looks at the memory; a target that starts processes needs none.
  var startsProcesses = false

  /// The input with a number: a function of the seed, the target and the number.
  func input(_ index: UInt64, seed: UInt64, of seeds: [[UInt8]]) -> [UInt8] {
    var random = SeededStream(seed: seed, target: name, index: index)
    let start = random.pick(seeds)
    guard index >= UInt64(seeds.count) else { return seeds[Int(index)] }
    return mutate(start, random.pick(seeds), &random)
  }

  /// Reads an input and says what came of it.
  func outcome(in folder: URL) -> Outcome {
    do {
      try read(folder)
      return .parsed
    } catch let fault as ProgramFault {
      return .fault(fault.description)
    } catch is RefusedByProgram {
      return .refused("exit code")
    } catch {
      let type = String(reflecting: type(of: error))
      let isForeign = ["Swift.", "Foundation", "__C."].contains { type.hasPrefix($0) }
      return isForeign ? .fault("untyped error \(type): \(error)") : .refused("\(type): \(error)")
    }
  }

  static func named(_ name: String) -> FuzzTarget? { (all + [control]).first { $0.name == name } }

  /// A reader with every fault there is, which all have to be seen: the input names the one to
  /// show.
  private static let control = FuzzTarget(
    name: "control", fileName: "input.txt",
    seeds: {
      ["trap", "abort", "hang", "memory", "address", "foreign", "fine"].map { Array($0.utf8) }
    },
    mutate: { input, _, _ in input },
    read: { folder in
      let url = folder.appendingPathComponent("input.txt")
      let words = try String(contentsOf: url, encoding: .utf8)
      switch words {
      case "trap": _ = try [Int](repeating: 0, count: 1)[Data(contentsOf: url).count]
      case "abort": abort()
      case "hang": while true { usleep(1000) }
      case "memory":
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE
        munmap(mmap(nil, 1 << 30, PROT_READ | PROT_WRITE, flags, -1, 0), 1 << 30)
      case "address": _ = [UInt8](repeating: 1, count: 1 << 33)
      case "foreign": throw CocoaError(.fileReadUnknown)
      default: return
      }
    })
}

/// Files of Fixtures as seeds.
func fixtures(_ names: [String]) throws -> [[UInt8]] {
  try names.map { Array(try FixtureStore.data($0)) }
}

/// The files of a folder of Fixtures whose names end so, up to a size.
func fixtures(in folder: String, ending: String, below limit: Int) throws -> [[UInt8]] {
  let names = try FileManager.default.contentsOfDirectory(
    atPath: FixtureStore.url(folder).path)
  return try names.filter { $0.hasSuffix(ending) }.sorted()
    .map { Array(try FixtureStore.data("\(folder)/\($0)")) }.filter { $0.count < limit }
}

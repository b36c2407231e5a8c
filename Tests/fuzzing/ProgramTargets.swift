import Foundation
import Verification

/// What the program did that it must not do.
struct ProgramFault: Error, CustomStringConvertible {
  let description: String
}

/// The program refused the input with a documented exit code.
struct RefusedByProgram: Error {}

extension FuzzTarget {
  /// The program `sphere`: beside this one unless SPHERE_PROGRAM names it.
  private static let executable =
    ProcessInfo.processInfo.environment["SPHERE_PROGRAM"]
    ?? URL(fileURLWithPath: ownExecutable).deletingLastPathComponent()
    .appendingPathComponent("sphere").path

  /// Whole commands on damaged files; the first byte of an input chooses the command.
  static let program = FuzzTarget(
    name: "program", fileName: "input.bin",
    seeds: {
      try commands.enumerated().map { index, command in
        [UInt8(index)] + Array(try FixtureStore.data(command.seed))
      }
    },
    mutate: { input, other, random in
      let command = commands[Int(input[0]) % commands.count]
      return [input[0]]
        + command.mutate(Array(input.dropFirst()), Array(other.dropFirst()), &random)
    },
    read: { folder in
      let bytes = try Data(contentsOf: folder.appendingPathComponent("input.bin"))
      guard let first = bytes.first else { return }
      let command = commands[Int(first) % commands.count]
      let file = folder.appendingPathComponent(command.file)
      try bytes.dropFirst().write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      let arguments = command.arguments.map {
        $0.hasPrefix("@") ? FixtureStore.url(String($0.dropFirst())).path : $0
      }
      try run(arguments, in: folder, failureIsDocumented: command.failureIsDocumented)
    }, startsProcesses: true)

  private struct Command: Sendable {
    let seed: String
    let file: String
    let arguments: [String]
    let mutate: @Sendable ([UInt8], [UInt8], inout SeededStream) -> [UInt8]
    var failureIsDocumented = false
  }

  private static let model = "@models/t1-physical-isotropic-noise0.safetensors"

  private static let commands: [Command] = {
    let map = "maps/t1/map0.fits"
    let polarised = "formats/tqu_nside4_nested.fits"
    let truth: @Sendable ([UInt8], [UInt8], inout SeededStream) -> [UInt8] = {
      Mutation.text($0, other: $1, separators: Array(",\n".utf8), &$2)
    }
    func fits(_ seed: String, _ arguments: String...) -> Command {
      Command(seed: seed, file: "i.fits", arguments: arguments, mutate: FormatMutation.fits)
    }
    var predict = fits(map, "predict", "--model", model, "i.fits")
    predict.failureIsDocumented = true
    return [
      fits(map, "inspect", "i.fits"), fits("formats/tools_alm_t.fits", "inspect", "i.fits"),
      fits("formats/tools_cl_t.fits", "inspect", "i.fits"), predict,
      fits(polarised, "plot", "i.fits", "--output", "o.svg"),
      fits("formats/tools_cl_t.fits", "plot", "i.fits", "--output", "o.png"),
      fits(polarised, "spectrum", "i.fits", "--output", "o.csv"),
      fits(polarised, "analyze", "i.fits", "--lmax", "8", "--output", "o.fits"),
      fits(
        "formats/tools_alm_t.fits", "synthesize", "i.fits", "--nside", "8", "--output", "o.fits"),
      fits(polarised, "rotate", "i.fits", "--euler", "1,2,3", "--output", "o.fits"),
      fits(
        map, "resample", "i.fits", "--to", "nside8", "--method", "harmonic", "--output", "o.fits"),
      fits(
        "formats/tools_mask.fits", "spectrum", "@formats/tools_map_1.fits", "--mask", "i.fits",
        "--output", "o.csv"),
      Command(
        seed: "models/t1-physical-isotropic-noise0.safetensors", file: "i.safetensors",
        arguments: ["predict", "--model", "i.safetensors", "@maps/t1/map0.fits"],
        mutate: FormatMutation.safetensors, failureIsDocumented: true),
      Command(
        seed: "models/t1-physical-isotropic-noise10.safetensors", file: "i.safetensors",
        arguments: ["inspect", "i.safetensors"], mutate: FormatMutation.safetensors),
      Command(
        seed: "models/t1-physical-isotropic-noise15.safetensors", file: "i.safetensors",
        arguments: ["models", "--models", "."], mutate: FormatMutation.safetensors),
      Command(
        seed: "networks/tiny_plain.pt", file: "i.pt", arguments: ["inspect", "i.pt"],
        mutate: FormatMutation.stateDict),
      Command(
        seed: "networks/tiny_ordered.pt", file: "i.pt",
        arguments: ["convert", "i.pt", "o.safetensors"],
        mutate: FormatMutation.stateDict),
      Command(
        seed: "models/t1-physical-isotropic-noise0.json", file: "i.json",
        arguments: ["inspect", "i.json"], mutate: Mutation.json),
      Command(
        seed: "models/t1-physical-published-noise0.json", file: "i.json",
        arguments: ["plot", "i.json", "--output", "o.svg"], mutate: Mutation.json),
      Command(
        seed: "maps/t1/truth.csv", file: "t.csv",
        arguments: ["evaluate", "--model", model, "--maps", "@maps/t1", "--truth", "t.csv"],
        mutate: truth, failureIsDocumented: true),
    ]
  }()

  /// Command lines: arguments that are separated by zeros, on undamaged files.
  static let options = FuzzTarget(
    name: "options", fileName: "arguments.bin",
    seeds: { commandLines.map { Array($0.split(separator: " ").joined(separator: "\0").utf8) } },
    mutate: { input, other, random in
      var tokens = input.split(separator: 0, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
      let others = other.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      for _ in 0...random.below(2) { changeToken(&tokens, others, &random) }
      return Array(tokens.joined(separator: "\0").utf8)
    },
    read: { folder in
      let bytes = try Data(contentsOf: folder.appendingPathComponent("arguments.bin"))
      let arguments = bytes.split(separator: 0, omittingEmptySubsequences: false).map {
        let text = String(decoding: $0, as: UTF8.self)
        return text.hasPrefix("@") ? FixtureStore.url(String(text.dropFirst())).path : text
      }
      try run(arguments, in: folder, failureIsDocumented: true, isLongFine: true)
    }, startsProcesses: true)

  private static func changeToken(
    _ tokens: inout [String], _ others: [String], _ random: inout SeededStream
  ) {
    let place = random.below(tokens.count)
    switch random.below(8) {
    case 0, 1, 2:
      let values = tokens.indices.filter { $0 > 0 && !tokens[$0].hasPrefix("-") }
      guard !values.isEmpty else { return }
      tokens[random.pick(values)] = random.pick(Mutation.numbers)
    case 3:
      // A number inside a value: nside16, 1,2,3, gauss-legendre:20x40.
      var bytes = Array(tokens[place].utf8)
      guard !bytes.isEmpty else { return }
      Mutation.replaceNumber(&bytes, near: random.below(bytes.count), &random)
      tokens[place] = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
    case 4: tokens[place] = random.pick(Mutation.words).replacing("\0", with: "")
    case 5: tokens.remove(at: place)
    case 6: tokens.insert(tokens[place], at: place)
    default:
      if !others.isEmpty { tokens.insert(random.pick(others), at: random.below(tokens.count)) }
    }
    if tokens.isEmpty { tokens = [""] }
  }

  private static let commandLines = [
    "predict --model @models/t1-physical-isotropic-noise0.safetensors --threads 1 "
      + "@maps/t1/map0.fits",
    "predict --model @models/t1-physical-isotropic-noise0.safetensors --format csv "
      + "@maps/t1/map1.fits",
    "predict --model @models/t2-physical-isotropic-fsky0.1.safetensors --mask "
      + "@formats/tools_mask.fits "
      + "@maps/t2/map0.fits",
    "evaluate --model @models/t1-physical-isotropic-noise0.safetensors --count 4 --seed 2 "
      + "--noise 0",
    "simulate --task t1 --noise 5 --count 2 --seed 3 --nside 4 --output maps",
    "simulate --task t2 --fsky 0.5 --count 1 --output maps2",
    "simulate --task t3 --protocol published --count 1 --output maps3",
    "limits --task t1 --noise 5 --count 4", "baseline --task t1 --noise 5 --count 4",
    "train --task t1 --maps 6000 --seed 5 --batch 32 --output m.safetensors",
    "synthesize @formats/tools_alm_t.fits --nside 8 --output s.fits",
    "analyze @formats/tools_map_1.fits --lmax 8 --mmax 4 --iter 2 --output a.fits",
    "analyze @formats/tools_map_1.fits --lmax 8 --tolerance 1e-6 --max-iterations 9 --output "
      + "a.fits",
    "spectrum @formats/tools_map_1.fits @formats/tools_map_2.fits --lmax 9 --output c.csv",
    "resample @formats/tools_map_1.fits --to nside4 --method bilinear --output r.fits",
    "resample @formats/tools_map_1.fits --to gauss-legendre:8 --method harmonic --lmax 8 "
      + "--output r.fits",
    "resample @formats/tools_map_1.fits --to clenshaw-curtis:9x16 --method nearest --output r.fits",
    "rotate @formats/tools_map_1.fits --euler 10,20,30 --lmax 8 --output r.fits",
    "plot @formats/tools_map_1.fits --output p.png --field T --width 300 --title x",
    "plot @formats/tools_cl_t.fits --output p.svg --form cl",
    "inspect @formats/tools_map_1.fits", "models --models @models",
    "convert @networks/tiny_plain.pt t.safetensors",
    "conformance export --output kit", "conformance check --kit @conformance --outputs kit",
    "reproduce --count 2 --seed 2 --models @models", "verify --list", "study exactness --output s",
    "expect analysis --nside 32 --lmax 40 --method iter3 --spin 2 --precision f32 --format json",
  ]

  // MARK: Processes

  /// Exit codes that are documented; 1 says that a check failed.
  private static let documented: Set<Int32> = [0, 64, 65, 66, 73]

  /// Runs the program for at most ten seconds.
  ///
  /// - Throws: `RefusedByProgram`; `ProgramFault` for a signal, an exit code that is not
  ///   documented, no end, or characters in the texts that control a terminal.
  private static func run(
    _ arguments: [String], in folder: URL, failureIsDocumented: Bool, isLongFine: Bool = false
  ) throws {
    let output = folder.appendingPathComponent("output")
    let messages = folder.appendingPathComponent("messages")
    let status = try processStatus(
      executable, arguments, folder: folder.path, output: output.path, messages: messages.path,
      patience: Patience(computing: isLongFine ? 2 : 10))
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where !["output", "messages", "input.bin", "arguments.bin"].contains(name) {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
    let text = try Data(contentsOf: messages)
    let tail = String(decoding: text.suffix(600), as: UTF8.self)
    let line = arguments.map { $0.debugDescription }.joined(separator: " ")
    switch status {
    case .exited(let code):
      if code == 1, !failureIsDocumented {
        throw ProgramFault(description: "exit code 1 of \(line)\n\(tail)")
      }
      guard documented.contains(code) || code == 1 else {
        throw ProgramFault(description: "exit code \(code) of \(line)\n\(tail)")
      }
      let controls = text + (try Data(contentsOf: output))
      if let byte = controls.first(where: { ($0 < 0x20 && $0 != 0x0a && $0 != 0x09) || $0 == 0x7f })
      {
        throw ProgramFault(description: "control character \(byte) printed by \(line)\n\(tail)")
      }
      if code != 0 { throw RefusedByProgram() }
    case .signalled(let signal):
      throw ProgramFault(description: "signal \(signal) of \(line)\n\(tail)")
    case .endless:
      if !isLongFine { throw ProgramFault(description: "no end of \(line)\n\(tail)") }
    }
  }
}

import Foundation

/// An input that broke a reader once, as a change of an undamaged one.
struct KnownInput: Sendable {
  enum Change: Sendable {
    /// In the metadata of a safetensors file: the first `old` of an entry becomes `new`.
    case entry(String, old: String, new: String)
    /// Anywhere: the first `old` becomes `new`, which in binary files is as long.
    case text(old: String, new: String)
    /// In a FITS file: the value of the last card with this keyword; of the card behind the third
    /// where there is none.
    case card(String, String)
    /// A command line instead of a seed.
    case arguments(String)
    /// The bytes from here on are left out.
    case cut(Int)
  }

  let target: String
  /// Which undamaged input.
  let seed: Int
  let changes: [Change]

  init(_ target: String, _ seed: Int = 0, _ changes: Change...) {
    self.target = target
    self.seed = seed
    self.changes = changes
  }

  /// The bytes; nil if a change finds nothing to change.
  func bytes(_ seeds: [[UInt8]]) -> [UInt8]? {
    changes.reduce(seeds.indices.contains(seed) ? seeds[seed] : nil) { bytes, change in
      bytes.flatMap { apply(change, to: $0) }
    }
  }

  private func apply(_ change: Change, to bytes: [UInt8]) -> [UInt8]? {
    switch change {
    case .entry(let key, let old, let new):
      return FormatMutation.replaced(old, by: new, inEntry: key, of: bytes)
    case .text(let old, let new):
      guard let place = bytes.firstRange(of: Array(old.utf8)) else { return nil }
      return bytes[..<place.lowerBound] + Array(new.utf8) + bytes[place.upperBound...]
    case .card(let keyword, let value):
      return FormatMutation.withCard(keyword, value, in: bytes)
    case .arguments(let line):
      return Array(line.split(separator: " ").joined(separator: "\0").utf8)
    case .cut(let count): return Array(bytes.prefix(count))
    }
  }
}

extension KnownInput: CustomStringConvertible {
  var description: String {
    let texts = changes.map { change in
      switch change {
      case .entry(let key, let old, let new): return "\(key): \(old) -> \(new)"
      case .text(let old, let new): return "\(old.debugDescription) -> \(new.debugDescription)"
      case .card(let keyword, let value): return "\(keyword) = \(value)"
      case .arguments(let line): return line
      case .cut(let count): return "\(count) bytes"
      }
    }
    return "\(target) \(seed): " + texts.joined(separator: "; ")
  }

  private static func sizes(_ seed: Int, _ changes: (String, String)...) -> [KnownInput] {
    changes.map { old, new in
      KnownInput("models", seed, .entry("configuration", old: old, new: new))
    }
  }

  /// Every kind that was found, once. Seeds 0...3 of models are a published network, an isotropic
  /// one, one for polarisation and one of neighbouring pixels.
  static let corpus: [KnownInput] =
    sizes(
      0, ("\"blockCount\":2", "\"blockCount\":4611686018427387904"),
      ("\"hiddenChannels\":3", "\"hiddenChannels\":2147483648"),
      ("\"lmax\":10", "\"lmax\":1000000"),
      ("\"longitudeCount\":16", "\"longitudeCount\":1000000"),
      ("\"latitudeCount\":8", "\"latitudeCount\":9223372036854775807"),
      ("\"inputChannels\":1", "\"inputChannels\":9223372036854775807"),
      ("\"denseWidth\":4", "\"denseWidth\":4611686018427387904"), ("\"mmax\":7", "\"mmax\":-1"),
      ("\"dropout\":0.2", "\"dropout\":1e300"))
    + sizes(
      1, ("\"nside\":16", "\"nside\":256"), ("\"nside\":16", "\"nside\":8192"),
      ("\"nside\":16", "\"nside\":4611686018427387904"), ("\"gridRings\":8", "\"gridRings\":16001"),
      ("\"gridRings\":8", "\"gridRings\":4611686018427387904"),
      ("\"outputCount\":1", "\"outputCount\":4611686018427387904"),
      ("\"channels\":[3]", "\"channels\":[]"), ("\"channels\":[3]", "\"channels\":[2147483648]"),
      ("\"lmax\":7", "\"lmax\":9223372036854775807"),
      ("\"readoutDegree\":3", "\"readoutDegree\":-1"))
    + sizes(
      3, ("\"channels\":[2,3]", "\"channels\":[4611686018427387904,3]"),
      ("\"hidden\":4", "\"hidden\":10000000"), ("\"hidden\":4", "\"hidden\":4611686018427387904"),
      ("\"channels\":[2,3]", "\"channels\":[2,3,4,5,6,7]"),
      ("\"channels\":[2,3]", "\"channels\":[]"))
    + [
      KnownInput("checkpoints", 0, .entry("position", old: "\"step\":1,", new: "\"step\":65536,")),
      KnownInput("checkpoints", 0, .entry("position", old: "\"step\":1,", new: "\"step\":-6,")),
      KnownInput(
        "checkpoints", 0,
        .entry("position", old: "\"step\":1,", new: "\"step\":9223372036854775807,")),
      KnownInput(
        "checkpoints", 0,
        .entry("position", old: "\"pendingSteps\":1", new: "\"pendingSteps\":-1")),
      KnownInput(
        "checkpoints", 0,
        .entry(
          "position", old: "\"pendingSteps\":1", new: "\"pendingSteps\":9223372036854775807")),
      KnownInput(
        "checkpoints", 0,
        .entry("position", old: "\"epochsValidated\":0", new: "\"epochsValidated\":-3")),
      KnownInput(
        "checkpoints", 0,
        .entry(
          "position", old: "\"epochsValidated\":0",
          new: "\"epochsValidated\":9223372036854775807")),
      KnownInput(
        "checkpoints", 0,
        .entry("position", old: "\"badEpochs\":0", new: "\"badEpochs\":9223372036854775807")),
      KnownInput("records", 0, .text(old: "\"loss\" : ", new: "\"loss\" : 1e300")),
      KnownInput("records", 0, .text(old: "\"learningRate\" : ", new: "\"learningRate\" : 1e-320")),
      KnownInput("records", 0, .text(old: "\"seconds\" : ", new: "\"seconds\" : 1e300")),
      KnownInput("records", 8, .text(old: "\"mean\" : [", new: "\"mean\" : [ 1,")),
      KnownInput("records", 0, .text(old: "\"step\" : ", new: "\"step\" : 922337203685477580")),
      KnownInput("maps", 0, .card("NSIDE", "8192")),
      KnownInput("maps", 2, .card("NSIDE", "8192")), KnownInput("maps", 0, .card("NAXIS", "999")),
      KnownInput("maps", 0, .card("NAXIS", "2147483647")),
      KnownInput("maps", 0, .card("NAXIS2", "9223372036854775807")),
      KnownInput("maps", 0, .card("TFORM1", "'9223372036854775807E'")),
      KnownInput("maps", 0, .card("TFIELDS", "1000")), KnownInput("maps", 0, .card("PCOUNT", "-1")),
      KnownInput("maps", 3, .card("TFORM1", "'0E'")), KnownInput("maps", 0, .cut(2880)),
      KnownInput("maps", 0, .cut(5761)), KnownInput("masks", 0, .card("NSIDE", "8192")),
      KnownInput("alm", 0, .card("NAXIS2", "2147483647")),
      KnownInput("cl", 0, .card("NAXIS2", "9223372036854775807")),
      KnownInput("truth", 0, .text(old: "file", new: "fi\u{0}e")),
      KnownInput(
        "options", 0,
        .arguments("simulate --task t1 --nside 4611686018427387904 --count 1 --output o")),
      KnownInput("options", 0, .arguments("simulate --task t1 --nside 8193 --count 1 --output o")),
      KnownInput(
        "options", 0, .arguments("simulate --task t1 --count 4611686018427387904 --output o")),
      KnownInput(
        "options", 0,
        .arguments("train --task t1 --maps 9223372036854775807 --output o.safetensors")),
      KnownInput(
        "options", 0, .arguments("limits --task t2 --count 4 --points 4611686018427387904")),
      KnownInput(
        "options", 0,
        .arguments("rotate @formats/tools_map_1.fits --euler 1e300,0,0 --output o.fits")),
      KnownInput(
        "options", 0,
        .arguments("rotate @formats/tools_map_1.fits --euler nan,inf,0 --output o.fits")),
      KnownInput(
        "options", 0,
        .arguments(
          "resample @formats/tools_map_1.fits --to nside9223372036854775807 --method nearest "
            + "--output o.fits"
        )),
      KnownInput(
        "options", 0,
        .arguments(
          "resample @formats/tools_map_1.fits --to clenshaw-curtis:4611686018427387904x4 "
            + "--method nearest --output o.fits"
        )),
      KnownInput(
        "options", 0,
        .arguments(
          "synthesize @formats/tools_alm_t.fits --nside 9223372036854775807 --output o.fits")),
      KnownInput(
        "options", 0,
        .arguments("analyze @formats/tools_map_1.fits --lmax 9223372036854775807 --output o.fits")),
      KnownInput(
        "options", 0,
        .arguments(
          "analyze @formats/tools_map_1.fits --lmax 8 --iter 9223372036854775807 --output o.fits")),
      KnownInput("options", 0, .arguments("baseline --task t1 --count 9223372036854775807")),
      KnownInput("options", 0, .arguments("reproduce --count 9223372036854775807")),
      KnownInput("options", 0, .arguments("models \u{1B}[31m")),
      KnownInput("options", 0, .arguments("\u{1B}[31m check")),
      KnownInput(
        "options", 0, .arguments("train --task t1 --maps \u{1B}]0;x\u{07} --output m.safetensors")),
      KnownInput("options", 0, .arguments("convert a.pt \u{1B}]0;x\u{07}")),
      KnownInput(
        "options", 0,
        .arguments(
          "predict --model @models/t1-physical-isotropic-noise0.safetensors --threads "
            + "9223372036854775807 @maps/t1/map0.fits"
        )),
    ]
}

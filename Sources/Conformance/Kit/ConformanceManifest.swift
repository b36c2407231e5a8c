import FileFormats
import Foundation

/// The list of cases of a kit, `manifest.json`. Docs/Conformance.md describes every field.
/// Checked by: KitExportPropertyTests, KitCheckErrorTests, ManifestErrorTests.
public struct ConformanceManifest: Codable, Sendable, Equatable {
  /// The format's name.
  public static let formatName = "spectral-sphere-conformance"
  /// The version that is written.
  public static let currentVersion = 2
  /// The versions that are read.
  public static let knownVersions = [1, 2]
  /// The name of the file.
  public static let fileName = "manifest.json"

  /// A fault as a manifest describes it.
  public struct FaultDescription: Codable, Sendable, Equatable {
    /// The name by which cases refer to it.
    public var name: String
    /// What goes wrong.
    public var wrong: String
    /// How it shows.
    public var shows: String
    /// Addresses of public reports of programs where it happened.
    public var reports: [String]
  }

  /// `formatName`.
  public var format: String
  /// One of `knownVersions`.
  public var version: Int
  /// Which set of cases; nil in version 1.
  public var set: KitSet?
  /// The seed of all inputs.
  public var seed: UInt64
  /// The conventions of all cases, a sentence each.
  public var conventions: [String]
  /// All faults that cases may name; nil in version 1.
  public var faults: [FaultDescription]?
  /// All cases.
  public var cases: [CaseDescription]

  init(seed: UInt64, set: KitSet, cases: [CaseDescription]) {
    format = Self.formatName
    version = Self.currentVersion
    self.set = set
    faults = KnownFault.all.map {
      FaultDescription(name: $0.name, wrong: $0.wrong, shows: $0.shows, reports: $0.reports)
    }
    self.seed = seed
    conventions = Self.conventionSentences
    self.cases = cases
  }

  /// Reads the manifest of the kit in `folder`.
  ///
  /// - Throws: `FileError`; `ConformanceError.notAManifest` for a file of another format, version
  ///   or structure, without cases or outputs, with an id or a tensor twice, or with other names of
  ///   files.
  public init(folder: URL) throws {
    let url = folder.appendingPathComponent(Self.fileName)
    let bytes = try contents(of: url)
    do {
      self = try JSONDecoder().decode(Self.self, from: bytes)
    } catch {
      throw ConformanceError.notAManifest(path: url.relativePath, reason: "\(error)")
    }
    if let fault { throw ConformanceError.notAManifest(path: url.relativePath, reason: fault) }
  }

  /// What is wrong with a manifest that could be read, or nil: a check of nothing must not pass.
  private var fault: String? {
    guard format == Self.formatName, Self.knownVersions.contains(version) else {
      return "format \(format), version \(version), expected \(Self.formatName), version "
        + Self.knownVersions.map(String.init).joined(separator: " or ")
    }
    let known = Set((faults ?? []).map(\.name))
    if cases.isEmpty { return "there are no cases" }
    var seen = Set<String>()
    for description in cases {
      let id = description.id
      if !seen.insert(id).inserted { return "the case \(id) occurs twice" }
      if let fault = description.fault { return fault }
      for name in description.faults ?? [] where !known.contains(name) {
        return "the case \(id) names the fault '\(name)', which is not in the list of faults"
      }
    }
    return nil
  }

  /// The bytes of the file, a line per case; equal manifests give equal bytes.
  func data() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var head = self
    head.cases = []
    let text = String(decoding: try encoder.encode(head), as: UTF8.self)
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let lines = try cases.map {
      "    " + String(decoding: try encoder.encode($0), as: UTF8.self)
    }
    let list = "\"cases\" : [\n\(lines.joined(separator: ",\n"))\n  ]"
    return Data((text.replacing(/"cases" : \[\s*\]/, with: list) + "\n").utf8)
  }

  private static let conventionSentences = [
    "Angles are radians; theta is the colatitude from the north pole, phi eastward.",
    "Y_lm = lambda_lm(theta) exp(i m phi), orthonormal, with the Condon-Shortley phase.",
    "Complex numbers have a last axis [re, im].",
    "Coefficients of real fields hold m >= 0, m-major, at m (2 lmax + 1 - m)/2 + l; lmax and "
      + "mmax are "
      + "inclusive.",
    "Fields are [lanes, points]; points are numbered ring by ring, north to south, at phi0 + 2 "
      + "pi k/n.",
    "A gradient of a stored complex z is dL/dRe z + i dL/dIm z, unless complex_gradient is re-im.",
    "(Q + iU) = sum of -(E_lm + i B_lm) sY_lm (HEALPix, COSMO).",
    "Spectra are C_l; maps are in RING order.",
    "Fields, coefficients, weights and gradients among the inputs are exact in Float32; angles and "
      + "ring weights are not: make tables in float64 and round once.",
  ]
}

// MARK: - Integers of the manifest

// Of a number that the integer type cannot hold, `JSONDecoder` says only that the text is not valid
// JSON. These initialisers name the place of the number.

extension ConformanceManifest {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    format = try container.decode(String.self, forKey: .format)
    version = try container.whole(Int.self, .version, "an integer")
    seed = try container.whole(UInt64.self, .seed, "an integer in 0...\(UInt64.max)")
    set = try container.decodeIfPresent(KitSet.self, forKey: .set)
    conventions = try container.decode([String].self, forKey: .conventions)
    faults = try container.decodeIfPresent([FaultDescription].self, forKey: .faults)
    cases = try container.decode([CaseDescription].self, forKey: .cases)
  }
}

extension KeyedDecodingContainer {
  /// A value made of integers; a number that is not an integer is refused with its place.
  func whole<Value: Decodable>(
    _ type: Value.Type, _ key: Key, _ expected: String
  ) throws -> Value {
    do {
      return try decode(type, forKey: key)
    } catch let error as DecodingError {
      throw error
    } catch {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "The number does not fit, expected \(expected).")
    }
  }
}

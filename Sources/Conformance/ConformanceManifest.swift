import FileFormats
import Foundation

/// A tensor of a case as the manifest announces it.
public struct TensorDescription: Codable, Sendable, Equatable {
  /// The name, without `input.` or `expected.`.
  public var name: String
  /// `F64` or `I64`.
  public var dtype: String
  /// The lengths of the axes, slowest first.
  public var shape: [Int]
}

/// An output of a case, and how a backend's is judged.
public struct OutputDescription: Codable, Sendable, Equatable {
  /// The name, without `expected.`.
  public var name: String
  /// `F64`, for which a backend may write F32 too, or `I64`.
  public var dtype: String
  /// The lengths of the axes, slowest first.
  public var shape: [Int]
  /// How the error is measured.
  public var measure: Measure
  /// With `relative_l2`, the norm that the expected values count as at least; nil: their own.
  public var scale: Double?
  /// The largest error that passes, by the type that the backend wrote.
  public var tolerance: [String: Double]
  /// Where the tolerance comes from.
  public var reason: String
}

/// One case of a kit.
public struct CaseDescription: Codable, Sendable, Equatable {
  /// Where expected values come from.
  public enum Origin: String, Codable, Sendable {
    /// Plain loops over the defining sum.
    case definition
    /// This program in double precision, which is checked against independent programs.
    case implementation
  }

  /// The name: lower-case letters, digits and hyphens.
  public var id: String
  /// What is to be computed.
  public var operation: String
  /// What the operation needs beside tensors.
  public var parameters: [String: ParameterValue]
  /// `<id>.safetensors`, the file beside the manifest with the tensors `input.<name>` and `expected.<name>`.
  public var file: String
  /// Where the expected values come from.
  public var origin: Origin
  /// What is given.
  public var inputs: [TensorDescription]
  /// What is asked for.
  public var outputs: [OutputDescription]

  /// What is wrong with the names of a case, or nil: they become names of files and of tensors.
  fileprivate var fault: String? {
    guard id.wholeMatch(of: /[a-z0-9\-]+/) != nil else {
      return "'\(id)' is no id of a case, expected lower-case letters, digits and hyphens"
    }
    guard file == "\(id).safetensors" else {
      return "the file of \(id) is '\(file)', expected \(id).safetensors"
    }
    if outputs.isEmpty { return "the case \(id) has no outputs" }
    for (kind, names) in [("input", inputs.map(\.name)), ("output", outputs.map(\.name))] {
      var seen = Set<String>()
      for name in names where !seen.insert(name).inserted {
        return "the \(kind) \(name) of \(id) occurs twice"
      }
    }
    return nil
  }
}

/// The list of cases of a kit, `manifest.json`. Docs/Conformance.md describes every field.
/// Checked by: KitExportPropertyTests, KitCheckErrorTests, ManifestErrorTests.
public struct ConformanceManifest: Codable, Sendable, Equatable {
  /// The format's name.
  public static let formatName = "spectral-sphere-conformance"
  /// The format's version.
  public static let currentVersion = 1
  /// The name of the file.
  public static let fileName = "manifest.json"

  /// `formatName`.
  public var format: String
  /// `currentVersion`.
  public var version: Int
  /// The seed of all inputs.
  public var seed: UInt64
  /// The conventions of all cases, a sentence each.
  public var conventions: [String]
  /// All cases.
  public var cases: [CaseDescription]

  init(seed: UInt64, cases: [CaseDescription]) {
    format = Self.formatName
    version = Self.currentVersion
    self.seed = seed
    conventions = Self.conventionSentences
    self.cases = cases
  }

  /// Reads the manifest of the kit in `folder`.
  ///
  /// - Throws: `FileError`; `ConformanceError.notAManifest` for a file of another format, version or
  ///   structure, without cases or outputs, with an id or a tensor twice, or with other names of files.
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
    guard format == Self.formatName, version == Self.currentVersion else {
      return "format \(format), version \(version), expected \(Self.formatName), version "
        + "\(Self.currentVersion)"
    }
    if cases.isEmpty { return "there are no cases" }
    var seen = Set<String>()
    for description in cases {
      let id = description.id
      if !seen.insert(id).inserted { return "the case \(id) occurs twice" }
      if let fault = description.fault { return fault }
    }
    return nil
  }

  /// The bytes of the file; equal manifests give equal bytes.
  func data() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(self)
    data.append(UInt8(ascii: "\n"))
    return data
  }

  private static let conventionSentences = [
    "Angles are radians; theta is the colatitude from the north pole, phi eastward.",
    "Y_lm = lambda_lm(theta) exp(i m phi), orthonormal, with the Condon-Shortley phase.",
    "Complex numbers have a last axis [re, im].",
    "Coefficients of real fields hold m >= 0, m-major, at m (2 lmax + 1 - m)/2 + l; lmax and mmax are "
      + "inclusive.",
    "Fields are [lanes, points]; points are numbered ring by ring, north to south, at phi0 + 2 pi k/n.",
    "A gradient of a stored complex z is dL/dRe z + i dL/dIm z.",
    "(Q + iU) = sum of -(E_lm + i B_lm) 2Y_lm (HEALPix, COSMO).",
    "Spectra are C_l; maps are in RING order.",
    "Fields, coefficients, weights and gradients among the inputs are exact in Float32; angles and "
      + "ring weights are not: make tables in float64 and round once.",
  ]
}

// MARK: - Integers of the manifest

// `JSONDecoder` says of a number that the integer type cannot hold only that the text is no valid JSON.
// These initialisers name the place.

extension TensorDescription {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    dtype = try container.decode(String.self, forKey: .dtype)
    shape = try container.whole([Int].self, .shape, "a list of integers")
  }
}

extension OutputDescription {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    dtype = try container.decode(String.self, forKey: .dtype)
    shape = try container.whole([Int].self, .shape, "a list of integers")
    measure = try container.decode(Measure.self, forKey: .measure)
    scale = try container.decodeIfPresent(Double.self, forKey: .scale)
    tolerance = try container.decode([String: Double].self, forKey: .tolerance)
    reason = try container.decode(String.self, forKey: .reason)
  }
}

extension ConformanceManifest {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    format = try container.decode(String.self, forKey: .format)
    version = try container.whole(Int.self, .version, "an integer")
    seed = try container.whole(UInt64.self, .seed, "an integer in 0...\(UInt64.max)")
    conventions = try container.decode([String].self, forKey: .conventions)
    cases = try container.decode([CaseDescription].self, forKey: .cases)
  }
}

extension KeyedDecodingContainer {
  /// A value of integers; a number that is none is refused with its place.
  fileprivate func whole<Value: Decodable>(
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

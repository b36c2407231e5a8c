import FileFormats
import Foundation
import Training

/// A file beside a model with what its maps look like, for models whose own file does not say.
///
/// JSON: `format`; `model`, the SHA-256 of the model's file; `likeness`, a `LikenessCalibration`.
///       The name is the model's with `.likeness.json` for its ending. A file for other bytes than
///       the model's is refused: it says nothing about this model.
/// Checked by: MapLikenessTests.
public struct LikenessFile: Codable, Sendable, Equatable {
  /// The entry `format`.
  public static let format = "SpectralSphere likeness, version 1"

  private let format: String
  /// The SHA-256 of the model's file.
  public let model: String
  /// What the maps look like.
  public let likeness: LikenessCalibration

  /// The file of a calibration.
  ///
  /// - Parameters:
  ///   - likeness: what the maps look like.
  ///   - model: the model's file.
  /// - Throws: `FileError`.
  public init(_ likeness: LikenessCalibration, model: URL) throws {
    format = Self.format
    self.model = sha256(try contents(of: model))
    self.likeness = likeness
  }

  /// Where the file of a model is looked for.
  public static func url(besideModel model: URL) -> URL {
    model.deletingPathExtension().appendingPathExtension("likeness.json")
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - model: the model's file that it must belong to.
  /// - Throws: `FileError`; `ModelError.badLikeness` for a file of another kind, a damaged one, or
  ///   that of other bytes than the model's.
  public init(contentsOf url: URL, for model: URL) throws {
    let data = try contents(of: url)
    do {
      self = try JSONDecoder().decode(Self.self, from: data)
    } catch {
      throw ModelError.badLikeness(file: url.relativePath, reason: "it cannot be decoded")
    }
    guard format == Self.format else {
      throw ModelError.badLikeness(file: url.relativePath, reason: "its format is '\(format)'")
    }
    let found = sha256(try FileFormats.contents(of: model))
    guard found == self.model else {
      throw ModelError.badLikeness(
        file: url.relativePath,
        reason:
          "it belongs to a model with the SHA-256 \(self.model.prefix(16))..., this model has "
          + "\(found.prefix(16))...")
    }
  }

  /// Writes the file; it appears complete or not at all.
  ///
  /// - Throws: `FileError`.
  public func write(to url: URL) throws {
    try AtomicFile.write(Data(sortedJSONText(self).utf8 + [10]), to: url)
  }
}

extension TrainedModel {
  /// Takes the calibration of the file beside a model's file, if there is one and the model's own
  /// has none.
  ///
  /// - Throws: `FileError`, `ModelError.badLikeness`; `HealpixError`, `HarmonicTransformError`.
  public mutating func installLikeness(beside model: URL) throws {
    let url = LikenessFile.url(besideModel: model)
    guard likeness == nil, FileManager.default.fileExists(atPath: url.path) else { return }
    try install(LikenessFile(contentsOf: url, for: model).likeness, file: url.relativePath)
  }

  /// Takes a calibration that a file has for this model.
  ///
  /// - Throws: `ModelError.badLikeness` for that of another model; `HealpixError`,
  ///   `HarmonicTransformError`.
  mutating func install(_ calibration: LikenessCalibration, file: String) throws {
    do {
      likeness = try MapLikeness(calibration, network: network, description: description)
    } catch ModelError.likenessOfAnotherModel {
      throw ModelError.badLikeness(file: file, reason: "\(ModelError.likenessOfAnotherModel)")
    }
  }
}

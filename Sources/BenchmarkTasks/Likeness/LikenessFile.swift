import FileFormats
import Foundation

/// A file beside a model with what its maps look like, for models whose own file does not say.
///
/// JSON: `format` and `likeness`, a `LikenessCalibration`. The name is the model's with `.likeness.json`
///       for its ending.
/// Checked by: MapLikenessTests.
public struct LikenessFile: Codable, Sendable, Equatable {
  /// The entry `format`.
  public static let format = "SpectralSphere likeness, version 1"

  private let format: String
  /// What the maps look like.
  public let likeness: LikenessCalibration

  /// The file of a calibration.
  public init(_ likeness: LikenessCalibration) {
    format = Self.format
    self.likeness = likeness
  }

  /// Where the file of a model is looked for.
  public static func url(besideModel model: URL) -> URL {
    model.deletingPathExtension().appendingPathExtension("likeness.json")
  }

  /// Reads a file.
  ///
  /// - Throws: `FileError`; `ModelError.badLikeness` for a file of another kind or a damaged one.
  public init(contentsOf url: URL) throws {
    let data = try contents(of: url)
    do {
      self = try JSONDecoder().decode(Self.self, from: data)
    } catch {
      throw ModelError.badLikeness(file: url.relativePath, reason: "it cannot be decoded")
    }
    guard format == Self.format else {
      throw ModelError.badLikeness(file: url.relativePath, reason: "its format is '\(format)'")
    }
  }

  /// Writes the file; it appears complete or not at all.
  ///
  /// - Throws: `FileError`.
  public func write(to url: URL) throws {
    try AtomicFile.write(Data(sortedJSON(self).utf8 + [10]), to: url)
  }
}

extension TrainedModel {
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

import Faults
import FileFormats
import Foundation

/// Spectra of one sky from a file: a FITS file as healpy writes it, or a text file of CAMB or
/// CLASS.
///
/// Files:      FITS by `SpectraFile`, with C_l and a unit that is the square of a temperature, or
///             without one, which is taken as uK2; text by `BoltzmannSpectra`.
/// Numbers:    C_l in uK², l = 0...lmax; NaN at l = 0 and 1 counts as 0.
/// Checked by: TheorySpectraTests.
public struct TheorySpectra: Sendable {
  /// C_l, uK².
  public let spectra: NamedSpectra
  /// The spectra that the file has, in the order of `SpectrumName.allCases`.
  public let spectrumNames: [SpectrumName]
  /// What was recognised and converted, one sentence each; to be shown to the user.
  public let notes: [String]

  /// Whether a file holds text, by the end of its name: .dat or .txt.
  public static func isText(_ url: URL) -> Bool {
    ["dat", "txt"].contains(url.pathExtension.lowercased())
  }

  /// Reads a file.
  ///
  /// - Throws: `FileError`, `FitsError`, `BoltzmannFileError`, `TheorySpectraError`.
  public init(contentsOf url: URL) throws {
    if Self.isText(url) {
      let file = try BoltzmannSpectra(contentsOf: url)
      (spectra, spectrumNames, notes) = (file.spectra, file.spectrumNames, file.notes)
      return
    }
    let file = try SpectraFile(contentsOf: url)
    func refuse(_ reason: String) -> TheorySpectraError {
      TheorySpectraError(file: url.relativePath, reason: reason)
    }
    var notes = file.warnings
    var factor = 1.0
    if let unit = file.unit, !unit.isEmpty {
      guard let own = FitsUnit.squareMicrokelvinFactor(of: unit) else {
        throw refuse(
          "the unit is '\(unit)', expected the square of a temperature, such as uK2 or K^2")
      }
      factor = own
    } else {
      notes.append("the spectra have no unit: taken as uK2")
    }
    var lists: [SpectrumName: [Double]] = [:]
    for spectrum in file.spectra {
      guard let name = SpectrumName(rawValue: spectrum.name.lowercased()) else {
        notes.append("\(spectrum.name) is left out")
        continue
      }
      lists[name] = try spectrum.values.enumerated().map { l, value in
        if l < 2, value.isNaN { return 0 }
        guard value.isFinite else {
          throw refuse("C_l^\(spectrum.name) has no value at l = \(l), expected one at every l > 1")
        }
        return factor * value
      }
    }
    do {
      spectra = try NamedSpectra(
        tt: lists[.tt], ee: lists[.ee], bb: lists[.bb], te: lists[.te], eb: lists[.eb],
        tb: lists[.tb])
    } catch {
      throw refuse("\(error)")
    }
    spectrumNames = SpectrumName.allCases.filter { lists[$0] != nil }
    self.notes = notes
  }

  /// The fields that have power of their own.
  public var fields: [SkyField] {
    SkyField.allCases.filter { field in spectra[field.spectrum].contains { $0 > 0 } }
  }
}

/// Spectra of a file that are those of no sky.
public struct TheorySpectraError: UserError, Sendable, Hashable {
  /// The file as the caller named it.
  public let file: String
  /// What was found and what was expected.
  public let reason: String

  public var description: String { "\(file): \(reason)" }
  public var faultClass: FaultClass { .badInput }
}

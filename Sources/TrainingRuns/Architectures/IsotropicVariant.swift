import SkyModels
import SpectralNetworks
import Tasks

/// An isotropic network and its training: the defaults suit the task, and each can be changed.
public struct IsotropicVariant: Sendable, Equatable {
  /// How the readout gets its weights.
  public enum ReadoutTraining: String, Sendable, Equatable {
    /// Fitted to maps before gradient training and after it, in closed form or by maximum
    /// likelihood.
    case fitted
    /// By the steps of the optimiser alone, from the mean of the prior. All maps go into the steps.
    case gradients
  }

  /// How polarisation of a cut sky is read.
  public enum CutSky: String, Sendable, Equatable {
    /// Through inverse-covariance filters of the observed pixels.
    case filters
    /// Maps with zeros outside the mask, analysed like those of the full sky.
    case masking
  }

  /// The readout; nil: `TrainingRecipe.standardReadout`.
  public var readout: TrainingRecipe.Readout?
  /// How the readout gets its weights.
  public var training = ReadoutTraining.fitted
  /// How polarisation of a cut sky is read.
  public var cutSky = CutSky.filters
  /// Values of every parameter that the filters of a cut sky assume
  /// (`TaskSettings.fiducialPoints`); nil: `TaskSettings.standardFiducialCount`.
  public var fiducials: Int?
  /// Bands of E and as many of B, for every filter of a cut sky; nil: `TrainingRecipe.filterBands`
  /// behind filters, otherwise one per degree.
  public var bands: Int?
  /// Output channels of every block, for temperature; nil: one block with as many as there are
  /// degrees.
  public var channels: [Int]?

  /// The defaults, or another readout.
  public init(readout: TrainingRecipe.Readout? = nil) { self.readout = readout }

  /// Throws the first value that makes no network of a row.
  ///
  /// - Throws: `NetworkConfigurationError.invalid`.
  public func validate(for settings: TaskSettings) throws(NetworkConfigurationError) {
    let hasFilters = settings.hasFilters && cutSky == .filters
    if channels != nil, settings.task.isPolarisation {
      throw .invalid(
        key: "list of channels", found: "one for \(settings.task.rawValue)",
        expected: "none: the bands of polarisation are given per filter")
    }
    if let bands, !settings.task.isPolarisation || !(2...TaskSettings.lmax - 1).contains(bands) {
      throw .invalid(
        key: "number of bands", found: "\(bands) for \(settings.task.rawValue)",
        expected: "2...\(TaskSettings.lmax - 1), for polarisation")
    }
    if let fiducials, !hasFilters || !TaskSettings.fiducialCounts.contains(fiducials) {
      throw .invalid(
        key: "number of fiducials per parameter",
        found: hasFilters ? "\(fiducials)" : "\(fiducials) without filters",
        expected: "\(TaskSettings.fiducialCounts), where filters read a cut sky")
    }
  }

  /// A copy with changes.
  public func with(_ change: (inout IsotropicVariant) -> Void) -> IsotropicVariant {
    var copy = self
    change(&copy)
    return copy
  }
}

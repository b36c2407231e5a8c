import ArgumentParser
import Tasks
import TrainingRuns

/// The parts of the isotropic network that differ from the default of its task.
struct IsotropicOptions: ParsableArguments {
  @Option(help: "Readout: polynomial or density; default: what suits the task.")
  var readout: TrainingRecipe.Readout?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Cut sky: values of every parameter that filters assume, in all combinations; default: "
        + "\(TaskSettings.standardFiducialCount).", valueName: "\(TaskSettings.fiducialCounts)"))
  var fiducials: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Polarisation: bands of E and of B, for every filter; default: "
        + "\(TrainingRecipe.filterBands) behind "
        + "filters, one per degree on the full sky.",
      valueName: "2...\(TaskSettings.lmax - 1)"))
  var bands: Int?

  func validate() throws {
    try requireRange("--fiducials", fiducials, TaskSettings.fiducialCounts)
    try requireRange("--bands", bands, 2...TaskSettings.lmax - 1)
  }

  /// The options that are given.
  var given: [String] {
    [
      ("--readout", readout != nil), ("--fiducials", fiducials != nil), ("--bands", bands != nil),
    ].filter(\.1).map(\.0)
  }

  /// The network that the options ask for.
  var variant: IsotropicVariant {
    IsotropicVariant(readout: readout).with {
      $0.fiducials = fiducials
      $0.bands = bands
    }
  }
}

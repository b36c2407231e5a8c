import FileFormats
import Foundation
import Models
import ReadoutFits
import SpecialFunctions
import Tasks
import Training

/// What a training run was and what came of it, as a JSON file beside the model.
///
/// Tables and plots are made from records alone.
/// Checked by: RunRecordPropertyTests.
public struct RunRecord: Codable, Sendable, Equatable {
  /// The schema; readers refuse others.
  public static let currentFormat = "SpectralSphere run record, version 2"

  public var format = RunRecord.currentFormat
  /// The row of the benchmark.
  public var settings: TaskSettings
  /// The network, the gradient training, and the maps of every stage.
  public var recipe: TrainingRecipe
  /// How the model's file stores weights, as test and error bars saw them; nil in older records,
  /// whose models say it themselves.
  public var precision: ModelFile.Precision?
  /// Number of trained parameters.
  public var parameterCount: Int
  /// The version of the program.
  public var program: String
  /// What a study says of the run, by name.
  public var notes: [String: String] = [:]
  /// Version control revision of the program, as passed in.
  public var revision: String?
  /// completed, stopped early or interrupted.
  public var ending: String
  public var steps: Int
  /// Training maps seen, those of the closed-form refit not counted.
  public var mapsSeen: Int
  public var lossCurve: [LossPoint]
  public var validationCurve: [ValidationPoint]
  public var bestEpoch: Int?
  public var bestMetric: Double?
  /// The closed-form refit, one report per output; empty without one.
  public var refit: [ClosedFormReport]
  /// The fit of a density readout, where there is one.
  public var densityFit: DensityFitReport?
  /// The last fit of dense layers, if there was one.
  public var denseFit: DenseFitReport?
  /// Final figures by name, as measured on test maps by the caller: percent errors and the like.
  public var result: [String: Double]
  /// Seconds of all sessions.
  public var seconds: Double
  public var threads: Int
  public var machine: MachineDescription
  /// When the run ended, ISO 8601, if the caller wants it recorded.
  public var date: String?

  /// A record of a run; `refit`, `result` and `date` can be set afterwards.
  public init(
    settings: TaskSettings, recipe: TrainingRecipe, training: TrainingResult, threads: Int,
    parameterCount: Int, revision: String? = nil, machine: MachineDescription = .current
  ) {
    self.settings = settings
    self.recipe = recipe
    self.parameterCount = parameterCount
    program = ProgramVersion.text
    self.revision = revision
    switch training.ending {
    case .completed: ending = "completed"
    case .stoppedEarly: ending = "stopped early"
    case .interrupted: ending = "interrupted"
    }
    steps = training.steps
    mapsSeen = training.maps
    lossCurve = training.lossCurve
    validationCurve = training.validationCurve
    bestEpoch = training.bestEpoch
    bestMetric = training.bestMetric
    refit = []
    result = [:]
    seconds = training.seconds
    self.threads = threads
    self.machine = machine
  }

  /// Writes the record as JSON with sorted keys, complete or not at all.
  ///
  /// - Throws: `FileError`; `RunRecordError.notFinite` if a figure is.
  public func write(to url: URL) throws {
    try AtomicFile.write(try data(), to: url)
  }

  /// The bytes of the record's file: JSON with sorted keys.
  ///
  /// - Throws: `RunRecordError.notFinite` if a figure is.
  public func data() throws -> Data {
    if let bad = result.first(where: { !$0.value.isFinite }) {
      throw RunRecordError.notFinite(key: bad.key, value: bad.value)
    }
    return try sortedJSON(self, isPretty: true)
  }

  /// Reads a record, of this version or of version 1.
  ///
  /// - Throws: `FileError`, `RunRecordError.notARecord`.
  public init(contentsOf url: URL) throws {
    let data = try FileFormats.contents(of: url)
    do {
      if try JSONDecoder().decode(Format.self, from: data).format == RunRecordVersion1.format {
        self = try JSONDecoder().decode(RunRecordVersion1.self, from: data).current(file: url.path)
      } else {
        self = try JSONDecoder().decode(RunRecord.self, from: data)
      }
    } catch {
      throw RunRecordError.notARecord(path: url.path, reason: "\(error)")
    }
    guard format == Self.currentFormat else {
      throw RunRecordError.notARecord(path: url.path, reason: "the format is '\(format)'")
    }
    do {
      try recipe.requireUsable(settings)
    } catch {
      throw RunRecordError.notARecord(path: url.path, reason: "\(error)")
    }
    let counts = validationCurve.compactMap(\.percentageError).map(\.outputCount)
    guard Set(counts).count <= 1, !counts.contains(nil) else {
      throw RunRecordError.notARecord(
        path: url.path, reason: "points of the validation curve have different numbers of outputs")
    }
  }

  /// The entry that tells the version.
  private struct Format: Decodable {
    var format: String
  }
}

extension RunRecord {
  /// The priors in words: one if all are alike.
  private var priorText: String {
    func text(_ prior: ParameterPrior) -> String {
      let range = "\(prior.range.lowerBound)...\(prior.range.upperBound)"
      switch prior {
      case .uniform: return "uniform in \(range)"
      case .logUniform(_, let offset): return "log-uniform in \(range), offset \(offset)"
      case .gaussian(_, let mean, let deviation):
        return "Gaussian with mean \(mean) and deviation \(deviation) in \(range)"
      }
    }
    let texts = settings.priors.map(text)
    return Set(texts).count == 1 ? texts[0] : texts.joined(separator: "; ")
  }

  /// What the file of the run's model says, its tensors left out.
  package var summary: ModelSummary {
    ModelSummary(
      architecture: recipe.architecture, nside: settings.nside,
      description: ModelDescription(
        settings: settings, seed: recipe.training.seed, mapsSeen: recipe.totalMaps,
        result: result))
  }

  /// What was run and within which limits the model may be used, for people to read.
  public var labels: [String: String] {
    let names = settings.parameterNames.joined(separator: ", ")
    let labels = [
      "task": settings.task.rawValue,
      "protocol": settings.skyProtocol.rawValue,
      "noise": "\(settings.noise)",
      "nside": "\(settings.nside)",
      "mask": settings.mask == nil ? "none" : "f_sky \(settings.skyFraction)",
      "parameters": settings.parameterNames.joined(separator: ","),
      "prior": priorText,
      "maps_total": "\(recipe.totalMaps)",
      "maps_refit": "\(recipe.refitMaps)",
      "maps_calibration": "\(recipe.calibrationMaps)",
      "limits_of_use": (settings.mask == nil ? "full-sky maps" : "maps that observe the mask")
        + " at nside \(settings.nside) with white noise \(settings.noise) per pixel and "
        + "\(names) within the prior",
      "program": program,
    ]
    return labels.merging(notes) { own, _ in own }
  }
}

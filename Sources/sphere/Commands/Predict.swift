import ArgumentParser
import FileFormats
import Foundation
import Models
import SkyMaps
import Tasks

/// `sphere predict`: parameters with error bars from FITS maps.
struct Predict: SphereCommand {
  /// What is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, csv

    func line(of answer: MapAnswer) -> String {
      switch self {
      case .text: return answer.text
      case .json: return answer.json
      case .csv: return answer.csv
      }
    }
  }

  static let configuration = CommandConfiguration(
    abstract: "Read maps and print their parameters with error bars.",
    discussion: """
      The error bar is the model's own: near such a prediction it holds the truth for 68 % of \
      calibration maps. One that reaches beyond an end of the prior holds no truth there. All \
      maps are read before anything is printed. A map that is unlike those of the training, or \
      whose value lies far outside the prior, has no estimate: its values are null with a reason, \
      and the exit code is 1.
      Models of a table of spectra give a joint posterior of all parameters: json and csv have its \
      medians and intervals, --posterior writes it whole, --samples draws from it, and 'sphere \
      plot' shows it. Maps without an estimate are left out of both files.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    help: """
      A HEALPix file with a mask that is applied to the maps first; models of the full sky take \
      none. \
      A published network with the mask as its last channel takes any; without this option its \
      mask \
      is that of the map's unseen pixels.
      """)
  var mask: String?

  @Option(help: "What to print: text, json (an object per line) or csv.")
  var format: Format = .text

  @Flag(help: "Print values that are no estimates all the same.")
  var force = false

  @Option(help: "The .fits file to write with the joint posterior of every map.")
  var posterior: String?

  @Option(help: "The .csv file to write with parameters drawn from the posterior of every map.")
  var samples: String?

  @Option(
    parsing: .unconditional, help: "Draws per map of --samples (default: \(standardSampleCount)).")
  var sampleCount: Int?

  @Option(parsing: .unconditional, help: "Seed of the draws of --samples (default: 1).")
  var seed: UInt64?

  @OptionGroup var maskOptions: MaskInputOptions
  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var threadOptions: ThreadOptions

  @Argument(help: "HEALPix maps in FITS files.")
  var maps: [String]

  /// Draws per map: quantiles of 68 % are known to 1.5 % of a standard deviation.
  private static let standardSampleCount = 10_000
  /// Most draws per map, and of all maps together: a table of some gigabytes.
  private static let sampleCounts = 1...1_000_000
  private static let mostSamples = 20_000_000

  func validate() throws {
    try maskOptions.requireMask(mask)
    if let sampleCount, !Self.sampleCounts.contains(sampleCount) {
      throw ValidationError("--sample-count is \(sampleCount), expected 1...1000000")
    }
    guard samples != nil || (sampleCount == nil && seed == nil) else {
      throw ValidationError(
        "--sample-count and --seed are of the draws of --samples, which is missing")
    }
    let total = (sampleCount ?? Self.standardSampleCount) * maps.count
    if samples != nil, total > Self.mostSamples {
      throw ValidationError(
        "--samples would be \(total) draws of all maps, expected at most \(Self.mostSamples); "
          + "give a smaller --sample-count or fewer maps")
    }
  }

  /// Refuses files that cannot be written, and those that the model has nothing for.
  private func requireOutputs(_ model: TrainedModel) throws {
    let asked = [("--posterior", posterior), ("--samples", samples)]
    for case (let option, let path?) in asked {
      guard model.givesPosteriors else {
        throw ProgramError.optionWithoutUse(
          options: option,
          reason: "the model gives error bars, no posteriors; those of a table of spectra do")
      }
      try OutputFile.requireWritable(URL(fileURLWithPath: path))
    }
  }

  func execute() throws {
    let model = try modelOptions.read(ProgressReporter())
    try requireOutputs(model)
    var maps = try maps.map { path in
      var map = try SkyMap(
        contentsOf: URL(fileURLWithPath: path), isPolarised: model.readsPolarisation,
        nside: model.network.nside, inputOptions.selection)
      map.file = path
      return map
    }
    let mask = try maskOptions.read(
      mask, nside: model.network.nside, coordinateSystems: maps.compactMap(\.coordinateSystem))
    for index in maps.indices { try model.prepare(&maps[index], mask: mask) }
    let predictions = try model.predict(
      interleaved(maps, channels: model.network.inputChannels), count: maps.count,
      threads: threadOptions.threads)
    let names = model.description.parameterNames
    let answers = zip(maps, predictions).map {
      MapAnswer($0, $1, isForced: force, hasPosterior: model.givesPosteriors)
    }
    try write(answers, model)
    if format == .csv {
      show(MapAnswer.csvHeader(names: names, hasPosterior: model.givesPosteriors))
    }
    for answer in answers { show(format.line(of: answer)) }
    let refused = answers.count { !$0.reasons.isEmpty }
    guard refused > 0 else { return }
    say(
      "\(refused) of \(maps.count) maps "
        + (force
          ? "printed all the same" : "have no estimate; --force prints the numbers all the same"))
    if !force { throw ExitCode(Status.failure) }
  }

  /// The files of posteriors and of draws from them.
  private func write(_ answers: [MapAnswer], _ model: TrainedModel) throws {
    guard posterior != nil || samples != nil, let parameters = model.description.task?.parameters
    else { return }
    let entries = answers.enumerated().compactMap { index, answer in
      answer.isEstimate
        ? answer.predictions.first?.posterior.map {
          PosteriorFile.Entry(map: answer.file, number: index + 1, posterior: $0)
        } : nil
    }
    guard !entries.isEmpty else {
      say(
        "no map has an estimate: \([posterior, samples].compactMap { $0 }.joined(separator: ", ")) "
          + "not written")
      return
    }
    let file = PosteriorFile(parameters: parameters, entries: entries)
    if let posterior { try file.write(to: URL(fileURLWithPath: posterior)) }
    if let samples {
      let draws = PosteriorSamples(
        count: sampleCount ?? Self.standardSampleCount, seed: seed ?? 1)
      try AtomicFile.write(Data(draws.csv(file).utf8), to: URL(fileURLWithPath: samples))
    }
  }
}

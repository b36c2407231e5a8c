import ArgumentParser
import FileFormats
import Foundation
import SkyModels
import SpecialFunctions
import Tasks

/// `sphere task`: a task file, and how well its table is interpolated.
struct WriteTask: SphereCommand {
  static let configuration = CommandConfiguration(
    commandName: "task",
    abstract: "Write a task file, or look at a table of spectra.",
    discussion: """
      A task file holds a table of spectra with everything else that makes the maps of a task: \
      resolution, degrees, beam, pixels, noise, mask. Other commands take it as --task-file. \
      Without --output nothing is written. The interpolation of the table is measured on nodes \
      that are left out, and reported. With --task the table is made from a task of the benchmark.
      """)

  @Option(help: ArgumentHelp(TaskOptions.taskHelp))
  var task: BenchmarkTask?

  @OptionGroup(title: "Tasks of a table of spectra") var tableOptions: TableTaskOptions

  @OptionGroup var sky: SkyOptions

  @Option(help: "The task file to write, named .json.")
  var output: String?

  func validate() throws {
    guard (task != nil) != tableOptions.isGiven else {
      throw ValidationError("give either --task, or --spectra TABLE.fits, or --task-file")
    }
    guard tableOptions.taskFile == nil || tableOptions.details.isEmpty else {
      throw ValidationError(
        "\(tableOptions.details.joined(separator: ", ")): the task file has that already")
    }
    guard output.map({ URL(fileURLWithPath: $0).pathExtension == "json" }) ?? true else {
      throw ValidationError("--output is \(output ?? ""), expected a name ending in .json")
    }
  }

  func execute() throws {
    let settings = try settings()
    guard let table = settings.task.table?.table else { return }
    let report = try TabulatedModel(table).report
    var lines = [
      "\(settings.task.rawValue): \(table.nodes.count) nodes, "
        + "\(table.spectrumNames.map { $0.rawValue.uppercased() }.joined(separator: ", ")) "
        + "up to l = \(table.lmax)"
    ]
    for parameter in table.parameters {
      let unit = parameter.unit.isEmpty ? "" : " \(parameter.unit)"
      lines.append("\(parameter.name)  \(words(parameter.prior))\(unit)")
    }
    lines.append("interpolation  \(report)")
    lines.append(
      "maps  nside \(settings.nside), l up to \(settings.lmax), noise "
        + "\(NumberText.short(settings.noise)) per pixel"
        + (settings.noiseMap == nil ? "" : " (rms of a noise map)")
        + (settings.mask == nil ? "" : ", f_sky \(NumberText.short(settings.skyFraction))")
        + ", beam \(NumberText.short(settings.beam)) "
        + "arcmin" + (settings.hasPixelWindow ? ", pixel window" : ""))
    show(lines.joined(separator: "\n"))
    guard let output else { return }
    try settings.write(taskFile: URL(fileURLWithPath: output))
  }

  /// The settings of a table, of a file or of a task of the benchmark made into a table.
  private func settings() throws -> TaskSettings {
    if let own = try tableOptions.settings(sky) { return own }
    guard let task else { preconditionFailure("no task after validation") }
    guard sky.skyProtocol != .published else {
      throw ProgramError.optionWithoutUse(
        options: "--protocol published", reason: "its sky is no table of T, E and B")
    }
    guard tableOptions.observe == nil else {
      throw ProgramError.optionWithoutUse(
        options: "--observe", reason: "the task says what its maps are")
    }
    let own = try TableTask(task)
    return try tableOptions.settings(
      name: own.name, table: own.table, observe: own.observe, sky)
  }

  private func words(_ prior: ParameterPrior) -> String {
    let range = NumberText.short(prior.range)
    switch prior {
    case .uniform: return "uniform in \(range)"
    case .logUniform(_, let offset):
      return "log-uniform in \(range), offset \(NumberText.short(offset))"
    case .gaussian(_, let mean, let deviation):
      return "Gaussian, \(NumberText.short(mean)) +- \(NumberText.short(deviation)), in \(range)"
    }
  }
}

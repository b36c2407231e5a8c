import ArgumentParser
import BenchmarkPages
import FileFormats
import Foundation
import Models
import Plotting
import TrainingRuns

/// `sphere plot`: a picture of a file.
struct Plot: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: """
      Draw a map, spectra, posteriors, the course of a training run, or the filters of a model.
      """,
    discussion: """
      MAP.fits: every field in Mollweide projection, north up and east to the left, longitude 0 \
      in the \
      middle, parallels every 30 and meridians every 60 degrees. Pixels are looked up, not \
      interpolated; \
      unobserved ones are grey. Values of both signs get a range symmetric about zero.
      CL.fits: l(l+1) C_l / 2 pi against l, or C_l with --form cl.
      POSTERIOR.fits, as 'sphere predict --posterior' writes it: the density of every parameter \
      with its \
      68 % interval, and the regions of every two that hold 68 and 95 %.
      RECORD.json: loss, validation error and learning rate against steps.
      MODEL.safetensors: the weights of the first block of an isotropic network against the \
      degree, each \
      band divided by its largest.
      The output is PNG or SVG by its name. Texts are printable ASCII.
      """)

  @Argument(help: "A .fits, .json or .safetensors file, or the name of a shipped model.")
  var file: String

  @Option(help: "The .png or .svg file to write. It appears complete or not at all.")
  var output: String

  @Option(
    help: "Of a map: T, Q, U or the number of a column, counted from 1. Default: all of T, Q, U.")
  var field: String?

  @OptionGroup var inputOptions: MapInputOptions

  @Option(help: "Of spectra: dl, l(l+1) C_l / 2 pi (default), or cl.")
  var form: SpectrumForm?

  @Option(
    help: "Of posteriors: true values to be marked, as name=value,name=value; not all are needed.")
  var truth: String?

  @Option(help: "Of posteriors: numbers of the maps to draw, counted from 1, as 1,3.")
  var only: String?

  @Option(help: "Above the picture; default: the name of the file.")
  var title: String?

  @Option(
    parsing: .unconditional, help: "Pixels across a PNG; default: two per point of the layout.")
  var width: Int?

  private enum Kind: String {
    case tables = "FITS", record = "a record", model = "a model"
  }

  private var kind: Kind? {
    let name = url.lastPathComponent.lowercased()
    if name.hasSuffix(".fits") || name.hasSuffix(".fits.gz") || name.hasSuffix(".fit") {
      return .tables
    }
    if name.hasSuffix(".json") { return .record }
    return name.hasSuffix(".safetensors") ? .model : nil
  }

  private var url: URL { ShippedModel.fileOrModel(file) }
  private var outputURL: URL { URL(fileURLWithPath: output) }
  private var isVector: Bool { outputURL.pathExtension.lowercased() == "svg" }

  func validate() throws {
    guard ["png", "svg"].contains(outputURL.pathExtension.lowercased()) else {
      throw ValidationError("--output is \(output), expected a name ending in .png or .svg")
    }
    guard kind != nil else {
      throw ValidationError(
        "the file is \(file), expected a name ending in .fits, .fits.gz, .json or .safetensors")
    }
    if let field { try asUsage { _ = try FieldSelection(field) } }
    if let width {
      guard !isVector else {
        throw ValidationError("--width is of PNG files; an SVG file has the size it is shown in")
      }
      guard (100...20_000).contains(width) else {
        throw ValidationError("--width is \(width), expected 100...20000 pixels")
      }
    }
    if let truth { try asUsage { _ = try truths(truth) } }
    if let only { _ = try numbers(only) }
    let isOfTables =
      field != nil || form != nil || inputOptions.isGiven || truth != nil || only != nil
    if kind != .tables, isOfTables {
      throw ValidationError(
        "--field, --hdu and --column are of maps, --form of spectra, --truth and --only of "
          + "posteriors; \(file) is named as "
          + "\(kind?.rawValue ?? "") file"
      )
    }
  }

  func execute() throws {
    try OutputFile.requireWritable(outputURL)
    let figure = try figure()
    let data: Data
    if isVector {
      data = try figure.svg()
    } else if let width {
      data = try figure.png(scale: Double(width) / figure.size().width)
    } else {
      data = try figure.png(scale: 2)
    }
    try AtomicFile.write(data, to: outputURL)
  }

  private func figure() throws -> any Picture {
    let title = title ?? url.lastPathComponent
    switch kind {
    case .record:
      return try Figure.training(RunRecord(contentsOf: url), file: file, title: title)
    case .model:
      return Figure.filters(try FilterSpectra(ModelFile.read(url)), title: title)
    case .tables, nil:
      return try tables(title)
    }
  }

  /// Values by names from `name=value,...`.
  private func truths(_ text: String) throws -> [String: Double] {
    var values: [String: Double] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard sides.count == 2, let value = Double(sides[1]), value.isFinite,
        values.updateValue(value, forKey: sides[0]) == nil
      else {
        throw ValidationError(
          "--truth has '\(part)', expected name=value with a finite number, each name once")
      }
    }
    return values
  }

  /// Numbers of maps from `1,3`.
  private func numbers(_ text: String) throws -> [Int] {
    var numbers: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(part.trimmingCharacters(in: .whitespaces)), number > 0,
        !numbers.contains(number)
      else {
        throw ValidationError(
          "--only has '\(part)', expected numbers of maps from 1, each once, as 1,3")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// Posteriors of maps as a corner plot.
  private func corner(_ title: String) throws -> CornerPlot {
    if field != nil || form != nil || inputOptions.isGiven {
      throw ProgramError.optionWithoutUse(
        options: "--field, --hdu, --column, --form", reason: "\(file) holds posteriors")
    }
    var posteriors = try PosteriorFile(contentsOf: url)
    if let only {
      let asked = try numbers(only)
      let found = posteriors.entries.map(\.number)
      guard asked.allSatisfy(found.contains) else {
        throw ProgramError.noSuchMaps(file: file, asked: asked, found: found)
      }
      posteriors = PosteriorFile(
        parameters: posteriors.parameters,
        entries: asked.compactMap { number in posteriors.entries.first { $0.number == number } })
    }
    guard posteriors.entries.count <= Colour.palette.count else {
      throw ProgramError.tooManyMaps(
        file: file, found: posteriors.entries.count, most: Colour.palette.count)
    }
    let values = try truth.map { try truths($0) } ?? [:]
    let names = posteriors.parameters.map(\.name)
    let unknown = values.keys.filter { !names.contains($0) }.sorted()
    guard unknown.isEmpty else {
      throw ProgramError.unknownParameters(option: "--truth", found: unknown, expected: names)
    }
    return .posteriors(posteriors, truths: values, title: title)
  }

  /// Posteriors, or a map, or else spectra.
  private func tables(_ title: String) throws -> any Picture {
    if try PosteriorFile.isPosteriorFile(url) { return try corner(title) }
    if truth != nil || only != nil {
      throw ProgramError.optionWithoutUse(
        options: "--truth, --only", reason: "\(file) holds no posteriors")
    }
    let fields: MapFields
    do {
      fields = try MapFields(
        contentsOf: url, field.map { try FieldSelection($0) }, in: inputOptions.selection)
    } catch let error as FitsError {
      guard case .noHealpixTable = error.fault, !inputOptions.isGiven,
        let spectra = try readSpectra(url)
      else { throw error }
      if field != nil {
        throw ProgramError.optionWithoutUse(
          options: "--field", reason: "\(file) holds spectra, no map")
      }
      for warning in spectra.warnings { say("\(file): warning: \(warning)") }
      return Figure.spectra(spectra, form: form ?? .dl, title: title)
    }
    if form != nil {
      throw ProgramError.optionWithoutUse(
        options: "--form", reason: "\(file) holds a map, no spectra")
    }
    for warning in fields.warnings { say("\(file): warning: \(warning)") }
    return try Figure.maps(fields, title: title)
  }
}

extension SpectrumForm: ExpressibleByArgument {}

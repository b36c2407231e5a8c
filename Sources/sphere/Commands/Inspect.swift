import ArgumentParser
import FileFormats
import Foundation
import Models
import SkyMaps
import TrainingRuns

/// `sphere inspect`: what is in a file.
struct Inspect: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: """
      Print what a map, coefficients, spectra, posteriors, a model, a state dict or a record hold.
      """)

  @Argument(help: "A .fits, .safetensors, .pt or .json file, or the name of a shipped model.")
  var file: String

  @OptionGroup var inputOptions: MapInputOptions

  func validate() throws {
    let name = file.lowercased()
    let isTables = [".fits", ".fits.gz", ".fit"].contains { name.hasSuffix($0) }
    guard isTables || !inputOptions.isGiven else {
      throw ValidationError("--hdu and --column are of maps in FITS files")
    }
  }

  func execute() throws {
    let url = ShippedModel.fileOrModel(file)
    let name = url.lastPathComponent.lowercased()
    if name.hasSuffix(".fits") || name.hasSuffix(".fits.gz") || name.hasSuffix(".fit") {
      show(try describeTables(url))
    } else if name.hasSuffix(".safetensors") {
      let file = try ModelFile.file(url)
      let metadata = file.metadata.sorted { $0.key < $1.key }.map {
        "  \(printable($0.key))  \(printable($0.value))"
      }
      show(
        (["metadata"] + metadata + [try digest(of: file, url)] + describe(file.tensors))
          .joined(separator: "\n"))
    } else if ModelFile.isStateDict(url) {
      let dict = try PyTorchStateDict(contentsOf: url)
      for note in dict.notes { say("\(file): \(note)") }
      show(describe(dict.tensors).joined(separator: "\n"))
    } else if name.hasSuffix(".json") {
      show(describe(try RunRecord(contentsOf: url)))
    } else {
      throw ProgramError.unknownKind(path: file)
    }
  }

  /// Posteriors, or a map, or else coefficients, or else spectra.
  private func describeTables(_ url: URL) throws -> String {
    if !inputOptions.isGiven, try PosteriorFile.isPosteriorFile(url) {
      return describe(try PosteriorFile(contentsOf: url))
    }
    do {
      return try describe(HealpixTable(contentsOf: url, inputOptions.selection))
    } catch let error as FitsError {
      guard !inputOptions.isGiven else { throw error }
      if case .coefficients = error.fault { return describe(try AlmFile(contentsOf: url)) }
      guard case .noHealpixTable = error.fault, let spectra = try readSpectra(url) else {
        throw error
      }
      return describe(spectra)
    }
  }

  private func describe(_ file: PosteriorFile) -> String {
    let parameters = file.parameters.map { own in
      "parameter \(printable(own.name))  unit \(own.unit.isEmpty ? "none" : printable(own.unit))  "
        + "prior \(NumberText.short(own.range))"
    }
    let maps = file.entries.map { entry in
      let moments = entry.posterior.moments
      let values = file.parameters.indices.map { index in
        "\(printable(file.parameters[index].name)) \(NumberText.short(moments.mean[index])) +- "
          + NumberText.short(moments.covariance[index][index].squareRoot())
      }
      return (["map \(entry.number)", printable(entry.map)] + values).joined(separator: "  ")
    }
    return (["posteriors  \(file.entries.count) maps"] + parameters + maps)
      .joined(separator: "\n")
  }

  private func describe(_ file: AlmFile) -> String {
    let fields = AlmFile.Field.allCases.compactMap { field in
      file.fields[field].map { "field \(field.letter)  \($0.count / 2) coefficients" }
    }
    let first =
      "coefficients  lmax \(file.lmax)  mmax \(file.mmax)  unit \(file.unit ?? "not given")"
    return ([first] + fields + file.warnings.map { "warning: \($0)" }).joined(separator: "\n")
  }

  private func describe(_ file: SpectraFile) -> String {
    let lmax = file.spectra[0].values.count - 1
    let mask =
      file.meanSquaredMask.map { "  divided by mean of mask^2 \(NumberText.short($0))" } ?? ""
    let spectra = file.spectra.map { spectrum in
      let values = spectrum.values.filter { !$0.isNaN }
      return "spectrum \(spectrum.name)  range \(range(values))"
    }
    return
      (["spectra  lmax \(lmax)  unit \(file.unit ?? "not given")\(mask)"] + spectra
      + file.warnings.map { "warning: \($0)" }).joined(separator: "\n")
  }

  /// A partial-sky table is described as it is stored, so that a high nside costs nothing.
  private func describe(_ table: HealpixTable) throws -> String {
    let stored = try table.storedColumns()
    let partial = stored.pixels.map { "  partial, \($0.count) listed" } ?? ""
    var lines = [
      "HEALPix table  nside \(table.nside)  \(table.pixelCount) pixels  "
        + "\(table.ordering.rawValue)\(partial)",
      "coordinates  \(table.coordinateSystem ?? "not given")",
    ]
    for column in stored.columns {
      let values = column.values.filter { !$0.isNaN }
      let mean = values.reduce(0, +) / Double(max(values.count, 1))
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(max(values.count, 1))).squareRoot()
      lines.append(
        "column \(column.name)  \(column.storedType.rawValue)  unit \(column.unit ?? "not given")  "
          + "\(values.count) observed  mean \(NumberText.short(mean))  "
          + "deviation \(NumberText.short(deviation))  "
          + "range \(range(values))")
    }
    let warnings = (table.warnings + stored.warnings).map { "warning: \($0)" }
    return (lines + warnings).joined(separator: "\n")
  }

  /// How damage of the file would be noticed.
  private func digest(of file: SafetensorsFile, _ url: URL) throws -> String {
    if file.carriesDigest { return "digest  in the file, agrees" }
    if try ModelFile.listedDigest(of: url) != nil {
      return "digest  in \(ModelFile.digestList) beside the file, agrees"
    }
    return "digest  none: a changed bit would not be noticed"
  }

  private func describe(_ tensors: NamedTensors) -> [String] {
    ["\(tensors.count) tensors, \(tensors.reduce(0) { $0 + $1.tensor.count }) numbers"]
      + tensors.map { "  \(printable($0.name))  \($0.tensor.dtype.rawValue)  \($0.tensor.shape)" }
  }

  private func describe(_ record: RunRecord) -> String {
    let task = record.labels.sorted { $0.key < $1.key }.map {
      "  \(printable($0.key))  \(printable($0.value))"
    }
    let result = record.result.sorted { $0.key < $1.key }.map {
      "  \(printable($0.key))  \($0.value)"
    }
    return
      ([
        "run record: \(record.recipe.architecture.rawValue) network, "
          + "\(record.parameterCount) parameters",
        "\(record.ending) after \(record.steps) steps and \(record.mapsSeen) maps, "
          + "\(clock(record.seconds)) on \(record.threads) threads "
          + "(\(printable(record.machine.processor)))",
        "seed \(record.recipe.training.seed)", "task",
      ] + task + ["result"] + result).joined(separator: "\n")
  }
}

/// From the least of some values to the largest.
private func range(_ values: [Double]) -> String {
  "\(NumberText.short(values.min() ?? .nan))...\(NumberText.short(values.max() ?? .nan))"
}

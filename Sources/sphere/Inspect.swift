import ArgumentParser
import BenchmarkTasks
import FileFormats
import Foundation
import Training

/// `sphere inspect`: what is in a file.
struct Inspect: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what a map, coefficients, spectra, a model, a state dict or a record hold.")

  @Argument(help: "A .fits, .safetensors, .pt or .json file, or the name of a shipped model.")
  var file: String

  func execute() throws {
    let url = ShippedModel.fileOrModel(file)
    let name = url.lastPathComponent.lowercased()
    if name.hasSuffix(".fits") || name.hasSuffix(".fits.gz") || name.hasSuffix(".fit") {
      show(try describeTables(url))
    } else if name.hasSuffix(".safetensors") {
      let file = try ModelFile.file(url)
      let metadata = file.metadata.sorted { $0.key < $1.key }.map { "  \($0.key)  \($0.value)" }
      show(
        (["metadata"] + metadata + [digest(of: file, url)] + describe(file.tensors))
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

  /// A map, or else coefficients, or else spectra.
  private func describeTables(_ url: URL) throws -> String {
    do {
      return describe(try HealpixMapFile(contentsOf: url))
    } catch let error as FitsError {
      guard case .noHealpixTable = error.fault else { throw error }
      if let coefficients = try? AlmFile(contentsOf: url) { return describe(coefficients) }
      if let spectra = try? SpectraFile(contentsOf: url) { return describe(spectra) }
      throw error
    }
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
    let mask = file.meanSquaredMask.map { "  divided by mean of mask^2 \(short($0))" } ?? ""
    let spectra = file.spectra.map { spectrum in
      "spectrum \(spectrum.name)  range \(short(spectrum.values.min() ?? .nan))..."
        + short(spectrum.values.max() ?? .nan)
    }
    return
      (["spectra  lmax \(lmax)  unit \(file.unit ?? "not given")\(mask)"] + spectra
      + file.warnings.map { "warning: \($0)" }).joined(separator: "\n")
  }

  private func describe(_ map: HealpixMapFile) -> String {
    var lines = [
      "HEALPix table  nside \(map.nside)  \(map.pixelCount) pixels  \(map.ordering.rawValue)",
      "coordinates  \(map.coordinateSystem ?? "not given")",
    ]
    for column in map.columns {
      let values = column.values.filter { !$0.isNaN }
      let mean = values.reduce(0, +) / Double(max(values.count, 1))
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      lines.append(
        "column \(column.name)  \(column.storedType.rawValue)  unit \(column.unit ?? "not given")  "
          + "\(column.observedCount) observed  mean \(short(mean))  "
          + "deviation \(short((variance / Double(max(values.count, 1))).squareRoot()))  "
          + "range \(short(values.min() ?? .nan))...\(short(values.max() ?? .nan))")
    }
    return (lines + map.warnings.map { "warning: \($0)" }).joined(separator: "\n")
  }

  /// How damage of the file would be noticed.
  private func digest(of file: SafetensorsFile, _ url: URL) -> String {
    if file.carriesDigest { return "digest  in the file, agrees" }
    if ModelFile.listedDigest(of: url) != nil {
      return "digest  in \(ModelFile.digestList) beside the file, agrees"
    }
    return "digest  none: a changed bit would not be noticed"
  }

  private func describe(_ tensors: NamedTensors) -> [String] {
    ["\(tensors.count) tensors, \(tensors.reduce(0) { $0 + $1.tensor.count }) numbers"]
      + tensors.map { "  \($0.name)  \($0.tensor.dtype.rawValue)  \($0.tensor.shape)" }
  }

  private func describe(_ record: RunRecord) -> String {
    let task = record.task.sorted { $0.key < $1.key }.map { "  \($0.key)  \($0.value)" }
    let result = record.result.sorted { $0.key < $1.key }.map { "  \($0.key)  \($0.value)" }
    return
      ([
        "run record: \(record.architecture["name"] ?? "unknown") network, "
          + "\(record.parameterCount) parameters",
        "\(record.ending) after \(record.steps) steps and \(record.mapsSeen) maps, "
          + "\(clock(record.seconds)) on \(record.threads) threads (\(record.machine.processor))",
        "seed \(record.configuration.seed)", "task",
      ] + task + ["result"] + result).joined(separator: "\n")
  }
}

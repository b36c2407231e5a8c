import FileFormats
import Foundation

/// Compares the outputs of a backend with a kit.
///
/// Everything that is missing, unreadable, of another shape or type, not finite or not asked for is
/// a failed row with its reason: nothing is skipped.
/// Checked by: KitCheckErrorTests, NegativeControlTests, ToleranceTests.
public struct KitCheck {
  /// The folder of the kit.
  public let kit: URL
  /// Its list of cases.
  public let manifest: ConformanceManifest
  let selection: CaseSelection
  let precision: CheckPrecision

  /// A check with the kit in a folder.
  ///
  /// - Parameters:
  ///   - kit: the folder that has `manifest.json`.
  ///   - selection: the demanded cases.
  ///   - precision: what the backend computes in, if it is less than the type of its files; cases
  ///     without a tolerance for it are judged by the type.
  /// - Throws: what reading the manifest throws; `ConformanceError.nothingMatches`.
  public init(
    kit: URL, selection: CaseSelection = CaseSelection(), precision: CheckPrecision = .files
  ) throws {
    self.kit = kit
    self.selection = selection
    self.precision = precision
    manifest = try ConformanceManifest(folder: kit)
    try selection.requireMatches(manifest.cases.map(\.id))
  }

  private var demanded: [CaseDescription] { manifest.cases.filter { selection.contains($0.id) } }

  // MARK: - Check

  /// Judges the files of a folder.
  ///
  /// - Parameters:
  ///   - folder: the backend's files.
  ///   - diagnoses: whether known faults are tried on what fails: minutes, if everything does.
  /// - Returns: all verdicts, and which faults they point to.
  /// - Throws: `FileError.missing` and `ConformanceError.notAFolder` when there is no such folder;
  ///   `FileError`, `SafetensorsError`, `ConformanceError.damagedKit` and `.parameter` for the
  ///   kit's own files.
  public func report(outputs folder: URL, diagnoses: Bool = true) throws -> CheckReport {
    let names = try Self.entries(folder)
    let judged = try demanded.flatMap { description in
      try rows(
        of: description, file: folder.appendingPathComponent("\(description.id).safetensors"))
    }
    let known = Set(manifest.cases.map { "\($0.id).safetensors" })
    let unknown = names.sorted()
      .filter { $0.hasSuffix(".safetensors") && !known.contains($0) }
      .map { Self.row(id: $0, .unknownCase) }
    var report = CheckReport(
      rows: judged + unknown, undemanded: manifest.cases.count - demanded.count)
    guard diagnoses else { return report }
    report.diagnosis = try Diagnosis(
      report, demanded, outputs: folder,
      data: {
        let file = try self.kitFile($0)
        return (Self.data($0, file), Self.expected($0, file))
      })
    return report
  }

  /// What a backend reads of a case.
  private static func data(
    _ description: CaseDescription, _ tensors: NamedTensors
  ) -> CaseData {
    var inputs = NamedTensors()
    for input in description.inputs { inputs[input.name] = tensors["input.\(input.name)"] }
    return CaseData(parameters: description.parameters, inputs: inputs)
  }

  /// What is expected of a case.
  private static func expected(
    _ description: CaseDescription, _ tensors: NamedTensors
  ) -> NamedTensors {
    description.outputs.reduce(into: NamedTensors()) {
      $0[$1.name] = tensors["expected.\($1.name)"]
    }
  }

  private func rows(of description: CaseDescription, file url: URL) throws -> [CheckReport.Row] {
    let kitFile = try kitFile(description)
    guard FileManager.default.fileExists(atPath: url.path) else {
      return [Self.row(description, fault: .missingFile)]
    }
    let file: SafetensorsFile
    do {
      file = try SafetensorsFile(contentsOf: url)
    } catch {
      return [Self.row(description, fault: .unreadableFile(reason: "\(error)"))]
    }
    return try Self.rows(of: description, file.tensors, kitFile, precision)
  }

  private static func entries(_ folder: URL) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) else {
      throw FileError.missing(path: folder.relativePath)
    }
    guard isFolder.boolValue else {
      throw ConformanceError.notAFolder(path: folder.relativePath)
    }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw FileError.unreadable(path: folder.relativePath, reason: "\(error)")
    }
  }

  /// Judges the tensors of one case.
  static func rows(
    of description: CaseDescription, _ tensors: NamedTensors, _ kitFile: NamedTensors,
    _ precision: CheckPrecision = .files
  ) throws -> [CheckReport.Row] {
    let listed = Set(description.outputs.map(\.name))
    let verdicts = try description.outputs.map { output in
      try judged(description, output, tensors[output.name], kitFile, precision)
    }
    return verdicts
      + tensors.names.filter { !listed.contains($0) }.map {
        row(description, output: $0, fault: .unlistedTensor)
      }
  }

  private static func judged(
    _ description: CaseDescription, _ output: OutputDescription, _ tensor: TensorData?,
    _ kitFile: NamedTensors, _ precision: CheckPrecision
  ) throws -> CheckReport.Row {
    func failed(_ fault: CheckReport.Fault) -> CheckReport.Row {
      row(description, output: output.name, fault: fault)
    }
    guard let tensor else { return failed(.missingTensor) }
    let dtype = tensor.dtype.rawValue
    guard let own = output.tolerance[dtype] else {
      let allowed = output.tolerance.keys.sorted().joined(separator: " or ")
      return failed(.dtype(found: dtype, expected: allowed))
    }
    // A lower precision may only widen what the type allows.
    let tolerance = max(own, output.tolerance[precision.rawValue] ?? 0)
    guard tensor.shape == output.shape else {
      return failed(.shape(found: tensor.shape, expected: output.shape))
    }
    let isInteger = tensor.dtype == .int64
    let values = isInteger ? try tensor.integers().map(Double.init) : try tensor.doubles()
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      return failed(.notFinite(index: index, value: values[index]))
    }
    var verdict = CheckReport.Row(
      id: description.id, operation: description.operation, output: output.name,
      measure: output.measure, dtype: dtype,
      error: try error(description, output, values, kitFile), tolerance: tolerance, fault: nil)
    if !verdict.passes, output.measure != .distribution {
      verdict.deviation = Deviation(
        of: values, from: try reference(output, kitFile), output, description
      ) { error(output, $0, from: $1) <= tolerance }
    }
    return verdict
  }

  private static func error(
    _ description: CaseDescription, _ output: OutputDescription, _ values: [Double],
    _ kitFile: NamedTensors
  ) throws -> Double {
    if output.measure == .distribution {
      let data = CaseData(parameters: description.parameters)
      return DistributionScore(
        values, draws: try data.integer("draws"), lmax: try data.integer("lmax"),
        spectrum: try kitFile.tensor("input.cl").doubles()
      ).largest
    }
    return error(output, values, from: try reference(output, kitFile))
  }

  private static func error(
    _ output: OutputDescription, _ values: [Double], from reference: [Double]
  ) -> Double {
    output.measure.error(
      of: values, from: reference, rowLength: output.shape.last ?? 1, scale: output.scale)
  }

  /// The expected numbers of an output.
  private static func reference(
    _ output: OutputDescription, _ kitFile: NamedTensors
  ) throws -> [Double] {
    let expected = try kitFile.tensor("expected.\(output.name)")
    return expected.dtype == .int64
      ? try expected.integers().map(Double.init) : try expected.doubles()
  }

  // MARK: - The kit's own files

  /// The tensors of a case's file, which must be those that the manifest lists.
  private func kitFile(_ description: CaseDescription) throws -> NamedTensors {
    let url = kit.appendingPathComponent(description.file)
    let tensors = try SafetensorsFile(contentsOf: url).tensors
    let expected =
      description.inputs.map { ("input.\($0.name)", $0.dtype, $0.shape) }
      + description.outputs.filter { $0.measure != .distribution }
      .map { ("expected.\($0.name)", $0.dtype, $0.shape) }
    for (name, dtype, shape) in expected {
      let found = tensors[name].map { "\($0.dtype.rawValue) \($0.shape)" } ?? "missing"
      guard found == "\(dtype) \(shape)" else {
        throw ConformanceError.damagedKit(
          file: url.relativePath, tensor: name, found: found, expected: "\(dtype) \(shape)")
      }
    }
    for output in description.outputs where output.measure == .distribution {
      do {
        try Self.requireSample(output, description, tensors)
      } catch let error as ConformanceError {
        throw error.located(in: description)
      }
    }
    return tensors
  }

  /// Requires parameters, spectrum and shape of a random sample to be those of `gaussian_field`: no
  /// file of the kit has its numbers.
  private static func requireSample(
    _ output: OutputDescription, _ description: CaseDescription, _ tensors: NamedTensors
  ) throws {
    var data = CaseData(parameters: description.parameters)
    data.inputs["cl"] = tensors["input.cl"]
    try CaseValidation.require(.gaussianField, data)
    let shape = try CaseValidation.sampleShape(data)
    guard output.shape == shape else {
      throw ConformanceError.damagedKit(
        file: description.file, tensor: "the manifest's shape of \(output.name)",
        found: "\(output.shape)", expected: "[draws, (lmax + 1)(lmax + 2)/2, 2] = \(shape)")
    }
  }

  /// The demanded cases with what a backend needs to run them.
  ///
  /// - Throws: as `report(outputs:)` for the kit's own files.
  public func demandedCases() throws -> [(description: CaseDescription, data: CaseData)] {
    try demanded.map { description in
      (description, Self.data(description, try kitFile(description)))
    }
  }

  // MARK: - Rows

  private static func row(id: String, _ fault: CheckReport.Fault) -> CheckReport.Row {
    CheckReport.Row(
      id: id, operation: "", output: "", measure: nil, dtype: nil, error: nil, tolerance: nil,
      fault: fault)
  }

  private static func row(
    _ description: CaseDescription, output: String = "", fault: CheckReport.Fault
  ) -> CheckReport.Row {
    CheckReport.Row(
      id: description.id, operation: description.operation, output: output, measure: nil,
      dtype: nil, error: nil, tolerance: nil, fault: fault)
  }
}

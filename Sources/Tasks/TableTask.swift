import FileFormats
import Foundation
import SkyModels

/// A task of the user's own: the parameters of a table of spectra, from T or from Q and U.
///
/// Files:      in JSON an object with `name`, `observe` (T or QU) and `table`, a `SpectraTable`.
///             `TaskSettings` with such a task is a task file: all that is needed to make its maps.
/// Checked by: TableTaskTests.
public struct TableTask: Codable, Sendable, Hashable {
  /// What is measured.
  public enum Observation: String, Codable, Sendable, CaseIterable {
    case temperature = "T"
    case polarisation = "QU"

    /// The fields whose spectra are observed.
    public var fields: [SkyField] { self == .temperature ? [.temperature] : [.e, .b] }
  }

  /// What messages and files call the task.
  public var name: String
  /// What is measured.
  public var observe: Observation
  /// The spectra as functions of the parameters.
  public var table: SpectraTable

  /// A task of a table.
  ///
  /// - Throws: `TaskError.tableWithoutField` if the table has no spectrum of the fields.
  public init(name: String, observe: Observation, table: SpectraTable) throws(TaskError) {
    self.name = name
    self.observe = observe
    self.table = table
    let has = table.spectrumNames.contains { name in
      name.isAuto && observe.fields.contains(name.fields.0)
    }
    guard has else {
      throw .tableWithoutField(
        observe: observe.rawValue, found: table.spectrumNames.map { $0.rawValue.uppercased() })
    }
  }
}

extension BenchmarkTask {
  /// The task of a table of spectra; with EE and BB of Q and U it has a published sky.
  ///
  /// - Throws: `SpectraTableError` for a table that cannot be interpolated well enough.
  public init(_ own: TableTask) throws {
    let model = try TabulatedModel(own.table)
    let hasPublishedSky =
      own.observe == .polarisation && Set(model.spectrumNames).isSuperset(of: [.ee, .bb])
    let published: @Sendable () -> any SkyModel = { PublishedSky(model) }
    self.init(
      name: own.name,
      title: "\(own.table.parameters.map(\.name).joined(separator: ", ")) of a table of spectra",
      isPolarisation: own.observe == .polarisation, lmax: own.table.lmax, table: own,
      parameters: model.parameters, physical: { model },
      published: hasPublishedSky ? published : nil)
  }

  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      try self.init(name: name)
    } else {
      try self.init(TableTask(from: decoder))
    }
  }

  /// A task of the benchmark or a registered one by its name, one of a table as a whole.
  public func encode(to encoder: any Encoder) throws {
    if let table {
      try table.encode(to: encoder)
    } else {
      var container = encoder.singleValueContainer()
      try container.encode(rawValue)
    }
  }
}

import Kernels
import SkyModels

/// What is estimated from which maps: a test of the benchmark, or a task of a table of spectra.
///
/// A task is one value in a file of its own; everything else asks the value. `allCases` are the
/// tasks of the benchmark. Another one with formulas of its own is registered once, before a file
/// or a command line names it (Docs/Contributing.md has the recipe); one of a table is known by the
/// table itself (`TableTask`).
/// Checked by: ToyTaskTests, TableTaskTests, InputErrorTests.
public struct BenchmarkTask: RawRepresentable, Hashable, Codable, Sendable, CaseIterable {
  /// The tasks of the benchmark.
  public static let allCases = [t1, t2, t3]

  private static let registered = Locked<[BenchmarkTask]>([])

  /// The tasks of the benchmark, then the registered ones.
  public static var known: [BenchmarkTask] { allCases + registered.withLock { $0 } }

  /// The name in files and on command lines.
  public let rawValue: String
  /// What it is about, for headings: "the peak l_p of temperature maps".
  public let title: String
  /// Whether the maps are Q and U, not T.
  public let isPolarisation: Bool
  /// The parameters in the order of a network's outputs.
  public let parameters: [ModelParameter]
  /// The largest degree of the sky, inclusive.
  public let lmax: Int
  /// The table that defines the task; nil: formulas do.
  public let table: TableTask?
  private let physical: @Sendable () -> any SkyModel
  private let published: (@Sendable () -> any SkyModel)?

  /// A task.
  ///
  /// - Parameters:
  ///   - name: the name in files and on command lines.
  ///   - title: what it is about, for headings.
  ///   - isPolarisation: whether the maps are Q and U, not T.
  ///   - physical: the sky, with degrees up to `TaskSettings.lmax` and power in the fields of the
  ///     maps. Its parameters have one prior range, above 0 since errors are relative
  ///     (preconditions).
  ///   - published: the sky of the published pipeline, with the same parameters (a precondition);
  ///     nil: it draws the physical one.
  public init(
    name: String, title: String, isPolarisation: Bool,
    physical: @escaping @Sendable () -> any SkyModel,
    published: (@Sendable () -> any SkyModel)? = nil
  ) {
    let sky = physical()
    self.init(
      name: name, title: title, isPolarisation: isPolarisation, lmax: sky.lmax, table: nil,
      parameters: sky.parameters, physical: physical, published: published)
    precondition(sky.lmax == TaskSettings.lmax, "\(name): degrees up to \(sky.lmax)")
    let fields: [SkyField] = isPolarisation ? [.e, .b] : [.temperature]
    precondition(
      sky.spectrumNames.contains { fields.contains($0.fields.0) && fields.contains($0.fields.1) },
      "\(name): found the spectra \(sky.spectrumNames), expected one of \(fields)")
    precondition(
      published.map { $0().parameters == sky.parameters } ?? true,
      "\(name): the published sky has other parameters")
    precondition(
      Set(parameters.map(\.range)).count == 1 && parameters[0].range.lowerBound > 0,
      "\(name): found the ranges \(parameters.map(\.range)), expected one above 0")
  }

  /// A task whose parts are known.
  init(
    name: String, title: String, isPolarisation: Bool, lmax: Int, table: TableTask?,
    parameters: [ModelParameter], physical: @escaping @Sendable () -> any SkyModel,
    published: (@Sendable () -> any SkyModel)?
  ) {
    rawValue = name
    self.title = title
    self.isPolarisation = isPolarisation
    self.lmax = lmax
    self.table = table
    self.parameters = parameters
    self.physical = physical
    self.published = published
  }

  /// The task of this name, of the benchmark or registered; nil if there is none.
  public init?(rawValue: String) {
    guard let task = Self.known.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = task
  }

  /// A task by its name.
  ///
  /// - Throws: `TaskError.unknownTask`.
  public init(name: String) throws(TaskError) {
    guard let task = BenchmarkTask(rawValue: name) else {
      throw .unknownTask(found: name, known: Self.knownNames)
    }
    self = task
  }

  /// Makes a task known by its name: the one line that a new task needs besides its own file. A
  /// task may be registered again.
  ///
  /// - Throws: `TaskError.nameTaken` if another task has the name.
  public static func register(_ task: BenchmarkTask) throws(TaskError) {
    let isTaken = registered.withLock { registered in
      guard let other = (allCases + registered).first(where: { $0 == task }) else {
        registered.append(task)
        return false
      }
      return other.title != task.title || other.parameters != task.parameters
        || other.isPolarisation != task.isPolarisation
    }
    if isTaken { throw .nameTaken(kind: "task", name: task.rawValue) }
  }

  /// Fields of a map: T, or Q and U.
  public var fieldCount: Int { isPolarisation ? 2 : 1 }

  /// Names of the parameters in files and tables, in the order of a network's outputs.
  public var parameterNames: [String] { parameters.map(\.name) }

  /// The ranges of the priors, in the order of the parameters.
  public var priorRanges: [ClosedRange<Double>] { parameters.map(\.range) }

  /// The fields whose spectra the maps have.
  public var fields: [SkyField] { isPolarisation ? [.e, .b] : [.temperature] }

  /// Whether the published pipeline draws another sky than the physical one.
  public var hasPublishedSky: Bool { published != nil }

  /// The sky under a protocol.
  public func sky(_ skyProtocol: SkyProtocol) -> any SkyModel {
    skyProtocol == .published ? (published ?? physical)() : physical()
  }

  public static func == (a: BenchmarkTask, b: BenchmarkTask) -> Bool {
    a.rawValue == b.rawValue && a.table == b.table
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

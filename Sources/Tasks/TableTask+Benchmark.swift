import SkyModels

extension TableTask {
  /// A task of the benchmark as a table: its physical sky at equally spaced values of every
  /// parameter, with uniform priors.
  ///
  /// The interpolated sky differs from that of the formulas by less than the bound of
  /// `TabulatedModel`; random numbers and maps of the two agree to that error.
  ///
  /// - Throws: `SpectraTableError` if so many nodes do not do.
  public init(_ task: BenchmarkTask) throws {
    let sky = task.sky(.physical)
    let count = sky.parameters.count == 1 ? Self.nodeCount : Self.nodeCountOfTwo
    let nodes: [[Double]] = sky.parameters.reduce([[]]) { nodes, parameter in
      let (low, high) = (parameter.range.lowerBound, parameter.range.upperBound)
      let values = (0..<count).map {
        min(low + (high - low) * Double($0) / Double(count - 1), high)
      }
      return nodes.flatMap { node in values.map { node + [$0] } }
    }
    try self.init(
      name: "\(task.rawValue)-table", observe: task.isPolarisation ? .polarisation : .temperature,
      table: SpectraTable(
        parameters: sky.parameters, nodes: nodes, spectrumNames: sky.spectrumNames,
        spectra: nodes.map { sky.spectra(at: $0) }))
  }

  /// Nodes of one parameter, and of each of two.
  private static let nodeCount = 121
  private static let nodeCountOfTwo = 41
}

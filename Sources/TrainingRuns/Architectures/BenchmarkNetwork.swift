import ReadoutFits
import SpectralNetworks

/// A network that the benchmark trains: what a run does with it besides gradient steps.
package protocol BenchmarkNetwork: SkyNetwork where Scalar == Float {
  /// The stages before gradient training, which a resumed run does not repeat; by default none.
  mutating func prepare(_ stages: TrainingStages) throws

  /// The stages after gradient training, before error bars and test; by default none.
  mutating func fitReadout(_ stages: TrainingStages) throws -> ReadoutFit
}

extension BenchmarkNetwork {
  package mutating func prepare(_ stages: TrainingStages) throws {}

  package mutating func fitReadout(_ stages: TrainingStages) throws -> ReadoutFit { ReadoutFit() }
}

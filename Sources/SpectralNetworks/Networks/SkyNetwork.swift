import LinearAlgebra
import SpecialFunctions

/// A network that reads maps of the sky: what a model, its file and a prediction need of it.
///
/// An architecture is a configuration, a network and its layers. What follows from the
/// configuration alone (sizes, shapes, memory) is asked of `SkyNetworkConfiguration`, before
/// anything is built.
public protocol SkyNetwork<Scalar>: TrainableNetwork {
  associatedtype Configuration: SkyNetworkConfiguration

  /// The sizes.
  var configuration: Configuration { get }

  /// Number of trained parameters, as files of the architecture count them; by default all elements
  /// of `parameters`.
  var parameterCount: Int { get }

  /// The whole state as a file has it; by default parameters and buffers under their own names.
  var stored: [StoredTensor] { get }

  /// Takes the state from the tensors of a file; by default every parameter and buffer under its
  /// own name, and nothing else.
  ///
  /// - Throws: `StateDictionaryError` for tensors that are missing, unexpected or of another shape,
  ///   and for numbers that no network can use. Nothing is changed then.
  mutating func load(_ tensors: [StoredTensor]) throws(StateDictionaryError)

  /// Bands whose powers are read out; nil, as by default, of a network that reads out something
  /// else.
  var bandCount: Int? { get }

  /// Channels of coefficients where bands are apart and follow each other by degree: T, or E and B,
  /// of every filter. Nil, as by default, where bands mix channels or come after other blocks.
  var bandChannels: Int? { get }

  /// The outputs as `predict` gives them, and the powers of the bands that are read out,
  /// `[map][band]`; by default no powers.
  func predictWithPowers(
    _ maps: [Scalar], count: Int, threads: Int
  ) -> (outputs: [Scalar], powers: [Double]?)

  /// The joint posteriors of all outputs, which are their means, and the powers of the bands that
  /// are read out, of one pass; nil, as by default, of a network that gives no joint density. A map
  /// with numbers that overflow has no posterior.
  func posteriorsWithPowers(
    _ maps: [Scalar], count: Int, threads: Int
  ) -> (posteriors: [PosteriorGrid?], powers: [Double]?)?
}

extension SkyNetwork {
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  public var stored: [StoredTensor] { (parameters + buffers).map { StoredTensor($0) } }

  public mutating func load(_ tensors: [StoredTensor]) throws(StateDictionaryError) {
    var state = StoredState(tensors)
    var (newParameters, newBuffers) = (parameters, buffers)
    for k in newParameters.indices { newParameters[k].values = try state.take(parameters[k]) }
    for k in newBuffers.indices { newBuffers[k].values = try state.take(buffers[k]) }
    try state.requireNothingLeft()
    parameters = newParameters
    buffers = newBuffers
  }

  public var bandCount: Int? { nil }
  public var bandChannels: Int? { nil }

  public func predictWithPowers(
    _ maps: [Scalar], count: Int, threads: Int
  ) -> (outputs: [Scalar], powers: [Double]?) {
    (predict(maps, count: count, threads: threads), nil)
  }

  public func posteriorsWithPowers(
    _ maps: [Scalar], count: Int, threads: Int
  ) -> (posteriors: [PosteriorGrid?], powers: [Double]?)? { nil }
}

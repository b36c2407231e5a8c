import FourierTransforms
import Models
import SpectralNetworks

/// What an isotropic network has learnt to look at: the weights of its first block as functions of
/// the degree.
///
/// Definition: band o of input i takes w_lio a_lm,i at every degree; its window is
///             |w_lio|/max_l |w_lio|. The scale of a band is not shown, since the readout whitens
///             the logarithms of powers.
/// Checked by: FilterSpectraTests.
package struct FilterSpectra: Sendable {
  /// The windows of one input.
  package struct Input: Sendable {
    /// "T", "E", "B"; with several filters of a cut sky "E, filter 1", ...
    package let name: String
    /// `[band][l]`, each with largest value 1; a band without any weight is zero.
    package let windows: [[Double]]
  }

  /// The inputs in the order of the network's channels.
  package let inputs: [Input]
  package let lmax: Int

  /// The windows of a model.
  ///
  /// - Throws: `PageError.notIsotropic`.
  package init(_ model: TrainedModel) throws(PageError) {
    guard let network = model.network as? IsotropicNetwork<Float> else {
      throw .notIsotropic(file: model.name, found: model.network.architecture.rawValue)
    }
    self.init(network)
  }

  /// The windows of a network.
  package init(_ network: IsotropicNetwork<Float>) {
    let own = network.namedParameters
    let weights = own.blocks.first?.weights ?? own.bands
    // [l][input][band], or [l][group][input of the group][band of the group].
    let bandCount = weights.shape[weights.shape.count - 1]
    let inputCount = weights.shape.dropFirst().dropLast().reduce(1, *)
    let configuration = network.configuration
    lmax = configuration.lmax
    let degrees = 0...configuration.lmax
    inputs = (0..<inputCount).map { i in
      let windows = (0..<bandCount).map { o -> [Double] in
        let values = degrees.map { l in
          Double(abs(weights.values[(l * inputCount + i) * bandCount + o]))
        }
        let largest = values.max() ?? 0
        return largest > 0 ? values.map { $0 / largest } : values
      }
      return Input(name: Self.name(i, configuration), windows: windows)
    }
  }

  private static func name(_ channel: Int, _ configuration: IsotropicConfiguration) -> String {
    guard let polarisation = configuration.polarisation else {
      return configuration.inputChannels == 1 ? "T" : "field \(channel + 1)"
    }
    let kind = channel.isMultiple(of: 2) ? "E" : "B"
    return polarisation.filterBank == nil ? kind : "\(kind), filter \(channel / 2 + 1)"
  }
}

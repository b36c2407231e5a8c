import FileFormats
import FourierTransforms
import RandomFields
import SpectralNetworks
import TestSupport
import Testing
import Verification

@testable import Tasks

/// A change of structure changes no number: predictions have the recorded bits, and so have losses
/// and weights (`PinnedTrainingSlowTests`).
///
/// Origin:     this program, before its layers and models were taken apart; what is right is
///             decided by the oracle tests. The bits are recorded again by hand after a change that
///             is meant to change them: a failing test prints what it found.
/// Bits:       FFTW, LAPACK and the C library choose their code by the processor. Where they do not
///             give the recorded bits for fixed inputs, neither do networks: outputs are then held
///             against the recorded ones within 2e-5, and weights are not compared.
@Suite("Bits of the shipped models")
struct PinnedBitsTests {
  @Test("Outputs of the shipped models", arguments: ShippedModelTests.models)
  func shippedModels(name: String) throws {
    let model = try ShippedModels.read(name)
    let source = try SkyMapSource(
      try model.settings(), channels: model.network.inputChannels, seed: 77)
    let count = 64
    let batch = source.batch(maps: 0..<count, split: .test, threads: 2)
    let outputs = model.network.predict(batch.maps, count: count, threads: 2)
    let found = PinnedBits.Outputs(
      first: Array(outputs.prefix(4 * model.network.outputCount)),
      all: sha256(PinnedBits.bytes(outputs)))
    let difference = try PinnedBits.difference(found, PinnedBits.recorded().models[name], name) {
      recorded in
      recorded.first.count == found.first.count
        && zip(found.first, recorded.first).allSatisfy {
          PinnedBits.near(Double($0), Double($1), 2e-5)
        }
    }
    #expect(difference == nil)
  }

  /// The control: one bit of one weight of a small model is another digest, and another output.
  @Test("A changed bit of a weight is seen")
  func changedBit() throws {
    let name = "t1-physical-isotropic-noise0"
    let model = try ShippedModels.read(name)
    guard var network = model.network as? IsotropicNetwork<Float> else {
      Issue.record("another architecture")
      return
    }
    let source = try SkyMapSource(try model.settings(), channels: 1, seed: 77)
    let batch = source.batch(maps: 0..<64, split: .test, threads: 2)
    let outputs = network.predict(batch.maps, count: 64, threads: 2)
    var parameters = network.namedParameters
    parameters.readout.weight.values[0] = parameters.readout.weight.values[0].nextUp
    network.parameters = parameters.tensors
    let changed = network.predict(batch.maps, count: 64, threads: 2)
    #expect(sha256(PinnedBits.bytes(outputs)) != sha256(PinnedBits.bytes(changed)))
  }
}

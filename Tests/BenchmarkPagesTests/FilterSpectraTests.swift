import Foundation
import Models
import Plotting
import SpectralNetworks
import Testing
import Verification

@testable import BenchmarkPages

/// Windows of filters from weights that are set by hand: whole numbers, compared with `==`.
/// Blind to: what the network makes of its weights.
@Suite("Spectra of filters")
struct FilterSpectraTests {
  private func network(
    _ inputs: Int, _ bands: Int, _ weight: (_ l: Int, _ i: Int, _ o: Int) -> Float
  ) throws -> IsotropicNetwork<Float> {
    let configuration = IsotropicConfiguration(
      nside: 4, lmax: 5, inputChannels: inputs, channels: [bands], readoutDegree: 1)
    var network = try IsotropicNetwork<Float>(configuration, seed: 1)
    for l in 0...5 {
      for i in 0..<inputs {
        for o in 0..<bands {
          network.parameters[0].values[(l * inputs + i) * bands + o] = weight(l, i, o)
        }
      }
    }
    return network
  }

  /// w = -(l + 1)(o + 1) for the first input, 2^-l for the second: each band over its own largest
  /// weight, whatever sign and scale. The axes cannot be confused: all three lengths differ.
  @Test("Windows of two inputs")
  func windows() throws {
    let spectra = FilterSpectra(
      try network(2, 3) { l, i, o in
        i == 0 ? Float(-(l + 1) * (o + 1)) : Float(sign: .plus, exponent: -l, significand: 1)
      })
    #expect(spectra.inputs.map(\.name) == ["field 1", "field 2"] && spectra.lmax == 5)
    for band in 0..<3 {
      #expect(
        spectra.inputs[0].windows[band]
          == (1...6).map { Double($0 * (band + 1)) / Double(6 * (band + 1)) })
      #expect(spectra.inputs[1].windows[band] == [1, 0.5, 0.25, 0.125, 0.0625, 0.03125])
    }
  }

  @Test("A band without weights stays zero")
  func zero() throws {
    let spectra = FilterSpectra(try network(1, 2) { l, _, o in o == 0 ? 0 : Float(l) })
    #expect(spectra.inputs.map(\.name) == ["T"])
    #expect(spectra.inputs[0].windows[0] == [0, 0, 0, 0, 0, 0])
    #expect(spectra.inputs[0].windows[1].last == 1)
    #expect(throws: Never.self) { try Figure.filters(spectra).svg() }
  }

  @Test(
    "Shipped models",
    arguments: [
      "t1-physical-isotropic-noise0", "t2-physical-isotropic", "t2-physical-isotropic-fsky0.1",
    ])
  func shipped(name: String) throws {
    let model = try ModelFile.read(FixtureStore.url("models/\(name).safetensors"))
    let spectra = try FilterSpectra(model)
    let inputs = ["T"], polarisation = ["E", "B"]
    let expected =
      name.hasPrefix("t1")
      ? inputs
      : name.hasSuffix("0.1")
        ? (1...9).flatMap { k in polarisation.map { "\($0), filter \(k)" } } : polarisation
    #expect(spectra.inputs.map(\.name) == expected)
    let panels = Figure.filters(spectra).panels.count
    #expect(panels == (expected.count <= 2 ? 2 : 1) * expected.count)
    let largest = spectra.inputs.flatMap(\.windows).map { $0.max() ?? 0 }
    #expect(largest.allSatisfy { $0 == 1 })
  }
}

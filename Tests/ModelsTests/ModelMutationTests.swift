import TestSupport
import FileFormats
import Foundation
import PixelNetworks
import SpectralNetworks
import Testing
import Verification

@testable import Models

/// Model files with edited numbers in their metadata: sizes are believed only after they were
/// checked.
///
/// Every number of every entry is replaced by others, absurd ones and near ones, one at a time.
/// What is read all the same must predict what the sound file does. A fault of the reader ends the
/// test process.
@Suite("Edited metadata of models")
struct ModelMutationTests {
  /// The places of numbers in a text: runs of digits, with sign, point and exponent.
  private func numbers(in text: String) -> [Range<String.Index>] {
    text.ranges(of: /-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?/)
  }

  private static let replacements = [
    "0", "-1", "1", "2", "17", "48", "100", "65536", "10000000", "4611686018427387904",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e300", "1e999", "0.5",
    "-0.0", "1e-320",
  ]

  private struct Variant {
    var key: String
    var text: String
  }

  /// Edits of the entries, chosen by a seed where there are more than `limit`.
  private func variants(_ metadata: [String: String], limit: Int, seed: UInt64) -> [Variant] {
    var all: [Variant] = []
    for (key, text) in metadata.sorted(by: { $0.key < $1.key })
    where key != "result" && key != "mask" {
      for range in numbers(in: text) {
        for other in Self.replacements {
          var edited = text
          edited.replaceSubrange(range, with: other)
          if edited != text { all.append(Variant(key: key, text: edited)) }
        }
      }
    }
    var numbers = TestNumbers(seed: seed)
    return limit < all.count
      ? (0..<limit).map { _ in all[Int(numbers.uniform() * Double(all.count))] } : all
  }

  /// Edits and reads. `isDetermined` says whether the tensors determine all sizes that predictions
  /// depend on; where they do not, the rings of a grid for instance, only the digest tells.
  private func check(
    _ file: SafetensorsFile, limit: Int, seed: UInt64, isDetermined: Bool = true
  ) throws {
    let sound = try ModelFile.model(file, file: "x")
    let count = 12 * sound.network.nside * sound.network.nside * sound.network.inputChannels
    let maps = TestNumbers.floats(count, seed: 5)
    let expected = try sound.predict(maps, count: 1, threads: 1)[0].map(\.value)
    var (refused, read) = (0, 0)
    let variants = variants(file.metadata, limit: limit, seed: seed)
    for variant in variants {
      var edited = file
      edited.metadata[variant.key] = variant.text
      do {
        let model = try ModelFile.model(edited, file: "x")
        read += 1
        #expect(model.network.nside == sound.network.nside, "\(variant)")
        // With warnings and error bars of whatever calibration and prior there are now.
        let found = try model.predict(maps, count: 1, threads: 1)[0].map(\.value)
        let isFree = !isDetermined && variant.key == "configuration"
        #expect(found == expected || isFree, "\(variant)")
      } catch {
        #expect(error is ModelError, "\(variant): \(error)")
        refused += 1
      }
    }
    #expect(refused > variants.count / 3 && read > 0, "\(refused) refused, \(read) read")
  }

  @Test("Isotropic networks", arguments: [1, 2])
  func isotropic(blocks: Int) throws {
    let sizes = IsotropicConfiguration(
      nside: 16, lmax: 4, channels: blocks == 1 ? [3] : [2, 3], readoutDegree: 2)
    let network = try IsotropicNetwork<Float>(sizes, seed: 2)
    try check(
      ModelFile.safetensors(model(network)), limit: 250, seed: 11,
      isDetermined: blocks == 1)
  }

  @Test("Networks of pixels")
  func pixel() throws {
    try check(ModelFile.safetensors(model(pixelNetwork())), limit: 200, seed: 12)
  }

  @Test("Published networks", arguments: PublishedSampling.allCases)
  func published(sampling: PublishedSampling) throws {
    var sizes = PublishedConfiguration(
      latitudeCount: 8, longitudeCount: 16, lmax: 7, mmax: 8, hiddenChannels: 2, blockCount: 2,
      denseWidth: 3)
    sizes.sampling = sampling
    sizes.sharedSteps = 5
    let network = try PublishedNetwork<Float>(sizes, seed: 3)
    let isDetermined = sampling == .containingPixel
    try check(
      ModelFile.safetensors(model(network)), limit: isDetermined ? 250 : 60, seed: 13,
      isDetermined: isDetermined)
  }

  /// The shipped files, whose sizes are those in use; a few edits, since making their networks
  /// takes time.
  @Test(
    "Shipped models", arguments: ["t1-physical-isotropic-noise0", "t1-physical-pixel-noise0"])
  func shipped(name: String) throws {
    let file = try ModelFile.file(FixtureStore.url("models/\(name).safetensors"))
    try check(file, limit: 60, seed: 14)
  }

  /// The shapes that configurations announce are those of the networks made of them.
  @Test("Shapes of configurations")
  func shapes() throws {
    for network in [
      try isotropicNetwork(), try pixelNetwork(), try publishedNetwork(inputs: 3, outputs: 2),
    ] {
      let found = try network.tensors()
      let shapes = Dictionary(
        uniqueKeysWithValues: found.map { ($0.name, $0.tensor.shape) })
      let configuration = try ModelConfiguration(
        network.architecture, json: network.configurationJSON())
      #expect(throws: Never.self) { try configuration.require(shapes) }
      for name in found.names {
        var other = shapes
        other[name] = [9, 9, 9]
        #expect(
          throws: StateDictionaryError.shape(
            tensor: name, found: [9, 9, 9], expected: shapes[name] ?? [])
        ) { try configuration.require(other) }
      }
    }
  }

  /// More memory than any machine has: refused before it is asked for.
  @Test("Networks beyond the memory")
  func memory() throws {
    let fiducial = FilterBankConfiguration.Fiducial(
      ee: [Double](repeating: 1, count: 16_001), bb: [Double](repeating: 1, count: 16_001))
    var sizes = IsotropicConfiguration(
      nside: 8192, lmax: 16_000, inputChannels: 2, channels: [2], readoutDegree: 1)
    sizes.polarisation = PolarisationInput(
      filterBank: FilterBankConfiguration(
        observed: [Bool](repeating: true, count: 100_000), fiducials: [fiducial], variance: 1))
    try sizes.validate()
    guard
      case .tooLarge(file: "x", let needed, let available)? =
        thrown({ try ModelConfiguration.isotropic(sizes).requireMemory(file: "x") }) as? ModelError
    else {
      Issue.record("not refused")
      return
    }
    #expect(needed > available && needed > 1e14)
    #expect(throws: Never.self) {
      try ModelConfiguration.isotropic(.t1).requireMemory(file: "x")
      try ModelConfiguration.pixel(PixelConfiguration()).requireMemory(file: "x")
      try ModelConfiguration.published(.t1).requireMemory(file: "x")
    }
  }
}

import BenchmarkPages
import Conformance
import FileFormats
import Foundation
import Models
import PixelNetworks
import Plotting
import SkyMaps
import SpectralNetworks
import Tasks
import Training
import TrainingRuns
import Verification

extension FuzzTarget {
  /// All targets; the readers' first, then the ones that start the program.
  static let all: [FuzzTarget] = [
    models, stateDicts, maps, masks, coefficients, spectra, truths, records, checkpoints, manifests,
    program, options,
  ]

  /// Trained models, with one prediction.
  static let models = FuzzTarget(
    name: "models", fileName: "input.safetensors",
    seeds: modelSeeds,
    mutate: FormatMutation.safetensors,
    read: { folder in
      let url = folder.appendingPathComponent("input.safetensors")
      try predictOnce(try ModelFile.read(url))
    })

  /// Small networks of every architecture with the error bars of a shipped model; the last one with
  /// a description of good maps, of its own.
  @Sendable private static func modelSeeds() throws -> [[UInt8]] {
    let shipped = try ModelFile.read(
      FixtureStore.url("models/t1-physical-isotropic-noise0.safetensors"))
    var spins = IsotropicConfiguration(
      nside: 16, lmax: 7, inputChannels: 2, channels: [2, 4], outputCount: 2)
    spins.polarisation = PolarisationInput()
    spins.groups = 2
    let scalar = IsotropicConfiguration(nside: 16, lmax: 7, channels: [3])
    let published = PublishedConfiguration(
      nside: 16, latitudeCount: 8, longitudeCount: 16, lmax: 10, mmax: 7, hiddenChannels: 3,
      blockCount: 2, denseWidth: 4)
    var networks: [any SkyNetwork<Float>] = [
      try PublishedNetwork<Float>(published, seed: 4),
      try IsotropicNetwork<Float>(scalar, seed: 1),
      try IsotropicNetwork<Float>(spins, seed: 2),
      try PixelNetwork<Float>(
        PixelConfiguration(nside: 16, channels: [2, 3], hidden: 4), seed: 3),
    ]
    networks.append(networks[1])
    return try networks.enumerated().map { index, network in
      var model = shipped
      model.network = network
      model.likeness = nil
      if network.inputChannels == 2 {
        model.description.task = .t2
        model.description.parameterNames = ["ell_e", "ell_b"]
        model.calibration = (shipped.calibration ?? []).flatMap { [$0, $0] }
      }
      if index == networks.count - 1 {
        let source = try SkyMapSource(try model.settings(), channels: 1, seed: 5)
        let maps = TestMaps(source, split: .calibration, count: 300, threads: 1)
        model.likeness = try MapLikeness.calibrate(model, on: maps, threads: 1)
      }
      return Array(try ModelFile.safetensors(model).data())
    }
  }

  /// State dicts of PyTorch, as tensors and as models.
  static let stateDicts = FuzzTarget(
    name: "state-dicts", fileName: "input.pt",
    seeds: {
      try fixtures(in: "formats", ending: ".pt", below: 100_000)
        + fixtures(["networks/tiny_plain.pt", "networks/tiny_ordered.pt"])
    },
    mutate: FormatMutation.stateDict,
    read: { folder in
      let url = folder.appendingPathComponent("input.pt")
      _ = try PyTorchStateDict(contentsOf: url)
      try predictOnce(try ModelFile.read(url))
    })

  private static func predictOnce(_ model: TrainedModel) throws {
    let network = model.network
    let count = 12 * network.nside * network.nside * network.inputChannels
    let map = (0..<count).map { Float($0 % 17) - 8 }
    _ = try model.predict(map, count: 1, threads: 1)
    if let network = model.network as? IsotropicNetwork<Float> { _ = FilterSpectra(network) }
  }

  private static let mapNames = [
    "maps/t1/map0.fits", "maps/t2/map0.fits", "formats/tq_nside8_partial.fits",
    "formats/tqu_nside4_nested.fits", "formats/columns_nside2.fits",
    "formats/tools_map_partial.fits",
    "formats/tools_map_1_iau.fits", "formats/tools_map_1_nested.fits",
    "formats/written_nested.fits",
    "formats/image.fits", "formats/tools_mask.fits",
  ]

  /// Maps of the sky, one in eight drawn. A part of the sky becomes a whole one in memory, which
  /// above nside 512 is more than an input may take here; then what is stored is read, as `inspect`
  /// does.
  static let maps = FuzzTarget(
    name: "maps", fileName: "input.fits", seeds: { try fixtures(mapNames) },
    mutate: FormatMutation.fits,
    read: { folder in
      let url = folder.appendingPathComponent("input.fits")
      let table = try HealpixTable(contentsOf: url)
      guard table.nside <= 512 else {
        _ = try table.storedColumns()
        return
      }
      let map = try SkyMap(contentsOf: url)
      _ = try? SkyMap(contentsOf: url, isPolarised: false, nside: map.nside)
      _ = try? SkyMap(contentsOf: url, isPolarised: true, nside: map.nside)
      guard map.nside <= 16, map.columnNames.joined().utf8.count % 8 == 0 else { return }
      _ = try Figure.maps(MapFields(contentsOf: url)).svg()
    })

  /// Masks.
  static let masks = FuzzTarget(
    name: "masks", fileName: "input.fits",
    seeds: { try fixtures(["formats/tools_mask.fits", "formats/tqu_nside4_nested.fits"]) },
    mutate: FormatMutation.fits,
    read: { folder in
      _ = try SkyMask(contentsOf: folder.appendingPathComponent("input.fits"))
    })

  /// Coefficients a_lm.
  static let coefficients = FuzzTarget(
    name: "alm", fileName: "input.fits",
    seeds: {
      try fixtures([
        "formats/tools_alm_t.fits", "formats/tools_alm_eb.fits", "formats/tools_alm_mmax.fits",
        "formats/tools_alm_teb.fits", "formats/written_alm.fits",
      ])
    },
    mutate: FormatMutation.fits,
    read: { folder in
      _ = try AlmFile(contentsOf: folder.appendingPathComponent("input.fits"))
    })

  /// Spectra C_l, and their pictures.
  static let spectra = FuzzTarget(
    name: "cl", fileName: "input.fits",
    seeds: {
      try fixtures([
        "formats/tools_cl.fits", "formats/tools_cl_cross.fits", "formats/tools_cl_masked.fits",
        "formats/tools_cl_t.fits", "formats/written_cl.fits",
      ])
    },
    mutate: FormatMutation.fits,
    read: { folder in
      let file = try SpectraFile(contentsOf: folder.appendingPathComponent("input.fits"))
      // Drawing takes most of the time: one file in eight, as its numbers will have it.
      let bits = file.spectra.flatMap(\.values).reduce(0) { $0 ^ $1.bitPattern }
      guard (bits ^ bits >> 32) % 8 == 0 else { return }
      _ = try Figure.spectra(file).svg()
      _ = try Figure.spectra(file, form: .cl).svg()
    })

  /// Tables of true values.
  static let truths = FuzzTarget(
    name: "truth", fileName: "truth.csv",
    seeds: { try fixtures(["maps/t1/truth.csv", "maps/t2/truth.csv"]) },
    mutate: { Mutation.text($0, other: $1, separators: Array(",\n".utf8), &$2) },
    read: { folder in
      let url = folder.appendingPathComponent("truth.csv")
      do {
        _ = try TruthTable(contentsOf: url, parameters: ["ell_peak"])
      } catch is ModelError {
        _ = try TruthTable(contentsOf: url, parameters: ["ell_e", "ell_b"])
      }
    })

  /// Records of training runs, and their pictures.
  static let records = FuzzTarget(
    name: "records", fileName: "input.json",
    seeds: { try fixtures(in: "models", ending: ".json", below: 60_000) },
    mutate: Mutation.json,
    read: { folder in
      let url = folder.appendingPathComponent("input.json")
      let record = try RunRecord(contentsOf: url)
      _ = try Figure.training(record, file: url.path).svg()
      _ = record.labels
    })

  /// Manifests of conformance kits, each with one case, which is run and judged.
  static let manifests = FuzzTarget(
    name: "manifests", fileName: "manifest.json", seeds: manifestSeeds,
    mutate: Mutation.json,
    read: { folder in
      let check = try KitCheck(kit: folder)
      for description in check.manifest.cases {
        let file = "\(description.id).safetensors"
        guard !file.contains("/"), !file.contains("\0") else { continue }
        try? FileManager.default.createSymbolicLink(
          at: folder.appendingPathComponent(file),
          withDestinationURL: FixtureStore.url("conformance/\(file)"))
      }
      let outputs = folder.appendingPathComponent("outputs")
      try FileManager.default.createDirectory(at: outputs, withIntermediateDirectories: true)
      try ReferenceBackend.run(check, to: outputs, as: Double.self)
      _ = try check.report(outputs: outputs)
    })

  /// The shipped manifest, cut into manifests of one small case each.
  @Sendable private static func manifestSeeds() throws -> [[UInt8]] {
    let whole = try JSONSerialization.jsonObject(
      with: FixtureStore.data("conformance/manifest.json"))
    guard let manifest = whole as? [String: Any], let cases = manifest["cases"] as? [[String: Any]]
    else { return [] }
    return try cases.compactMap { description -> [UInt8]? in
      guard let id = description["id"] as? String,
        try FixtureStore.data("conformance/\(id).safetensors").count < 20_000
      else { return nil }
      let single = manifest.merging(["cases": [description]]) { $1 }
      return Array(
        try JSONSerialization.data(withJSONObject: single, options: [.sortedKeys, .prettyPrinted]))
    }
  }
}

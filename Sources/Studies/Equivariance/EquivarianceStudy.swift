import HarmonicTransforms

/// How far layers and whole networks are from commuting with rotations.
///
/// Checked by:  EquivarianceStudyTests, LayerEquivarianceTests.
package struct EquivarianceStudy: Sendable {
  /// What is measured.
  package struct Configuration: Sendable, Equatable {
    /// Largest degree of the layers in coefficient space.
    package var layerDegree: Int
    /// Rings of the isotropic network's grid over lmax + 1.
    package var oversampling: [Double]
    /// Numbers of blocks of the isotropic network.
    package var blocks: [Int]
    /// Skies of a batch, and rotations of each.
    package var skies: Int
    package var rotations: Int
    /// Networks with different weights.
    package var networks: Int
    package var seed: UInt64

    /// The study of Docs/Equivariance.md.
    package static func full(seed: UInt64) -> Configuration {
      Configuration(
        layerDegree: 47, oversampling: [1, 1.25, 1.5, 2, 3, 4], blocks: [1, 2, 3], skies: 4,
        rotations: 7, networks: 3, seed: seed)
    }

    /// The same in seconds.
    package static func quick(seed: UInt64) -> Configuration {
      Configuration(
        layerDegree: 15, oversampling: [1, 2], blocks: [1, 2], skies: 2, rotations: 2,
        networks: 1, seed: seed)
    }
  }

  /// The largest error of a layer over rotations of one kind.
  package struct LayerEntry: Sendable, Equatable {
    package var layer: String
    package var rotations: RotationKind
    package var error: Double
  }

  /// The change of a network's values, over networks with different weights.
  package struct NetworkEntry: Sendable, Equatable {
    package var network: String
    /// nil: the published network.
    package var blocks: Int?
    package var oversampling: Double?
    package var sky: StudySky
    package var rotations: RotationKind
    /// Root mean square over the networks.
    package var change: NetworkChange
    /// Smallest and largest change of the networks, as a share of the scatter.
    package var extremes: ClosedRange<Double>
  }

  package let configuration: Configuration
  package let layers: [LayerEntry]
  package let networks: [NetworkEntry]

  /// Measures everything.
  ///
  /// - Parameters:
  ///   - configuration: what.
  ///   - threads: any number gives the same bits.
  ///   - progress: of layers and networks.
  /// - Throws: `NetworkConfigurationError`, `HealpixError`, `HarmonicTransformError`, what
  ///   `progress` throws.
  package init(
    _ configuration: Configuration, threads: Int, progress: StudyProgress = { _, _ in }
  ) throws {
    self.configuration = configuration
    let c = configuration
    let total = 7 + 2 * (c.blocks.count + 1)
    var done = 0
    func advance() throws {
      try progress(done, total)
      done += 1
    }
    layers = try Self.layers(c, advance)
    var networks: [NetworkEntry] = []
    for sky in StudySky.allCases {
      for blocks in c.blocks {
        try advance()
        networks += try Self.isotropic(c, sky, blocks: blocks, threads: threads)
      }
      try advance()
      networks += try Self.published(c, sky, threads: threads)
    }
    try progress(total, total)
    self.networks = networks
  }

  private static func layers(
    _ c: Configuration, _ advance: () throws -> Void
  ) throws -> [LayerEntry] {
    let layer = LayerEquivariance(lmax: c.layerDegree, skies: 2, seed: c.seed)
    var entries: [LayerEntry] = []
    func measure(
      _ name: String, _ kind: RotationKind, _ error: (Rotation) -> Double
    ) throws {
      try advance()
      let errors = kind.rotations(c.rotations, seed: c.seed).map(error)
      entries.append(LayerEntry(layer: name, rotations: kind, error: errors.max() ?? 0))
    }
    for kind in [RotationKind.any, .aboutAxis] {
      try measure("isotropic layer", kind) { layer.isotropic($0) }
      try measure("published layer", kind) { layer.published($0) }
    }
    try measure("published block on its grid", .any) { layer.publishedBlock($0) }
    for kind in [RotationKind.aboutAxis, .aboutAxisBySpacing] {
      try measure("published block on its grid", kind) {
        layer.publishedBlockAboutAxis($0.alpha)
      }
    }
    return entries
  }

  private static func isotropic(
    _ c: Configuration, _ sky: StudySky, blocks: Int, threads: Int
  ) throws -> [NetworkEntry] {
    let rotations = RotationKind.any.rotations(c.rotations, seed: c.seed)
    let skies = try TurnedSkies(
      sky, skies: c.skies, rotations, seed: c.seed, threads: threads)
    // Without a ReLU nothing depends on the grid.
    return try (blocks == 1 ? [1] : c.oversampling).map { factor in
      let rings = Int((factor * Double(TurnedSkies.lmax + 1)).rounded())
      let changes = try (0..<c.networks).map { k in
        try NetworkEquivariance.isotropic(
          skies, blocks: blocks, gridRings: rings, seed: c.seed &+ UInt64(k), threads: threads)
      }
      return entry("isotropic", blocks, factor, sky, .any, changes)
    }
  }

  private static func published(
    _ c: Configuration, _ sky: StudySky, threads: Int
  ) throws -> [NetworkEntry] {
    try RotationKind.allCases.map { kind in
      let skies = try TurnedSkies(
        sky, skies: c.skies, kind.rotations(c.rotations, seed: c.seed), seed: c.seed,
        threads: threads)
      let changes = try (0..<c.networks).map { k in
        try NetworkEquivariance.published(skies, seed: c.seed &+ UInt64(k), threads: threads)
      }
      return entry("published", nil, nil, sky, kind, changes)
    }
  }

  private static func entry(
    _ network: String, _ blocks: Int?, _ oversampling: Double?, _ sky: StudySky,
    _ kind: RotationKind, _ changes: [NetworkChange]
  ) -> NetworkEntry {
    let shares = changes.map(\.ofScatter)
    return NetworkEntry(
      network: network, blocks: blocks, oversampling: oversampling, sky: sky, rotations: kind,
      change: NetworkChange(
        relative: rootMeanSquare(changes.map(\.relative)),
        ofScatter: rootMeanSquare(shares)),
      extremes: (shares.min() ?? 0)...(shares.max() ?? 0))
  }
}

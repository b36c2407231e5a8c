import Models
import Tasks

/// The runs of the benchmark.
extension TrainingPreset {
  /// All of them: the isotropic networks, the published network on the published protocol, the
  /// networks of pixels.
  public static let all = isotropicRows + publishedRows + pixelRows

  /// The preset of a name; nil if there is none.
  public init?(name: String) {
    guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  private static let isotropicRows = [
    TrainingPreset(.t1, .isotropic, protocol: .physical, maps: 300_000, minutes: 3),
    TrainingPreset(.t1, .isotropic, protocol: .physical, noise: 5, maps: 600_000, minutes: 4),
    TrainingPreset(.t1, .isotropic, protocol: .physical, noise: 10, maps: 300_000, minutes: 5),
    TrainingPreset(.t1, .isotropic, protocol: .physical, noise: 15, maps: 300_000, minutes: 2),
    TrainingPreset(.t2, .isotropic, protocol: .physical, maps: 300_000, minutes: 2),
    TrainingPreset(
      .t2, .isotropic, protocol: .physical, skyFraction: 0.5, maps: 200_000, minutes: 12,
      isotropic: IsotropicVariant().with {
        $0.fiducials = 2
        $0.bands = 46
      }),
    TrainingPreset(
      .t2, .isotropic, protocol: .physical, skyFraction: 0.2, maps: 200_000, minutes: 9),
    TrainingPreset(
      .t2, .isotropic, protocol: .physical, skyFraction: 0.1, maps: 200_000, minutes: 6),
    TrainingPreset(
      .t2, .isotropic, protocol: .physical, skyFraction: 0.05, maps: 200_000, minutes: 4),
    TrainingPreset(.t3, .isotropic, protocol: .physical, maps: 300_000, minutes: 2),
    TrainingPreset(.t2, .isotropic, protocol: .published, maps: 300_000, minutes: 2),
    TrainingPreset(.t3, .isotropic, protocol: .published, maps: 300_000, minutes: 13),
  ]

  private static let pixelRows = [
    TrainingPreset(
      .t1, .pixel, protocol: .physical, maps: 400_000, minutes: 7, precision: .float16),
    TrainingPreset(
      .t1, .pixel, protocol: .physical, noise: 15, maps: 300_000, minutes: 3,
      precision: .float16),
    TrainingPreset(
      .t2, .pixel, protocol: .physical, maps: 300_000, minutes: 7, precision: .float16),
    TrainingPreset(
      .t2, .pixel, protocol: .physical, skyFraction: 0.1, maps: 250_000, minutes: 4,
      precision: .float16),
  ]
}

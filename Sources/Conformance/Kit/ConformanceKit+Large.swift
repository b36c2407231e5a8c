import FileFormats
import HarmonicTransforms
import SphereGrids

extension ConformanceKit {
  /// Transforms of real sizes; what is expected is this program's own fast transform in `Double`.
  static func largeCases(seed: UInt64) throws -> [CaseDraft] {
    let five: [LinearMap] = [
      .synthesis, .analysis, .adjointSynthesis, .synthesisGradient, .analysisGradient,
    ]
    let settings: [(setting: TransformSetting, maps: [LinearMap])] =
      try [64, 128, 256].map { nside in
        (
          TransformSetting(
            "healpix-nside\(nside)-all-rings", try HealpixGrid(nside: nside), lmax: 2 * nside,
            spins: [0, 1, 2, 3]), five
        )
      }
      + [(255, five), (511, five), (1023, [.synthesis, .analysis])].map { lmax, maps in
        (
          TransformSetting(
            "gauss-legendre-lmax\(lmax)", GaussLegendreGrid(lmax: lmax), lmax: lmax,
            spins: [0, 2]), maps
        )
      }
      + [
        (
          TransformSetting(
            "gauss-legendre-lmax2047", GaussLegendreGrid(lmax: 2047), lmax: 2047, spins: [0]),
          [.synthesis, .analysis]
        ),
        (
          TransformSetting(
            "clenshaw-curtis-lmax300",
            ClenshawCurtisGrid(ringCount: 602, longitudeCount: 602), lmax: 300, mmax: 200,
            spins: [0, 2]), five
        ),
        (
          TransformSetting(
            "octahedral-lmax255", KitGrid.octahedral(ringCount: 256), lmax: 255, spins: [0, 2]),
          five
        ),
      ]
    let transforms = settings.flatMap { setting, maps in
      setting.spins.flatMap { spin in
        maps.map { linearCase($0, spin: spin, setting, seed: seed, isLarge: true) }
      }
    }
    let healpix = TransformSetting(
      "healpix-nside64-all-rings", try HealpixGrid(nside: 64), lmax: 128)
    let iterated = [0, 2].flatMap { spin in
      [LinearMap.iteratedAnalysis, .iteratedGradient].map {
        linearCase(
          $0, spin: spin, healpix, seed: seed, ["iterations": 3], ending: "-3", isLarge: true)
      }
    }
    return transforms + iterated
  }
}

import FileFormats
import HarmonicTransforms
import SphereGrids

extension ConformanceKit {
  /// Transforms of real sizes; what is expected is this program's own fast transform in `Double`.
  static func largeCases(seed: UInt64) throws -> [CaseDraft] {
    let five: [LinearMap] = [
      .synthesis, .analysis, .adjointSynthesis, .synthesisGradient, .analysisGradient,
    ]
    func gauss(_ lmax: Int, spins: [Int]) -> TransformSetting {
      TransformSetting(
        "gauss-legendre-lmax\(lmax)", GaussLegendreGrid(lmax: lmax), lmax: lmax, spins: spins)
    }
    let healpix = TransformSetting("healpix", try HealpixGrid(nside: 4), lmax: 9)
    let settings: [(setting: TransformSetting, twin: TransformSetting, maps: [LinearMap])] =
      try [64, 128, 256].map { nside in
        (
          TransformSetting(
            "healpix-nside\(nside)-all-rings", try HealpixGrid(nside: nside), lmax: 2 * nside),
          healpix, five
        )
      }
      + [(255, five), (511, five), (1023, [.synthesis, .analysis])].map { lmax, maps in
        (gauss(lmax, spins: [0, 2]), gauss(12, spins: [0, 2]), maps)
      }
      + [
        (gauss(2047, spins: [0]), gauss(12, spins: [0]), [.synthesis, .analysis]),
        (
          TransformSetting(
            "clenshaw-curtis-lmax300",
            ClenshawCurtisGrid(ringCount: 602, longitudeCount: 602), lmax: 300, mmax: 200,
            spins: [0, 2]),
          TransformSetting(
            "clenshaw-curtis-lmax9", ClenshawCurtisGrid(ringCount: 20, longitudeCount: 20),
            lmax: 9, mmax: 6, spins: [0, 2]), five
        ),
        (
          TransformSetting(
            "octahedral-lmax255", KitGrid.octahedral(ringCount: 256), lmax: 255, spins: [0, 2]),
          TransformSetting("octahedral", KitGrid.octahedral(ringCount: 16), lmax: 15), five
        ),
      ]
    let transforms = settings.flatMap { setting, twin, maps in
      setting.spins.flatMap { spin in
        maps.map { linearCase($0, spin: spin, setting, seed: seed, twin: twin) }
      }
    }
    let iterated = [0, 2].flatMap { spin in
      [LinearMap.iteratedAnalysis, .iteratedGradient].map {
        linearCase(
          $0, spin: spin, settings[0].setting, seed: seed, ["iterations": 3], ending: "-3",
          twin: healpix)
      }
    }
    return transforms + iterated
  }
}

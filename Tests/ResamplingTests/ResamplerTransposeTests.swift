import Resampling
import SphereGrids
import Testing
import Verification

@Suite("Transpose of resampling")
struct ResamplerTransposeTests {

  /// ⟨W x, y⟩ = ⟨x, Wᵀ y⟩ to the rounding of the two products, far below 10⁻¹³ in `Double`.
  /// Blind to: errors in W itself (ResamplerFixtureTests).
  @Test("Transpose identity", arguments: ResamplingPairs.all.indices, ResamplingMethod.allCases)
  func transposeIdentity(pair: Int, method: ResamplingMethod) {
    let (source, target) = ResamplingPairs.all[pair]
    let resampler = Resampler<Double>(from: source, to: target, method: method)
    let check = AdjointCheck(
      inputCount: resampler.sourceCount, outputCount: resampler.targetCount, terms: 64, seed: 1,
      forward: { (x: [Double]) in resampler.apply(x) }, transpose: { resampler.transpose($0) })
    #expect(check.mismatch <= min(check.roundingBound, 1e-13), "\(source.name): \(check)")
  }

  /// The check rejects the transpose of another rule, and the "transpose" that reads instead of
  /// collecting: resampling back.
  @Test("Negative controls: other rule, resampling back")
  func rejectsOthers() throws {
    let source = try HealpixGrid(nside: 8)
    let target = GaussLegendreGrid(lmax: 15)
    let bilinear = Resampler<Double>(from: source, to: target, method: .bilinear)
    let nearest = Resampler<Double>(from: source, to: target, method: .nearest)
    let back = Resampler<Double>(from: target, to: source, method: .bilinear)
    for transpose in [{ nearest.transpose($0) }, { back.apply($0) }] as [([Double]) -> [Double]] {
      let check = AdjointCheck(
        inputCount: source.pointCount, outputCount: target.pointCount, terms: 64, seed: 1,
        forward: { (x: [Double]) in bilinear.apply(x) }, transpose: transpose)
      #expect(check.mismatch > 1000 * check.roundingBound, "\(check)")
    }
  }
}

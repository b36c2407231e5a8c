import FileFormats
import Resampling
import SphereGrids
import Testing
import Verification

@Suite("Resampling against healpy")
struct ResamplerFixtureTests {

  private func recorded(_ name: String) throws -> [Double] {
    let path = "healpix/resampling.safetensors"
    return try SafetensorsFile(data: FixtureStore.data(path), name: path).tensors.tensor(name)
      .doubles()
  }

  /// Bilinear interpolation of a random map equals healpy's `get_interp_val` at every point of
  /// three grids. A weight has a few rounding errors of θ/Δθ and φ/Δφ, at most 4 nside = 64 of
  /// them; four weights of pixels below the largest one: 4 · 4 · 64 = 1024.
  /// Blind to: targets that are no product grids.
  @Test("Bilinear interpolation equals get_interp_val")
  func bilinear() throws {
    let source = try HealpixGrid(nside: 16)
    let map = try recorded("map_16")
    let scale = map.map(abs).max() ?? 0
    let bound = 1024 * RoundingBound.unitRoundoff(Double.self) * scale
    for (name, target) in [
      ("published", PublishedSamplingGrid() as any RingGrid),
      ("clenshaw_curtis", ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64)),
      ("shifted", PlainRings(shiftedRings: 32, longitudes: 64)),
    ] {
      let reference = try recorded(name)
      let resampler = Resampler<Double>(from: source, to: target, method: .bilinear)
      let comparison = Comparison(resampler.apply(map), with: reference)
      #expect(comparison.largestAbsolute <= bound, "\(name): \(comparison)")
      // Negative control: another rule.
      let other = Resampler<Double>(from: source, to: target, method: .nearest)
      #expect(Comparison(other.apply(map), with: reference).largestAbsolute > 1000 * bound)
    }
  }

  /// The published sampling copies the pixels that healpy's `ang2pix` names, bit for bit: integers
  /// and all other values alike.
  @Test("Containing pixel copies the recorded pixels")
  func containingPixel() throws {
    let path = "healpix/pixels.safetensors"
    let pixels = try SafetensorsFile(data: FixtureStore.data(path), name: path).tensors
      .tensor("ring_16").integers().prefix(2048).map { Int($0) }
    let map = try recorded("map_16")
    let source = try HealpixGrid(nside: 16)
    let resampler = Resampler<Double>(
      from: source, to: PublishedSamplingGrid(), method: .containingPixel)
    #expect(resampler.apply(map) == pixels.map { map[$0] })
    // Negative control: the nearest centre is another pixel at 175 points, and may be one at 113
    // more, which are as near to several.
    let nearest = Resampler<Double>(from: source, to: PublishedSamplingGrid(), method: .nearest)
    #expect(zip(nearest.apply(map), pixels).count { $0 != map[$1] } >= 175)
  }
}

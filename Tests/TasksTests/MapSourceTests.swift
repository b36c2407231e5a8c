import RandomFields
import SkyModels
import Testing
import Training
import Verification

@testable import Models
@testable import Tasks

@Suite("Maps of the tasks")
struct MapSourceTests {
  private func source(noise: Double = 1, seed: UInt64 = 5) throws -> SkyMapSource {
    try SkyMapSource(TaskSettings(noise: noise), seed: seed)
  }

  /// One map of a batch.
  private func map(_ lane: Int, of batch: MapBatch<Float>) -> [Float] {
    stride(from: lane, to: batch.maps.count, by: batch.targets.count).map { batch.maps[$0] }
  }

  /// A map is a function of its index: any batch and any number of threads give its bits.
  @Test("Batches and threads change nothing")
  func determinism() throws {
    let source = try source()
    let whole = try source.batch(maps: 0..<70, purpose: .training, threads: 1)
    for range in [0..<1, 3..<4, 5..<38, 31..<70] {
      for threads in 1...2 {
        let part = try source.batch(maps: range, purpose: .training, threads: threads)
        for (lane, index) in range.enumerated() {
          #expect(map(lane, of: part) == map(index, of: whole), "map \(index) of \(range)")
          #expect(part.targets[lane] == whole.targets[index])
        }
      }
    }
  }

  /// No two purposes, splits, indices or seeds share a map.
  @Test("Different addresses, different maps")
  func distinctness() throws {
    var seen: [Float: String] = [:]
    for seed in [5, 6] as [UInt64] {
      let source = try source(seed: seed)
      for split in DataSplit.allCases {
        let batch = source.batch(maps: 0..<8, split: split, threads: 1)
        for lane in 0..<8 {
          let name = "seed \(seed), \(split), map \(lane)"
          let other = seen.updateValue(name, forKey: map(lane, of: batch)[100])
          #expect(other == nil, "\(name) repeats \(other ?? "")")
        }
      }
    }
    #expect(Set(MapPurpose.allCases.map { DataSplit($0) }).count == MapPurpose.allCases.count)
  }

  /// ⟨variance of the pixels about their mean⟩ = Σ_{l ≥ 1} (2l + 1) C_l/4π + σ² up to terms of the
  /// relative order 10⁻³ from the sampling of the sphere; the mean over 400 maps knows it to 1 %.
  @Test("Variance of maps", arguments: [0.0, 3])
  func variance(noise: Double) throws {
    let source = try source(noise: noise)
    let count = 400
    let batch = source.batch(maps: 0..<count, split: .training, threads: 2)
    let truths = source.truths(maps: 0..<count, split: .training)
    let ratios = zip(pixelVariances(batch.maps, count: count), truths).map { found, truth in
      let spectrum = PeakedModel().spectrum(at: truth)
      let signal = (1...spectrum.lmax).reduce(0.0) {
        $0 + Double(2 * $1 + 1) * spectrum[$1] / (4 * .pi)
      }
      return found / (signal + noise * noise)
    }
    let score = StandardScore(of: ratios, expected: 1)
    #expect(score.magnitude <= 5, "\(score)")
    #expect(truths.allSatisfy { source.settings.priorRange.contains($0) })
  }

  /// Maps of t2: two parameters per map, Q and U and with three channels the mask; nothing outside
  /// it.
  @Test("Polarisation maps behind a mask")
  func polarisation() throws {
    let settings = try TaskSettings(task: .t2, skyFraction: 0.1)
    let mask = try #require(settings.mask)
    #expect(mask.observedPixels.count == 310)
    let two = try SkyMapSource(settings, seed: 3).batch(maps: 0..<3, split: .test, threads: 1)
    let three = try SkyMapSource(settings, channels: 3, seed: 3)
      .batch(maps: 0..<3, split: .test, threads: 1)
    let full = try SkyMapSource(TaskSettings(task: .t2), seed: 3)
      .batch(maps: 0..<3, split: .test, threads: 1)
    #expect(two.targets.count == 6 && two.targets == three.targets && two.targets == full.targets)
    #expect(two.targets.allSatisfy { (5...20).contains($0) })
    for pixel in 0..<settings.pixelCount {
      let isObserved = mask.weights[pixel] > 0
      for map in 0..<3 {
        for field in 0...1 {
          let value = two.maps[(pixel * 3 + map) * 2 + field]
          #expect(value == (isObserved ? full.maps[(pixel * 3 + map) * 2 + field] : 0))
          #expect(value == three.maps[(pixel * 3 + map) * 3 + field])
        }
        #expect(three.maps[(pixel * 3 + map) * 3 + 2] == (isObserved ? 1 : 0))
      }
    }
  }
}

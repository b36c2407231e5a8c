import Foundation
import Testing
import Verification

@testable import RandomNumbers

@Suite("Philox")
struct CounterGeneratorTests {

  /// The three known answers that Random123 publishes for Philox4x32-10 [Salmon2011]: counter and
  /// key all zeros, all ones, and the digits of π. Blind to: nothing a wrong constant could hide
  /// behind.
  @Test("Known answers")
  func knownAnswers() {
    typealias Words = SIMD4<UInt32>
    #expect(
      CounterGenerator.words(counter: Words(repeating: 0), key: SIMD2(0, 0))
        == Words(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      CounterGenerator.words(counter: Words(repeating: .max), key: SIMD2(.max, .max))
        == Words(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let digits = Words(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344)
    let key = SIMD2<UInt32>(0xa409_3822, 0x299f_31d0)
    let answer = Words(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    #expect(CounterGenerator.words(counter: digits, key: key) == answer)
    // Negative control: the two halves of the key exchanged.
    #expect(CounterGenerator.words(counter: digits, key: SIMD2(key[1], key[0])) != answer)
  }

  /// Eight blocks at once are the eight single ones, also across the ends of the address range.
  @Test("Vector against definition")
  func eightBlocks() {
    var numbers = TestNumbers(seed: 51)
    for _ in 0..<200 {
      let seed = numbers.next()
      let index = numbers.next()
      let field = Int(numbers.next() % 65536)
      let stream = RandomStream(
        seed: seed, purpose: .dropout, split: .limit, index: index, field: field)
      let start = Int(numbers.next() % (1 << 32 - 8))
      let blocks = stream.eightBlocks(from: start)
      for k in 0..<8 {
        let words = stream.words(block: start + k)
        #expect(blocks.first[k] == UInt64(words[1]) << 32 | UInt64(words[0]))
        #expect(blocks.second[k] == UInt64(words[3]) << 32 | UInt64(words[2]))
      }
    }
  }

  /// Two streams that differ in any part of their address have different counters or keys, so
  /// their numbers differ; an address that is cut or shifted wrongly shows as a repetition here.
  @Test("Every part of the address counts")
  func addresses() {
    var seen: [SIMD4<UInt32>: RandomStream] = [:]
    for seed in [0, 1, 1 << 32, .max] as [UInt64] {
      for purpose in StreamPurpose.allCases {
        for split in DataSplit.allCases {
          for index in [0, 1, 1 << 32, .max] as [UInt64] {
            for field in [0, 1, 255, 256, 65535] {
              let stream = RandomStream(
                seed: seed, purpose: purpose, split: split, index: index, field: field)
              let words = stream.words(block: 0)
              #expect(seen[words] == nil, "\(stream) repeats \(String(describing: seen[words]))")
              seen[words] = stream
            }
          }
        }
      }
    }
    #expect(seen.count == 4 * StreamPurpose.allCases.count * DataSplit.allCases.count * 4 * 5)
  }
}

@Suite("Uniform and normal numbers")
struct RandomStreamTests {
  let stream = RandomStream(seed: 52, purpose: .selection)
  let count = 200_000

  /// Moments of N numbers uniform in (0, 1): the mean errs by √(1/12N), the mean square by
  /// √(4/45N); five of these are allowed. Blind to: correlations beyond neighbours.
  @Test("Moments of uniform numbers")
  func uniformMoments() {
    let u = (0..<count).map(stream.uniform)
    let n = Double(count)
    #expect(u.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(abs(mean(u) - 0.5) < 5 * (1 / (12 * n)).squareRoot())
    #expect(abs(mean(u.map { $0 * $0 }) - 1.0 / 3) < 5 * (4 / (45 * n)).squareRoot())
    let pairs = zip(u, u.dropFirst()).map { ($0 - 0.5) * ($1 - 0.5) * 12 }
    #expect(abs(mean(pairs)) < 5 / n.squareRoot())
    // Negative control: the lower ends of 16 cells, not their midpoints, miss the mean by 1/32.
    let coarse = u.map { ($0 * 16).rounded(.down) / 16 }
    #expect(abs(mean(coarse) - 0.5) > 5 * 5 * (1 / (12 * n)).squareRoot())
  }

  /// The first moments of normal numbers: ⟨z^k⟩ errs by √(⟨z^2k⟩ − ⟨z^k⟩²)/√N, with ⟨z²⟩ = 1, ⟨z⁴⟩
  /// = 3, ⟨z⁶⟩ = 15, ⟨z⁸⟩ = 105; five of these are allowed. The two numbers of a pair, neighbouring
  /// pairs and their squares are uncorrelated. Blind to: correlations at a distance.
  @Test("Moments of normal numbers")
  func normalMoments() {
    let z = stream.normals(count: count)
    let root = Double(count).squareRoot()
    #expect(abs(mean(z)) < 5 / root)
    #expect(abs(mean(z.map { $0 * $0 }) - 1) < 5 * 2.0.squareRoot() / root)
    #expect(abs(mean(z.map { $0 * $0 * $0 })) < 5 * 15.0.squareRoot() / root)
    let fourth = 5 * (105.0 - 9).squareRoot() / root
    #expect(abs(mean(z.map { $0 * $0 * $0 * $0 }) - 3) < fourth)
    for lag in [1, 2, 8] {
      let pairs = zip(z, z.dropFirst(lag))
      #expect(abs(mean(pairs.map { $0 * $1 })) < 5 / root, "lag \(lag)")
      let squares = pairs.map { ($0 * $0 - 1) * ($1 * $1 - 1) }
      #expect(abs(mean(squares)) < 5 * 2 / root, "lag \(lag)")
    }
    // Negative control: the sum of four uniform numbers, of variance 1, has the fourth moment 2.7.
    let sums = (0..<count).map { k in
      3.0.squareRoot() * (0..<4).reduce(-2) { $0 + stream.uniform(4 * k + $1) }
    }
    #expect(abs(mean(sums.map { $0 * $0 * $0 * $0 }) - 3) > fourth)
  }

  /// χ² of the counts in 64 cells of equal probability: 63 ± √126, five of them allowed. It sees
  /// the whole distribution, tails included. Blind to: correlations.
  @Test("Distribution of normal numbers")
  func distribution() {
    func chiSquared(_ z: [Double]) -> Double {
      var cells = [Double](repeating: 0, count: 64)
      for value in z {
        let probability = 0.5 * erfc(-value / 2.0.squareRoot())
        cells[min(Int(probability * 64), 63)] += 1
      }
      let expected = Double(z.count) / 64
      return cells.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    }
    let z = stream.normals(count: count)
    let bound = 63 + 5 * 126.0.squareRoot()
    #expect(chiSquared(z) < bound)
    // Negative control: a standard deviation that is 5 % too large.
    #expect(chiSquared(z.map { 1.05 * $0 }) > 3 * bound)
  }

  /// A number depends on its own address only: parts, single elements and whole arrays agree bit by
  /// bit, for every alignment.
  @Test("Parts equal the whole")
  func parts() {
    let whole = stream.normals(count: 100)
    for first in 0..<20 {
      for count in [0, 1, 2, 15, 16, 17, 33] {
        let part = stream.normals(from: first, count: count)
        #expect(part == Array(whole[first..<first + count]))
      }
    }
    #expect(stream.normal(37) == whole[37])
    #expect(stream.normals(from: 1, count: 3) != Array(whole[0..<3]))
  }

  private func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }
}

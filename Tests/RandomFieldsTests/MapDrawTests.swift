import Foundation
import Testing
import Verification

@testable import RandomFields

@Suite("Noise, parameters and dropout")
struct MapDrawTests {
  private func key(_ index: Int, split: DataSplit = .training) -> MapKey {
    MapKey(seed: 81, split: split, index: UInt64(index))
  }

  /// N numbers of variance σ²: the mean errs by σ/√N and the variance by σ² √(2/N); five allowed.
  @Test("White noise has the variance asked for")
  func noise() {
    var map = [Double](repeating: 100, count: 100_000)
    addWhiteNoise(standardDeviation: 15, key: key(0), to: &map)
    let root = Double(map.count).squareRoot()
    let mean = map.reduce(0, +) / Double(map.count)
    let variance = map.reduce(0) { $0 + ($1 - 100) * ($1 - 100) } / Double(map.count)
    #expect(abs(mean - 100) < 5 * 15 / root)
    #expect(abs(variance / 225 - 1) < 5 * 2.0.squareRoot() / root)
    // Negative control: 15 taken for the variance.
    #expect(abs(variance / 15 - 1) > 100 * 5 * 2.0.squareRoot() / root)
  }

  /// Pixel p has its own number: fewer pixels, other lanes and zero noise change nothing else.
  @Test("Noise belongs to the pixel")
  func noiseAddress() {
    var alone = [Double](repeating: 0, count: 96)
    addWhiteNoise(standardDeviation: 2, key: key(7), to: &alone)
    var few = [Double](repeating: 0, count: 5)
    addWhiteNoise(standardDeviation: 2, key: key(7), to: &few)
    #expect(few == Array(alone.prefix(5)))
    var stack = [Float](repeating: 1, count: 96 * 3)
    addWhiteNoise(standardDeviation: 2, key: key(7), to: &stack, lane: 1, lanes: 3)
    for p in 0..<96 {
      #expect(stack[3 * p] == 1 && stack[3 * p + 2] == 1)
      #expect(stack[3 * p + 1] == Float(1 + alone[p]))
    }
    addWhiteNoise(standardDeviation: 0, key: key(8), to: &few)
    #expect(few == Array(alone.prefix(5)))
  }

  /// Uniform in the range: the mean of N draws errs by width/√12N. Splits and components differ.
  @Test("Parameters fill their prior")
  func parameters() {
    let draws = (0..<20_000).map { drawParameter(in: 5...20, key: key($0)) }
    #expect(draws.allSatisfy { 5 < $0 && $0 < 20 })
    let mean = draws.reduce(0, +) / 20_000
    #expect(abs(mean - 12.5) < 5 * 15 / (12.0 * 20_000).squareRoot())
    let below = Double(draws.count { $0 < 8 })
    #expect(abs(below - 4000) < 5 * (20_000 * 0.2 * 0.8).squareRoot())
    #expect(draws[3] == drawParameter(in: 5...20, key: key(3)))
    #expect(draws[3] != drawParameter(in: 5...20, key: key(3, split: .test)))
    #expect(draws[3] != drawParameter(in: 5...20, key: key(3), component: 1))
  }

  /// The share that is dropped is binomial, √(p(1 − p)/N); the mean factor is 1. Every shard draws
  /// the factors of the whole, and step, layer and seed change them.
  @Test("Dropout factors", arguments: [0.0, 0.2, 0.5])
  func dropout(probability: Double) {
    func factors(step: Int = 4, layer: Int = 1, from: Int = 0, count: Int) -> [Float] {
      dropoutFactors(
        probability: probability, seed: 82, step: step, layer: layer, from: from, count: count)
    }
    let count = 100_000
    let whole = factors(count: count)
    let dropped = Double(whole.count { $0 == 0 })
    let error = (probability * (1 - probability) * Double(count)).squareRoot()
    #expect(abs(dropped - probability * Double(count)) <= 5 * error)
    #expect(whole.allSatisfy { $0 == 0 || $0 == Float(1 / (1 - probability)) })
    #expect(factors(from: 64, count: 70) == Array(whole[64..<134]))
    if probability > 0 {
      #expect(factors(step: 5, count: 500) != Array(whole.prefix(500)))
      #expect(factors(layer: 2, count: 500) != Array(whole.prefix(500)))
      // Neighbouring elements are independent: both dropped with p².
      let both = Double(zip(whole, whole.dropFirst()).count { $0 == 0 && $1 == 0 })
      let expected = probability * probability * Double(count)
      #expect(abs(both - expected) < 5 * 2 * expected.squareRoot())
      // Negative control: every second factor repeated.
      let repeated = Double(whole.indices.count { whole[$0] == 0 && whole[$0 & ~1] == 0 })
      #expect(abs(repeated - expected) > 20 * expected.squareRoot())
    }
  }
}

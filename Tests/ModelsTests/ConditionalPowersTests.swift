import Foundation
import LinearAlgebra
import Testing
import Training
import Verification

@testable import Models

/// The distribution of powers given a prediction, on powers that are drawn from a known law.
@Suite("Powers given a prediction")
struct ConditionalPowersTests {
  /// Powers of 2l + 1 modes with C_l = exp(−(l − p)²/50) + 10⁻³, l = 2...width + 1, p uniform in
  /// 5...20.
  private static let width = 12

  private static func draw(
    _ count: Int, seed: UInt64, change: (Int) -> Double = { _ in 1 }
  ) -> (predictions: [[Double]], values: [Double]) {
    var numbers = TestNumbers(seed: seed)
    var predictions: [[Double]] = []
    var values: [Double] = []
    for _ in 0..<count {
      let p = numbers.uniform(5, 20)
      predictions.append([p])
      for k in 0..<width {
        let l = Double(k + 2)
        let modes = 2 * k + 5
        let chiSquare = (0..<modes).reduce(0.0) { sum, _ in
          let g = numbers.normal()
          return sum + g * g
        }
        values.append(
          change(k) * (exp(-(l - p) * (l - p) / 50) + 1e-3) * chiSquare / Double(modes))
      }
    }
    return (predictions, values)
  }

  private static func calibration(
    _ count: Int = 8000, seed: UInt64 = 1
  ) throws -> (powers: ConditionalPowers, basis: PredictionBasis) {
    let (predictions, values) = draw(count, seed: seed)
    let basis = PredictionBasis(predictions, degree: 10)
    let powers = try ConditionalPowers(
      .spectrum, values: values, layout: PowerLayout(channels: 1, fields: 1),
      basis: predictions.map { basis.values($0) })
    return (try #require(powers), basis)
  }

  /// Numbers of maps above the limits of a rate, of χ² and χ²_s.
  private static func above(
    _ powers: ConditionalPowers, _ basis: PredictionBasis, rate: Double,
    _ maps: (predictions: [[Double]], values: [Double])
  ) throws -> (all: Int, smooth: Int) {
    let smoothTail = try #require(powers.smoothTail)
    var counts = (all: 0, smooth: 0)
    for (map, prediction) in maps.predictions.enumerated() {
      let (all, smooth) = powers.chiSquares(
        Array(maps.values[map * width..<(map + 1) * width]), basis: basis.values(prediction))
      if all > powers.tail.limit(rate: rate) { counts.all += 1 }
      if try #require(smooth) > smoothTail.limit(rate: rate) { counts.smooth += 1 }
    }
    return counts
  }

  /// Fresh maps exceed the limits of 10⁻² and 10⁻³ with about these rates. Of n maps a rate α gives
  /// n α ± √(n α); the limit itself rests on the 80 largest of 8,000 values, 11 %, and extrapolates
  /// to 10⁻³ with an error of ln(10)/√80, 26 %. Five times both together; and not fewer than a
  /// fifth, since the exponential tail only bounds the true one from above.
  /// Blind to: a rate that depends on the prediction.
  @Test("Rates of false alarm", arguments: [1e-2, 1e-3])
  func rates(rate: Double) throws {
    let (powers, basis) = try Self.calibration()
    let count = 20_000
    let found = try Self.above(powers, basis, rate: rate, Self.draw(count, seed: 2))
    let expected = rate * Double(count)
    let spread = (1 / expected + 0.26 * 0.26).squareRoot()
    for number in [found.all, found.smooth] {
      #expect(Double(number) <= expected * (1 + 5 * spread), "\(number) of \(expected)")
      #expect(Double(number) >= expected / 5, "\(number) of \(expected)")
    }
  }

  /// Changes that must be seen: one power times 4 for χ², a level of 1.8 for χ²_s, and the level by
  /// the smooth test more often than by the other.
  @Test("Changed powers are noticed")
  func changes() throws {
    let (powers, basis) = try Self.calibration()
    let count = 500
    let doubled = try Self.above(
      powers, basis, rate: 1e-3, Self.draw(count, seed: 3) { $0 == 11 ? 4 : 1 })
    #expect(doubled.all > count / 2, "\(doubled)")
    let raised = try Self.above(
      powers, basis, rate: 1e-3, Self.draw(count, seed: 4) { _ in 1.8 })
    #expect(raised.smooth > count / 2 && raised.smooth > raised.all, "\(raised)")
  }

  /// χ² by its definition: y from fitted coefficients is not needed, since χ² is invariant under
  /// the whitening; here the mean over the calibration of χ² is the number of powers, but for the
  /// floor (0.01)² on variances of 2/(9ν) ≥ 0.009.
  @Test("Mean of chi-square over the calibration")
  func meanChiSquare() throws {
    let (powers, basis) = try Self.calibration()
    let (predictions, values) = Self.draw(8000, seed: 1)
    let mean =
      predictions.enumerated().reduce(0.0) { sum, map in
        sum
          + powers.chiSquares(
            Array(values[map.offset * Self.width..<(map.offset + 1) * Self.width]),
            basis: basis.values(map.element)
          ).all
      } / 8000
    // The covariance of these very maps: Σ χ² = (n − 1) width exactly without the floor, which
    // takes 1 %.
    #expect(mean < Double(Self.width) && mean > 0.97 * Double(Self.width), "\(mean)")
  }

  @Test("Too few maps, and powers that are zero, have no distribution")
  func refused() throws {
    let (predictions, values) = Self.draw(300, seed: 5)
    let basis = PredictionBasis(predictions, degree: 3)
    let functions = predictions.map { basis.values($0) }
    func powers(_ count: Int, _ values: [Double]) throws -> ConditionalPowers? {
      try ConditionalPowers(
        .regions, values: Array(values[0..<count * Self.width]), layout: nil,
        basis: Array(functions[0..<count]))
    }
    #expect(try powers(300, values) != nil)
    #expect(try powers(255, values) == nil)
    var withZero = values
    withZero[17] = 0
    #expect(try powers(300, withZero) == nil)
  }

  /// A map without power, or with powers that are not numbers, is above every limit.
  @Test("Empty and broken maps")
  func brokenMaps() throws {
    let (powers, basis) = try Self.calibration()
    for value in [0, Double.nan, .infinity] {
      let (all, _) = powers.chiSquares(
        [Double](repeating: value, count: Self.width), basis: basis.values([10]))
      #expect(!(all <= powers.tail.limit(rate: 1e-9)), "\(value): \(all)")
    }
  }

  /// What a file has gives the same bits.
  @Test("Files")
  func files() throws {
    let (powers, basis) = try Self.calibration(2000)
    let data = try JSONEncoder().encode(powers)
    let read = try JSONDecoder().decode(ConditionalPowers.self, from: data)
    #expect(read == powers)
    let map = Self.draw(1, seed: 6)
    #expect(
      read.chiSquares(map.values, basis: basis.values(map.predictions[0])).all
        == powers.chiSquares(map.values, basis: basis.values(map.predictions[0])).all)
    var object = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: Any])
    for (key, value) in [
      ("width", 13 as Any), ("width", -1), ("width", 1 << 40), ("mean", "AAAA"), ("factor", "x"),
      ("layout", ["channels": 5, "fields": 1]), ("layout", ["channels": 0, "fields": 1]),
      ("tail", ["start": 0, "scale": 1, "share": 0.1]), ("group", "others"),
    ] {
      let before = object[key]
      object[key] = value
      let damaged = try JSONSerialization.data(withJSONObject: object)
      #expect(throws: DecodingError.self, "\(key) \(value)") {
        try JSONDecoder().decode(ConditionalPowers.self, from: damaged)
      }
      object[key] = before
    }
  }
}

/// The functions that expectations are made of.
@Suite("Functions of predictions")
struct PredictionBasisTests {
  /// T_d(cos t) = cos(d t), products of total degree up to 3 in two parameters, each once.
  @Test("Products of Chebyshev polynomials")
  func products() {
    let basis = PredictionBasis([[5, 0.1], [20, 0.3]], degree: 3)
    let (s, t) = (0.7, 2.1)
    let values = basis.values([12.5 + 7.5 * cos(s), 0.2 + 0.1 * cos(t)])
    let expected = (0...3).flatMap { i in
      (0...(3 - i)).map { j in cos(Double(i) * s) * cos(Double(j) * t) }
    }
    #expect(values.count == PredictionBasis.count(parameters: 2, degree: 3))
    #expect(values.count == 10)
    for (value, wanted) in zip(values, expected) { #expect(abs(value - wanted) < 1e-14) }
  }

  @Test("Outside the range the nearer end counts")
  func ends() {
    let basis = PredictionBasis([[5], [20]], degree: 10)
    #expect(basis.values([-1e6]) == basis.values([5]))
    #expect(basis.values([1e300]) == basis.values([20]))
    #expect(basis.values([12.5])[1] == 0)
    #expect(PredictionBasis.count(parameters: 1, degree: 10) == basis.values([7]).count)
  }
}

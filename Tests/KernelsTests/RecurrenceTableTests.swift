import Foundation
import Testing

@testable import Kernels

@Suite("Recurrences of many colatitudes")
struct RecurrenceTableTests {
  private let width = RecurrenceBlock.width

  /// Numbers between −1 and 1.
  private func numbers(_ count: Int, seed: UInt64) -> AlignedBuffer<Double> {
    let buffer = AlignedBuffer<Double>(count: count)
    var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
    for i in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      buffer[i] = Double(Int64(bitPattern: state) >> 11) * 0x1p-52
    }
    return buffer
  }

  /// Colatitude by colatitude: scaled numbers grow into range at steps of their own.
  @Test("Recurrence", arguments: [1, 7, 64])
  func recurrence(count: Int) {
    let steps = numbers(2 * count, seed: 1)
    for k in 0..<count { steps[2 * k] = 1e5 * (1 + abs(steps[2 * k])) }
    let arguments = numbers(width, seed: 2)
    let states = RecurrenceStates(blocks: 2)
    var scales = [Int](repeating: 0, count: width)
    for i in 0..<width {
      scales[i] = -(i % 3)
      states.start(1, i, mantissa: arguments[i] * 1e-100, scale: scales[i])
    }
    let table = AlignedBuffer<Double>(count: count * width)
    let first = continueRecurrence(
      steps.view(), count: count, arguments: arguments.view(), states.view(1), table: table.view())
    var expectedFirst = count
    for i in 0..<width {
      var (here, below, scale) = (arguments[i] * 1e-100, 0.0, scales[i])
      for k in 0..<count {
        if scale == 0 { expectedFirst = min(expectedFirst, k) }
        #expect(
          abs(table[k * width + i] - (scale == 0 ? here : 0)) <= 1e-12 * (abs(here) + abs(below)),
          "step \(k), place \(i)")
        let factor = steps[2 * k] * arguments[i] + steps[2 * k + 1]
        (below, here) = (here, factor * here - below)
        if scale < 0 && abs(here) > 0x1p400 {
          here *= 0x1p-800
          below *= 0x1p-800
          scale += 1
        }
      }
    }
    #expect(first == expectedFirst)
  }

  /// A table in two pieces is the table in one.
  @Test("Going on")
  func pieces() {
    let steps = numbers(120, seed: 3)
    let arguments = numbers(width, seed: 4)
    let (whole, parts) = (RecurrenceStates(blocks: 1), RecurrenceStates(blocks: 1))
    for i in 0..<width {
      whole.start(0, i, mantissa: arguments[i], scale: 0)
      parts.start(0, i, mantissa: arguments[i], scale: 0)
    }
    let (one, two) = (
      AlignedBuffer<Double>(count: 60 * width), AlignedBuffer<Double>(count: 60 * width)
    )
    _ = continueRecurrence(
      steps.view(), count: 60, arguments: arguments.view(), whole.view(0), table: one.view())
    for range in [0..<23, 23..<60] {
      _ = continueRecurrence(
        steps.view(2 * range.lowerBound), count: range.count, arguments: arguments.view(),
        parts.view(0), table: two.view(range.lowerBound * width))
    }
    #expect(one.array() == two.array())
  }

  @Test("Sums and projections against loops", arguments: [0..<1, 0..<64, 3..<10, 5..<5])
  func sums(steps: Range<Int>) {
    let (table, weights) = (numbers(64 * width, seed: 5), numbers(4 * 64, seed: 6))
    let values = numbers(4 * width, seed: 7)
    let sums = numbers(4 * width, seed: 8)
    let before = sums.array()
    addRecurrenceSums(weights.view(), steps: steps, table.view(), to: sums.view())
    for part in 0..<4 {
      for i in 0..<width {
        let expected = steps.reduce(before[part * width + i]) {
          $0 + weights[4 * $1 + part] * table[$1 * width + i]
        }
        #expect(abs(sums[part * width + i] - expected) < 1e-13)
      }
    }
    let projections = AlignedBuffer<Double>(count: 16 * 64)
    addRecurrenceProjections(values.view(), steps: steps, table.view(), to: projections.view())
    let folded = AlignedBuffer<Double>(count: 4 * 64)
    foldRecurrenceSums(count: 64, projections.view(), to: folded.view())
    for k in 0..<64 {
      for part in 0..<4 {
        let expected =
          steps.contains(k)
          ? (0..<width).reduce(0) { $0 + values[part * width + $1] * table[k * width + $1] } : 0
        #expect(abs(folded[4 * k + part] - expected) < 1e-13)
      }
    }
    #expect(projections.array().allSatisfy { $0 == 0 })
  }

  /// factor · multiplier · baseⁿ, also where it underflows: the logarithm tells.
  @Test("Starts", arguments: [0, 1, 2, 63, 1000, 4095])
  func starts(exponent: Int) {
    let bases = AlignedBuffer<Double>(count: width)
    let multipliers = AlignedBuffer<Double>(count: width)
    for i in 0..<width {
      bases[i] = i == 0 ? 0 : Double(i) / Double(width)
      multipliers[i] = 1 + Double(i)
    }
    let states = RecurrenceStates(blocks: 1)
    startRecurrence(
      factor: -0.3, bases: bases.view(), exponent: exponent, multipliers: multipliers.view(),
      states.view(0))
    for i in 0..<width {
      let (mantissa, scale) = (states.view(0)[i], states.view(0)[2 * width + i])
      #expect(states.view(0)[width + i] == 0 && scale <= 0 && scale == scale.rounded())
      if exponent == 0 {
        #expect(mantissa == -0.3 * multipliers[i] && scale == 0)
      } else if i == 0 {
        #expect(mantissa == 0 && scale == 0)
      } else {
        let expected =
          log2(0.3 * multipliers[i]) + Double(exponent) * log2(bases[i])
        #expect(mantissa < 0 && abs(mantissa) >= 0x1p-402)
        let found = log2(-mantissa) + 800 * scale
        #expect(abs(found - expected) <= 1e-12 * (10 + abs(expected)))
      }
    }
  }
}

import Testing
import Verification

@testable import Training

@Suite("Schedules, stopping and the batch plan")
struct SchedulePropertyTests {
  /// The cycle starts at maximum/25, is largest at step 0.3 · steps − 1, ends at start/10⁴, and is
  /// monotonic on both sides. Blind to: the form of the curve (OptimiserFixtureTests).
  @Test("One cycle")
  func oneCycle() {
    let cycle = OneCycle(maximum: 1, steps: 100)
    let rates = (0..<100).map(cycle.rate(at:))
    // The half cosines are formed from numbers as large as the maximum.
    #expect(abs(rates[0] - 1.0 / 25) <= Double.ulpOfOne)
    #expect(rates[29] == 1)
    #expect(abs(rates[99] - 1.0 / 25e4) < Double.ulpOfOne)
    #expect((0..<29).allSatisfy { rates[$0] < rates[$0 + 1] })
    #expect((29..<99).allSatisfy { rates[$0] > rates[$0 + 1] })
  }

  /// Six bad epochs in a row reduce the rate, five do not; an improvement of exactly the threshold
  /// is none; a rate that would change by less than 1e-8 stays.
  @Test("Plateau rule")
  func plateau() {
    let rule = PlateauRule()
    var state = PlateauState(rule: rule)
    for value in [1, 1, 1, 1, 1, 1.0] { state.update(value, rule: rule) }
    #expect(state.rate == 1e-3 && state.badEpochs == 5)
    state.update(1 - 1e-4, rule: rule)
    #expect(state.rate == 1e-4 && state.badEpochs == 0)
    state.update((1 - 1e-4).nextDown, rule: rule)
    #expect(state.badEpochs == 0 && state.best == (1 - 1e-4).nextDown)
    for _ in 0..<100 { state.update(2, rule: rule) }
    #expect(state.rate > 0.9e-8 && state.rate < 1.1e-8)
  }

  /// Equality is no improvement, and the best epoch is the first with the best value.
  @Test("Early stopping")
  func earlyStopping() {
    var state = EarlyStoppingState()
    let improvements = [2, 1, 1, 1.5].enumerated().map { state.update($1, epoch: $0) }
    #expect(improvements == [true, true, false, false])
    #expect(state.bestEpoch == 1 && state.epochsWithoutImprovement == 2)
    #expect(state.shouldStop(patience: 2) && !state.shouldStop(patience: 3))
    let improvesAgain = state.update(0.5, epoch: 4)
    #expect(improvesAgain)
    #expect(!state.shouldStop(patience: 1))
  }

  /// Whatever the three numbers, the steps cover 0..<maps without gap or overlap, no batch crosses
  /// the end of an epoch, and the counts of epochs and maps agree with the batches.
  @Test("Batch plan")
  func batchPlan() {
    for maps in 1...13 {
      for mapsPerEpoch in 1...14 {
        for batch in 1...6 {
          let plan = BatchPlan(maps: maps, mapsPerEpoch: mapsPerEpoch, batch: batch)
          var seen = 0
          for step in 0..<plan.stepCount {
            let range = plan.maps(ofStep: step)
            #expect(range.lowerBound == seen && !range.isEmpty && range.count <= batch)
            #expect(range.lowerBound / mapsPerEpoch == (range.upperBound - 1) / mapsPerEpoch)
            seen = range.upperBound
            #expect(plan.mapsSeen(after: step + 1) == seen)
            let completed =
              seen == maps ? (maps + mapsPerEpoch - 1) / mapsPerEpoch : seen / mapsPerEpoch
            #expect(plan.epochsCompleted(after: step + 1) == completed)
          }
          #expect(seen == maps)
          #expect(plan.steps(ofEpoch: plan.epochCount - 1).upperBound == plan.stepCount)
        }
      }
    }
  }
}

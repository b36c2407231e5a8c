import Foundation
import SpectralNetworks
import TestSupport
import Testing
import Verification

@testable import ReadoutFits
@testable import Training

@Suite("Refit of a network's readout")
struct ReadoutRefitTests {
  /// Mean squared relative error of a network on the maps it was refitted to.
  private func loss(_ network: ToyNetwork<Double>, maps: Int) throws -> Double {
    let batch = try ToySource<Double>().batch(maps: 0..<maps, purpose: .refit, threads: 1)
    let outputs = network.predict(batch.maps, count: maps, threads: 1)
    return Loss.relativeSquared.evaluate(outputs: outputs, targets: batch.targets).value
  }

  /// The refitted network predicts what the fit says (the same sums in another order: rounding of
  /// features · weights, six terms), its loss is the fit's own residual, and a step in any
  /// direction of the readout makes it worse. Threads and working ahead change no bit.
  @Test("The refit is installed and is the minimum")
  func installs() throws {
    var network = ToyNetwork<Double>()
    let before = try loss(network, maps: 700)
    let fit = try refitReadout(
      of: &network, source: ToySource(), maps: 700, batch: 64,
      execution: TrainingExecution(threads: 1))
    let after = try loss(network, maps: 700)
    #expect(after < before / 2)
    let squares = fit.reports.map { $0.rootMeanSquare * $0.rootMeanSquare }
    let mean = squares.reduce(0, +) / 2
    #expect(abs(after - mean) < 1000 * 700 * Double.ulpOfOne)
    for tensor in 1...2 {
      for index in network.parameters[tensor].values.indices {
        var moved = network
        moved.parameters[tensor].values[index] += 1e-3
        #expect(try loss(moved, maps: 700) > after)
      }
    }
    var again = ToyNetwork<Double>()
    let other = try refitReadout(
      of: &again, source: ToySource(), maps: 700, batch: 64,
      execution: TrainingExecution(threads: 2, worksAhead: false))
    #expect(other == fit && again.parameters == network.parameters)
  }

  /// Reweighting lowers the mean |r|, and leaves everything but the readout alone.
  @Test("Reweighted refit")
  func reweighted() throws {
    let initial = ToyNetwork<Float>()
    var network = initial
    let fit = try refitReadout(
      of: &network, source: ToySource(), maps: 700,
      options: ClosedFormOptions(absoluteIterations: 5),
      execution: TrainingExecution(threads: 2))
    for report in fit.reports {
      let first = try #require(report.meanAbsolute.first)
      #expect((report.meanAbsolute.min() ?? .infinity) < first)
    }
    #expect(network.parameters[0] == initial.parameters[0])
    #expect(network.buffers == initial.buffers)
  }

  /// A fit that is refused leaves the network as it was.
  @Test("A refused refit changes nothing")
  func refused() {
    let initial = ToyNetwork<Double>()
    var network = initial
    #expect(throws: ClosedFormError.self) {
      try refitReadout(
        of: &network, source: ToySource(zeroTargetMap: 5), maps: 700,
        execution: TrainingExecution(threads: 1))
    }
    #expect(network.parameters == initial.parameters)
  }
}

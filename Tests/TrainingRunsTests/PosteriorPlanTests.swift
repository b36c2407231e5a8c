import SkyModels
import SpectralNetworks
import Tasks
import Testing

@testable import TrainingRuns

/// Which densities a task gets, and which powers enter where.
struct PosteriorPlanTests {
  private static func plan(_ task: BenchmarkTask, noise: Double) throws -> (
    plan: PosteriorPlan, settings: TaskSettings
  ) {
    let table = try BenchmarkTask(TableTask(task))
    let settings = try TaskSettings(task: table, noise: noise)
    return (try PosteriorPlan(settings, fiducials: 1), settings)
  }

  /// The peak of temperature: 1/214 of the prior wide without noise, 1/27 with 10 per pixel.
  @Test func narrowPosteriorsHaveSplinesOfThePowers() throws {
    let narrow = try Self.plan(.t1, noise: 0).plan
    #expect(narrow.components == nil && narrow.family.pieces != nil)
    #expect(narrow.family.mixedDegree == nil)
    let uses = try #require(narrow.uses)
    #expect(uses.count == 48 && uses.allSatisfy { $0 == Array(0..<narrow.family.termCount) })
    let wide = try Self.plan(.t1, noise: 10).plan
    #expect(wide.components != nil && wide.uses == nil)
    #expect(wide.family.pieces == nil && wide.family.degree == 16)
    let tau = try Self.plan(.t3, noise: 0).plan
    #expect(tau.components != nil && tau.family.pieces == nil)
  }

  /// E knows of the peak of E alone, B of that of B: no products, and no band with both.
  @Test func bandsHaveTheSplinesOfTheirOwnParameters() throws {
    let plan = try Self.plan(.t2, noise: 0).plan
    let uses = try #require(plan.uses)
    let terms = plan.family.terms
    #expect(plan.family.mixedDegree == nil && uses.count == 92)
    for (band, own) in uses.enumerated() {
      #expect(own == terms.indices.filter { terms[$0][band / 46] > 0 })
    }
    #expect(uses.reduce(terms.count) { $0 + $1.count } <= PosteriorPlan.mostUnknowns)
  }
}

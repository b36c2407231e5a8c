import FileFormats
import Testing

@testable import Conformance

/// The registry of faults and the flags of cases.
@Suite("Known faults")
struct KnownFaultTests {
  @Test("Names, texts and reports")
  func registry() throws {
    let names = KnownFault.all.map(\.name)
    #expect(Set(names).count == names.count && names.count >= 60)
    for fault in KnownFault.all {
      #expect(fault.name.wholeMatch(of: /[a-z0-9\-]+/) != nil, "\(fault.name)")
      #expect(!fault.wrong.isEmpty && !fault.shows.isEmpty)
      #expect(
        fault.reports.allSatisfy {
          $0.wholeMatch(of: /https:\/\/github\.com\/[\w.\-]+\/[\w.\-]+\/(issues|pull)\/\d+/) != nil
        }, "\(fault.reports)")
      #expect(KnownFault.named(fault.name)?.wrong == fault.wrong)
    }
    #expect(KnownFault.named("none") == nil)
  }

  /// A case that catches nothing would be no case.
  @Test("Every case catches a fault, every fault is caught")
  func flags() throws {
    let kit = try SharedKit.kit()
    for item in kit.cases {
      #expect(item.description.faults?.isEmpty == false, "\(item.description.id)")
    }
    let caught = Set(kit.cases.flatMap { $0.description.faults ?? [] })
    #expect(caught == Set(KnownFault.all.map(\.name)))
  }

  /// The answers with a fault fail the check of every case that is flagged with it, and pass that
  /// of a case that is not; on grids of every kind.
  @Test("Answers with a fault fail where the flags say so")
  func answers() throws {
    let endings = [
      "-healpix", "-odd", "-clenshaw-curtis", "-few-longitudes", "-poles", "-octahedral",
      "-order-zero", "-general", "-lmax64", "-nside4", "-2", "-lmax8",
    ]
    var failed: [String: Int] = [:]
    for item in try SharedKit.kit().cases {
      let id = item.description.id
      guard endings.contains(where: id.hasSuffix) else { continue }
      let operation = try #require(Operation(named: item.description.operation))
      for fault in KnownFault.all where fault.isComputed {
        guard let answer = try? fault.answer(operation, item.data) else { continue }
        let passes = try SharedKit.rows(item, answer).allSatisfy(\.passes)
        let isFlagged = item.description.faults?.contains(fault.name) == true
        // A flag asks for ten tolerances.
        if isFlagged { #expect(!passes, "\(id) passes with \(fault.name)") }
        if !passes { failed[fault.name, default: 0] += 1 }
        if passes { #expect(!isFlagged, "\(id), \(fault.name)") }
      }
    }
    #expect(failed.count >= 35, "\(failed.keys.sorted())")
  }

  /// Large cases take it that what reads other inputs fails; here the answers are computed.
  @Test(
    "Flags that are not computed",
    arguments: [
      "spin2-modes-healpix-nside32", "scalar-synthesis-lmax511", "spin2-analysis-lmax127",
    ])
  func assumed(id: String) throws {
    let item = try SharedKit.item(id)
    let operation = try #require(Operation(named: item.description.operation))
    for fault in KnownFault.all where fault.isComputed {
      let isCaught = try fault.isCaught(
        operation, item.data, item.expected, item.description.outputs, always: true)
      #expect(
        isCaught == (item.description.faults?.contains(fault.name) == true), "\(fault.name)")
    }
  }
}

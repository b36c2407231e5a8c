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
        guard let answer = try? fault.answer(operation, item.data, right: item.expected)
        else { continue }
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

  /// Cases that an independent port with the fault fails, and such that it passes.
  @Test("Flags as a port has them")
  func portsFlags() throws {
    let networks = [
      "published-network-inference", "published-network-training",
      "published-network-inpainting-training", "isotropic-network-coefficients-training",
      "isotropic-network-coefficients-inference", "isotropic-network-maps-training",
    ]
    let expected: [(fault: String, fail: [String], pass: [String])] = [
      ("weights-transposed", ["degreewise-mixing"] + networks, ["degreewise-mixing-narrow"]),
      ("mask-threshold", ["mean-inpainting-fractional-mask"], ["mean-inpainting-mask"]),
      (
        "float32-tables", ["legendre-lmax0", "gauss-legendre-n1", "rotation-general"] + networks,
        ["legendre-none"]
      ),
      ("column-sign", ["wigner-3j-12-9-2-m2"], ["wigner-3j-8-8-0-0", "wigner-3j-1-1-0-0"]),
      ("rule-of-another-grid", ["fejer1-n2", networks[0]], ["fejer1-n1", "gauss-legendre-n1"]),
      ("half-pixel-shift", ["scalar-synthesis-once", "scalar-analysis-once"] + networks, []),
      ("d-l-for-c-l", ["gaussian-field"], []),
      ("degree-major", ["gaussian-field", "band-powers", "orderwise-mixing", networks[3]], []),
      ("spin-sign", ["spin-harmonics-1", "spin-harmonics-2"], ["spin-harmonics-0"]),
      ("angles-exchanged", (0...3).map { "spin-harmonics-\($0)" }, []),
      // Points of the cases lie too far from the poles to lose ten tolerances.
      ("colatitude-from-cosine", ["legendre-lmax1"], ["points-gradient-lmax8", "points-none"]),
      (
        "orders-above-half-ring",
        [
          "masked-synthesis-healpix", "iterated-analysis-gradient-healpix-2",
          "derivatives-healpix", "derivatives-gradient-healpix", "least-squares-healpix",
          "least-squares-gradient-healpix", "scalar-modes-healpix-nside2", networks[5],
        ], ["masked-synthesis-gauss-legendre", "derivatives-gauss-legendre", networks[3]]
      ),
      (
        "not-conjugated",
        ["masked-analysis-healpix", "iterated-analysis-gradient-healpix-0"] + networks,
        ["masked-synthesis-healpix"]
      ),
      (
        "transposes-exchanged",
        ["masked-analysis-gradient-healpix", "points-gradient-lmax8"] + networks, []
      ),
      (
        "positive-orders-once",
        ["scalar-synthesis-gradient-odd", "iterated-analysis-healpix-1"] + networks,
        ["iterated-analysis-healpix-0", "scalar-analysis-odd"]
      ),
      ("lmax-exclusive", ["iterated-analysis-healpix-3", "least-squares-healpix"] + networks, []),
      ("biased-variance", ["batch-normalisation-equal-training", networks[1]], [networks[3]]),
      (
        "unbiased-variance",
        ["batch-normalisation-area-training", networks[1], networks[3]], [networks[0]]
      ),
      ("variance-from-squares", [networks[1], networks[2], networks[3], networks[5]], []),
    ]
    for (fault, fail, pass) in expected {
      for id in fail + pass {
        let isFlagged = try SharedKit.item(id).description.faults?.contains(fault) == true
        #expect(isFlagged == fail.contains(id), "\(id), \(fault)")
      }
    }
  }

  /// Iterated analyses and fits, composed of the transforms of a program without a fault.
  @Test(
    "Composed transforms without a fault",
    arguments: [
      "iterated-analysis-healpix-2", "iterated-analysis-gradient-healpix-2",
      "spin2-iterated-analysis-gauss-legendre-1",
      "spin2-iterated-analysis-gradient-gauss-legendre-1", "least-squares-healpix",
      "least-squares-gradient-healpix", "spin2-least-squares-healpix",
      "spin2-least-squares-gradient-healpix",
    ])
  func composed(id: String) throws {
    let item = try SharedKit.item(id)
    let operation = try #require(Operation(named: item.description.operation))
    let altered = try #require(
      KnownFault.composing(operation, item.data, fits: { _, _ in true }) { _, _ in nil })
    let failed = try SharedKit.rows(item, altered.answer(operation, item.data)).filter {
      !$0.passes
    }
    #expect(failed.isEmpty, "\(failed)")
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

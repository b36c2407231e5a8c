import Tasks

/// Everything that `sphere reproduce` has measured: what tables, files and pictures are made of.
package struct BenchmarkReport: Sendable {
  /// The models of the folder on fresh maps, in the order of the table.
  package let scores: [ModelScore]
  /// Records in the folder without a model beside them, in the order of the table.
  package let records: [ModelRecord]
  /// Number of maps per model.
  package let mapCount: Int
  /// The seed of the maps; they are of the test split, which no training reads.
  package let seed: UInt64

  /// A report from its parts, which it sorts by task, sky and architecture.
  package init(scores: [ModelScore], records: [ModelRecord] = [], mapCount: Int, seed: UInt64) {
    self.scores = scores.sorted {
      $0.settings.tableOrder(name: $0.name) < $1.settings.tableOrder(name: $1.name)
    }
    self.records = records.sorted {
      $0.settings.tableOrder(name: $0.name) < $1.settings.tableOrder(name: $1.name)
    }
    self.mapCount = mapCount
    self.seed = seed
  }

  /// The benchmark table.
  ///
  /// - Throws: as `RecordedLimits.limit`.
  package var table: BenchmarkTable {
    get throws { try BenchmarkTable(self) }
  }

  /// Models that are better than possible.
  package var leaks: [Leak] { Leak.all(in: scores) }
}

/// A place in tables: compares element by element.
struct TableOrder: Comparable {
  let keys: [Double]
  let name: String

  static func < (left: TableOrder, right: TableOrder) -> Bool {
    for (a, b) in zip(left.keys, right.keys) where a != b { return a < b }
    return left.name < right.name
  }
}

extension TaskSettings {
  /// Tables go by task, then protocol (physical first), from the full sky to small patches and from
  /// no noise to much.
  func tableOrder(name: String) -> TableOrder {
    let tasks = BenchmarkTask.known
    let taskPlace = tasks.firstIndex(of: task) ?? tasks.count
    let protocolPlace = SkyProtocol.allCases.firstIndex(of: skyProtocol) ?? 0
    return TableOrder(
      keys: [
        Double(taskPlace), Double(protocolPlace), Double(nside), -skyFraction, noise,
      ],
      name: name)
  }
}

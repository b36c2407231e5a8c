import Baselines
import Foundation
import RandomFields
import SkyMaps
import Training

/// Maps with known parameters, simulated or read from files.
public struct TestMaps: Sendable {
  /// Number of maps.
  public let count: Int
  /// Names of the parameters.
  public let parameters: [String]
  /// Maps at a time, unless an estimator wants more.
  public static let blockLength = 128
  private let load: @Sendable (_ maps: Range<Int>) throws -> (maps: [Float], truths: [Double])

  /// The first `count` maps of a split of a source.
  public init(
    _ source: SkyMapSource, split: DataSplit = .test, count: Int, threads: Int
  ) {
    self.count = count
    parameters = source.settings.parameterNames
    load = { range in
      let batch = source.batch(maps: range, split: split, threads: threads)
      return (batch.maps, source.truths(maps: range, split: split))
    }
  }

  /// The maps of a folder that a table lists.
  ///
  /// - Parameters:
  ///   - folder: the folder of the maps.
  ///   - truth: the table.
  ///   - settings: what the maps are. Every pixel of the mask must be observed.
  ///   - channels: fields per map, and the mask if there is one channel more.
  /// - Throws: `FileError`, `FitsError`, `MapInputError` for the table; for the maps when they are
  ///   read.
  public init(folder: URL, truth: URL, settings: TaskSettings, channels: Int? = nil) throws {
    let table = try TruthTable(contentsOf: truth, parameters: settings.parameterNames)
    count = table.rows.count
    parameters = settings.parameterNames
    load = { range in
      let rows = table.rows[range]
      let maps = try rows.map {
        var map = try SkyMap(
          contentsOf: folder.appendingPathComponent($0.file),
          isPolarised: settings.task.isPolarisation,
          nside: settings.nside)
        try requireObserved(map, mask: settings.mask)
        if let mask = settings.mask { map.apply(mask) }
        return map
      }
      return (interleaved(maps, channels: channels), rows.flatMap(\.truths))
    }
  }

  /// Calls `body` with all maps, `[pixel][map * channels + channel]`, and their parameters,
  /// `[map][parameter]`, block by block.
  ///
  /// - Throws: `TaskError.interrupted`; what reading and `body` throw.
  public func forEachBlock(
    of size: Int = blockLength, interruption: InterruptionFlag = InterruptionFlag(),
    progress: (_ done: Int) -> Void = { _ in },
    _ body: (_ maps: [Float], _ truths: [Double]) throws -> Void
  ) throws {
    for first in stride(from: 0, to: count, by: size) {
      if interruption.isRaised { throw TaskError.interrupted }
      let range = first..<min(first + size, count)
      let (maps, truths) = try load(range)
      try body(maps, truths)
      progress(range.upperBound)
    }
  }
}

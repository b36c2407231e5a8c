import Foundation
import SpectralNetworks
import Training

/// A network of one weight per pixel: all that a checkpoint needs, nothing that takes time.
private struct LinearNetwork: TrainableNetwork {
  var parameters = [NamedTensor<Float>(name: "weight", shape: [3], repeating: 0.5)]
  var buffers = [NamedTensor<Float>(name: "count", shape: [], repeating: 0)]
  let outputCount = 1

  func predict(_ maps: [Float], count: Int, threads: Int) -> [Float] {
    let weights = parameters[0].values
    return (0..<count).map { map in
      weights.indices.reduce(0) { $0 + weights[$1] * maps[$1 * count + map] }
    }
  }

  mutating func accumulateGradients(
    _ maps: [Float], count: Int, step: Int, threads: Int,
    into gradients: inout [NamedTensor<Float>],
    loss: (_ outputs: [Float]) -> (value: Double, gradient: [Float])
  ) -> Double {
    buffers[0].values[0] += 1
    let (value, gradient) = loss(predict(maps, count: count, threads: threads))
    for point in 0..<3 {
      for map in 0..<count {
        gradients[0].values[point] += gradient[map] * maps[point * count + map]
      }
    }
    return value
  }
}

private struct CountingSource: MapSource {
  func batch(maps: Range<Int>, purpose: MapPurpose, threads: Int) -> MapBatch<Float> {
    let values = (0..<3).flatMap { point in maps.map { Float(($0 * 7 + point) % 11) } }
    return MapBatch(maps: values, targets: maps.map { Float($0 % 5) + 5 })
  }
}

extension FuzzTarget {
  private static let configuration = TrainingConfiguration(
    maps: 64, batch: 4, mapsPerEpoch: 16, validationMaps: 4,
    schedule: .plateau(PlateauRule(initialRate: 0.01, patience: 0)), earlyStoppingPatience: 3,
    keepsBest: true, stepsPerRecord: 2)

  private static func loop(_ url: URL) throws -> TrainingLoop<LinearNetwork, CountingSource> {
    try TrainingLoop(
      configuration: configuration,
      execution: TrainingExecution(
        threads: 1, worksAhead: false, checkpoint: url, checkpointSeconds: 1e9),
      source: CountingSource())
  }

  /// Checkpoints, each of which is trained on to its end.
  static let checkpoints = FuzzTarget(
    name: "checkpoints", fileName: "input.safetensors", seeds: checkpointSeeds,
    mutate: FormatMutation.safetensors,
    read: { folder in
      var network = LinearNetwork()
      _ = try loop(folder.appendingPathComponent("input.safetensors"))
        .run(&network, resuming: true)
    })

  /// Checkpoints of runs that were stopped at these steps.
  @Sendable private static func checkpointSeeds() throws -> [[UInt8]] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sphere-fuzzing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try [1, 6, 15].map { step in
      let url = folder.appendingPathComponent("step\(step).safetensors")
      var network = LinearNetwork()
      let flag = InterruptionFlag()
      _ = try loop(url).run(&network, interruption: flag) { progress in
        if progress.step >= step { flag.raise() }
      }
      return Array(try Data(contentsOf: url))
    }
  }
}

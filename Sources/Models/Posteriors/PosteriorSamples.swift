import RandomNumbers
import SpecialFunctions

/// Parameters drawn from the joint posteriors of some maps, as a csv table.
///
/// Numbers:    draw k of a map follows from the seed, the map's number and k: other maps, and more
///             draws, do not change it (`RandomStream` of purpose `posterior`).
/// Method:     `PosteriorGrid.samples`: the cell of a point by its probability, uniform within it.
/// Accuracy:   the cell adds its width²/12 to a variance: 0.002, 0.08 and 0.8 % of it for one, two
///             and three parameters with the standard grid.
/// Files:      a header `map` and the parameters' names, then a row per draw: the map's number, and
///             θ with all digits. numpy.genfromtxt(names=True) reads it; columns 1... are samples
///             of getdist's MCSamples.
/// Checked by: PosteriorSamplesTests.
public struct PosteriorSamples: Sendable {
  /// Draws per map.
  public let count: Int
  /// The seed of the draws.
  public let seed: UInt64

  /// So many draws of a seed.
  public init(count: Int, seed: UInt64) {
    precondition(count >= 1, "\(count) draws")
    self.count = count
    self.seed = seed
  }

  /// The draws of a map.
  ///
  /// - Parameters:
  ///   - posterior: the joint posterior.
  ///   - number: the map's number.
  /// - Returns: `[draw][parameter]`.
  public func values(_ posterior: PosteriorGrid, number: Int) -> [[Double]] {
    let stream = RandomStream(
      seed: seed, purpose: .posterior, split: .test, index: UInt64(number))
    let uniforms = (0..<count * (1 + posterior.axes.count)).map { stream.uniform($0) }
    return posterior.samples(uniforms)
  }

  /// The table of all maps of a file.
  public func csv(_ file: PosteriorFile) -> String {
    let header = (["map"] + file.parameters.map { csvField($0.name) }).joined(separator: ",")
    var text = header + "\n"
    for entry in file.entries {
      for values in self.values(entry.posterior, number: entry.number) {
        text += "\(entry.number)"
        for value in values { text += ",\(value)" }
        text += "\n"
      }
    }
    return text
  }
}

import Foundation
import HarmonicTransforms
import Kernels
import Resampling
import SphereGrids

extension PublishedNetwork {
  /// The table `to_equi.pixel_indices`: the pixel read by every point of the sampling grid; nil
  /// when points read more than one pixel.
  public var pixelIndices: [Int]? { sampler.pixelIndices }

  /// The parameters (or anything of their shape, such as gradients) under published names and
  /// layout.
  ///
  /// `blocks.k.weight_real` and `.weight_imag` are `[output][input][l][m]`; places with l < m,
  /// which the network does not have, are zero.
  public func publishedTensors(_ tensors: [NamedTensor<T>]) -> [NamedTensor<T>] {
    tensors.flatMap { tensor -> [NamedTensor<T>] in
      guard let block = spectralBlock(tensor.name) else { return [tensor] }
      return ["weight_real", "weight_imag"].enumerated().map { part, name in
        publishedWeights(tensor, block: block, part: part, name: "blocks.\(block).\(name)")
      }
    }
  }

  private func spectralBlock(_ name: String) -> Int? {
    blocks.indices.first { name == "blocks.\($0).weights" }
  }

  private func publishedWeights(
    _ tensor: NamedTensor<T>, block: Int, part: Int, name: String
  ) -> NamedTensor<T> {
    var out = NamedTensor<T>(name: name, shape: publishedShape(block))
    forEachWeight(block, part: part) { out.values[$1] = tensor.values[$0] }
    return out
  }

  private func publishedShape(_ block: Int) -> [Int] {
    let c = configuration
    return [c.hiddenChannels, c.channels(into: block), c.lmax + 1, c.mmax + 1]
  }

  /// Calls `body` with the place of the real (part 0) or imaginary weights in our layout and in the
  /// published one.
  private func forEachWeight(
    _ block: Int, part: Int, _ body: (_ own: Int, _ published: Int) -> Void
  ) {
    blocks[block].mixing.forEachWeight(fileOrders: configuration.mmax + 1) {
      real, imaginary, published in
      body(part == 0 ? real : imaginary, published)
    }
  }

  /// The whole state under published names and layout, with the counters and, if the network
  /// samples by one, the pixel table: PyTorch's `load_state_dict` takes it.
  public var stored: [StoredTensor] {
    let counters = buffers.filter { $0.name.hasSuffix("num_batches_tracked") }
    return publishedState.map { StoredTensor($0) }
      + counters.map {
        StoredTensor(name: $0.name, shape: [], .integers($0.values.map { Int64(Double($0)) }))
      }
      + (pixelIndices.map {
        [
          StoredTensor(
            name: PublishedConfiguration.pixelTable, shape: [$0.count],
            .integers($0.map { Int64($0) }))
        ]
      } ?? [])
  }

  /// Takes the state from the tensors of a file, which may lack counters and pixel table.
  public mutating func load(_ tensors: [StoredTensor]) throws(StateDictionaryError) {
    var state = StoredState(tensors)
    let table = try state.takeIntegers(PublishedConfiguration.pixelTable)
    var named: [NamedTensor<T>] = []
    for tensor in tensors where state.has(tensor.name) {
      var own = NamedTensor<T>(name: tensor.name, shape: tensor.shape)
      own.values = try state.take(own)
      named.append(own)
    }
    try load(publishedState: named, pixelIndices: table)
  }

  /// The whole state under published names, `num_batches_tracked` and the pixel table not included.
  public var publishedState: [NamedTensor<T>] {
    publishedTensors(parameters) + buffers.filter { !$0.name.hasSuffix("num_batches_tracked") }
  }

  /// Takes parameters and running statistics from a published state dictionary.
  ///
  /// - Parameters:
  ///   - state: tensors under their published names, `num_batches_tracked` as a scalar if present.
  ///   - table: `to_equi.pixel_indices`, when the file has it.
  /// - Throws: `StateDictionaryError` for tensors that are missing, unexpected or of another shape,
  ///   and for another pixel table; nothing is changed then.
  public mutating func load(
    publishedState state: [NamedTensor<T>], pixelIndices table: [Int]?
  ) throws(StateDictionaryError) {
    if table != nil, pixelIndices == nil {
      throw .pixelTableWithoutUse(sampling: configuration.sampling ?? .containingPixel)
    }
    if let table, let pixelIndices, table != pixelIndices {
      throw .pixelTable(
        found: table.count, expected: pixelIndices.count,
        firstDifference: zip(table, pixelIndices).enumerated()
          .first { $0.element.0 != $0.element.1 }?.offset)
    }
    var byName: [String: NamedTensor<T>] = [:]
    for tensor in state { byName[tensor.name] = tensor }
    var newParameters = parameters
    var newBuffers = buffers
    for (index, parameter) in parameters.enumerated() {
      if let block = spectralBlock(parameter.name) {
        for (part, name) in ["weight_real", "weight_imag"].enumerated() {
          let tensor = try take(
            "blocks.\(block).\(name)", publishedShape(block), from: &byName)
          forEachWeight(block, part: part) {
            newParameters[index].values[$0] = tensor.values[$1]
          }
        }
      } else {
        newParameters[index] = try take(parameter.name, parameter.shape, from: &byName)
      }
    }
    for (index, buffer) in buffers.enumerated() {
      if buffer.name.hasSuffix("num_batches_tracked") && byName[buffer.name] == nil { continue }
      newBuffers[index] = try take(buffer.name, buffer.shape, from: &byName)
    }
    if let other = byName.keys.sorted().first { throw .unexpected(tensor: other) }
    parameters = newParameters
    buffers = newBuffers
  }

  private func take(
    _ name: String, _ shape: [Int], from state: inout [String: NamedTensor<T>]
  ) throws(StateDictionaryError) -> NamedTensor<T> {
    guard let tensor = state.removeValue(forKey: name) else { throw .missing(tensor: name) }
    guard tensor.shape == shape else {
      throw .shape(tensor: name, found: tensor.shape, expected: shape)
    }
    return tensor
  }
}

extension PublishedConfiguration {
  /// The architecture that a published state dictionary belongs to.
  ///
  /// Sizes follow from the shapes. The sampling grid has twice as many longitudes as the largest
  /// order (the published files have all orders up to Nyquist), or else twice as many as latitudes;
  /// nside is the one whose containing pixels the table lists.
  ///
  /// - Parameters:
  ///   - shapes: shape of every tensor by name.
  ///   - table: `to_equi.pixel_indices`.
  ///   - inpaints: whether masked points are filled; neither shapes nor table tell.
  /// - Throws: `StateDictionaryError`; `.pixelTableOfNoNside` for another sampling.
  public init(
    publishedShapes shapes: [String: [Int]], pixelTable table: [Int], inpaints: Bool
  ) throws(StateDictionaryError) {
    guard let first = shapes["blocks.0.weight_real"] else {
      throw .missing(tensor: "blocks.0.weight_real")
    }
    guard let dense = shapes["fc.0.weight"], let last = shapes["fc.3.weight"] else {
      throw .missing(tensor: shapes["fc.0.weight"] == nil ? "fc.0.weight" : "fc.3.weight")
    }
    guard first.count == 4, dense.count == 2, last.count == 2, (first + dense + last).min() ?? 0 > 0
    else {
      throw .notPublished(
        reason: "spectral weights of shape \(first), dense ones of \(dense) and \(last)")
    }
    let widest = 2 * (first[3] - 1)
    let byRatio = 2 * Int((Double(table.count) / 2).squareRoot().rounded())
    let grids = [widest, byRatio].filter {
      widest > 0 && $0 <= NetworkLimits.degree && $0 >= widest && table.count % $0 == 0
        && (4...NetworkLimits.degree).contains(table.count / $0)
    }
    guard !grids.isEmpty else {
      throw .notPublished(
        reason: "\(table.count) points are not a whole number of rings of \(widest) longitudes")
    }
    var fault: StateDictionaryError?
    var found: (nside: Int, longitudes: Int)?
    for longitudes in grids where found == nil {
      do {
        found = (try Self.nside(of: table, longitudeCount: longitudes), longitudes)
      } catch {
        fault = fault ?? error
      }
    }
    guard let found else { throw fault ?? .notPublished(reason: "the pixel table is empty") }
    let blockCount = (0...).prefix { shapes["blocks.\($0).weight_real"] != nil }.count
    self.init(
      nside: found.nside, latitudeCount: table.count / found.longitudes,
      longitudeCount: found.longitudes, lmax: first[2] - 1, mmax: first[3] - 1,
      inputChannels: first[1], hiddenChannels: first[0], blockCount: blockCount,
      denseWidth: dense[0], outputCount: last[0], inpaints: inpaints)
  }

  /// The resolution whose pixels contain the points of the published sampling grid as a table says.
  ///
  /// The last row of points, at colatitude π − π/n, lies within a ring of 4 nside pixels of number
  /// 6 nside² (1 + cos π/n), which leaves few candidates; their whole tables are compared.
  private static func nside(
    of table: [Int], longitudeCount: Int
  ) throws(StateDictionaryError) -> Int {
    let rows = table.count / longitudeCount
    let largest = table.max() ?? 0
    let points = PublishedSamplingGrid(ringCount: rows, longitudeCount: longitudeCount)
    let north = 6 * (1 + cos(.pi / Double(rows)))
    var nearest: (nside: Int, difference: Int, expected: Int)?
    var nside = max(1, Int((Double(max(largest, 0)) / 12).squareRoot()) - 1)
    while nside <= NetworkLimits.nside,
      Double(nside * nside) * north - 8 * Double(nside) - 8 <= Double(largest)
    {
      guard let grid = try? HealpixGrid(nside: nside) else { break }
      let resampler = Resampler<Float>(from: grid, to: points, method: .containingPixel)
      let difference = zip(table, resampler.rows.columns).enumerated().first {
        $0.element.0 != Int($0.element.1)
      }
      guard let difference else { return nside }
      if difference.offset >= nearest?.difference ?? 0 {
        nearest = (nside, difference.offset, Int(difference.element.1))
      }
      nside += 1
    }
    throw .pixelTableOfNoNside(
      points: table.count, largest: largest, nearest: nearest?.nside,
      firstDifference: nearest?.difference, expected: nearest?.expected)
  }
}

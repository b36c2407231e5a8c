import Testing

@testable import SpectralNetworks

/// State dictionaries that are refused, each with the reason, and the network as it was.
@Suite("Refused state dictionaries")
struct StateDictionaryErrorTests {
  let network: PublishedNetwork<Double>
  /// The state of another network of the same shape.
  let state: [NamedTensor<Double>]

  init() throws {
    network = try PublishedNetwork.random(.small(blocks: 2), seed: 1)
    state = try PublishedNetwork<Double>.random(.small(blocks: 2), seed: 2).publishedState
  }

  /// Expects a refusal, without any change of the network.
  private func expectRefusal(
    _ state: [NamedTensor<Double>], table: [Int]? = nil, _ expected: StateDictionaryError,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var copy = network
    #expect(throws: expected, sourceLocation: sourceLocation) {
      try copy.load(publishedState: state, pixelIndices: table)
    }
    #expect(copy.parameters == network.parameters, sourceLocation: sourceLocation)
    #expect(copy.buffers == network.buffers, sourceLocation: sourceLocation)
  }

  @Test("The state itself is accepted")
  func accepted() throws {
    var copy = network
    try copy.load(publishedState: state, pixelIndices: network.pixelIndices)
    #expect(copy.parameters != network.parameters)
    // The number of batches is taken when it is there, and kept when it is not.
    let counters =
      state + [
        NamedTensor(name: "batchnorms.0.num_batches_tracked", shape: [], values: [5]),
        NamedTensor(name: "batchnorms.1.num_batches_tracked", shape: [], values: [6]),
      ]
    try copy.load(publishedState: counters, pixelIndices: nil)
    #expect(copy.buffers[2].values == [5] && copy.buffers[5].values == [6])
    try copy.load(publishedState: state, pixelIndices: nil)
    #expect(copy.buffers[2].values == [5])
  }

  @Test("Every tensor is needed")
  func missing() {
    for tensor in state {
      expectRefusal(state.filter { $0.name != tensor.name }, .missing(tensor: tensor.name))
    }
    #expect("\(StateDictionaryError.missing(tensor: "fc.0.bias"))".contains("'fc.0.bias'"))
  }

  @Test("A tensor that no published network has")
  func unexpected() {
    let extra = NamedTensor<Double>(name: "fc.6.weight", shape: [2])
    expectRefusal(state + [extra], .unexpected(tensor: "fc.6.weight"))
    // One block more than the network has.
    let block = NamedTensor<Double>(name: "batchnorms.2.weight", shape: [3])
    expectRefusal([block] + state, .unexpected(tensor: "batchnorms.2.weight"))
    #expect("\(StateDictionaryError.unexpected(tensor: "x"))".contains("'x'"))
  }

  @Test("Every shape is checked")
  func shape() {
    for (index, tensor) in state.enumerated() {
      var other = state
      let wrong = tensor.shape + [1]
      other[index] = NamedTensor(name: tensor.name, shape: wrong, values: tensor.values)
      expectRefusal(other, .shape(tensor: tensor.name, found: wrong, expected: tensor.shape))
    }
    // As many elements in another order of axes are refused too.
    var exchanged = state
    exchanged[0] = NamedTensor(
      name: state[0].name, shape: state[0].shape.reversed(), values: state[0].values)
    expectRefusal(
      exchanged,
      .shape(
        tensor: "blocks.0.weight_real", found: [9, 11, 2, 3], expected: [3, 2, 11, 9]))
    let message = "\(StateDictionaryError.shape(tensor: "a", found: [1], expected: [2, 3]))"
    #expect(message == "tensor 'a' has shape [1], expected [2, 3]")
  }

  @Test("Another table of pixels")
  func pixelTable() throws {
    let own = try #require(network.pixelIndices)
    var table = own
    table[17] += 1
    expectRefusal(
      state, table: table, .pixelTable(found: 128, expected: 128, firstDifference: 17))
    expectRefusal(
      state, table: Array(own.prefix(100)),
      .pixelTable(found: 100, expected: 128, firstDifference: nil))
    let message =
      "\(StateDictionaryError.pixelTable(found: 128, expected: 128, firstDifference: 17))"
    #expect(message.contains("first different at point 17"))
  }

  // MARK: - Tensors of other networks' files

  /// What a network does not have is refused, with the network as it was; integers of a file are
  /// the numbers that they are.
  @Test("Stored tensors of an isotropic network")
  func stored() throws {
    var copy = try IsotropicNetwork<Float>.random(.small([3]), seed: 3)
    let (parameters, buffers) = (copy.parameters, copy.buffers)
    let other = try IsotropicNetwork<Float>.random(.small([3]), seed: 4)
    let extra = StoredTensor(name: "other", shape: [1], .numbers([1]))
    #expect(throws: StateDictionaryError.unexpected(tensor: "other")) {
      try copy.load(other.stored + [extra])
    }
    #expect(copy.parameters == parameters && copy.buffers == buffers)
    var stored = other.stored
    let count = stored[0].shape.reduce(1, *)
    stored[0].elements = .integers((1...count).map { Int64($0) })
    try copy.load(stored)
    #expect(copy.parameters[0].values == (1...count).map { Float($0) })
    #expect(copy.parameters.dropFirst() == other.parameters.dropFirst())
    #expect(copy.parameters[0] != other.parameters[0] && copy.buffers == other.buffers)
  }

  // MARK: - Recognising an architecture

  private var shapes: [String: [Int]] {
    Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.shape) })
  }

  private func recognise(
    _ shapes: [String: [Int]], pointCount: Int = 128
  ) throws(StateDictionaryError) -> PublishedConfiguration {
    try PublishedConfiguration(
      publishedShapes: shapes, pixelTable: Array((network.pixelIndices ?? []).prefix(pointCount)),
      inpaints: false)
  }

  @Test("An architecture from shapes")
  func recognised() throws {
    var expected = network.configuration
    expected.dropout = 0.2
    #expect(try recognise(shapes) == expected)
    // More orders than degrees: those beyond lmax have no coefficients.
    var other = shapes
    other["blocks.0.weight_real"] = [3, 2, 8, 9]
    expected.lmax = 7
    #expect(try recognise(other) == expected)
  }

  /// The table tells nside, on any grid of points; one that belongs to no nside is refused with the
  /// point where it leaves the nearest one.
  @Test("nside from the pixel table", arguments: [1, 3, 4, 8, 16, 32, 128, 511])
  func nside(nside: Int) throws {
    let sizes = PublishedConfiguration(
      nside: nside, latitudeCount: 12, longitudeCount: 24, lmax: 12, mmax: 12, hiddenChannels: 2,
      blockCount: 1, denseWidth: 3)
    let own = try PublishedNetwork<Float>(sizes, seed: 1)
    let shapes = Dictionary(
      uniqueKeysWithValues: sizes.tensorShapes.map { ($0.name, $0.shape) })
    let table = try #require(own.pixelIndices)
    #expect(
      try PublishedConfiguration(publishedShapes: shapes, pixelTable: table, inpaints: false)
        == sizes)
    var other = table
    other[200] += 1
    let error = #expect(throws: StateDictionaryError.self) {
      try PublishedConfiguration(publishedShapes: shapes, pixelTable: other, inpaints: false)
    }
    #expect(
      error
        == .pixelTableOfNoNside(
          points: 288, largest: table.max() ?? 0, nearest: nside, firstDifference: 200,
          expected: table[200]))
    other = table.map { _ in -1 }
    #expect(throws: StateDictionaryError.self) {
      try PublishedConfiguration(publishedShapes: shapes, pixelTable: other, inpaints: false)
    }
  }

  /// What a configuration says of its tensors is what its network has.
  @Test("Shapes of a configuration", arguments: [false, true])
  func shapesOfConfiguration(isBilinear: Bool) throws {
    var sizes = network.configuration
    sizes.sampling = isBilinear ? .bilinear : nil
    let own = try PublishedNetwork<Double>(sizes, seed: 1)
    var expected = Dictionary(
      uniqueKeysWithValues: own.publishedState.map { ($0.name, $0.shape) })
    for block in 0..<sizes.blockCount {
      expected["batchnorms.\(block).num_batches_tracked"] = []
    }
    if !isBilinear { expected[PublishedConfiguration.pixelTable] = [128] }
    #expect(
      Dictionary(uniqueKeysWithValues: sizes.tensorShapes.map { ($0.name, $0.shape) })
        == expected)
  }

  @Test("Shapes of no published network")
  func notPublished() {
    for name in ["blocks.0.weight_real", "fc.0.weight", "fc.3.weight"] {
      var other = shapes
      other[name] = nil
      #expect(throws: StateDictionaryError.missing(tensor: name)) { try recognise(other) }
    }
    for (name, shape) in [
      ("blocks.0.weight_real", [3, 2, 11]), ("blocks.0.weight_real", [3, 0, 11, 9]),
      ("fc.0.weight", [7]), ("fc.3.weight", [2, 7, 1]),
      ("blocks.0.weight_real", [3, 2, 11, 1]),
    ] {
      var other = shapes
      other[name] = shape
      #expect(throws: StateDictionaryError.self, "\(name) \(shape)") { try recognise(other) }
    }
    for pointCount in [0, 127] {
      #expect(throws: StateDictionaryError.self) { try recognise(shapes, pointCount: pointCount) }
    }
  }
}

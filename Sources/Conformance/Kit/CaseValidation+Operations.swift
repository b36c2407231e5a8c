import FileFormats

extension CaseValidation {
  // MARK: - Functions, pixels and resampling

  mutating func functions() throws {
    let isSpin = operation == .spinLegendre
    let lmax = try degree(from: isSpin ? 1 : 0)
    if isSpin { _ = try integer("spin", in: -lmax...lmax) }
    _ = try integers("orders", in: (isSpin ? -lmax : 0)...lmax)
    try tensor("theta", ["n"])
    try colatitudes("theta")
  }

  mutating func directions() throws {
    let pixels = Axis.length(try pixelCount())
    for name in ["theta", "phi"] { try tensor(name, ["n"]) }
    try colatitudes("theta")
    switch operation {
    case .resampleContainingPixel, .resampleBilinear: try tensor("field", ["lanes", pixels])
    case .resampleContainingPixelTranspose, .resampleBilinearTranspose:
      try tensor("values_gradient", ["lanes", "n"])
    default: break
    }
  }

  // MARK: - Transforms

  /// The four tensors of a grid.
  private mutating func points() throws -> Int {
    for name in ["ring_theta", "ring_phi0", "ring_weight"] { try tensor(name, ["rings"]) }
    try tensor("ring_count", ["rings"], .int64)
    try colatitudes("ring_theta")
    let theta = try data.values("ring_theta")
    for j in theta.indices.dropFirst() where theta[j] <= theta[j - 1] {
      throw fault("ring_theta", at: j, "\(theta[j])", "more than \(theta[j - 1]), north to south")
    }
    var points = 0
    for (j, count) in try data.indices("ring_count").enumerated() {
      guard 1...Self.largestRing ~= count, points + count <= Self.mostNumbers else {
        throw fault("ring_count", at: j, "\(count)", "1...\(Self.largestRing)")
      }
      points += count
    }
    return points
  }

  mutating func scalarTransform() throws {
    let lmax = try degree()
    let mmax = try integer("mmax", in: 0...lmax)
    let nyquist = try text("nyquist", of: ["once", "evaluated"])
    let points = Axis.length(try points())
    let counts = try data.indices("ring_count")
    if nyquist == "once", let j = counts.firstIndex(where: { $0 != counts[0] }) {
      throw fault("ring_count", at: j, "\(counts[j])", "\(counts[0]), as nyquist is once")
    }
    let coefficients: [Axis] = ["lanes", .length(count(lmax, mmax)), 2]
    switch operation {
    case .scalarSynthesis: try tensor("coefficients", coefficients)
    case .scalarAnalysisGradient: try tensor("coefficients_gradient", coefficients)
    case .scalarSynthesisGradient: try tensor("field_gradient", ["lanes", points])
    default: try tensor("field", ["lanes", points])
    }
  }

  mutating func spinTransform() throws {
    let lmax = try degree(from: 1)
    _ = try integer("spin", in: 1...min(8, lmax))
    let fields: [Axis] = ["lanes", .length(try points())]
    let coefficients: [Axis] = ["lanes", .length(count(lmax)), 2]
    switch operation {
    case .spin2Synthesis: for name in ["e", "b"] { try tensor(name, coefficients) }
    case .spin2AnalysisGradient:
      for name in ["e_gradient", "b_gradient"] { try tensor(name, coefficients) }
    case .spin2SynthesisGradient:
      for name in ["q_gradient", "u_gradient"] { try tensor(name, fields) }
    default: for name in ["q", "u"] { try tensor(name, fields) }
    }
  }

  mutating func leastSquares() throws {
    let isSpin = operation == .spin2LeastSquaresAnalysis
    let points = try points()
    let lmax = try degree(from: isSpin ? 1 : 0, points: points)
    if isSpin { _ = try integer("spin", in: 1...min(8, lmax)) }
    for name in isSpin ? ["q", "u"] : ["field"] { try tensor(name, ["lanes", .length(points)]) }
  }

  // MARK: - Layers

  mutating func layer() throws {
    switch operation {
    case .meanInpainting:
      for name in ["x", "output_gradient"] { try tensor(name, ["maps", "channels", "points"]) }
    case .degreewiseMixing:
      let lmax = try degree()
      try tensor("weights", [.length(lmax + 1), "in", "out"])
      try mixed(count: count(lmax))
    case .orderwiseMixing:
      let lmax = try degree()
      let mmax = try integer("mmax", in: 0...lmax)
      for name in ["weight_real", "weight_imag"] {
        try tensor(name, ["out", "in", .length(lmax + 1), .length(mmax + 1)])
      }
      try mixed(count: count(lmax, mmax))
    case .bandPowers:
      let lmax = try degree()
      try tensor("x", ["maps", "channels", .length(count(lmax)), 2])
      try tensor("weights", [.length(lmax + 1), "channels", "bands"])
      try tensor("output_gradient", ["maps", "channels", "bands"])
    case .batchNormalisation: try batchNormalisation()
    case .denseLayers:
      try tensor("x", ["rows", "in"])
      try denseLayers("")
      try tensor("output_gradient", ["rows", "out"])
    default: try adam()
    }
  }

  private mutating func mixed(count: Int) throws {
    try tensor("x", ["maps", "in", .length(count), 2])
    try tensor("output_gradient", ["maps", "out", .length(count), 2])
  }

  private mutating func batchNormalisation() throws {
    _ = try text("mode", of: ["training", "inference"])
    _ = try text("weighting", of: ["equal", "area"])
    try number("epsilon", "a number > 0") { $0 > 0 }
    try number("momentum", "a number in 0...1") { 0...1 ~= $0 }
    for name in ["x", "output_gradient"] { try tensor(name, ["maps", "channels", "points"]) }
    try tensor("point_weights", ["points"])
    for name in ["gamma", "beta", "running_mean", "running_var"] {
      try tensor(name, ["channels"])
    }
  }

  private mutating func denseLayers(_ prefix: String) throws {
    try tensor("\(prefix)fc.0.weight", ["hidden", "in"])
    try tensor("\(prefix)fc.0.bias", ["hidden"])
    try tensor("\(prefix)fc.3.weight", ["out", "hidden"])
    try tensor("\(prefix)fc.3.bias", ["out"])
  }

  private mutating func adam() throws {
    for name in ["beta1", "beta2"] { try number(name, "a number in 0..<1") { 0..<1 ~= $0 } }
    try number("epsilon", "a number >= 0") { $0 >= 0 }
    try number("learning_rate", "a number >= 0") { $0 >= 0 }
    try tensor("parameters", ["n"])
    try tensor("gradients", ["steps", "n"])
    let after = try integers("after_steps", in: 1...(lengths["steps"] ?? 1))
    guard zip(after, after.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw ConformanceError.parameter(
        name: "after_steps", found: "\(after)", expected: "steps in ascending order, each once")
    }
  }

  // MARK: - Networks

  mutating func publishedNetwork() throws {
    let (pixels, lmax) = (Axis.length(try pixelCount()), try degree())
    let mmax = try integer("mmax", in: 0...Self.largestDegree)
    _ = try integer("latitudes", in: 2...Self.largestNside)
    _ = try integer("longitudes", in: 1...2 * Self.largestNside)
    for flag in ["inpainting", "gradients"] { _ = try integer(flag, in: 0...1) }
    _ = try text("mode", of: ["training", "inference"])
    let input = Axis.length(try channelCount("input_channels"))
    let width = try channelCount("hidden_channels")
    (lengths["in"], lengths["hidden"]) = (width, try channelCount("dense_width"))
    lengths["out"] = try channelCount("output_count")
    try tensor("maps", ["maps", input, pixels])
    try tensor("target", ["maps", "out"])
    for k in 0..<(try channelCount("blocks")) {
      for part in ["weight_real", "weight_imag"] {
        try tensor(
          "state.blocks.\(k).\(part)",
          [.length(width), k == 0 ? input : .length(width), .length(lmax + 1), .length(mmax + 1)])
      }
      try normalisation(block: k, channels: width)
    }
    try denseLayers("state.")
  }

  mutating func isotropicNetwork() throws {
    let isMaps = try text("input", of: ["maps", "coefficients"]) == "maps"
    let pixels = isMaps ? try pixelCount() : nil
    let lmax = try degree(from: 1, points: pixels)
    _ = try integer("grid_rings", in: lmax + 1...lmax + Self.largestNside)
    _ = try integer("readout_degree", in: 1...3)
    _ = try text("mode", of: ["training", "inference"])
    let channels = try integers("channels", in: 1...Self.mostChannels)
    let input = try channelCount("input_channels")
    lengths["out"] = try channelCount("output_count")
    if let pixels {
      try tensor("maps", ["maps", .length(input), .length(pixels)])
    } else {
      try tensor("coefficients", ["maps", .length(input), .length(count(lmax)), 2])
    }
    try tensor("target", ["maps", "out"])
    for (k, width) in channels.enumerated() {
      let entering = k == 0 ? input : channels[k - 1]
      try tensor(
        "state.blocks.\(k).weights", [.length(lmax + 1), .length(entering), .length(width)])
      if k < channels.count - 1 { try normalisation(block: k, channels: width) }
    }
    let bands = Axis.length(channels[channels.count - 1])
    try tensor("state.readout.mean", [bands])
    try tensor("state.readout.rotation", [bands, bands])
    try tensor("state.readout.weight", ["out", "features"])
    try tensor("state.readout.bias", ["out"])
  }

  private mutating func normalisation(block: Int, channels: Int) throws {
    for name in ["weight", "bias", "running_mean", "running_var"] {
      try tensor("state.batchnorms.\(block).\(name)", [.length(channels)])
    }
  }
}

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

  mutating func wignerD() throws {
    let lmax = try degree()
    let (m, n) = (try integers("m", in: -lmax...lmax), try integers("n", in: -lmax...lmax))
    guard m.count == n.count else {
      throw ConformanceError.parameter(
        name: "n", found: "\(n.count) orders", expected: "\(m.count), as many as m has")
    }
    try tensor("beta", ["n"])
    try colatitudes("beta")
  }

  mutating func spinHarmonics() throws {
    _ = try integer("spin", in: 0...8)
    try degreesAndOrders(Self.largestDegree, negative: true)
    for name in ["theta", "phi"] { try tensor(name, ["n"]) }
    try colatitudes("theta")
  }

  func wigner3j() throws {
    let (l2, l3) = (
      try integer("l2", in: 0...Self.largestColumn), try integer("l3", in: 0...Self.largestColumn)
    )
    _ = try integer("m2", in: -l2...l2)
    _ = try integer("m3", in: -l3...l3)
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

  mutating func linear(_ map: LinearMap) throws {
    let isSpin = operation.isSpin
    let isFit = map == .leastSquares || map == .leastSquaresGradient
    let points = try points()
    let lmax = try degree(from: isSpin ? 1 : 0, points: isFit ? points : nil)
    let mmax = try order(lmax)
    if isFit, mmax != lmax {
      throw ConformanceError.parameter(
        name: "mmax", found: "\(mmax)", expected: "lmax = \(lmax): fits have all orders")
    }
    if isSpin { _ = try integer("spin", in: 1...min(8, lmax)) }
    if data.parameters["nyquist"] != nil { try nyquist() }
    if [.iteratedAnalysis, .iteratedGradient].contains(map) {
      _ = try integer("iterations", in: 0...Self.mostIterations)
    }
    if map.isMasked { try tensor("mask", [.length(points)]) }
    let suffix = map.isGradient ? "_gradient" : ""
    if map.isFromCoefficients {
      for name in isSpin ? ["e", "b"] : ["coefficients"] {
        try tensor(name + suffix, ["lanes", .length(count(lmax, mmax)), 2])
      }
    } else {
      for name in isSpin ? ["q", "u"] : ["field"] {
        try tensor(name + suffix, ["lanes", .length(points)])
      }
    }
  }

  /// mmax of a case, lmax unless given.
  private func order(_ lmax: Int) throws -> Int {
    try data.parameters["mmax"] == nil ? lmax : integer("mmax", in: 0...lmax)
  }

  private func nyquist() throws {
    let rule = try text("nyquist", of: ["once", "evaluated"])
    if operation.isSpin, rule == "once" {
      throw ConformanceError.parameter(
        name: "nyquist", found: rule, expected: "evaluated, for fields of a spin")
    }
    let counts = try data.indices("ring_count")
    if rule == "once", let j = counts.firstIndex(where: { $0 != counts[0] }) {
      throw fault("ring_count", at: j, "\(counts[j])", "\(counts[0]), as nyquist is once")
    }
  }

  mutating func modes() throws {
    let isSpin = operation == .spinModes
    let lmax = try degree(from: isSpin ? 1 : 0)
    if isSpin { _ = try integer("spin", in: 1...min(8, lmax)) }
    _ = try points()
    try degreesAndOrders(lmax, negative: false)
    for name in isSpin ? ["e", "b"] : ["amplitude"] { try tensor(name, ["n", 2]) }
  }

  /// The lists `l` and `m` of equal length, 0 <= l <= lmax and |m| <= l.
  private mutating func degreesAndOrders(_ lmax: Int, negative: Bool) throws {
    for name in ["l", "m"] { try tensor(name, ["n"], .int64) }
    let (l, m) = (try data.indices("l"), try data.indices("m"))
    for k in l.indices {
      guard 0...lmax ~= l[k] else { throw fault("l", at: k, "\(l[k])", "0...\(lmax)") }
      let first = negative ? -l[k] : 0
      guard first...l[k] ~= m[k] else {
        throw fault("m", at: k, "\(m[k])", "\(first)...\(l[k]), l being \(l[k])")
      }
    }
  }

  mutating func derivatives() throws {
    let lmax = try degree(from: 1)
    let count = count(lmax, try order(lmax))
    let points = Axis.length(try points())
    if operation == .scalarDerivatives {
      try tensor("coefficients", ["lanes", .length(count), 2])
    } else {
      for name in ["d_theta_gradient", "d_phi_gradient"] { try tensor(name, ["lanes", points]) }
    }
  }

  mutating func pointSynthesis() throws {
    let isSpin = operation.isSpin
    let lmax = try degree(from: isSpin ? 1 : 0)
    if isSpin { _ = try integer("spin", in: 1...min(8, lmax)) }
    let count = Axis.length(count(lmax, try order(lmax)))
    for name in ["theta", "phi"] { try tensor(name, ["n"]) }
    try colatitudes("theta")
    for name in isSpin ? ["e", "b"] : ["coefficients"] { try tensor(name, ["lanes", count, 2]) }
    switch operation {
    case .pointSynthesisGradient: try tensor("values_gradient", ["lanes", "n"])
    case .spinPointSynthesisGradient:
      for name in ["q_gradient", "u_gradient"] { try tensor(name, ["lanes", "n"]) }
    default: break
    }
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

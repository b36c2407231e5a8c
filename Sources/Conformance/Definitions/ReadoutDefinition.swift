import FileFormats

/// The readout of the isotropic network: t = R (z − z_0), products of t, a linear layer.
///
/// A feature is t_j t_k^d; those of degree 1 have d = 0.
struct ReadoutDefinition {
  private let mean: [Double]
  private let rotation: [Double]
  private let weight: TensorData
  private let bias: [Double]
  private let features: [(j: Int, k: Int, power: Int)]

  init(_ data: CaseData) throws {
    mean = try data.values("state.readout.mean")
    rotation = try data.values("state.readout.rotation")
    weight = try data.inputs.tensor("state.readout.weight")
    bias = try data.values("state.readout.bias")
    let (n, degree) = (mean.count, try data.integer("readout_degree"))
    var features = (0..<n).map { (j: $0, k: 0, power: 0) }
    if degree >= 2 { for j in 0..<n { for k in j..<n { features.append((j, k, 1)) } } }
    if degree >= 3 {
      for k in 0..<min(3, n) { for j in 0..<n { features.append((j, k, 2)) } }
      for k in 0..<min(2, n) { for j in 0..<n { features.append((j, k, 3)) } }
    }
    self.features = features
  }

  private func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1.0) { y, _ in y * x } }

  /// t of one map.
  private func whitened(_ z: ArraySlice<Double>) -> [Double] {
    let n = mean.count
    return (0..<n).map { c in
      (0..<n).reduce(0) { $0 + rotation[c * n + $1] * (z[z.startIndex + $1] - mean[$1]) }
    }
  }

  private func values(_ t: [Double]) -> [Double] {
    features.map { t[$0.j] * power(t[$0.k], $0.power) }
  }

  var step: NetworkStep {
    let (n, outputs) = (mean.count, bias.count)
    return NetworkStep { z in
      let (numbers, w) = (try z.doubles(), try weight.doubles())
      let y = (0..<z.shape[0]).flatMap { map in
        let f = values(whitened(numbers[map * n..<(map + 1) * n]))
        return (0..<outputs).map { o in
          f.indices.reduce(bias[o]) { $0 + w[o * f.count + $1] * f[$1] }
        }
      }
      return TensorData(y, shape: [z.shape[0], outputs])
    } backward: { z, gradient in
      try backward(z, gradient)
    }
  }

  private func backward(
    _ z: TensorData, _ gradient: TensorData
  ) throws -> (inputGradient: TensorData, others: NamedTensors) {
    let (n, outputs) = (mean.count, bias.count)
    let (numbers, w, dy) = (try z.doubles(), try weight.doubles(), try gradient.doubles())
    var dw = [Double](repeating: 0, count: w.count)
    var db = [Double](repeating: 0, count: outputs)
    var dz = [Double](repeating: 0, count: numbers.count)
    for map in 0..<z.shape[0] {
      let t = whitened(numbers[map * n..<(map + 1) * n])
      let f = values(t)
      var dt = [Double](repeating: 0, count: n)
      for o in 0..<outputs {
        let g = dy[map * outputs + o]
        db[o] += g
        for (index, feature) in features.enumerated() {
          dw[o * f.count + index] += g * f[index]
          let (j, k, d) = feature
          let share = g * w[o * f.count + index]
          dt[j] += share * power(t[k], d)
          if d > 0 { dt[k] += share * t[j] * Double(d) * power(t[k], d - 1) }
        }
      }
      for band in 0..<n {
        dz[map * n + band] = (0..<n).reduce(0) { $0 + rotation[$1 * n + band] * dt[$1] }
      }
    }
    return (
      TensorData(dz, shape: z.shape),
      [
        "gradient.readout.weight": TensorData(dw, shape: weight.shape),
        "gradient.readout.bias": TensorData(db),
      ]
    )
  }
}

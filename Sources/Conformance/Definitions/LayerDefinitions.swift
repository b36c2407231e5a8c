import FileFormats
import HarmonicTransforms
import Numerics

/// The layers of the kit by their formulas: loops over the elements of tensors as they are in
/// files.
enum LayerDefinitions {
  /// y_p = x_p where observed, else the mean of the observed ones; x̄ by its transpose.
  static func meanInpainting(_ data: CaseData) throws -> NamedTensors {
    let shape = try data.shape("x")
    let (channels, points) = (shape[1], shape[2])
    let (x, dy) = (try data.values("x"), try data.values("output_gradient"))
    var (y, dx) = (x, dy)
    for map in 0..<shape[0] {
      let mask = (map * channels + channels - 1) * points
      let isObserved = (0..<points).map { channels == 1 ? x[mask + $0] != 0 : x[mask + $0] > 0 }
      let observed = (0..<points).filter { isObserved[$0] }
      let hidden = (0..<points).filter { !isObserved[$0] }
      for channel in 0..<max(1, channels - 1) {
        let first = (map * channels + channel) * points
        let count = Double(observed.count)
        let mean = observed.reduce(0) { $0 + x[first + $1] } / count
        let share = hidden.reduce(0) { $0 + dy[first + $1] } / count
        for p in hidden { (y[first + p], dx[first + p]) = (mean, 0) }
        for p in observed { dx[first + p] += share }
      }
    }
    return ["output": tensor(y, shape: shape), "input_gradient": tensor(dx, shape: shape)]
  }

  // MARK: - Mixing

  /// Complex numbers `[..., 2]`.
  private static func complex(_ values: [Double]) -> [Complex<Double>] {
    (0..<values.count / 2).map { Complex(values[2 * $0], values[2 * $0 + 1]) }
  }

  private static func real(_ values: [Complex<Double>]) -> [Double] {
    values.flatMap { [$0.real, $0.imaginary] }
  }

  /// y_o,lm = Σ_i W_oi x_i,lm, x̄ = Σ_o W* ȳ, W̄ = Σ x* ȳ for any W of (o, i, l, m).
  private static func mixing(
    _ data: CaseData, lmax: Int, mmax: Int,
    weight: (_ o: Int, _ i: Int, _ l: Int, _ m: Int) -> Complex<Double>,
    gradient: (_ o: Int, _ i: Int, _ l: Int, _ m: Int, Complex<Double>) -> Void
  ) throws -> NamedTensors {
    let (shape, outputShape) = (try data.shape("x"), try data.shape("output_gradient"))
    let (x, dy) = (complex(try data.values("x")), complex(try data.values("output_gradient")))
    var y = [Complex<Double>](repeating: 0, count: dy.count)
    var dx = [Complex<Double>](repeating: 0, count: x.count)
    for b in 0..<shape[0] {
      for o in 0..<outputShape[1] {
        for i in 0..<shape[1] {
          for m in 0...mmax {
            for l in m...lmax {
              let place = coefficientIndex(l: l, m: m, lmax: lmax)
              let target = (b * outputShape[1] + o) * shape[2] + place
              let source = (b * shape[1] + i) * shape[2] + place
              let w = weight(o, i, l, m)
              y[target] += w * x[source]
              dx[source] += w.conjugate * dy[target]
              gradient(o, i, l, m, x[source].conjugate * dy[target])
            }
          }
        }
      }
    }
    return [
      "output": tensor(real(y), shape: outputShape),
      "input_gradient": tensor(real(dx), shape: shape),
    ]
  }

  static func degreewiseMixing(_ data: CaseData) throws -> NamedTensors {
    let (shape, lmax) = (try data.shape("weights"), try data.integer("lmax"))
    let weights = try data.values("weights")
    func place(_ o: Int, _ i: Int, _ l: Int) -> Int { (l * shape[1] + i) * shape[2] + o }
    var dw = [Double](repeating: 0, count: weights.count)
    var outputs = try mixing(data, lmax: lmax, mmax: lmax) { o, i, l, _ in
      Complex(weights[place(o, i, l)], 0)
    } gradient: { o, i, l, _, value in
      dw[place(o, i, l)] += value.real
    }
    outputs["weights_gradient"] = tensor(dw, shape: shape)
    return outputs
  }

  static func orderwiseMixing(_ data: CaseData) throws -> NamedTensors {
    let shape = try data.shape("weight_real")
    let (lmax, mmax) = (try data.integer("lmax"), try data.integer("mmax"))
    let (re, im) = (try data.values("weight_real"), try data.values("weight_imag"))
    func place(_ o: Int, _ i: Int, _ l: Int, _ m: Int) -> Int {
      ((o * shape[1] + i) * (lmax + 1) + l) * (mmax + 1) + m
    }
    var dw = [Complex<Double>](repeating: 0, count: re.count)
    var outputs = try mixing(data, lmax: lmax, mmax: mmax) { o, i, l, m in
      Complex(re[place(o, i, l, m)], im[place(o, i, l, m)])
    } gradient: { o, i, l, m, value in
      dw[place(o, i, l, m)] += value
    }
    outputs["weight_real_gradient"] = tensor(dw.map(\.real), shape: shape)
    outputs["weight_imag_gradient"] = tensor(dw.map(\.imaginary), shape: shape)
    return outputs
  }

  /// p_cb = Σ_l w_lcb² 1/4π Σ_{m ≥ 0} (2 − δ_m0) |x_c,lm|².
  static func bandPowers(_ data: CaseData) throws -> NamedTensors {
    let (shape, weightShape) = (try data.shape("x"), try data.shape("weights"))
    let (channels, bands, lmax) = (shape[1], weightShape[2], try data.integer("lmax"))
    let (x, w) = (complex(try data.values("x")), try data.values("weights"))
    let dp = try data.values("output_gradient")
    var p = [Double](repeating: 0, count: dp.count)
    var dx = [Complex<Double>](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    for lane in 0..<shape[0] * channels {
      for band in 0..<bands {
        for m in 0...lmax {
          for l in m...lmax {
            let value = x[lane * shape[2] + coefficientIndex(l: l, m: m, lmax: lmax)]
            let weight = (l * channels + lane % channels) * bands + band
            let power = (m == 0 ? 1 : 2) / (4 * Double.pi) * value.lengthSquared
            let factor = (m == 0 ? 1 : 2) / (2 * Double.pi)
            let gradient = dp[lane * bands + band]
            p[lane * bands + band] += w[weight] * w[weight] * power
            dw[weight] += 2 * gradient * w[weight] * power
            dx[lane * shape[2] + coefficientIndex(l: l, m: m, lmax: lmax)] +=
              value.multiplied(by: factor * gradient * w[weight] * w[weight])
          }
        }
      }
    }
    return [
      "output": tensor(p, shape: [shape[0], channels, bands]),
      "input_gradient": tensor(real(dx), shape: shape),
      "weights_gradient": tensor(dw, shape: weightShape),
    ]
  }

  // MARK: - Dense layers and Adam

  /// fc.3(relu(fc.0(x))), sample by sample.
  static func denseLayers(_ data: CaseData) throws -> NamedTensors {
    let (shape, outer) = (try data.shape("x"), try data.shape("fc.3.weight"))
    let (rows, inputs, hidden, outputs) = (shape[0], shape[1], outer[1], outer[0])
    let (x, dy) = (try data.values("x"), try data.values("output_gradient"))
    let (w0, b0) = (try data.values("fc.0.weight"), try data.values("fc.0.bias"))
    let (w3, b3) = (try data.values("fc.3.weight"), try data.values("fc.3.bias"))
    var (y, dx) = ([Double](repeating: 0, count: rows * outputs), x.map { _ in 0.0 })
    var (dw0, db0, dw3, db3) = (
      w0.map { _ in 0.0 }, b0.map { _ in 0.0 }, w3.map { _ in 0.0 }, b3.map { _ in 0.0 }
    )
    for r in 0..<rows {
      for o in 0..<outputs {
        y[r * outputs + o] = b3[o]
        db3[o] += dy[r * outputs + o]
      }
      for h in 0..<hidden {
        let value = (0..<inputs).reduce(b0[h]) { $0 + w0[h * inputs + $1] * x[r * inputs + $1] }
        if value <= 0 { continue }
        var back = 0.0
        for o in 0..<outputs {
          y[r * outputs + o] += w3[o * hidden + h] * value
          dw3[o * hidden + h] += dy[r * outputs + o] * value
          back += dy[r * outputs + o] * w3[o * hidden + h]
        }
        db0[h] += back
        for i in 0..<inputs {
          dw0[h * inputs + i] += back * x[r * inputs + i]
          dx[r * inputs + i] += back * w0[h * inputs + i]
        }
      }
    }
    return [
      "output": tensor(y, shape: [rows, outputs]), "input_gradient": tensor(dx, shape: shape),
      "gradient.fc.0.weight": tensor(dw0, shape: [hidden, inputs]),
      "gradient.fc.0.bias": tensor(db0), "gradient.fc.3.weight": tensor(dw3, shape: outer),
      "gradient.fc.3.bias": tensor(db3),
    ]
  }

  /// [Kingma2015, algorithm 1], element by element.
  static func adam(_ data: CaseData) throws -> NamedTensors {
    let (steps, count) = (try data.shape("gradients")[0], try data.shape("gradients")[1])
    let (beta1, beta2) = (try data.number("beta1"), try data.number("beta2"))
    let (rate, epsilon) = (try data.number("learning_rate"), try data.number("epsilon"))
    let (after, g) = (try data.integers("after_steps"), try data.values("gradients"))
    var p = try data.values("parameters")
    var (m, v) = (p.map { _ in 0.0 }, p.map { _ in 0.0 })
    var rows: [Double] = []
    var (power1, power2) = (1.0, 1.0)
    for step in 0..<steps {
      power1 *= beta1
      power2 *= beta2
      for i in p.indices {
        let gradient = g[step * count + i]
        m[i] = beta1 * m[i] + (1 - beta1) * gradient
        v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient
        let root = v[i].squareRoot() / (1 - power2).squareRoot()
        p[i] -= rate / (1 - power1) * m[i] / (root + epsilon)
      }
      if after.contains(step + 1) { rows += p }
    }
    return ["parameters": tensor(rows, shape: [after.count, count])]
  }
}

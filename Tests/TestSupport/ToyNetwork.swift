import Kernels
import SpectralNetworks
import Training
import Verification

/// A network of a few lines with everything the loop has to keep in order: a non-linear layer, a
/// buffer that training changes, randomness keyed by the step, a linear readout.
///
///     h = (W x)²,   p = R (h ∘ mask) + b
///
/// with mask_k = 0 for a hidden unit that `step` drops. The buffer is the running mean of h.
package struct ToyNetwork<T: LaneScalar>: ClosedFormReadout {
  package var parameters: [NamedTensor<T>]
  package var buffers: [NamedTensor<T>]
  package let pixels: Int
  package let hidden: Int
  package let outputCount: Int
  package var dropsUnits = true
  /// Where the first parameter's elements are, at every step: they must not move.
  package var addresses: Set<Int> = []

  package init(pixels: Int = 6, hidden: Int = 5, outputs: Int = 2, seed: UInt64 = 3) {
    self.pixels = pixels
    self.hidden = hidden
    outputCount = outputs
    var numbers = TestNumbers(seed: seed)
    func normal(_ name: String, _ shape: [Int], scale: Double) -> NamedTensor<T> {
      NamedTensor(
        name: name, shape: shape,
        values: numbers.normals(shape.reduce(1, *)).map { T($0 * scale) })
    }
    parameters = [
      normal("hidden.weight", [hidden, pixels], scale: 0.3),
      normal("readout.weight", [outputs, hidden], scale: 0.3),
      NamedTensor(name: "readout.bias", shape: [outputs], repeating: 10),
    ]
    buffers = [
      NamedTensor(name: "running.mean", shape: [hidden]),
      NamedTensor(name: "running.count", shape: []),
    ]
  }

  package var featureCount: Int { hidden }

  /// Elements of the map m, from the lane layout.
  private func pixel(_ maps: [T], _ p: Int, _ m: Int, _ count: Int) -> T { maps[p * count + m] }

  private func project(_ maps: [T], count: Int) -> [T] {
    var z = [T](repeating: 0, count: count * hidden)
    for m in 0..<count {
      for k in 0..<hidden {
        for p in 0..<pixels {
          z[m * hidden + k] += parameters[0].values[k * pixels + p] * pixel(maps, p, m, count)
        }
      }
    }
    return z
  }

  private func readOut(_ h: [T], count: Int) -> [T] {
    (0..<count * outputCount).map { index in
      let (m, o) = (index / outputCount, index % outputCount)
      var sum = parameters[2].values[o]
      for k in 0..<hidden {
        sum += parameters[1].values[o * hidden + k] * h[m * hidden + k]
      }
      return sum
    }
  }

  package func predict(_ maps: [T], count: Int, threads: Int) -> [T] {
    readOut(project(maps, count: count).map { $0 * $0 }, count: count)
  }

  package func readoutFeatures(_ maps: [T], count: Int, threads: Int) -> [Double] {
    project(maps, count: count).map { Double($0 * $0) }
  }

  package mutating func installReadout(weights: [Double], bias: [Double]) {
    for o in 0..<outputCount {
      parameters[2].values[o] = T(bias[o])
      for k in 0..<hidden {
        parameters[1].values[o * hidden + k] = T(weights[k * outputCount + o])
      }
    }
  }

  package mutating func accumulateGradients(
    _ maps: [T], count: Int, step: Int, threads: Int, into gradients: inout [NamedTensor<T>],
    loss: ([T]) -> (value: Double, gradient: [T])
  ) -> Double {
    addresses.insert(parameters[0].values.withUnsafeBytes { Int(bitPattern: $0.baseAddress) })
    let dropped = dropsUnits ? step % (hidden + 1) : hidden
    let z = project(maps, count: count)
    var h = z.map { $0 * $0 }
    for m in 0..<count {
      for k in 0..<hidden {
        buffers[0].values[k] += (h[m * hidden + k] - buffers[0].values[k]) / 64
        if k == dropped { h[m * hidden + k] = 0 }
      }
    }
    buffers[1].values[0] += 1
    let (value, dp) = loss(readOut(h, count: count))
    for m in 0..<count {
      for o in 0..<outputCount {
        let d = dp[m * outputCount + o]
        gradients[2].values[o] += d
        for k in 0..<hidden where k != dropped {
          gradients[1].values[o * hidden + k] += d * h[m * hidden + k]
          let dz = 2 * z[m * hidden + k] * d * parameters[1].values[o * hidden + k]
          for p in 0..<pixels {
            gradients[0].values[k * pixels + p] += dz * pixel(maps, p, m, count)
          }
        }
      }
    }
    return value
  }
}

/// Maps whose brightness is their target: pixel p is t_o · s_p + noise, with t in [5, 20).
package struct ToySource<T: LaneScalar>: MapSource {
  package var pixels = 6
  package var outputs = 2
  /// Makes the map of this index unfit for training.
  package var poisonedMap: Int?
  /// Delivers a target 0 at this index.
  package var zeroTargetMap: Int?

  package init(
    pixels: Int = 6, outputs: Int = 2, poisonedMap: Int? = nil, zeroTargetMap: Int? = nil
  ) {
    self.pixels = pixels
    self.outputs = outputs
    self.poisonedMap = poisonedMap
    self.zeroTargetMap = zeroTargetMap
  }

  package func batch(maps: Range<Int>, purpose: MapPurpose, threads: Int) throws -> MapBatch<T> {
    var values = [T](repeating: 0, count: pixels * maps.count)
    var targets: [T] = []
    for (lane, map) in maps.enumerated() {
      let kind = UInt64(MapPurpose.allCases.firstIndex(of: purpose) ?? 0)
      var numbers = TestNumbers(seed: 1000 + kind + 3 * UInt64(map))
      let truth = (0..<outputs).map { _ in numbers.uniform(5, 20) }
      targets += truth.map { map == zeroTargetMap ? 0 : T($0) }
      for p in 0..<pixels {
        let brightness = truth[p % outputs].squareRoot() * 0.3
        values[p * maps.count + lane] = T(brightness * (1 + 0.1 * numbers.normal()))
      }
      if map == poisonedMap { values[lane] = .nan }
    }
    return MapBatch(maps: values, targets: targets)
  }
}

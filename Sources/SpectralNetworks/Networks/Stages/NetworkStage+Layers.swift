import HarmonicTransforms
import Numerics
import SphereGrids

// The layers by their definitions as stages. A stage with weights takes them from the tensors of a
// network by their names, and gives its gradients under the same.

extension NetworkStage {
  /// max(0, x).
  static let rectified = NetworkStage { x in
    RectifiedLinear.forwardByDefinition(x)
  } inputGradient: { dy, x in
    RectifiedLinear.backwardByDefinition(dy, saved: x)
  }

  /// Hidden points of fields on so many points filled with the mean of the others.
  static func inpainted(_ layer: MeanInpainting, points: Int) -> NetworkStage {
    NetworkStage { x in
      layer.forwardByDefinition(x, maps: x.count / (layer.channels * points))
    } inputGradient: { dy, x in
      layer.backwardByDefinition(dy, saved: x, maps: x.count / (layer.channels * points))
    }
  }

  /// The value of RING maps at the points of the published sampling grid.
  static func sampled(
    _ sampling: PublishedSampling, nside: Int, latitudes: Int, longitudes: Int
  ) throws -> NetworkStage {
    let grid = try HealpixGrid(nside: nside)
    return NetworkStage { x in
      try sampling.forwardByDefinition(x, grid, latitudes: latitudes, longitudes: longitudes)
    } inputGradient: { dy, _ in
      try sampling.backwardByDefinition(dy, grid, latitudes: latitudes, longitudes: longitudes)
    }
  }

  /// One number of every field on so many points.
  static func pooled(_ pooling: PublishedPooling, points: Int) -> NetworkStage {
    NetworkStage { z in
      pooling.forwardByDefinition(z, points: points)
    } inputGradient: { dq, z in
      pooling.backwardByDefinition(dq, saved: z, points: points)
    }
  }

  /// The degree-by-degree mixing with the weights `name`.
  static func degreewise(
    _ mixing: DegreewiseMixing<Double>, _ name: String, of state: [NamedTensor<Double>]
  ) throws -> NetworkStage {
    let weights = try state.tensor(name)
    let numbers = 2 * coefficientCount(lmax: mixing.lmax, mmax: mixing.mmax)
    return NetworkStage { x in
      mixing.forwardByDefinition(
        x.complexNumbers, maps: x.count / (numbers * mixing.inputChannels),
        weights: weights.values
      ).realPairs
    } backward: { dy, x in
      let found = mixing.backwardByDefinition(
        dy.complexNumbers, saved: x.complexNumbers,
        maps: x.count / (numbers * mixing.inputChannels), weights: weights.values)
      return StageGradients(
        input: found.input.realPairs, parameters: [weights.with(found.weights)])
    }
  }

  /// The mixing per (l, m) with the weights `name`_real and `name`_imag.
  static func orderwise(
    _ mixing: OrderwiseMixing<Double>, _ name: String, of state: [NamedTensor<Double>]
  ) throws -> NetworkStage {
    let (real, imaginary) = (try state.tensor("\(name)_real"), try state.tensor("\(name)_imag"))
    let weights = zip(real.values, imaginary.values).map { Complex($0, $1) }
    let numbers = 2 * coefficientCount(lmax: mixing.lmax, mmax: mixing.mmax)
    return NetworkStage { x in
      mixing.forwardByDefinition(
        x.complexNumbers, maps: x.count / (numbers * mixing.inputChannels), weights: weights
      ).realPairs
    } backward: { dy, x in
      let found = mixing.backwardByDefinition(
        dy.complexNumbers, saved: x.complexNumbers,
        maps: x.count / (numbers * mixing.inputChannels), weights: weights)
      return StageGradients(
        input: found.input.realPairs,
        parameters: [
          real.with(found.weights.map(\.real)), imaginary.with(found.weights.map(\.imaginary)),
        ])
    }
  }

  /// Batch normalisation with γ `name`.weight, β `name`.bias and the running statistics of `name`.
  ///
  /// Training uses the statistics of the batch and updates the running ones.
  static func normalised(
    _ layer: BatchNormalisation, _ name: String, of state: [NamedTensor<Double>],
    pointWeights: [Double], isTraining: Bool
  ) throws -> NetworkStage {
    let (gamma, beta) = (try state.tensor("\(name).weight"), try state.tensor("\(name).bias"))
    let mean = try state.tensor("\(name).running_mean")
    let variance = try state.tensor("\(name).running_var")
    let running = BatchNormalisation.Statistics(mean: mean.values, variance: variance.values)
    let points = pointWeights.count
    @Sendable func maps(_ y: [Double]) -> Int { y.count / (gamma.count * points) }
    @Sendable func statistics(_ y: [Double]) -> BatchNormalisation.Statistics {
      isTraining
        ? layer.statisticsByDefinition(y, maps: maps(y), pointWeights: pointWeights) : running
    }
    return NetworkStage { y in
      layer.forwardByDefinition(
        y, maps: maps(y), statistics(y), gamma: gamma.values, beta: beta.values)
    } backward: { dz, y in
      let batch = statistics(y)
      let found = layer.backwardByDefinition(
        dz, saved: y, maps: maps(y), pointWeights: pointWeights, batch, gamma: gamma.values,
        isTraining: isTraining)
      var gradients = StageGradients(
        input: found.input, parameters: [gamma.with(found.gamma), beta.with(found.beta)])
      if isTraining {
        let updated = layer.updatedByDefinition(
          running: running, with: batch, maps: maps(y), points: points)
        gradients.updates = [mean.with(updated.mean), variance.with(updated.variance)]
      }
      return gradients
    }
  }

  /// A fully connected layer with the weights `name`.weight and `name`.bias.
  static func linear(_ name: String, of state: [NamedTensor<Double>]) throws -> NetworkStage {
    let (weight, bias) = (try state.tensor("\(name).weight"), try state.tensor("\(name).bias"))
    let layer = LinearLayer(inputCount: weight.count / bias.count, outputCount: bias.count)
    return NetworkStage { x in
      layer.forwardByDefinition(x, weights: weight.values, bias: bias.values)
    } backward: { dy, x in
      let found = layer.backwardByDefinition(dy, saved: x, weights: weight.values)
      return StageGradients(
        input: found.input, parameters: [weight.with(found.weights), bias.with(found.bias)])
    }
  }

  /// The functions of the power of every band: coefficients of so many bands per map to
  /// `[map][function][band]`.
  static func bandValues(_ functions: [PowerFunction], bands: Int, lmax: Int) -> NetworkStage {
    let readout = PowerReadout<Double>(lmax: lmax, mmax: lmax)
    return NetworkStage { y in
      let powers = readout.forwardByDefinition(y.complexNumbers)
      return stride(from: 0, to: powers.count, by: bands).flatMap { first in
        functions.flatMap { function in
          (0..<bands).map { function.valueByDefinition(powers[first + $0]) }
        }
      }
    } inputGradient: { dv, y in
      let powers = readout.forwardByDefinition(y.complexNumbers)
      let dp = powers.indices.map { lane in
        functions.enumerated().reduce(0.0) { sum, item in
          let place = (lane / bands * functions.count + item.offset) * bands + lane % bands
          return sum + dv[place] * item.element.derivativeByDefinition(powers[lane])
        }
      }
      return readout.backwardByDefinition(dp, saved: y.complexNumbers).realPairs
    }
  }

  /// The polynomial features of t = R (z − z_0), with z_0 `name`.mean and R `name`.rotation.
  static func polynomial(
    _ features: PolynomialFeatures, _ name: String, of state: [NamedTensor<Double>]
  ) throws -> NetworkStage {
    let (mean, rotation) = (
      try state.tensor("\(name).mean").values, try state.tensor("\(name).rotation").values
    )
    let (n, count) = (features.variables, features.count)
    @Sendable func whitened(_ z: [Double], _ map: Int) -> [Double] {
      features.whitenedByDefinition(
        Array(z[map * n..<(map + 1) * n]), mean: mean, rotation: rotation)
    }
    return NetworkStage { z in
      (0..<z.count / n).flatMap { features.forwardByDefinition(whitened(z, $0)) }
    } inputGradient: { df, z in
      (0..<z.count / n).flatMap { map in
        features.whitenedGradientByDefinition(
          features.backwardByDefinition(
            Array(df[map * count..<(map + 1) * count]), saved: whitened(z, map)),
          rotation: rotation)
      }
    }
  }
}

extension NamedTensor<Double> {
  /// A tensor of the same name and shape with other values.
  fileprivate func with(_ values: [Double]) -> NamedTensor {
    NamedTensor(name: name, shape: shape, values: values)
  }
}

extension [NamedTensor<Double>] {
  /// The tensor of this name.
  fileprivate func tensor(_ name: String) throws(NetworkConfigurationError) -> NamedTensor<Double> {
    guard let tensor = first(where: { $0.name == name }) else {
      throw .invalid(
        key: "state", found: "tensors \(map(\.name).joined(separator: ", "))",
        expected: "one named \(name)")
    }
    return tensor
  }
}

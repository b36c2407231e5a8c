import FileFormats
import Foundation

extension KnownFault {
  /// Faults of the normalisation of batches.
  static var layerFaults: [KnownFault] {
    [
      KnownFault(
        "biased-variance", wrong: "running variances without n/(n - 1)",
        shows: "running variances are off by 1/n, outputs are right", biasedVariance),
      KnownFault(
        "unbiased-variance", wrong: "batches are normalised by their variance times n/(n - 1)",
        shows: "outputs in training are off by 1/2n", unbiasedVariance,
        stated: { operation, data in isNetwork(operation, data) && isTraining(data) }),
    ]
  }

  private static func isTraining(_ data: CaseData) -> Bool {
    data.parameters["mode"] == "training"
  }

  /// Running variances take sigma^2 in place of sigma^2 n/(n - 1).
  private static var biasedVariance: Effect {
    writing(
      { operation, data, outputs in
        let isLayer = operation == .batchNormalisation
        let momentum = isLayer ? try data.number("momentum") : publishedMomentum
        let shape = try data.shape(isLayer ? "x" : "maps")
        let points =
          isLayer ? shape[2] : try data.integer("latitudes") * data.integer("longitudes")
        let n = Double(shape[0] * points)
        var result = outputs
        for name in outputs.names where name.hasSuffix("running_var") {
          let old = try data.values(
            isLayer ? "running_var" : name.replacing(/^updated/, with: "state"))
          result[name] = try outputs.tensor(name).mappingFloats {
            let kept = (1 - momentum) * old[$0]
            return kept + ($1 - kept) * (n - 1) / n
          }
        }
        return result
      },
      where: { operation, data in
        isTraining(data)
          && (operation == .publishedNetwork
            || operation == .batchNormalisation && data.parameters["weighting"] == "equal")
      })
  }

  /// The share of a batch in the running values of the published network.
  private static let publishedMomentum = 0.1

  /// sigma^2 k + epsilon is k (sigma^2 + epsilon/k), k = n/(n - 1): gamma and epsilon change.
  private static var unbiasedVariance: Effect {
    .computed { operation, data in
      guard operation == .batchNormalisation, isTraining(data) else { return nil }
      let shape = try data.shape("x")
      let n = Double(shape[0] * shape[2])
      let k = n / (n - 1)
      var altered = Altered(operation: operation, data: data)
      altered.data.parameters["epsilon"] = .number(try data.number("epsilon") / k)
      altered.data.inputs = try data.inputs.mapping(["gamma"]) { $1 / k.squareRoot() }
      altered.outputs = { outputs in
        try outputs.mapping(["gamma_gradient"]) { $1 / k.squareRoot() }
      }
      return altered
    }
  }
}

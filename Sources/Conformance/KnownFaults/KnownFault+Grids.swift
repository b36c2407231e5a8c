import FileFormats
import Foundation
import HarmonicTransforms
import Numerics
import SphereGrids

extension CaseData {
  /// Whether the case has a grid of rings.
  fileprivate var hasRings: Bool { inputs["ring_theta"] != nil }

  /// The same case with other first longitudes.
  fileprivate func with(
    phi0 body: (_ phi0: Double, _ count: Int) -> Double
  ) throws -> CaseData {
    var result = self
    let counts = try indices("ring_count")
    result.inputs["ring_phi0"] = try inputs.tensor("ring_phi0").mappingFloats {
      body($1, counts[$0])
    }
    return result
  }

  /// The same case with other weights of points.
  fileprivate func with(weights: [Double]) -> CaseData {
    var result = self
    result.inputs["ring_weight"] = TensorData(weights)
    return result
  }
}

extension KnownFault {
  /// Names of tensors `[lanes, points]` or `[points]`.
  fileprivate static let fieldNames: Set<String> = [
    "field", "q", "u", "field_gradient", "q_gradient", "u_gradient", "d_theta", "d_phi",
    "d_theta_gradient", "d_phi_gradient", "mask",
  ]

  /// Tensors with the blocks of points of the rings in reverse order.
  private static func reversingRings(
    _ tensors: NamedTensors, counts: [Int]
  ) throws -> NamedTensors {
    var starts: [Int] = []
    var points = 0
    for count in counts {
      starts.append(points)
      points += count
    }
    let order = counts.indices.reversed().flatMap { j in
      (starts[j]..<starts[j] + counts[j])
    }
    var result = tensors
    for name in tensors.names where fieldNames.contains(name) {
      let tensor = try tensors.tensor(name)
      let values = try tensor.doubles()
      let lanes = points == 0 ? 0 : values.count / points
      result[name] = TensorData(
        (0..<lanes).flatMap { lane in order.map { values[lane * points + $0] } },
        shape: tensor.shape)
    }
    return result
  }

  /// Colatitudes counted from the other pole: ring j lies at π − θ_j.
  private static var southToNorth: Effect {
    .computed { operation, data in
      guard data.hasRings else { return nil }
      let counts = try data.indices("ring_count")
      var altered = Altered(operation: operation, data: data)
      altered.data.inputs = try reversingRings(data.inputs, counts: counts)
      for name in ["ring_phi0", "ring_weight"] {
        altered.data.inputs[name] = TensorData(try data.values(name).reversed())
      }
      altered.data.inputs["ring_theta"] = TensorData(
        try data.values("ring_theta").reversed().map { max(.pi - $0, 0) })
      altered.data.inputs["ring_count"] = tensor(Array(counts.reversed()))
      altered.outputs = { try reversingRings($0, counts: counts.reversed()) }
      return altered
    }
  }

  /// Latitudes where colatitudes are expected, at single points and in pixel functions; on rings
  /// the transforms of single points stand in.
  private static var latitude: Effect {
    @Sendable func turned(_ theta: Double) -> Double { abs(.pi / 2 - theta) }
    return reading { operation, data in
      let names: Set<Operation> = [
        .legendre, .spinLegendre, .spinHarmonics, .pointSynthesis, .spinPointSynthesis,
        .pointSynthesisGradient, .spinPointSynthesisGradient, .healpixPixelOfDirection,
        .healpixInterpolation, .resampleBilinear, .resampleContainingPixel,
        .resampleBilinearTranspose, .resampleContainingPixelTranspose,
      ]
      if names.contains(operation) {
        var result = data
        result.inputs["theta"] = try data.inputs.tensor("theta").mappingFloats { turned($1) }
        return result
      }
      guard data.hasRings else { return nil }
      var result = data
      result.inputs["ring_theta"] = try data.inputs.tensor("ring_theta").mappingFloats {
        turned($1)
      }
      return result
    }
  }

  static var gridFaults: [KnownFault] {
    [
      KnownFault(
        "ring-offset", wrong: "first longitudes of rings are ignored: every ring begins at 0",
        shows: "grids whose rings begin at 0 are right, HEALPix is wrong",
        reports: ["https://github.com/SpeedyWeather/SpeedyWeather.jl/issues/159"],
        reading { _, data in try data.hasRings ? data.with { _, _ in 0 } : nil },
        stated: isFittingNetwork),
      KnownFault(
        "half-pixel-shift", wrong: "points lie half a step to the east",
        shows: "numbers of order m are turned by m times half a step",
        halfPixelShift, stated: isNetwork),
      KnownFault(
        "latitude", wrong: "latitudes in place of colatitudes",
        shows: "wrong everywhere but at 45 degrees in the north",
        reports: [
          "https://github.com/NVIDIA/torch-harmonics/pull/251",
          "https://github.com/SpeedyWeather/SpeedyWeather.jl/pull/990",
        ], latitude, stated: isNetwork),
      KnownFault(
        "south-to-north", wrong: "rings run from the south pole to the north pole",
        shows: "numbers of odd l - m have the other sign, or fields stand on their head",
        southToNorth),
      KnownFault(
        "equal-weights", wrong: "all points have the weight 4 pi/points",
        shows: "analysis is wrong on grids other than HEALPix",
        reading { operation, data in
          guard data.hasRings, operation.usesWeights else { return nil }
          let counts = try data.indices("ring_count")
          let weight = 4 * .pi / Double(counts.reduce(0, +))
          return data.with(weights: counts.map { _ in weight })
        }, stated: isNetwork),
      KnownFault(
        "longitude-weights", wrong: "point weights without 2 pi/longitudes",
        shows: "analysis is too large by the number of points of a ring over 2 pi",
        reading { operation, data in
          guard data.hasRings, operation.usesWeights else { return nil }
          let (counts, weights) = (try data.indices("ring_count"), try data.values("ring_weight"))
          return data.with(
            weights: zip(weights, counts).map { $0 * Double($1) / (2 * .pi) })
        }, stated: isNetwork),
      KnownFault(
        "nyquist-twice", wrong: "the order of half a ring's points counts twice",
        shows: "only fields with that order are wrong, by one coefficient per degree",
        reports: ["https://github.com/NVIDIA/torch-harmonics/pull/72"],
        reading { operation, data in
          guard operation.linearMap == .synthesis || operation.linearMap == .synthesisGradient,
            data.parameters["nyquist"] == "once"
          else { return nil }
          var result = data
          result.parameters["nyquist"] = "evaluated"
          return result
        }, stated: isPublished),
      KnownFault(
        "orders-above-half-ring",
        wrong: "orders above half of a ring's points are left out instead of folded",
        shows: "grids with enough longitudes are right, the caps of HEALPix are wrong",
        reports: ["https://github.com/astro-informatics/s2fft/pull/103"],
        foldedOrdersDropped, stated: isFittingNetwork),
    ]
  }

  /// Points half a step to the east. The order that counts once is 2 Re(a/2) cos(m phi) there too,
  /// which is what the evaluated series of half its real part has.
  private static var halfPixelShift: Effect {
    .computed { operation, data in
      guard data.hasRings else { return nil }
      let moved = try data.with { $0 + .pi / Double($1) }
      var altered = Altered(operation: operation, data: moved)
      guard data.parameters["nyquist"] == "once" else { return altered }
      altered.data.parameters["nyquist"] = "evaluated"
      let (degrees, counts) = (try data.degrees(operation), try data.indices("ring_count"))
      func counted(_ tensors: NamedTensors) throws -> NamedTensors {
        try tensors.mappingCoefficients(degrees) { _, m, z in
          2 * m == counts.first ? Complex(0.5 * z.real, 0) : z
        }
      }
      if operation.linearMap == .synthesis { altered.data.inputs = try counted(moved.inputs) }
      if operation.linearMap == .synthesisGradient { altered.outputs = counted }
      return altered
    }
  }

  /// Ring by ring, no order above half of its points.
  private static var foldedOrdersDropped: Effect {
    @Sendable func alter(_ operation: Operation, _ data: CaseData) throws -> Altered? {
      guard data.hasRings, data.parameters["nyquist"] != "once",
        let isInput = CoefficientRole.of(operation)?.isInput
      else { return nil }
      let degrees = try data.degrees(operation)
      let largest = degrees.map(\.m).max() ?? 0
      guard try data.indices("ring_count").contains(where: { 2 * largest > $0 }) else { return nil }
      return Altered(
        operation: operation, data: data,
        own: { try ringByRing(operation, data, degrees, fromCoefficients: isInput) })
    }
    return .computed { operation, data in
      guard let altered = try alter(operation, data) else { return nil }
      return composing(operation, data, fits: { _, _ in true }, alter) ?? altered
    }
  }

  /// Each length of ring in turn: its own rings, its own orders.
  private static func ringByRing(
    _ operation: Operation, _ data: CaseData, _ degrees: [(l: Int, m: Int)],
    fromCoefficients: Bool
  ) throws -> NamedTensors {
    let counts = try data.indices("ring_count")
    var sums: [String: (values: [Double], shape: [Int])] = [:]
    for length in Set(counts).sorted() {
      func kept(_ tensors: NamedTensors) throws -> NamedTensors {
        try tensors.mappingCoefficients(degrees) { _, m, z in 2 * m > length ? 0 : z }
      }
      let (part, places) = try data.rings(length: length, of: counts)
      var altered = part
      if fromCoefficients { altered.inputs = try kept(part.inputs) }
      var outputs = try ReferenceBackend.uncheckedOutputs(operation, altered, as: Double.self)
      if !fromCoefficients { outputs = try kept(outputs) }
      for (name, tensor) in outputs {
        let values = try tensor.doubles()
        guard fromCoefficients else {
          let sum = sums[name]?.values ?? values.map { _ in 0 }
          sums[name] = (zip(sum, values).map(+), tensor.shape)
          continue
        }
        let (points, lanes) = (counts.reduce(0, +), tensor.shape[0])
        var whole = sums[name]?.values ?? [Double](repeating: 0, count: lanes * points)
        for (i, value) in values.enumerated() {
          whole[i / places.count * points + places[i % places.count]] = value
        }
        sums[name] = (whole, [lanes, points])
      }
    }
    return sums.reduce(into: NamedTensors()) {
      $0[$1.key] = TensorData($1.value.values, shape: $1.value.shape)
    }
  }
}

extension CaseData {
  /// The case on the rings of one length alone, and the places of their points.
  fileprivate func rings(
    length: Int, of counts: [Int]
  ) throws -> (data: CaseData, places: [Int]) {
    var (places, isKept, start): ([Int], [Bool], Int) = ([], [], 0)
    for count in counts {
      isKept.append(count == length)
      if count == length { places += start..<start + count }
      start += count
    }
    let points = start
    var result = self
    for (name, tensor) in inputs {
      if name == "ring_count" {
        result.inputs[name] = Conformance.tensor(counts.filter { $0 == length })
      } else if name.hasPrefix("ring_") {
        result.inputs[name] = TensorData(
          zip(try tensor.doubles(), isKept).filter { $0.1 }.map(\.0))
      } else if KnownFault.fieldNames.contains(name) {
        let values = try tensor.doubles()
        let lanes = points == 0 ? 0 : values.count / points
        result.inputs[name] = TensorData(
          (0..<lanes).flatMap { lane in places.map { values[lane * points + $0] } },
          shape: tensor.shape.dropLast() + [places.count])
      }
    }
    return (result, places)
  }
}

extension Operation {
  /// Whether the weights of a grid enter.
  var usesWeights: Bool {
    switch linearMap {
    case .analysis, .analysisGradient, .iteratedAnalysis, .iteratedGradient, .maskedAnalysis,
      .maskedAnalysisGradient:
      return true
    default: return false
    }
  }
}

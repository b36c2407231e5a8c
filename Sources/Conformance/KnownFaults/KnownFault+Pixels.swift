import FileFormats
import Foundation
import SphereGrids

extension KnownFault {
  /// Operations that find the pixel of a direction.
  private static let pixelOperations: Set<Operation> = [
    .healpixPixelOfDirection, .resampleContainingPixel, .resampleContainingPixelTranspose,
  ]

  /// The same case with other directions, in operations that find the pixel of a direction.
  private static func moving(
    _ body: @escaping @Sendable (_ theta: Double, _ phi: Double) -> (Double, Double)
  ) -> Effect {
    reading { operation, data in
      guard pixelOperations.contains(operation) else { return nil }
      let moved = zip(try data.values("theta"), try data.values("phi")).map(body)
      var result = data
      result.inputs["theta"] = TensorData(moved.map(\.0))
      result.inputs["phi"] = TensorData(moved.map(\.1))
      return result
    }
  }

  /// The nearest of all centres, up to this nside; at larger ones nothing is said.
  private static let largestSearch = 16

  /// A direction that is the centre of the pixel whose centre is nearest.
  private static var nearestCentre: Effect {
    reading { operation, data in
      guard pixelOperations.contains(operation) else { return nil }
      let nside = try data.integer("nside")
      guard nside <= largestSearch else { return nil }
      let centres = try HealpixGrid(nside: nside).centres
      func vector(_ theta: Double, _ phi: Double) -> SIMD3<Double> {
        SIMD3(sin(theta) * cos(phi), sin(theta) * sin(phi), cos(theta))
      }
      let vectors = centres.map { vector($0.theta, $0.phi) }
      let nearest = zip(try data.values("theta"), try data.values("phi")).map { theta, phi in
        let direction = vector(theta, phi)
        func cosine(_ k: Int) -> Double { (vectors[k] * direction).sum() }
        return centres[vectors.indices.max { cosine($0) < cosine($1) } ?? 0]
      }
      var result = data
      result.inputs["theta"] = TensorData(nearest.map(\.theta))
      result.inputs["phi"] = TensorData(nearest.map(\.phi))
      return result
    }
  }

  /// NESTED numbers where RING numbers are expected.
  private static var nestedForRing: Effect {
    .computed { operation, data in
      let resampling: Set<Operation> = [
        .resampleContainingPixel, .resampleBilinear, .resampleContainingPixelTranspose,
        .resampleBilinearTranspose,
      ]
      guard operation == .healpixPixelOfDirection || resampling.contains(operation) else {
        return nil
      }
      let grid = try HealpixGrid(nside: try data.integer("nside"))
      guard grid.nside & (grid.nside - 1) == 0 else { return nil }
      var altered = Altered(operation: operation, data: data)
      if operation == .healpixPixelOfDirection {
        altered.outputs = { outputs in
          let pixels = try outputs.tensor("pixel").integers().map {
            try grid.nestedPixel(ring: Int($0))
          }
          return ["pixel": tensor(pixels)]
        }
        return altered
      }
      // The map is stored by NESTED numbers, and read as if it were in RING order.
      let places = try (0..<grid.pointCount).map { try grid.ringPixel(nested: $0) }
      func moved(_ tensors: NamedTensors, _ name: String, reading: Bool) throws -> NamedTensors {
        guard let own = tensors[name] else { return tensors }
        let values = try own.doubles()
        var other = values
        for i in values.indices {
          let (lane, p) = (i / places.count, i % places.count)
          let j = lane * places.count + places[p]
          if reading { other[j] = values[i] } else { other[i] = values[j] }
        }
        var result = tensors
        result[name] = TensorData(other, shape: own.shape)
        return result
      }
      altered.data.inputs = try moved(data.inputs, "field", reading: true)
      altered.outputs = { try moved($0, "field_gradient", reading: false) }
      return altered
    }
  }

  static var pixelFaults: [KnownFault] {
    [
      KnownFault(
        "nearest-centre", wrong: "the pixel with the nearest centre, not the one that contains",
        shows: "directions next to edges of pixels are wrong, most others right", nearestCentre,
        stated: isPublished),
      KnownFault(
        "ties-to-the-west", wrong: "directions on edges belong to the pixel west of them",
        shows: "only directions on edges and corners are wrong", moving { ($0, $1 - 1e-9) },
        stated: isPublished),
      KnownFault(
        "pixels-from-cosine", wrong: "pixels near the poles from cos(theta) alone",
        shows: "only directions close to a pole at large nside are wrong",
        reports: [
          "https://github.com/astropy/astropy-healpix/issues/38",
          "https://github.com/astropy/astropy-healpix/pull/84",
        ],
        moving { (acos(cos($0)), $1) }),
      KnownFault(
        "nested-for-ring", wrong: "NESTED numbers in place of RING numbers",
        shows: "maps look shuffled within the base pixels",
        reports: [
          "https://github.com/healpy/healpy/issues/411",
          "https://github.com/healpy/healpy/issues/677",
          "https://github.com/astronomy-commons/hats/issues/271",
        ], nestedForRing, stated: isPublished),
      KnownFault(
        "overwritten-sums", wrong: "a transpose stores where it has to add",
        shows: "pixels that several directions meet have the last one's value alone",
        .computed { operation, data in
          guard operation == .resampleContainingPixelTranspose else { return nil }
          let grid = try HealpixGrid(nside: try data.integer("nside"))
          let pixels = try zip(try data.values("theta"), try data.values("phi")).map {
            try grid.pixel(theta: $0, phi: $1)
          }
          return Altered(operation: operation, data: data) { outputs in
            let own = try data.inputs.tensor("values_gradient")
            let values = try own.doubles()
            return try outputs.mapping(["field_gradient"]) { index, _ in
              let (lane, pixel) = (index / grid.pointCount, index % grid.pointCount)
              let last = pixels.lastIndex(of: pixel)
              return last.map { values[lane * pixels.count + $0] } ?? 0
            }
          }
        }),
    ]
  }
}

import FileFormats
import SphereGrids
import Verification

/// The recorded answers of healpy (Fixtures/generators/healpix.py).
struct HealpixFixtures {
  private let tensors: NamedTensors

  static func pixels() throws -> HealpixFixtures {
    try HealpixFixtures(name: "healpix/pixels.safetensors")
  }

  static func queries() throws -> HealpixFixtures {
    try HealpixFixtures(name: "healpix/queries.safetensors")
  }

  /// The recorded neighbours of pixels, nil for those that do not exist.
  static func neighbours(_ name: String) throws -> [[Int?]] {
    let values = try HealpixFixtures(name: "healpix/neighbours.safetensors").integers(name)
    return stride(from: 0, to: values.count, by: 8).map { first in
      values[first..<first + 8].map { $0 < 0 ? nil : $0 }
    }
  }

  private init(name: String) throws {
    tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
  }

  func integers(_ name: String) throws -> [Int] {
    try tensors.tensor(name).integers().map { Int($0) }
  }

  func doubles(_ name: String) throws -> [Double] { try tensors.tensor(name).doubles() }

  /// A tensor of shape (count, 2) of colatitudes and longitudes.
  func directions(_ name: String) throws -> [Direction] {
    let values = try doubles(name)
    return stride(from: 0, to: values.count, by: 2).map { i in
      Direction(theta: values[i], phi: values[i + 1])
    }
  }
}

/// The resolutions that are compared pixel by pixel, and those that have NESTED numbers.
let recordedSizes = [1, 2, 3, 4, 8, 16]
let recordedPowersOfTwo = [1, 2, 4, 8, 16]

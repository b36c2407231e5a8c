import Kernels
import Models
import Verification

/// The models in `Fixtures/models`, each read once: the filters of half a sky take most of a
/// minute.
package enum ShippedModels {
  private static let known = Locked<[String: TrainedModel]>([:])

  /// The model of a file's name without ending.
  ///
  /// - Throws: what `ModelFile.read` throws.
  package static func read(_ name: String) throws -> TrainedModel {
    try known.withLock { known in
      if let model = known[name] { return model }
      let model = try ModelFile.read(FixtureStore.url("models/\(name).safetensors"))
      known[name] = model
      return model
    }
  }
}

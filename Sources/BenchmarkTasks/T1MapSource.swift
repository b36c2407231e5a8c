import FourierTransforms
import Kernels
import RandomFields
import SkyModels
import SphereGrids
import Synchronization
import Training

/// An endless supply of temperature maps with the position of their spectrum's peak.
///
/// Definition: map k has l_p uniform in the prior, a Gaussian sky with the spectrum of l_p on the pixel
///             centres, and white noise; as float32 pixels, which is what networks get.
/// Numbers:    all from (seed, split, k): batches, order and threads change no bit, and maps of
///             different splits are different maps.
/// Checked by: MapSourceTests.
public struct T1MapSource: MapSource {
  public typealias Scalar = Float

  public let settings: TaskSettings
  public let seed: UInt64
  private let family: PeakedModel
  private let synthesizer: GaussianMapSynthesizer<Float>

  /// A source.
  ///
  /// - Throws: `HealpixError.invalidNside`.
  public init(_ settings: TaskSettings, seed: UInt64) throws {
    self.settings = settings
    self.seed = seed
    family = settings.family
    synthesizer = GaussianMapSynthesizer(
      grid: try HealpixGrid(nside: settings.nside), lmax: TaskSettings.lmax)
  }

  public func batch(
    maps: Range<Int>, purpose: MapPurpose, threads: Int
  ) throws -> MapBatch<Float> {
    batch(maps: maps, split: DataSplit(purpose), threads: threads)
  }

  /// The maps with the indices `maps` of any split.
  public func batch(maps: Range<Int>, split: DataSplit, threads: Int) -> MapBatch<Float> {
    let fields = synthesizer.maps(
      maps, seed: seed, split: split, noise: settings.noise, threads: threads
    ) { [family, settings] key in
      family.spectrum(at: drawParameter(in: settings.priorRange, key: key))
    }
    return MapBatch(
      maps: fields.values, targets: truths(maps: maps, split: split).map { Float($0) })
  }

  /// l_p of the maps with the indices `maps`.
  public func truths(maps: Range<Int>, split: DataSplit) -> [Double] {
    maps.map {
      drawParameter(
        in: settings.priorRange, key: MapKey(seed: seed, split: split, index: UInt64($0)))
    }
  }
}

extension DataSplit {
  /// The split that serves a purpose.
  public init(_ purpose: MapPurpose) {
    switch purpose {
    case .training: self = .training
    case .validation: self = .validation
    case .refit: self = .refit
    }
  }
}

/// A source that stops delivering when an interruption is asked for, and counts what it delivers.
///
/// For the stages after gradient training, which keep no checkpoint: they are repeated on resuming.
struct InterruptibleSource<Base: MapSource>: MapSource {
  let base: Base
  let interruption: InterruptionFlag
  let delivered: @Sendable (_ maps: Int) -> Void

  func batch(
    maps: Range<Int>, purpose: MapPurpose, threads: Int
  ) throws -> MapBatch<Base.Scalar> {
    if interruption.isRaised { throw BenchmarkError.interrupted }
    defer { delivered(maps.count) }
    return try base.batch(maps: maps, purpose: purpose, threads: threads)
  }
}

/// Counts maps from any thread.
final class MapCounter: Sendable {
  private let count = Atomic<Int>(0)

  /// Adds some maps; the number so far.
  func add(_ maps: Int) -> Int { count.wrappingAdd(maps, ordering: .relaxed).newValue }
}

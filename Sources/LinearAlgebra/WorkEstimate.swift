import Dispatch
import Foundation
import Kernels

/// What a stage is going to take, before it begins.
public struct WorkEstimate: Sendable, Hashable {
  /// A smaller stage of the same kind.
  public struct Alternative: Sendable, Hashable {
    /// What is smaller, for instance "4 filters".
    public var change: String
    /// Its memory in bytes.
    public var bytes: Double

    /// A smaller stage.
    public init(change: String, bytes: Double) {
      self.change = change
      self.bytes = bytes
    }
  }

  /// What sets the size of a stage, and can be made smaller.
  public enum Subject: Sendable, Hashable {
    /// Filters of a cut sky.
    case filters
    /// Observed pixels.
    case pixels
    /// Maps of a gradient step.
    case step
    /// Maps whose features a fit keeps.
    case features
    /// The resolution of maps.
    case resolution
    /// A map that is written.
    case file
  }

  /// What is made, for instance "9 filters of 1997 pixels".
  public var stage: String
  /// What sets its size.
  public var subject: Subject
  /// Memory that it takes at its height, in bytes.
  public var bytes: Double
  /// Multiplications of its matrix products, which take nearly all of its time.
  public var multiplications: Double
  /// Smaller stages, of each kind the largest first.
  public var alternatives: [Alternative]

  /// What a stage takes.
  public init(
    stage: String, subject: Subject, bytes: Double, multiplications: Double,
    alternatives: [Alternative] = []
  ) {
    self.stage = stage
    self.subject = subject
    self.bytes = bytes
    self.multiplications = multiplications
    self.alternatives = alternatives
  }

  /// About how long the multiplications take on this machine now, in seconds.
  ///
  /// The speed is that of one product of two matrices of order 192 on every thread, measured on the
  /// first call.
  /// Accuracy: a factor of two; other work on the machine counts.
  public func seconds(threads: Int) -> Double {
    let cores = Double(max(1, min(threads, Self.measured.threads)))
    return multiplications / (Self.measured.multiplicationsPerSecond * cores)
  }

  /// Multiplications per second of one thread while as many as there are cores multiply.
  private static let measured: (multiplicationsPerSecond: Double, threads: Int) = {
    let (order, rounds) = (192, 4)
    let threads = max(1, min(16, ProcessInfo.processInfo.activeProcessorCount))
    let factor = AlignedBuffer<Double>(count: order * order)
    for i in 0..<order * order { factor[i] = 1 }
    let products = AlignedBuffer<Double>(count: threads * order * order)
    let start = ContinuousClock.now
    parallelFor(threads, threads: threads) { k in
      for _ in 0..<rounds {
        matrixProduct(
          rows: order, columns: order, depth: order,
          MatrixView(factor.view(), rowStride: order), MatrixView(factor.view(), rowStride: order),
          into: MatrixView(products.view(k * order * order), rowStride: order))
      }
    }
    let seconds = max((ContinuousClock.now - start) / .seconds(1), 1e-9)
    return (Double(rounds * order * order * order) / seconds, threads)
  }()
}

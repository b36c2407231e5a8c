import Synchronization

/// A request to stop at the next step, which any thread or a signal handler may raise.
///
/// Raising it is one atomic store: no lock, no allocation.
public final class InterruptionFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  public init() {}

  /// Asks for a stop.
  public func raise() { flag.store(true, ordering: .relaxed) }

  /// Whether a stop was asked for.
  public var isRaised: Bool { flag.load(ordering: .relaxed) }
}

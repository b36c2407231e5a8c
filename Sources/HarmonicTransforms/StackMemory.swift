import FourierTransforms
import Kernels

/// What a transform of stacks by tables needs for one call: a workspace with its plans, and the input
/// and the output in lane layout.
///
/// Contract:    the lanes that pad the input are zero from the beginning, and nobody writes to them.
final class StackMemory<Workspace: AnyObject & Sendable, T: LaneScalar>: Sendable {
  let workspace: Workspace
  let input: AlignedBuffer<T>
  let output: AlignedBuffer<T>

  init(_ workspace: Workspace, input: Int, output: Int) {
    self.workspace = workspace
    self.input = AlignedBuffer(count: input)
    self.output = AlignedBuffer(count: output)
  }
}

/// Memory of earlier calls for later ones.
///
/// For small batches the plans, the zeros and the page faults of fresh memory cost more than the
/// transform. What is large is made anew each time: there it costs little, and a transform should not
/// hold on to it.
final class StackMemories<Workspace: AnyObject & Sendable, T: LaneScalar>: Sendable {
  private let pool = WorkspacePool<StackMemory<Workspace, T>>()

  /// Bytes of a call's memory from which on it is not kept.
  static var largestKept: Int { 64 << 20 }

  /// Which way a call goes: input and output of the two have different sizes.
  enum Direction: Int {
    case synthesis
    case analysis
  }

  /// Runs a body with the memory of an earlier call for as many lanes, or with new memory.
  func withMemory<R>(
    _ direction: Direction, lanes: Int, bytes: Int, make: () -> StackMemory<Workspace, T>,
    _ body: (StackMemory<Workspace, T>) -> R
  ) -> R {
    guard bytes <= Self.largestKept else { return body(make()) }
    return pool.withWorkspace([direction.rawValue, lanes], make: make, body)
  }
}

import FourierTransforms
import Kernels

/// What a transform of stacks by tables needs for one call: a workspace with its plans, and the
/// input and the output in lane layout.
///
/// Contract:    the lanes that pad the input are zero from the beginning, and nobody writes to
///              them. Where lanes need no padding there is no memory for either.
final class StackMemory<Workspace: AnyObject & Sendable, T: LaneScalar>: Sendable {
  let workspace: Workspace
  let input: AlignedBuffer<T>
  let output: AlignedBuffer<T>

  init(_ workspace: Workspace, input: Int, output: Int) {
    self.workspace = workspace
    self.input = AlignedBuffer(count: input)
    self.output = AlignedBuffer(count: output)
  }

  /// Runs a body on components (a field, or Q and U) in lane layout: those of stacks themselves
  /// where the layouts are the same, else copies.
  ///
  /// - Parameters:
  ///   - given: the components of the input, `[row][lane]`.
  ///   - rows: rows of each.
  ///   - lanes: numbers of a row.
  ///   - wanted: the components of the output, all of which is written.
  ///   - wantedRows: rows of each.
  ///   - stride: numbers of a row in lane layout.
  ///   - body: gets the input and writes the output.
  func run(
    input given: [BufferView<T>], rows: Int, lanes: Int, output wanted: [BufferView<T>],
    rows wantedRows: Int, stride: Int,
    _ body: (_ input: [BufferView<T>], _ output: [BufferView<T>]) -> Void
  ) {
    guard stride != lanes else { return body(given, wanted) }
    let sources = given.indices.map { input.view($0 * rows * stride) }
    let targets = wanted.indices.map { output.view($0 * wantedRows * stride) }
    for (component, source) in zip(given, sources) {
      copyRows(
        rows: rows, columns: lanes, from: component, stride: lanes, to: source, stride: stride)
    }
    body(sources, targets)
    for (component, target) in zip(wanted, targets) {
      copyRows(
        rows: wantedRows, columns: lanes, from: target, stride: stride, to: component,
        stride: lanes)
    }
  }
}

/// Memory of earlier calls for later ones.
///
/// For small batches the plans, the zeros and the page faults of fresh memory cost more than the
/// transform. Large memory is made anew each time: its cost is then small, and a transform should
/// not hold on to it.
final class StackMemories<Workspace: AnyObject & Sendable, T: LaneScalar>: Sendable {
  private let pool = WorkspacePool<StackMemory<Workspace, T>>()

  /// Bytes of a call's memory from which on it is not kept.
  static var largestKept: Int { 64 << 20 }

  /// The direction of a call: input and output have different sizes in the two directions.
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

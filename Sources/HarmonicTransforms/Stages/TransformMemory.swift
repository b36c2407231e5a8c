import Kernels
import MachineMemory

/// The memory that a transform of some fields takes, in bytes, known before anything is allocated.
///
/// Definition:  fields and coefficients once each; and what lies between them: the tiles of all
///              orders by recurrence (`OrderTiles`), or by tables the Legendre functions that are
///              kept, the orders and, where lanes are padded, copies of both sides.
/// Accuracy:    what a program holds besides is not counted (the program itself, the caller's
///              copies): 338 MB at lmax 2047, spin 2, where `sphere bench transforms` takes 406.
/// Arithmetic:  in `Double`, so that no size overflows; more than 2⁴⁰ fields count as 2⁴⁰.
/// Checked by:  TransformMemoryTests.
struct TransformMemory {
  /// Numbers of one component (T, or Q, or U) of one field.
  let points: Int
  /// (l, m), m ≥ 0, of one component.
  let coefficients: Int
  /// Orders, mmax + 1.
  let orders: Int
  /// Ring pairs.
  let pairs: Int
  /// Components of a field: 1, or 2 for Q and U.
  let components: Int
  /// Bytes of a number of the fields.
  let size: Int
  /// Bytes of the tables of Legendre functions.
  let tables: Int
  let lanes: Int
  let byRecurrence: Bool
  /// Numbers of a row in lane layout.
  private let stride: Int

  init<T: LaneScalar>(
    points: Int, coefficients: Int, orders: Int, pairs: Int, components: Int, tables: Int,
    lanes: Int, byRecurrence: Bool, _ type: T.Type
  ) {
    self.points = points
    self.coefficients = coefficients
    self.orders = orders
    self.pairs = pairs
    self.components = components
    self.tables = tables
    self.lanes = min(lanes, 1 << 40)
    self.byRecurrence = byRecurrence
    size = MemoryLayout<T>.stride
    stride = paddedLaneStride(self.lanes, of: type)
  }

  /// Bytes of a number in every component.
  private var width: Double { Double(components) * Double(size) }
  private var fields: Double { Double(points) * Double(lanes) * width }
  private var panels: Double { 2 * Double(coefficients) * Double(lanes) * width }

  private var between: Double {
    if byRecurrence {
      // Two blocks more where rings near the poles are apart from the others.
      let blocks =
        (Double(pairs) / Double(RecurrenceBlock.width)).rounded(.up) + Double(2 * components - 2)
      return Double(components) * Double(lanes) * blocks
        * Double((orders | 1) * OrderTiles.tile * 8)
    }
    let copies = stride == lanes ? 0 : Double(points + 2 * coefficients) * Double(stride) * width
    return copies + 4 * Double(orders) * Double(pairs) * Double(stride) * width + Double(tables)
  }

  /// Everything.
  var whole: Int { Self.bytes(fields + panels + between) }

  /// What an analysis takes besides the fields, which exist already; one that iterates has three
  /// more fields and panels (`iteratedPanel`, `ConjugateGradients`).
  func analysis(isIterative: Bool) -> Int {
    Self.bytes(panels + between + (isIterative ? 3 * (fields + panels) : 0))
  }

  private static func bytes(_ sum: Double) -> Int { Int(exactly: sum.rounded(.up)) ?? .max }

  /// Refuses what does not fit.
  static func require(
    _ needed: Int, available: Int, transform: String
  ) throws(HarmonicTransformError) {
    guard needed <= available else {
      throw .notEnoughMemory(transform: transform, needed: needed, available: available)
    }
  }

  /// Below this number of bytes the free memory is not looked up: that would take longer than such
  /// a transform.
  static var smallestChecked: Int { 1 << 28 }
}

/// The numbers of fields for which a transform has found enough memory: later calls do not look
/// again.
final class MemoryChecks: Sendable {
  private let found = Locked<Set<[Int]>>([])

  /// Looks once for every number of fields.
  ///
  /// - Throws: `HarmonicTransformError.notEnoughMemory`.
  func require(
    _ memory: TransformMemory, isIterative: Bool, transform: () -> String
  ) throws(HarmonicTransformError) {
    let needed = memory.analysis(isIterative: isIterative)
    guard needed >= TransformMemory.smallestChecked else { return }
    let key = [memory.lanes, isIterative ? 1 : 0]
    if found.withLock({ $0.contains(key) }) { return }
    try TransformMemory.require(needed, available: FreeMemory.bytes, transform: transform())
    found.withLock { _ = $0.insert(key) }
  }
}

extension ScalarTransform {
  /// What so many fields take.
  func memoryEstimate(lanes: Int) -> TransformMemory {
    TransformMemory(
      points: grid.pointCount, coefficients: coefficientCount(lmax: lmax, mmax: mmax),
      orders: mmax + 1, pairs: pairs.count, components: 1, tables: legendre.bytes, lanes: lanes,
      byRecurrence: path.usesRecurrence(lmax: lmax, lanes: lanes), T.self)
  }

  func memoryTitle(lanes: Int) -> String {
    transformTitle(lmax: lmax, spin: 0, lanes: lanes, grid: grid.name)
  }

  /// Bytes that a synthesis or an analysis of so many fields takes, fields and coefficients
  /// included.
  ///
  /// - Parameter lanes: number of fields.
  /// - Returns: the bytes; `Int.max` beyond all numbers.
  public func memory(lanes: Int) -> Int { memoryEstimate(lanes: lanes).whole }

  /// Refuses transforms that do not fit the memory. Nothing is allocated before.
  ///
  /// `synthesis` does not throw: a caller that gets sizes from a user asks here first. Methods that
  /// throw ask by themselves, once for every number of fields, about the memory that they take
  /// besides the existing fields.
  ///
  /// - Parameters:
  ///   - lanes: number of fields.
  ///   - others: bytes that are taken at the same time for something else.
  ///   - available: bytes that can be had.
  /// - Throws: `HarmonicTransformError.notEnoughMemory`.
  public func requireMemory(
    lanes: Int, beside others: Int = 0, available: Int = FreeMemory.bytes
  ) throws(HarmonicTransformError) {
    try TransformMemory.require(
      sumOrMost(memory(lanes: lanes), others), available: available,
      transform: memoryTitle(lanes: lanes))
  }
}

extension SpinTransform {
  /// What so many pairs of fields take.
  func memoryEstimate(lanes: Int) -> TransformMemory {
    TransformMemory(
      points: grid.pointCount, coefficients: coefficientCount(lmax: lmax, mmax: mmax),
      orders: mmax + 1, pairs: scalar.pairs.count, components: 2, tables: legendre.bytes,
      lanes: lanes,
      byRecurrence: hasRecurrence && scalar.path.usesRecurrence(lmax: lmax, lanes: lanes), T.self)
  }

  func memoryTitle(lanes: Int) -> String {
    transformTitle(lmax: lmax, spin: spin, lanes: lanes, grid: grid.name)
  }

  /// Bytes that a synthesis or an analysis of so many pairs of fields takes, Q, U, E and B
  /// included.
  ///
  /// - Parameter lanes: number of pairs.
  /// - Returns: the bytes; `Int.max` beyond all numbers.
  public func memory(lanes: Int) -> Int { memoryEstimate(lanes: lanes).whole }

  /// Refuses transforms that do not fit the memory: see `ScalarTransform.requireMemory`.
  ///
  /// - Parameters:
  ///   - lanes: number of pairs of fields.
  ///   - others: bytes that are taken at the same time for something else.
  ///   - available: bytes that can be had.
  /// - Throws: `HarmonicTransformError.notEnoughMemory`.
  public func requireMemory(
    lanes: Int, beside others: Int = 0, available: Int = FreeMemory.bytes
  ) throws(HarmonicTransformError) {
    try TransformMemory.require(
      sumOrMost(memory(lanes: lanes), others), available: available,
      transform: memoryTitle(lanes: lanes))
  }
}

private func sumOrMost(_ a: Int, _ b: Int) -> Int {
  let (sum, overflows) = a.addingReportingOverflow(b)
  return overflows ? .max : sum
}

private func transformTitle(lmax: Int, spin: Int, lanes: Int, grid: String) -> String {
  let content =
    switch (spin, lanes) {
    case (0, 1): "one field"
    case (0, _): "\(lanes) fields"
    case (_, 1): "one pair of fields of spin \(spin)"
    default: "\(lanes) pairs of fields of spin \(spin)"
    }
  return "a transform of \(content), lmax \(lmax), on \(grid)"
}

import Kernels
import MachineMemory

/// What a transform of some fields takes of the memory, in bytes, before anything is allocated.
///
/// Definition:  fields and coefficients once each; and what lies between them: the tiles of all orders
///              by recurrence (`OrderTiles`), or by tables the Legendre functions, the orders and, where
///              lanes are padded, copies of both sides.
/// Accuracy:    what a program holds beside it is not counted, itself and copies of the caller's: 338 MB
///              at lmax 2047, spin 2, where `sphere bench transforms` takes 396.
/// Arithmetic:  in `Double`, so that no size overflows.
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

  /// The bytes of so many fields.
  func bytes(lanes: Int, stride: Int, byRecurrence: Bool) -> Int {
    let (sides, pairs) = (Double(points + 2 * coefficients), Double(pairs))
    let fields = Double(components) * Double(size)
    var sum = sides * Double(lanes) * fields
    if byRecurrence {
      // A block more where rings near the poles are apart from the others.
      let blocks = (pairs / Double(RecurrenceBlock.width)).rounded(.up) + Double(components - 1)
      sum += Double(components * lanes) * blocks * Double((orders | 1) * OrderTiles.tile * 8)
    } else {
      if stride != lanes { sum += sides * Double(stride) * fields }
      sum += 4 * Double(orders) * pairs * Double(stride) * fields
      sum += Double(coefficients) * pairs * fields
    }
    return Int(exactly: sum.rounded(.up)) ?? .max
  }

  /// Refuses what does not fit.
  static func require(
    _ needed: Int, available: Int, transform: String
  ) throws(HarmonicTransformError) {
    guard needed <= available else {
      throw .notEnoughMemory(transform: transform, needed: needed, available: available)
    }
  }

  /// Bytes from which on the transforms that throw look whether there is as much: what is smaller is
  /// there, and looking takes longer than small transforms do.
  static var looked: Int { 1 << 28 }
}

extension ScalarTransform {
  /// Bytes that a synthesis or an analysis of so many fields takes, fields and coefficients included.
  ///
  /// - Parameter lanes: number of fields.
  /// - Returns: the bytes; `Int.max` beyond all numbers.
  public func memory(lanes: Int) -> Int {
    TransformMemory(
      points: grid.pointCount, coefficients: coefficientCount(lmax: lmax, mmax: mmax),
      orders: mmax + 1, pairs: pairs.count, components: 1, size: MemoryLayout<T>.stride
    ).bytes(
      lanes: lanes, stride: paddedLaneStride(lanes, of: T.self),
      byRecurrence: path.usesRecurrence(lmax: lmax, lanes: lanes))
  }

  /// Refuses transforms that do not fit the memory. Nothing is allocated before.
  ///
  /// `synthesis` does not throw: whoever gets sizes from a user asks here first. What throws asks
  /// itself.
  ///
  /// - Parameters:
  ///   - lanes: number of fields.
  ///   - available: bytes that can be had.
  /// - Throws: `HarmonicTransformError.notEnoughMemory`.
  public func requireMemory(
    lanes: Int, available: Int = FreeMemory.bytes
  ) throws(HarmonicTransformError) {
    try TransformMemory.require(
      memory(lanes: lanes), available: available,
      transform: transformTitle(lmax: lmax, spin: 0, lanes: lanes, grid: grid.name))
  }
}

extension SpinTransform {
  /// Bytes that a synthesis or an analysis of so many pairs of fields takes, Q, U, E and B included.
  ///
  /// - Parameter lanes: number of pairs.
  /// - Returns: the bytes; `Int.max` beyond all numbers.
  public func memory(lanes: Int) -> Int {
    TransformMemory(
      points: grid.pointCount, coefficients: coefficientCount(lmax: lmax, mmax: mmax),
      orders: mmax + 1, pairs: scalar.pairs.count, components: 2, size: MemoryLayout<T>.stride
    ).bytes(
      lanes: lanes, stride: paddedLaneStride(lanes, of: T.self),
      byRecurrence: scalar.path.usesRecurrence(lmax: lmax, lanes: lanes))
  }

  /// Refuses transforms that do not fit the memory: see `ScalarTransform.requireMemory`.
  ///
  /// - Parameters:
  ///   - lanes: number of pairs of fields.
  ///   - available: bytes that can be had.
  /// - Throws: `HarmonicTransformError.notEnoughMemory`.
  public func requireMemory(
    lanes: Int, available: Int = FreeMemory.bytes
  ) throws(HarmonicTransformError) {
    try TransformMemory.require(
      memory(lanes: lanes), available: available,
      transform: transformTitle(lmax: lmax, spin: spin, lanes: lanes, grid: grid.name))
  }
}

private func transformTitle(lmax: Int, spin: Int, lanes: Int, grid: String) -> String {
  "a transform of \(lanes) \(spin == 0 ? "" : "pairs of ")fields of spin \(spin), lmax \(lmax), "
    + "on \(grid)"
}

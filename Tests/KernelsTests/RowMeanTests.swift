import Testing

@testable import Kernels

@Suite("Means of rows")
struct RowMeanTests {
  /// Four rows of small integers, so that every sum and every mean is exact; rows of
  /// less than a piece of 256 numbers, of exactly one, and of two and a half.
  @Test("Every row becomes the mean, in every piece", arguments: [1, 255, 256, 640])
  func pieces(_ count: Int) {
    check(count, Float.self)
    check(count, Double.self)
  }

  private func check<T: LaneScalar>(_ count: Int, _ type: T.Type) {
    // Rows k, k + 4, k + 8 and k + 12 have the mean k + 6. One more number shows a write beyond.
    let rows = (0..<4).map { row in
      let buffer = AlignedBuffer<T>(count: count + 1)
      for k in 0..<count { buffer[k] = T(k + 4 * row) }
      buffer[count] = -1
      return buffer
    }
    replaceByMean(rows.map { $0.view() }, count: count)
    for row in rows {
      #expect((0..<count).allSatisfy { row[$0] == T($0 + 6) }, "\(T.self), \(count)")
      #expect(row[count] == -1)
    }
  }
}

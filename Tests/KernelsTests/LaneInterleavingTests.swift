import Testing

@testable import Kernels

/// Copies between rows and interleaved lanes: on integers, exact; what is not a target keeps its
/// value.
@Suite("Interleaving of lanes")
struct LaneInterleavingTests {
  @Test("Scatter and gather are each other's transpose")
  func scatterAndGather() {
    let (rows, columns, sourceStride, rowStride, columnStride) = (3, 4, 5, 14, 3)
    let source = AlignedBuffer<Float>(count: rows * sourceStride)
    for i in 0..<rows * sourceStride { source[i] = Float(i + 1) }
    let target = AlignedBuffer<Float>(count: rows * rowStride)
    for i in 0..<rows * rowStride { target[i] = -1 }
    scatter(
      source.view(), rows: rows, columns: columns, sourceStride: sourceStride,
      to: target.view(1), rowStride: rowStride, columnStride: columnStride)
    for i in 0..<rows {
      for k in 0..<rowStride {
        let isTarget = k >= 1 && (k - 1) % columnStride == 0 && (k - 1) / columnStride < columns
        let expected = isTarget ? Float(i * sourceStride + (k - 1) / columnStride + 1) : -1
        #expect(target[i * rowStride + k] == expected, "row \(i), place \(k)")
      }
    }
    let back = AlignedBuffer<Float>(count: rows * sourceStride)
    gather(
      target.view(1), rows: rows, columns: columns, rowStride: rowStride,
      columnStride: columnStride, to: back.view(), targetStride: sourceStride)
    for i in 0..<rows {
      for j in 0..<sourceStride {
        #expect(back[i * sourceStride + j] == (j < columns ? source[i * sourceStride + j] : 0))
      }
    }
  }
}

#if SPHERE_CHECKED && compiler(>=6.2)
  import Testing

  @testable import Kernels

  /// The checks of a build with `SPHERE_CHECKED=1`: each is seen to refuse.
  @Suite("Checked memory")
  struct CheckedMemoryTests {
    @Test("Elements behind the end and before the start")
    func elements() async {
      await #expect(processExitsWith: .failure) {
        _ = AlignedBuffer<Double>(count: 4).withView { $0[4] }
      }
      await #expect(processExitsWith: .failure) {
        AlignedBuffer<Double>(count: 4).withView { $0.at(2)[2] = 1 }
      }
      await #expect(processExitsWith: .failure) {
        _ = AlignedBuffer<Float>(count: 4).withView { $0.at(-1)[0] }
      }
      await #expect(processExitsWith: .failure) { AlignedBuffer<Float>(count: 4)[-1] = 1 }
      await #expect(processExitsWith: .failure) {
        _ = [1.0, 2].withElements { $0[2] }
      }
      // Control: the ends themselves.
      await #expect(processExitsWith: .success) {
        AlignedBuffer<Double>(count: 4).withView { ($0[0], $0.at(2)[1]) = (1, 1) }
        _ = [1.0, 2].withElements { $0[1] }
      }
    }

    @Test("A kernel that is told too large a size")
    func kernels() async {
      // Control: the same calls with the sizes that there are.
      await #expect(processExitsWith: .success) {
        let x = AlignedBuffer<Double>(count: 9)
        withViews(x, AlignedBuffer<Double>(count: 9)) { x, y in
          let matrix = MatrixView(x, rowStride: 3)
          matrixProduct(
            rows: 3, columns: 3, depth: 3, matrix, matrix, into: MatrixView(y, rowStride: 3))
        }
        var sums = [0.0, 0]
        AlignedBuffer<Double>(count: 6).withView {
          addLaneSquares(rows: 3, laneStride: 2, $0, weight: 1, to: &sums)
        }
      }
      await #expect(processExitsWith: .failure) {
        let x = AlignedBuffer<Double>(count: 9)
        withViews(x, AlignedBuffer<Double>(count: 9)) { x, y in
          let matrix = MatrixView(x, rowStride: 3)
          matrixProduct(
            rows: 3, columns: 3, depth: 4, matrix, matrix, into: MatrixView(y, rowStride: 3))
        }
      }
      await #expect(processExitsWith: .failure) {
        var sums = [0.0, 0]
        AlignedBuffer<Double>(count: 5).withView {
          addLaneSquares(rows: 3, laneStride: 2, $0, weight: 1, to: &sums)
        }
      }
      // A precondition of a kernel, which other builds do not evaluate.
      await #expect(processExitsWith: .failure) {
        var sums = [0.0]
        AlignedBuffer<Double>(count: 4).withView {
          addLaneSquares(rows: 2, laneStride: 2, $0, weight: 1, to: &sums)
        }
      }
    }
  }
#endif

import Kernels

/// A discrete Fourier transform of many real fields at once, two fields in each complex number.
///
/// Definition:  Z_m = Σ_k z_k e^{−2πi mk/n} (forward),
///              z_k = Σ_m Z_m e^{+2πi mk/n} (backward), m, k < n.
/// Method:      neighbouring lanes 2j and 2j + 1 are the real and the imaginary part of one complex
///              number, so lanes are complex numbers as they lie in memory, and one complex
///              transform carries two real fields. With z = x + iy,
///              X_m = (Z_m + Z*_{n−m})/2,  Y_m = (Z_m − Z*_{n−m})/2i.
///              The transform itself is FFTW's [FrigoJohnson2005].
/// Layout:      field: point k at k `fieldStride`; orders: order m at m `lanes`.
/// Checked by:  LaneFourierDefinitionTests, against `directDFT`.
package final class LaneFourierPlan<T: FourierScalar>: @unchecked Sendable {
  /// Number of points n.
  package let n: Int
  /// Real fields per call, an even number.
  package let lanes: Int
  /// Numbers from the first of a field to its last.
  private let fieldCount: Int
  private let forwardPlan: OpaquePointer
  private let backwardPlan: OpaquePointer

  /// Plans both directions.
  ///
  /// - Parameters:
  ///   - n: number of points of a ring.
  ///   - fieldStride: distance between points of the field, in real numbers; even.
  ///   - lanes: real fields per call; even.
  package init(n: Int, fieldStride: Int, lanes: Int) {
    precondition(n >= 1 && lanes >= 2 && lanes % 2 == 0, "\(lanes) lanes of \(n) points")
    precondition(fieldStride % 2 == 0 && fieldStride >= lanes, "points \(fieldStride) apart")
    self.n = n
    self.lanes = lanes
    fieldCount = (n - 1) * fieldStride + lanes
    let field = AlignedBuffer<T>(count: n * fieldStride)
    let orders = AlignedBuffer<T>(count: n * lanes)
    (forwardPlan, backwardPlan) = withViews(field, orders) { field, orders in
      let x = UnsafeMutableRawPointer(field.base.raw(n * fieldStride))
      let z = UnsafeMutableRawPointer(orders.base.raw(n * lanes))
      guard
        let forward = T.makeFourierPlan(
          n: n, inputStride: fieldStride / 2, outputStride: lanes / 2, count: lanes / 2,
          backward: false, x, z),
        let backward = T.makeFourierPlan(
          n: n, inputStride: lanes / 2, outputStride: fieldStride / 2, count: lanes / 2,
          backward: true, z, x)
      else {
        preconditionFailure("\(FourierLibrary.name) has no plan for \(n) points, \(lanes) lanes")
      }
      return (forward, backward)
    }
  }

  deinit {
    T.destroyFourierPlan(forwardPlan)
    T.destroyFourierPlan(backwardPlan)
  }

  /// Field to orders, n `lanes` numbers. Both must be aligned to 16 bytes, as FFTW asks of memory
  /// that a plan for aligned memory meets: arrays are, and so is every row of 16 bytes.
  @inline(__always)
  package func forward(_ field: BufferView<T>, to orders: BufferView<T>) {
    T.executeFourierPlan(forwardPlan, field.base.raw(fieldCount), orders.base.raw(n * lanes))
  }

  /// Orders to field.
  @inline(__always)
  package func backward(_ orders: BufferView<T>, to field: BufferView<T>) {
    T.executeFourierPlan(backwardPlan, orders.base.raw(n * lanes), field.base.raw(fieldCount))
  }
}

import Kernels

/// A discrete Fourier transform of one real field on one ring.
///
/// Definition:  Z_m = Σ_k f_k e^{−2πi mk/n}, m = 0...n/2 (forward),
///              f_k = Σ_m Z_m e^{+2πi mk/n} over all n orders, those above n/2 being the conjugates
///              of the others (backward, not divided by n).
/// Method:      FFTW's real transforms [FrigoJohnson2005].
/// Layout:      orders as (Re, Im), 2 (n/2 + 1) numbers.
/// Checked by:  RealFourierPlanTests, against `directDFT`.
package final class RealFourierPlan<T: FourierScalar>: @unchecked Sendable {
  /// Number of points n.
  package let n: Int
  /// Numbers in the orders of a ring.
  package var orderNumbers: Int { 2 * (n / 2 + 1) }
  private let forwardPlan: OpaquePointer
  private let backwardPlan: OpaquePointer

  /// Plans both directions.
  package init(n: Int) {
    precondition(n >= 1 && n <= Int(Int32.max), "\(n) points")
    self.n = n
    let field = AlignedBuffer<T>(count: n)
    let orders = AlignedBuffer<T>(count: 2 * (n / 2 + 1))
    (forwardPlan, backwardPlan) = withViews(field, orders) { field, orders in
      let x = UnsafeMutableRawPointer(field.base.raw(n))
      let z = UnsafeMutableRawPointer(orders.base.raw(2 * (n / 2 + 1)))
      guard let forward = T.makeRealFourierPlan(n: n, backward: false, x, z),
        let backward = T.makeRealFourierPlan(n: n, backward: true, z, x)
      else { preconditionFailure("\(FourierLibrary.name) has no plan for \(n) points") }
      return (forward, backward)
    }
  }

  deinit {
    T.destroyFourierPlan(forwardPlan)
    T.destroyFourierPlan(backwardPlan)
  }

  /// Field to orders. Both must be aligned to 64 bytes and must not overlap.
  @inline(__always)
  package func forward(_ field: BufferView<T>, to orders: BufferView<T>) {
    T.executeRealFourierPlan(
      forwardPlan, backward: false, field.base.raw(n), orders.base.raw(2 * (n / 2 + 1)))
  }

  /// Orders to field; the orders are lost.
  @inline(__always)
  package func backward(_ orders: BufferView<T>, to field: BufferView<T>) {
    T.executeRealFourierPlan(
      backwardPlan, backward: true, orders.base.raw(2 * (n / 2 + 1)), field.base.raw(n))
  }
}

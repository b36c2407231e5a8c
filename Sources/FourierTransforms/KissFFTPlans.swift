#if SPHERE_WITHOUT_FFTW
  import CKissFFT
  import Kernels

  /// A transform of KISS FFT, which knows one transform of adjacent complex numbers, with the
  /// strides, batches and real fields that plans have here.
  ///
  /// Accuracy:    both precisions are computed in `Double`.
  /// Determinism: one plan per length, whatever the memory.
  /// Checked by:  LaneFourierDefinitionTests, RealFourierPlanTests, in a build without FFTW.
  private final class KissFFTPlan {
    private let n: Int
    private let inputStride: Int
    private let outputStride: Int
    private let count: Int
    private let transform: UnsafeMutableRawPointer

    init?(n: Int, inputStride: Int, outputStride: Int, count: Int, backward: Bool) {
      guard let transform = kissfft_transform_create(n, backward ? 1 : 0) else { return nil }
      self.n = n
      self.inputStride = inputStride
      self.outputStride = outputStride
      self.count = count
      self.transform = transform
    }

    deinit { kissfft_transform_destroy(transform) }

    /// The opaque pointer that keeps this plan.
    var kept: OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

    /// The plan behind an opaque pointer.
    static func behind(_ plan: OpaquePointer) -> Unmanaged<KissFFTPlan> {
      Unmanaged.fromOpaque(UnsafeRawPointer(plan))
    }

    private func transformed(_ z: [Double]) -> [Double] {
      var result = [Double](repeating: 0, count: 2 * n)
      guard kissfft_transform_execute(transform, 1, z, &result) != 0 else {
        preconditionFailure("no memory for a transform of \(n) points")
      }
      return result
    }

    func execute<T: LaneScalar>(_ input: UnsafeMutablePointer<T>, _ output: UnsafeMutablePointer<T>)
    {
      var z = [Double](repeating: 0, count: 2 * n)
      for k in 0..<count {
        for j in 0..<n {
          let place = 2 * (j * inputStride + k)
          z[2 * j] = Double(input[place])
          z[2 * j + 1] = Double(input[place + 1])
        }
        let result = transformed(z)
        for j in 0..<n {
          let place = 2 * (j * outputStride + k)
          output[place] = T(result[2 * j])
          output[place + 1] = T(result[2 * j + 1])
        }
      }
    }

    /// n real numbers to their n/2 + 1 orders.
    func executeReal<T: LaneScalar>(
      _ input: UnsafeMutablePointer<T>, orders output: UnsafeMutablePointer<T>
    ) {
      var z = [Double](repeating: 0, count: 2 * n)
      for j in 0..<n { z[2 * j] = Double(input[j]) }
      let result = transformed(z)
      for i in 0..<2 * (n / 2 + 1) { output[i] = T(result[i]) }
    }

    /// n/2 + 1 orders to n real numbers; those above n/2 are the conjugates of the others.
    func executeReal<T: LaneScalar>(
      orders input: UnsafeMutablePointer<T>, _ output: UnsafeMutablePointer<T>
    ) {
      var z = [Double](repeating: 0, count: 2 * n)
      for m in 0...n / 2 {
        let (re, im) = (Double(input[2 * m]), Double(input[2 * m + 1]))
        let mirror = (n - m) % n
        // An order that is its own mirror image is real.
        z[2 * m] = re
        z[2 * m + 1] = mirror == m ? 0 : im
        z[2 * mirror] = re
        z[2 * mirror + 1] = mirror == m ? 0 : -im
      }
      let result = transformed(z)
      for j in 0..<n { output[j] = T(result[2 * j]) }
    }
  }

  extension FourierScalar {
    public static func makeFourierPlan(
      n: Int, inputStride: Int, outputStride: Int, count: Int, backward: Bool,
      _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
    ) -> OpaquePointer? {
      KissFFTPlan(
        n: n, inputStride: inputStride, outputStride: outputStride, count: count,
        backward: backward)?.kept
    }

    public static func executeFourierPlan(
      _ plan: OpaquePointer, _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
    ) {
      KissFFTPlan.behind(plan).takeUnretainedValue().execute(
        input.assumingMemoryBound(to: Self.self), output.assumingMemoryBound(to: Self.self))
    }

    public static func makeRealFourierPlan(
      n: Int, backward: Bool, _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
    ) -> OpaquePointer? {
      KissFFTPlan(n: n, inputStride: 1, outputStride: 1, count: 1, backward: backward)?.kept
    }

    public static func executeRealFourierPlan(
      _ plan: OpaquePointer, backward: Bool, _ input: UnsafeMutableRawPointer,
      _ output: UnsafeMutableRawPointer
    ) {
      let input = input.assumingMemoryBound(to: Self.self)
      let output = output.assumingMemoryBound(to: Self.self)
      let plan = KissFFTPlan.behind(plan).takeUnretainedValue()
      if backward {
        plan.executeReal(orders: input, output)
      } else {
        plan.executeReal(input, orders: output)
      }
    }

    public static func destroyFourierPlan(_ plan: OpaquePointer) {
      KissFFTPlan.behind(plan).release()
    }
  }

  extension Double: FourierScalar {}
  extension Float: FourierScalar {}
#endif

#if !SPHERE_WITHOUT_FFTW
  import CFFTW3
  import Foundation
  import Kernels

  /// FFTW's planner and its plan destruction share global tables and are not thread-safe; execution
  /// is.
  private let plannerLock = NSLock()

  /// FFTW_ESTIMATE: measured plans differ from run to run, and with them the last bits of the
  /// results. FFTW_PRESERVE_INPUT: the field that is analysed is still needed afterwards.
  private let plannerFlags: UInt32 = FFTW_ESTIMATE | FFTW_PRESERVE_INPUT

  extension Double: FourierScalar {
    public static func makeFourierPlan(
      n: Int, inputStride: Int, outputStride: Int, count: Int, backward: Bool,
      _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
    ) -> OpaquePointer? {
      var points = fftw_iodim64(n: n, is: inputStride, os: outputStride)
      var transforms = fftw_iodim64(n: count, is: 1, os: 1)
      return plannerLock.withLock {
        fftw_plan_guru64_dft(
          1, &points, 1, &transforms, input.assumingMemoryBound(to: fftw_complex.self),
          output.assumingMemoryBound(to: fftw_complex.self),
          backward ? FFTW_BACKWARD : FFTW_FORWARD, plannerFlags)
      }
    }

    @inline(__always)
    public static func executeFourierPlan(
      _ plan: OpaquePointer, _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
    ) {
      fftw_execute_dft(
        plan, input.assumingMemoryBound(to: fftw_complex.self),
        output.assumingMemoryBound(to: fftw_complex.self))
    }

    public static func makeRealFourierPlan(
      n: Int, backward: Bool, _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
    ) -> OpaquePointer? {
      plannerLock.withLock {
        backward
          ? fftw_plan_dft_c2r_1d(
            Int32(n), input.assumingMemoryBound(to: fftw_complex.self),
            output.assumingMemoryBound(to: Double.self), FFTW_ESTIMATE)
          : fftw_plan_dft_r2c_1d(
            Int32(n), input.assumingMemoryBound(to: Double.self),
            output.assumingMemoryBound(to: fftw_complex.self), FFTW_ESTIMATE)
      }
    }

    @inline(__always)
    public static func executeRealFourierPlan(
      _ plan: OpaquePointer, backward: Bool, _ input: UnsafeMutableRawPointer,
      _ output: UnsafeMutableRawPointer
    ) {
      if backward {
        fftw_execute_dft_c2r(
          plan, input.assumingMemoryBound(to: fftw_complex.self),
          output.assumingMemoryBound(to: Double.self))
      } else {
        fftw_execute_dft_r2c(
          plan, input.assumingMemoryBound(to: Double.self),
          output.assumingMemoryBound(to: fftw_complex.self))
      }
    }

    public static func destroyFourierPlan(_ plan: OpaquePointer) {
      plannerLock.withLock { fftw_destroy_plan(plan) }
    }
  }

  extension Float: FourierScalar {
    public static func makeFourierPlan(
      n: Int, inputStride: Int, outputStride: Int, count: Int, backward: Bool,
      _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
    ) -> OpaquePointer? {
      var points = fftwf_iodim64(n: n, is: inputStride, os: outputStride)
      var transforms = fftwf_iodim64(n: count, is: 1, os: 1)
      return plannerLock.withLock {
        fftwf_plan_guru64_dft(
          1, &points, 1, &transforms, input.assumingMemoryBound(to: fftwf_complex.self),
          output.assumingMemoryBound(to: fftwf_complex.self),
          backward ? FFTW_BACKWARD : FFTW_FORWARD, plannerFlags)
      }
    }

    @inline(__always)
    public static func executeFourierPlan(
      _ plan: OpaquePointer, _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
    ) {
      fftwf_execute_dft(
        plan, input.assumingMemoryBound(to: fftwf_complex.self),
        output.assumingMemoryBound(to: fftwf_complex.self))
    }

    public static func makeRealFourierPlan(
      n: Int, backward: Bool, _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer
    ) -> OpaquePointer? {
      plannerLock.withLock {
        backward
          ? fftwf_plan_dft_c2r_1d(
            Int32(n), input.assumingMemoryBound(to: fftwf_complex.self),
            output.assumingMemoryBound(to: Float.self), FFTW_ESTIMATE)
          : fftwf_plan_dft_r2c_1d(
            Int32(n), input.assumingMemoryBound(to: Float.self),
            output.assumingMemoryBound(to: fftwf_complex.self), FFTW_ESTIMATE)
      }
    }

    @inline(__always)
    public static func executeRealFourierPlan(
      _ plan: OpaquePointer, backward: Bool, _ input: UnsafeMutableRawPointer,
      _ output: UnsafeMutableRawPointer
    ) {
      if backward {
        fftwf_execute_dft_c2r(
          plan, input.assumingMemoryBound(to: fftwf_complex.self),
          output.assumingMemoryBound(to: Float.self))
      } else {
        fftwf_execute_dft_r2c(
          plan, input.assumingMemoryBound(to: Float.self),
          output.assumingMemoryBound(to: fftwf_complex.self))
      }
    }

    public static func destroyFourierPlan(_ plan: OpaquePointer) {
      plannerLock.withLock { fftwf_destroy_plan(plan) }
    }
  }
#endif

import FourierTransforms
import HarmonicTransforms
import Kernels
import Numerics
import RandomNumbers
import SpectralNetworks
import SphereGrids
import Verification

/// How far a linear layer is from commuting with rotations: ‖L R a − R L a‖ / ‖L a‖.
///
/// Layers:      *isotropic*, real weights per l (`DegreewiseMixing`); *published*, complex weights
///              per (l, m) (`OrderwiseMixing`); both with normal weights, from 3 to 4 channels. In
///              coefficient space no grid is involved. The *published block* is the published layer
///              between synthesis and analysis on its own grid, 32 x 64 points, lmax 46, mmax 32,
///              Nyquist order counted once.
/// Precision:   `Double`.
/// Checked by:  LayerEquivarianceTests.
struct LayerEquivariance {
  static let inputs = 3
  static let outputs = 4
  let lmax: Int
  let skies: Int
  let seed: UInt64

  private var lanes: Int { skies * Self.inputs }

  private func sky(lmax: Int, mmax: Int) -> CoefficientStack<Double> {
    UniformCoefficients.draw(lmax: lmax, mmax: mmax, trials: lanes, seed: seed)
  }

  private func normals(_ count: Int) -> [Double] {
    RandomStream(seed: seed, purpose: .initialWeights).normals(count: count)
  }

  /// The error of the isotropic layer under a rotation.
  func isotropic(_ rotation: Rotation) -> Double {
    let mixing = DegreewiseMixing<Double>(
      inputChannels: Self.inputs, outputChannels: Self.outputs, lmax: lmax, mmax: lmax)
    return coefficientError(mixing, rotation)
  }

  /// The error of weights per (l, m) under a rotation.
  func published(_ rotation: Rotation) -> Double {
    let mixing = OrderwiseMixing<Double>(
      inputChannels: Self.inputs, outputChannels: Self.outputs, lmax: lmax, mmax: lmax)
    return coefficientError(mixing, rotation)
  }

  private func coefficientError(
    _ mixing: some SpectralMixing<Double>, _ rotation: Rotation
  ) -> Double {
    let a = sky(lmax: lmax, mmax: lmax)
    let weights = normals(mixing.weightCount)
    let layer = { (a: CoefficientStack<Double>) in
      mixing.applied(to: a, maps: self.skies, weights: weights)
    }
    return relativeDifference(layer(a.rotated(by: rotation)), layer(a).rotated(by: rotation))
  }

  /// The error of the published block on its grid under the rotation about the polar axis by an
  /// angle; all orders up to 32 are filled, that of the Nyquist order with real numbers.
  func publishedBlockAboutAxis(_ angle: Double) -> Double {
    let a: CoefficientStack<Double> = UniformCoefficients.draw(
      lmax: 46, mmax: 32, trials: lanes, realOrder: 32, seed: seed)
    let block = publishedBlock()
    return relativeDifference(
      block(a.turnedAboutAxis(by: angle)), block(a).turnedAboutAxis(by: angle))
  }

  /// The error of the published block under any rotation, for skies up to degree 31, which have all
  /// their orders on the grid.
  func publishedBlock(_ rotation: Rotation) -> Double {
    let a = sky(lmax: 31, mmax: 31)
    let block = publishedBlock()
    return relativeDifference(
      block(a.rotated(by: rotation).padded(lmax: 46, mmax: 32)).cut(lmax: 31),
      block(a.padded(lmax: 46, mmax: 32)).cut(lmax: 31).rotated(by: rotation))
  }

  private func publishedBlock() -> (CoefficientStack<Double>) -> CoefficientStack<Double> {
    let transform = ScalarTransform<Double>(
      grid: ClenshawCurtisGrid(ringCount: 32, longitudeCount: 64), lmax: 46, mmax: 32,
      nyquist: .once)
    let mixing = OrderwiseMixing<Double>(
      inputChannels: Self.inputs, outputChannels: Self.outputs, lmax: 46, mmax: 32)
    let weights = normals(mixing.weightCount)
    return { a in
      let b = transform.throughGrid(a)
      let mixed = mixing.applied(to: b, maps: self.skies, weights: weights, nyquistOrder: 32)
      return transform.throughGrid(mixed)
    }
  }
}

extension ScalarTransform {
  /// What quadrature makes of the field of coefficients.
  fileprivate func throughGrid(_ a: CoefficientStack<T>) -> CoefficientStack<T> {
    let f = synthesis(a)
    do {
      return try analysis(f, .lossy)
    } catch {
      preconditionFailure("a synthesised field is refused: \(error)")
    }
  }
}

extension SpectralMixing {
  /// The layer on a stack of `maps` fields with all input channels, lane map · channels + channel.
  func applied(
    to x: CoefficientStack<Scalar>, maps: Int, weights: [Scalar], nyquistOrder: Int? = nil
  ) -> CoefficientStack<Scalar> {
    precondition(x.lanes == maps * inputChannels, "\(x.lanes) lanes for \(maps) maps")
    return CoefficientStack(
      lmax: lmax, mmax: mmax, lanes: maps * outputChannels,
      values: forward(
        x.values, maps: maps, weights: weights, realOrders: [0, nyquistOrder ?? 0]))
  }
}

extension CoefficientStack where T == Double {
  /// a_lm e^{−imα}: the rotation about the polar axis, also of stacks with mmax < lmax.
  func turnedAboutAxis(by angle: Double) -> CoefficientStack {
    var turned = self
    forEachCoefficient { l, m, _ in
      let phase = Complex(length: 1, phase: -Double(m) * angle)
      for lane in 0..<lanes { turned[l, m, lane] = self[l, m, lane] * phase }
    }
    return turned
  }

  /// The same coefficients among zeros.
  func padded(lmax: Int, mmax: Int) -> CoefficientStack {
    var larger = CoefficientStack(lmax: lmax, mmax: mmax, lanes: lanes)
    forEachCoefficient { l, m, _ in
      for lane in 0..<lanes { larger[l, m, lane] = self[l, m, lane] }
    }
    return larger
  }

  /// The degrees and orders up to lmax.
  func cut(lmax: Int) -> CoefficientStack {
    var smaller = CoefficientStack(lmax: lmax, lanes: lanes)
    smaller.forEachCoefficient { l, m, _ in
      for lane in 0..<lanes { smaller[l, m, lane] = self[l, m, lane] }
    }
    return smaller
  }
}

/// ‖a − b‖ / ‖b‖ over the stored numbers of all lanes.
private func relativeDifference(
  _ a: CoefficientStack<Double>, _ b: CoefficientStack<Double>
) -> Double {
  relativeError(a.values, b.values)
}

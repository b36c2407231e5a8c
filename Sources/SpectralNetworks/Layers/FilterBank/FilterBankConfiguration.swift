import FourierTransforms
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SphereGrids

/// What a bank of inverse-covariance filters is made from: which pixels are observed, which spectra
/// are assumed, and how the covariance is kept regular.
public struct FilterBankConfiguration: Codable, Sendable, Equatable {
  /// Spectra that one filter assumes, C_l for l = 0...lmax.
  public struct Fiducial: Codable, Sendable, Equatable {
    /// C_l^EE, in the square of the map's unit.
    public var ee: [Double]
    /// C_l^BB.
    public var bb: [Double]

    /// One set of spectra.
    public init(ee: [Double], bb: [Double]) {
      self.ee = ee
      self.bb = bb
    }
  }

  /// The observed pixels, RING order: one hexadecimal digit for four pixels, the first pixel of the
  /// four in the highest bit.
  public var observed: String
  /// One set of spectra per filter.
  public var fiducials: [Fiducial]
  /// Variance that is added to every Q and U, in the square of the map's unit: the noise, and a
  /// floor that keeps the covariance of a band-limited sky regular.
  public var variance: Double

  /// A bank for the observed pixels, one element per pixel in RING order.
  public init(observed: [Bool], fiducials: [Fiducial], variance: Double) {
    self.observed = hexadecimal(observed)
    self.fiducials = fiducials
    self.variance = variance
  }

  /// The indices of the observed pixels; nil if `observed` is not 3 nside² hexadecimal digits.
  public func observedPixels(nside: Int) -> [Int]? {
    Self.pixels(ofHexadecimal: observed, nside: nside)
  }

  /// Number of observed pixels: bits that are set, in digits of whatever number.
  var observedCount: Int {
    observed.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
  }

  /// The pixels whose bits are set in the hexadecimal digits of `observed`; nil as above.
  public static func pixels(ofHexadecimal text: String, nside: Int) -> [Int]? {
    guard (1...HealpixGrid.largestNside).contains(nside), text.count == 3 * nside * nside else {
      return nil
    }
    var pixels: [Int] = []
    for (group, digit) in text.enumerated() {
      guard let bits = digit.hexDigitValue else { return nil }
      for bit in 0..<4 where bits >> (3 - bit) & 1 == 1 { pixels.append(4 * group + bit) }
    }
    return pixels
  }
}

extension FilterBankConfiguration {
  /// What making the filters takes: their memory with that of the widest step, and the
  /// multiplications.
  ///
  /// - Parameters:
  ///   - nside: resolution of the maps.
  ///   - lmax: largest degree.
  ///   - bytesPerNumber: of the finished filters; 4 for float32.
  /// - Returns: the estimate, with fewer filters and lower resolutions as alternatives; nil if
  ///   `observed` is no list of pixels of this nside.
  public func workEstimate(nside: Int, lmax: Int, bytesPerNumber: Int = 4) -> WorkEstimate? {
    observedPixels(nside: nside).map {
      work(pixels: $0.count, nside: nside, lmax: lmax, bytesPerNumber: bytesPerNumber)
    }
  }

  func work(
    pixels: Int, nside: Int, lmax: Int, bytesPerNumber: Int
  ) -> WorkEstimate {
    let filters = fiducials.count
    let columns = Double(SpinHarmonicMatrix.columnCount(spin: 2, lmax: lmax, mmax: lmax))
    let stored = Double(2 * coefficientCount(lmax: lmax, mmax: lmax))
    func bytes(filters: Int, pixels: Double) -> Double {
      let n = 2 * pixels
      // The finished filters; harmonics, weighted harmonics and one filter; covariance, twice, the
      // system of the inverse, which is twice as wide, and the inverse.
      return Double(bytesPerNumber) * 2 * Double(filters) * stored * n
        + 8 * (3 * n * columns + 5 * n * n)
    }
    let n = Double(2 * pixels)
    let fewer = stride(from: filters - 1, through: 1, by: -1).map {
      WorkEstimate.Alternative(
        change: $0 == 1 ? "1 filter" : "\($0) filters",
        bytes: bytes(filters: $0, pixels: Double(pixels)))
    }
    let lower = sequence(first: nside / 2) { $0 / 2 }
      .prefix { 3 * $0 - 1 >= lmax }
      .map { coarser in
        let share = Double(coarser) / Double(nside)
        return WorkEstimate.Alternative(
          change: "maps of nside \(coarser)",
          bytes: bytes(filters: filters, pixels: Double(pixels) * share * share))
      }
    return WorkEstimate(
      stage: "making \(filters) filters of \(pixels) pixels", subject: .filters,
      bytes: bytes(filters: filters, pixels: Double(pixels)),
      multiplications: Double(filters) * (2 * n * n * columns + inverseCost(order: 2 * pixels)),
      alternatives: fewer + lower)
  }
}

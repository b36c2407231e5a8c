import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SphereGrids

/// What a bank of inverse-covariance filters is made from: which pixels are observed, which spectra
/// are assumed, and how the covariance is kept regular.
public struct FilterBankConfiguration: Codable, Sendable, Equatable {
  /// Spectra that one filter assumes, C_l for l = 0...lmax: EE and BB of maps of Q and U, or TT of
  /// maps of T.
  public struct Fiducial: Codable, Sendable, Equatable {
    /// C_l^EE, in the square of the map's unit; none of maps of T.
    public var ee: [Double]
    /// C_l^BB; none of maps of T.
    public var bb: [Double]
    /// C_l^TT; nil: the maps are Q and U.
    public var tt: [Double]?

    /// One set of spectra of E and B.
    public init(ee: [Double], bb: [Double]) {
      self.ee = ee
      self.bb = bb
    }

    /// One spectrum of T.
    public init(tt: [Double]) {
      self.tt = tt
      (ee, bb) = ([], [])
    }

    /// Those of the fields of coefficients: of E and B, or of T.
    public var spectra: [[Double]] { tt.map { [$0] } ?? [ee, bb] }
  }

  /// The observed pixels, RING order: one hexadecimal digit for four pixels, the first pixel of the
  /// four in the highest bit.
  public var observed: String
  /// One set of spectra per filter.
  public var fiducials: [Fiducial]
  /// Variance that is added to every Q and U, in the square of the map's unit: the noise, and a
  /// floor that keeps the covariance of a band-limited sky regular.
  public var variance: Double
  /// Standard deviations of noise that is added to it, of every observed pixel in RING order; nil:
  /// none.
  public var deviations: PackedNumbers?
  /// Set when the filters are applied by iteration (`IterativeFilterBank`); nil: as one dense
  /// matrix each (`FilterBank`).
  public var iteration: Iteration?

  /// How filters are applied by iteration.
  public struct Iteration: Codable, Sendable, Equatable {
    /// Number of steps, for every map the same.
    public var steps: Int
    /// Degrees up to which the preconditioner is exact; below 2 it is diagonal.
    public var exactDegree: Int

    /// Steps, and the preconditioner's exact degrees.
    public init(steps: Int, exactDegree: Int) {
      self.steps = steps
      self.exactDegree = exactDegree
    }
  }

  /// A bank for the observed pixels, one element per pixel in RING order.
  public init(
    observed: [Bool], fiducials: [Fiducial], variance: Double, deviations: [Float]? = nil
  ) {
    self.observed = hexadecimal(observed)
    self.fiducials = fiducials
    self.variance = variance
    self.deviations = deviations.map(PackedNumbers.init)
  }

  /// Fields of coefficients, and of the maps: T alone, or two.
  public var fieldCount: Int { fiducials.first?.spectra.count ?? 2 }

  /// The variances of some of the pixels' noise.
  ///
  /// - Parameter pixels: number of observed pixels.
  /// - Returns: one per observed pixel.
  /// - Throws: `NetworkConfigurationError` for another number of deviations, or one that is no
  ///   finite number ≥ 0.
  func variances(pixels: Int) throws(NetworkConfigurationError) -> [Double] {
    guard let values = deviations?.values else {
      return [Double](repeating: variance, count: pixels)
    }
    guard values.count == pixels, values.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw .invalid(
        key: "deviations of the filter bank", found: "\(values.count) values",
        expected: "\(pixels) finite values >= 0, one per observed pixel")
    }
    return values.map { variance + Double($0) * Double($0) }
  }

  /// The indices of the observed pixels; nil if `observed` is not 3 nside² hexadecimal digits.
  public func observedPixels(nside: Int) -> [Int]? {
    Self.pixels(ofHexadecimal: observed, nside: nside)
  }

  /// The indices of the observed pixels of a bank that filters can be made from.
  ///
  /// - Throws: `NetworkConfigurationError`.
  func usablePixels(nside: Int, lmax: Int) throws(NetworkConfigurationError) -> [Int] {
    guard let pixels = observedPixels(nside: nside), !pixels.isEmpty else {
      throw NetworkConfigurationError.invalid(
        key: "observed pixels", found: "\(observed.prefix(32))...",
        expected: "\(3 * nside * nside) hexadecimal digits, not all zero")
    }
    let fields = fieldCount
    for (index, fiducial) in fiducials.enumerated() {
      let named = zip(fields == 1 ? ["TT"] : ["EE", "BB"], fiducial.spectra)
      for (name, values) in named
      where values.count != lmax + 1 || fiducial.spectra.count != fields
        || !values.allSatisfy({ $0 >= 0 && $0.isFinite })
      {
        throw NetworkConfigurationError.invalid(
          key: "\(name) of fiducial \(index)", found: "\(values.count) values",
          expected: "\(lmax + 1) finite values >= 0, and the same spectra in every fiducial")
      }
    }
    guard !fiducials.isEmpty, variance > 0 else {
      throw NetworkConfigurationError.invalid(
        key: "filter bank",
        found: "\(fiducials.count) fiducials, variance \(variance)",
        expected: "at least one fiducial and a variance > 0")
    }
    return pixels
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
    if iteration != nil {
      return iterativeWork(nside: nside, lmax: lmax, bytesPerNumber: bytesPerNumber)
    }
    let filters = fiducials.count
    let fields = fieldCount
    let columns = Double(
      SpinHarmonicMatrix.columnCount(spin: fields == 1 ? 0 : 2, lmax: lmax, mmax: lmax))
    let stored = Double(2 * coefficientCount(lmax: lmax, mmax: lmax))
    func bytes(filters: Int, pixels: Double) -> Double {
      let n = Double(fields) * pixels
      // The finished filters; harmonics, weighted harmonics and one filter; covariance, twice, the
      // system of the inverse, which is twice as wide, and the inverse.
      return Double(bytesPerNumber * fields) * Double(filters) * stored * n
        + 8 * (3 * n * columns + 5 * n * n)
    }
    let n = Double(fields * pixels)
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
      multiplications: Double(filters)
        * (2 * n * n * columns + inverseCost(order: fields * pixels)),
      alternatives: fewer + lower)
  }

  /// What preparing filters takes that are applied by iteration: the exact block, in `Double` with
  /// its inverse and once per filter, the panels and fields of 32 maps; the transforms of the
  /// block's columns and of the ensemble.
  private func iterativeWork(nside: Int, lmax: Int, bytesPerNumber: Int) -> WorkEstimate {
    let exact = min(iteration?.exactDegree ?? 0, lmax)
    let spin = fieldCount == 1 ? 0 : 2
    let order = SpinHarmonicMatrix.columnCount(spin: spin, lmax: exact, mmax: exact)
    let n = Double(order)
    let fields = Double(fieldCount)
    let pixels = 12 * Double(nside) * Double(nside)
    let rows = fields * Double(2 * coefficientCount(lmax: lmax, mmax: lmax))
    let filters = Double(fiducials.count)
    // Of 2 nside pairs of rings and rows of coefficients, twice for each of two fields.
    let transform = 2 * fields * rows * Double(nside)
    return WorkEstimate(
      stage: "preparing \(fiducials.count) filters that are applied by iteration",
      subject: .filters,
      bytes: n * n * (40 + filters * Double(bytesPerNumber))
        + 32 * Double(bytesPerNumber) * (6 * rows + 2 * fields * pixels),
      multiplications: 2 * n * transform
        + filters * (inverseCost(order: order) + 32 * Double(iteration?.steps ?? 0) * transform))
  }
}

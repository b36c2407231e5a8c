import Kernels
import LinearAlgebra
import SkyMaps
import SkyModels
import Synchronization
import Testing
import Verification

@testable import Baselines

/// Condition of C: the largest eigenvalue is below its trace, the smallest the white variance 0.01,
/// as in PixelLikelihoodTests; the inverse enters four times.
@Suite("Information behind a bank of filters")
struct FilterInformationTests {
  private static func likelihood() throws -> PixelLikelihood {
    try PixelLikelihood(
      smallPeaks(lmax: 6, floor: 1e-2), mask: SkyMask.cap(nside: 2, skyFraction: 0.6),
      noise: 0.1, floor: PixelFloor(fraction: 0.01))
  }

  private static let bound = 1e5 * RoundingBound.probable(operations: 1000)
  private static let fiducials = [[2.5, 3], [2.5, 5], [4.5, 3], [4.5, 5]]

  @Test("At a fiducial nothing is lost, elsewhere something is")
  func fiducial() throws {
    let likelihood = try Self.likelihood()
    let bank = try FilterInformation(likelihood, fiducials: Self.fiducials, threads: 2)
    for point in Self.fiducials {
      let exact = try likelihood.fisherInformation(at: point)
      let found = try bank.information(at: point)
      #expect(relativeError(found.storage, exact.storage) <= Self.bound)
    }
    // Negative control: between the fiducials, and with one of them only.
    let one = try FilterInformation(likelihood, fiducials: [Self.fiducials[0]])
    for (bank, point) in [(bank, [3.5, 4.0]), (one, [4.5, 5.0])] {
      let exact = try likelihood.fisherInformation(at: point)
      let found = try bank.information(at: point)
      #expect(relativeError(found.storage, exact.storage) > 1000 * Self.bound)
      // A part of the data cannot know more: exact − found has no negative eigenvalue.
      let lost = Matrix(rows: 2, columns: 2) { i, j in
        exact[max(i, j), min(i, j)] - found[max(i, j), min(i, j)]
      }
      let least = try SymmetricEigendecomposition(lost).values[0]
      #expect(least >= -Self.bound * exact.norm)
    }
  }

  /// M_fb = C_f⁻¹ P_b C_f⁻¹, ∂⟨x⟩ = tr(M ∂C), Cov = 2 tr(M C M' C) with plain matrices, and
  /// Cholesky.
  @Test("Against the definition")
  func definition() throws {
    let likelihood = try Self.likelihood()
    let fiducials = [[2.5, 5.0], [4.5, 3]]
    let point = [3.0, 4.5]
    let n = likelihood.dataCount
    // P_b, EE before BB.
    let bands = [SkyField.e, .b].flatMap { field in
      (2...6).map { l -> Matrix in
        var spectrum = [Double](repeating: 0, count: 7)
        spectrum[l] = 1
        let part = likelihood.harmonics.covariance(of: field, spectrum: spectrum, threads: 1)
        return Matrix(rows: n, columns: n) { i, j in part[min(i, j) * n + max(i, j)] }
      }
    }
    func trace(_ a: Matrix, _ b: Matrix) -> Double {
      let product = a.multiplied(by: b)
      return (0..<n).reduce(0) { $0 + product[$1, $1] }
    }
    let covariance = try likelihood.covariance(at: point)
    let slopes = likelihood.model.derivatives(at: point).map { slope in
      let values = [SkyField.e, .b].flatMap { slope[$0.spectrum][2...6] }
      return Matrix(rows: n, columns: n) { i, j in
        zip(values, bands).reduce(0) { $0 + $1.0 * $1.1[i, j] }
      }
    }
    func information(_ inverses: [Matrix]) throws -> Matrix {
      let forms = inverses.flatMap { inverse in
        bands.map { inverse.multiplied(by: $0).multiplied(by: inverse) }
      }
      let seen = forms.map { $0.multiplied(by: covariance) }
      let statistics = Matrix(rows: forms.count, columns: forms.count) {
        2 * trace(seen[$0], seen[$1])
      }
      let means = Matrix(rows: forms.count, columns: 2) { trace(forms[$0], slopes[$1]) }
      return try means.transposed.multiplied(by: CholeskyFactor(statistics).solve(means))
    }
    let inverses = try fiducials.map {
      try CholeskyFactor(likelihood.covariance(at: $0)).inverse()
    }
    let expected = try information(inverses)
    let bank = try FilterInformation(likelihood, fiducials: fiducials, threads: 2)
    let found = try bank.information(at: point, threads: 2)
    #expect(relativeError(found.storage, expected.storage) <= Self.bound)
    #expect(found == (try bank.information(at: point, threads: 1)))
    // Negative control: no filters.
    let wrong = try information([Matrix.identity(n)])
    #expect(relativeError(wrong.storage, expected.storage) > 1000 * Self.bound)
  }

  /// Twice the same filter is a singular covariance, whose small eigenvalues are rounding.
  @Test("A filter twice is a filter once")
  func twice() throws {
    let likelihood = try Self.likelihood()
    let once = try FilterInformation(likelihood, fiducials: [[2.5, 5.0]])
    let twice = try FilterInformation(likelihood, fiducials: [[2.5, 5.0], [2.5, 5]])
    let other = try FilterInformation(likelihood, fiducials: [[2.5, 5.0], [4, 3]])
    let point = [3.0, 4.5]
    let expected = try once.information(at: point)
    let found = try twice.information(at: point)
    #expect(relativeError(found.storage, expected.storage) <= Self.bound)
    // Negative control: a second filter that is another one.
    let more = try other.information(at: point)
    #expect(relativeError(more.storage, expected.storage) > 1000 * Self.bound)
  }

  /// Three tiles of columns, bands interleaved; sums of products of 12 terms.
  @Test("Squares by bands against two loops", arguments: [1, 3])
  func squares(threads: Int) throws {
    var numbers = TestNumbers(seed: 361)
    let (rows, columns) = (12, 400)
    func matrix(bandCount: Int) -> (BandedColumns, [Double]) {
      let values = numbers.normals(rows * columns)
      let storage = AlignedBuffer<Double>(count: values.count)
      for (i, value) in values.enumerated() { storage[i] = value }
      let banded = BandedColumns(
        storage: storage, offset: 0, rows: rows, stride: columns,
        bands: (0..<columns).map { $0 % bandCount }, bandCount: bandCount)
      return (banded, values)
    }
    let (a, aValues) = matrix(bandCount: 3)
    let (b, bValues) = matrix(bandCount: 5)
    func definition(_ x: [Double], _ p: Int, _ y: [Double], _ q: Int) -> [Double] {
      var sums = [Double](repeating: 0, count: p * q)
      for i in 0..<columns {
        for j in 0..<columns {
          let product = (0..<rows).reduce(0) { $0 + x[$1 * columns + i] * y[$1 * columns + j] }
          sums[i % p * q + j % q] += product * product
        }
      }
      return sums
    }
    let bound = RoundingBound.probable(operations: columns * columns)
    let symmetric = definition(aValues, 3, aValues, 3)
    let mixed = definition(aValues, 3, bValues, 5)
    #expect(try relativeError(bandSquares(a, threads: threads).storage, symmetric) <= bound)
    #expect(try relativeError(bandSquares(a, b, threads: threads).storage, mixed) <= bound)
    #expect(try bandSquares(a, threads: threads) == bandSquares(a, threads: 1))
    // Negative control: bands of the columns exchanged.
    let wrong = definition(bValues, 3, aValues, 5)
    #expect(try relativeError(bandSquares(a, b, threads: threads).storage, wrong) > 1000 * bound)
  }

  @Test("The mean over the prior lies above the bound of the pixels")
  func mean() throws {
    let likelihood = try Self.likelihood()
    let exact = try likelihood.cramerRaoPercentErrors(points: 2)
    let bank = try FilterInformation(likelihood, fiducials: Self.fiducials)
    let one = try FilterInformation(likelihood, fiducials: [[3.5, 4]])
    let (many, few) = (
      try bank.linearPercentErrors(points: 2), try one.linearPercentErrors(points: 2)
    )
    for i in 0..<2 {
      #expect(exact[i] < many[i])
      #expect(many[i] < few[i])
    }
    #expect(throws: BaselineError.interrupted) {
      try bank.linearPercentErrors(points: 2, progress: WorkProgress(isStopped: { true }))
    }
  }

  /// At whichever question the answer is "stop", the work ends as interrupted; with as many
  /// questions as there are it ends as it does unwatched.
  @Test("A stop at any question ends filters, information and bounds")
  func stops() throws {
    let likelihood = try Self.likelihood()
    let bank = try FilterInformation(likelihood, fiducials: Self.fiducials)
    let works: [(WorkProgress) throws -> [Double]] = [
      { try likelihood.cramerRaoPercentErrors(points: 1, progress: $0) },
      { try bank.linearPercentErrors(points: 1, progress: $0) },
      {
        try FilterInformation(likelihood, fiducials: Self.fiducials, progress: $0)
          .information(at: [3.5, 4]).storage
      },
    ]
    for work in works {
      let expected = try work(WorkProgress())
      var last = 0
      while true {
        let asked = Mutex(0)
        let progress = WorkProgress(isStopped: { [last] in
          asked.withLock {
            $0 += 1
            return $0 > last
          }
        })
        do {
          #expect(try work(progress) == expected)
          break
        } catch {
          let isStop =
            error as? BaselineError == .interrupted
            || error as? LinearAlgebraError == .interrupted
          #expect(isStop, "question \(last): \(error)")
        }
        last += 1
        try #require(last < 1000)
      }
      #expect(last > 3, "\(last) questions")
    }
  }

  @Test("Estimates of bounds and filters")
  func estimates() {
    let bound = PixelLikelihood.workEstimate(pixels: 1536, lmax: 47, parameters: 2, points: 3)
    // Nine points: n² K/2 for C, n³/3 for its factor, n K²/2 for the products, n = 3072, K = 4600;
    // the rest is smaller.
    let (n, k) = (3072.0, 4600.0)
    let least = 9 * (n * n * k / 2 + n * n * n / 3 + n * k * k / 2)
    #expect((least...2 * least).contains(bound.multiplications), "\(bound)")
    #expect(bound.bytes > 8 * 3072 * (3072 + 2 * 4600))
    let nine = FilterInformation.workEstimate(pixels: 1536, lmax: 47, filters: 9)
    #expect(nine.bytes > 8 * 9 * 3072 * 4600 && nine.alternatives.count == 8)
    #expect(nine.alternatives[0].change == "8 filters" && nine.alternatives[7].change == "1 filter")
  }
}

import Kernels
import Testing
import Verification

@Suite("Adam update against its formula")
struct AdamDefinitionTests {
  struct Trajectory<T: LaneScalar> {
    var p: [T], m: [T], v: [T]
    var reference: (p: [Double], m: [Double], v: [Double])
    var isFinite = true
    var leavesGradient = false
  }

  static let options = (beta1: 0.9, beta2: 0.999, epsilon: 1e-8, rate: 1e-3)

  /// `steps` steps of both twins with gradients over twelve decades.
  func trajectory<T: LaneScalar>(
    _ type: T.Type, count: Int, steps: Int, threads: Int,
    reference twin: (
      _ p: inout [Double], _ g: [Double], _ m: inout [Double], _ v: inout [Double], _ number: Int
    ) -> Void = { p, g, m, v, number in
      adamUpdateByDefinition(
        parameters: &p, gradients: g, firstMoments: &m, secondMoments: &v, number: number,
        learningRate: options.rate, beta1: options.beta1, beta2: options.beta2,
        epsilon: options.epsilon)
    }
  ) -> Trajectory<T> {
    var numbers = TestNumbers(seed: 7)
    let start = numbers.normals(count).map { T($0) }
    let zeros = [Double](repeating: 0, count: count)
    var t = Trajectory(
      p: start, m: zeros.map { T($0) }, v: zeros.map { T($0) },
      reference: (start.map(Double.init), zeros, zeros))
    for number in 1...steps {
      var g: [T] = (0..<count).map { i in
        T(numbers.normal() * [1e-12, 1e-9, 1e-4, 1, 1e3][i % 5])
      }
      twin(&t.reference.p, g.map(Double.init), &t.reference.m, &t.reference.v, number)
      let isFinite = adamUpdate(
        parameters: &t.p, gradients: &g, firstMoments: &t.m, secondMoments: &t.v,
        step: AdamStep(
          number: number, learningRate: Self.options.rate, beta1: Self.options.beta1,
          beta2: Self.options.beta2, epsilon: Self.options.epsilon),
        threads: threads)
      t.isFinite = t.isFinite && isFinite
      t.leavesGradient = t.leavesGradient || g.contains { $0 != 0 }
    }
    return t
  }

  /// Both twins follow the formula. Per step p and m gain a few roundings of their size; the
  /// coefficients are rounded once, which is relative 1/2 ulp of the step; ten steps of at most
  /// ten roundings each. Moments are compared with their own norm, which the largest decade rules;
  /// `OptimiserFixtureTests` looks at each decade.
  /// Blind to: an error common to both twins (the fixtures see it).
  @Test("Moments and parameters", arguments: [1, 3, 4, 7, 8, 9, 31, 32768, 32773, 65537])
  func agreesWithDefinition(count: Int) {
    check(Float.self, count: count)
    check(Double.self, count: count)
  }

  private func check<T: LaneScalar>(_ type: T.Type, count: Int) {
    let t = trajectory(type, count: count, steps: 10, threads: 2)
    let bound = 100 * Double(T.ulpOfOne)
    #expect(relativeError(t.p, t.reference.p) < bound, "\(type) \(count)")
    #expect(relativeError(t.m, t.reference.m) < bound, "\(type) \(count)")
    #expect(relativeError(t.v, t.reference.v) < bound, "\(type) \(count)")
    #expect(t.isFinite && !t.leavesGradient)
  }

  /// An optimiser with ε inside the root, or without bias correction, is told apart.
  @Test("Negative controls")
  func rejectsOtherFormulas() {
    let bound = 100 * Double.ulpOfOne
    let options = Self.options
    let epsilonInside = trajectory(Double.self, count: 50, steps: 10, threads: 1) {
      p, g, m, v, number in
      for i in p.indices {
        m[i] = options.beta1 * m[i] + (1 - options.beta1) * g[i]
        v[i] = options.beta2 * v[i] + (1 - options.beta2) * g[i] * g[i]
        let (a, b) = (1 - power(options.beta1, number), 1 - power(options.beta2, number))
        p[i] -= options.rate * m[i] / a / (v[i] / b + options.epsilon).squareRoot()
      }
    }
    #expect(relativeError(epsilonInside.p, epsilonInside.reference.p) > 1000 * bound)
    let uncorrected = trajectory(Double.self, count: 50, steps: 10, threads: 1) {
      p, g, m, v, number in
      for i in p.indices {
        m[i] = options.beta1 * m[i] + (1 - options.beta1) * g[i]
        v[i] = options.beta2 * v[i] + (1 - options.beta2) * g[i] * g[i]
        p[i] -= options.rate * m[i] / (v[i].squareRoot() + options.epsilon)
      }
    }
    #expect(relativeError(uncorrected.p, uncorrected.reference.p) > 1000 * bound)
  }

  private func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { y, _ in y * x } }

  /// Elements are independent, so the bits are the same for any number of threads, and for an
  /// element alone as for the same element within a vector.
  @Test("Threads and neighbours change no bit")
  func bitsAreStable() {
    let one = trajectory(Float.self, count: 70001, steps: 3, threads: 1)
    let two = trajectory(Float.self, count: 70001, steps: 3, threads: 2)
    #expect(one.p == two.p && one.m == two.m && one.v == two.v)
    // Element 8 of 9 is alone behind the last full register; of 16 it is in a register.
    #expect(singleElement(at: 8, of: 9) == singleElement(at: 8, of: 16))
  }

  private func singleElement(at index: Int, of count: Int) -> Float {
    var p = [Float](repeating: 0.3, count: count)
    var g = [Float](repeating: 0.7, count: count)
    var (m, v) = (p, p)
    _ = adamUpdate(
      parameters: &p, gradients: &g, firstMoments: &m, secondMoments: &v,
      step: AdamStep(number: 3, learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
      threads: 1)
    return p[index]
  }

  /// A gradient that is not finite, or whose square overflows, is reported wherever it is.
  @Test("Bad gradients", arguments: [Float.nan, .infinity, -.infinity, 1e30], [0, 5, 12])
  func reportsBadGradient(value: Float, index: Int) {
    var p = [Float](repeating: 1, count: 13)
    var (g, m, v) = (p, p, p)
    let step = AdamStep<Float>(
      number: 1, learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    #expect(
      adamUpdate(
        parameters: &p, gradients: &g, firstMoments: &m, secondMoments: &v, step: step, threads: 1))
    g = [Float](repeating: 1, count: 13)
    g[index] = value
    #expect(
      !adamUpdate(
        parameters: &p, gradients: &g, firstMoments: &m, secondMoments: &v, step: step, threads: 1))
  }
}

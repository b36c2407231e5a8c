import FileFormats
import Foundation
import FourierTransforms
import Kernels
import LinearAlgebra
import Numerics
import SpecialFunctions
import Verification

/// Legendre and Wigner functions, quadrature rules, Fourier transforms.
let functionClaims: [Claim] = [
  Claim(
    "legendre", .functions, "Legendre functions up to lmax 4096, from 10⁻⁸ of the pole",
    equation: "ε_{l+1} λ_{l+1,m} = cos θ λ_lm − ε_l λ_{l−1,m} [DLMF, 14.10.3]",
    bound: Bound("4", of: "(l + 1) u √(λ_l² + λ_{l+1}²)", "worst ratio"),
    control: "the textbook recurrence, which underflows",
    tests: ["LegendreFixtureTests", "LegendreOracleTests", "LegendreDefinitionTests"],
    blindTo: "degrees and angles between the recorded ones; values below 10⁻³⁰⁰"
  ) {
    let rows = try recordedRows("special-functions/legendre.safetensors", ["m", "theta", "l"])
    func error(_ row: [Double], _ value: (_ m: Int, _ l: Int, _ theta: Double) -> Double) -> Double
    {
      roundings(value(Int(row[0]), Int(row[2]), row[1]), row, degree: Int(row[2]) + 1)
    }
    return ClaimMeasurement(
      worst(
        rows.map { row in
          error(row) { m, l, theta in
            LegendreRecurrence(m: m, lmax: l).values(cosTheta: cos(theta), sinTheta: sin(theta))[
              l - m]
          }
        }),
      control: least(
        rows.filter { $0[0] == 1000 && $0[1] == 0.3 && abs($0[3]) > 0.01 }
          .map { error($0, textbookLegendre) }))
  },
  Claim(
    "orthonormality", .functions, "Legendre functions of one order are orthonormal",
    equation: "2π ∫ λ_lm λ_l'm d cos θ = δ_ll'",
    bound: Bound("8 n u", "largest element, n nodes"),
    control: "a rule with one node less",
    tests: ["QuadraturePropertyTests", "GridExactnessTests", "LegendreDefinitionTests"],
    blindTo: "the sign of λ_lm"
  ) {
    let n = 65
    return ClaimMeasurement(
      orthonormalityError(lmax: 64, nodes: n),
      control: orthonormalityError(lmax: 64, nodes: n - 1), sizes: ["n": Double(n)])
  },
  Claim(
    "gauss", .functions, "Gauss-Legendre nodes are the eigenvalues of the Jacobi matrix",
    equation: "J_{j,j+1} = j/√(4j² − 1) [GolubWelsch1969]",
    bound: Bound("8 √n u", "largest |Δ cos θ|"), control: "neighbouring node",
    tests: ["QuadratureOracleTests", "QuadraturePropertyTests"],
    blindTo: "relative errors near the poles (extended precision in the fixture sees them)"
  ) {
    let n = 64
    var jacobi = Matrix(rows: n, columns: n)
    for j in 1..<n {
      let coupling = Double(j) / Double(4 * j * j - 1).squareRoot()
      (jacobi[j - 1, j], jacobi[j, j - 1]) = (coupling, coupling)
    }
    let values = try SymmetricEigendecomposition(jacobi).values
    let nodes = Array(gaussLegendre(count: n).cosTheta.reversed())
    return ClaimMeasurement(
      Comparison(nodes, with: values).largestAbsolute,
      control: Comparison(nodes.dropLast(), with: values.dropFirst()).largestAbsolute,
      sizes: ["n": Double(n)])
  },
  Claim(
    "wigner", .functions, "Wigner functions up to lmax 4096, orders up to 2000",
    equation: "δ_l = √((2l+1)/4π) d^l_mn(β), upward recurrence in l",
    bound: Bound("3", of: "(l + 5) u √(δ_l² + δ_{l+1}²)", "worst ratio"),
    control: "d^l_{−m,n} for d^l_mn",
    tests: ["WignerFixtureTests", "WignerDefinitionTests", "WignerSweepDefinitionTests"],
    blindTo: "degrees and angles between the recorded ones"
  ) {
    let rows = try recordedRows("special-functions/wigner.safetensors", ["m", "n", "beta", "l"])
    func worstError(_ sign: Int) -> Double {
      var columns: [[Double]: (first: Int, values: [Double])] = [:]
      return worst(
        rows.filter { sign == 1 || $0[0] * $0[1] != 0 }.map { row in
          let key = Array(row[..<3])
          if columns[key] == nil {
            let recurrence = WignerRecurrence(m: sign * Int(row[0]), n: Int(row[1]), lmax: 4097)
            let values = recurrence.values(cosBeta: cos(row[2]), sinBeta: sin(row[2]))
            columns[key] = (recurrence.firstDegree, values)
          }
          let value = columns[key].map { $0.values[Int(row[3]) - $0.first] } ?? .nan
          return roundings(value, row, degree: Int(row[3]) + 5)
        })
    }
    return ClaimMeasurement(worstError(1), control: worstError(-1))
  },
  Claim(
    "three-j", .functions, "3j symbols up to degree 3000",
    equation: "three-term recurrence in l₁ [SchultenGordon1975]",
    bound: Bound("1", of: "(l₂ + l₃ + 10) u √(w_l² + w_{l+1}²)", "worst ratio"),
    control: "both orders with the other sign",
    tests: [
      "WignerThreeJFixtureTests", "WignerThreeJOracleTests", "WignerThreeJPropertyTests",
      "GauntPropertyTests",
    ],
    blindTo: "symbols between the recorded ones"
  ) {
    let rows = try recordedRows(
      "special-functions/three-j.safetensors", ["l1", "l2", "l3", "m2", "m3"])
    func worstError(_ sign: Int) -> Double {
      worst(
        rows.map { row in
          let n = row.map { abs($0) < 1e6 ? Int($0) : 0 }
          let symbols = WignerThreeJ(l2: n[1], l3: n[2], m2: sign * n[3], m3: sign * n[4])
          return roundings(symbols[n[0]], row, degree: n[1] + n[2] + 10)
        })
    }
    return ClaimMeasurement(worstError(1), control: worstError(-1))
  },
  Claim(
    "fourier", .functions, "Fourier transforms of lanes are the direct sum",
    equation: "Z_k = Σ_j z_j e^{−2πi jk/n}",
    bound: Bound("8 ⌊log₂(2n)⌋ u", "relative L2"),
    control: "conjugated", tests: ["LaneFourierDefinitionTests"],
    blindTo: "a sign shared with the direct sum (a single order in the test sees it)"
  ) {
    let (n, lanes) = (96, 32)
    var numbers = TestNumbers(seed: 1)
    let field = AlignedBuffer<Double>(count: n * lanes)
    for i in 0..<field.count { field[i] = numbers.normal() }
    let orders = AlignedBuffer<Double>(count: n * lanes)
    LaneFourierPlan<Double>(n: n, fieldStride: lanes, lanes: lanes)
      .forward(field.view(), to: orders.view())
    let expected = directDFT((0..<n).map { Complex(field[$0 * lanes], field[$0 * lanes + 1]) })
    let found = (0..<n).flatMap { [orders[$0 * lanes], orders[$0 * lanes + 1]] }
    return ClaimMeasurement(
      relativeError(found, expected.flatMap { [$0.real, $0.imaginary] }),
      control: relativeError(found, expected.flatMap { [$0.real, -$0.imaginary] }),
      sizes: ["n": Double(n)])
  },
]

/// λ_lm as in textbooks: sin^m θ in `Double`, and the recurrence on λ itself.
private func textbookLegendre(m: Int, l: Int, theta: Double) -> Double {
  var here = (m.isMultiple(of: 2) ? 1.0 : -1.0) / (4 * Double.pi).squareRoot()
  for k in 0..<m { here *= (Double(2 * k + 3) / Double(2 * k + 2)).squareRoot() * sin(theta) }
  var (below, coupling) = (0.0, 0.0)
  for degree in m..<l {
    let above = degreeCoupling(l: degree + 1, m: m)
    (below, here) = (here, (cos(theta) * here - coupling * below) / above)
    coupling = above
  }
  return here
}

/// Rows of a recorded table: the named columns, then the value and its neighbour of degree l + 1.
private func recordedRows(_ name: String, _ columns: [String]) throws -> [[Double]] {
  let tensors = try SafetensorsFile(data: FixtureStore.data(name), name: name).tensors
  let table = try (columns + ["value", "value_above"]).map { column -> [Double] in
    let tensor = try tensors.tensor(column)
    return tensor.dtype == .int64 ? try tensor.integers().map(Double.init) : try tensor.doubles()
  }
  return table[0].indices.map { i in table.map { $0[i] } }
}

/// |found − value| in units of `degree` u √(value² + above²), of a row that ends in these two.
private func roundings(_ found: Double, _ row: [Double], degree: Int) -> Double {
  let (value, above) = (row[row.count - 2], row[row.count - 1])
  return abs(found - value) / hypot(value, above)
    / (Double(degree) * RoundingBound.unitRoundoff())
}

/// max |2π Σ_j w_j λ_lm λ_l'm − δ_ll'| over a few orders m.
private func orthonormalityError(lmax: Int, nodes: Int) -> Double {
  let rule = gaussLegendre(count: nodes)
  return worst(
    [0, 1, 17, 63].map { m in
      let columns = rule.cosTheta.indices.map {
        normalisedLegendre(
          m: m, lmax: lmax, cosTheta: rule.cosTheta[$0], sinTheta: rule.sinTheta[$0])
      }
      let count = lmax - m + 1
      return worst(
        (0..<count * count).map { pair in
          let (i, k) = (pair / count, pair % count)
          let sum = columns.indices.reduce(0.0) {
            $0 + rule.weights[$1] * columns[$1][i] * columns[$1][k]
          }
          return abs(2 * .pi * sum - (i == k ? 1 : 0))
        })
    })
}

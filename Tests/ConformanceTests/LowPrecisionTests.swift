import FileFormats
import Foundation
import SpecialFunctions
import Testing

@testable import Conformance

/// Transforms in fewer bits, emulated: within the derived tolerances, and ten times worse outside.
///
/// The direct sum in two stages, orders then rings, with both factors of every product rounded to
/// the format and sums in `Float`.
@Suite("Tolerances of low precision")
struct LowPrecisionTests {
  /// Rounds to `bits` bits of significand, ties to even.
  private static func rounded(_ x: Double, bits: Int) -> Double {
    guard x != 0, x.isFinite else { return x }
    let scale = pow(2, Double(bits - 1) - floor(log2(abs(x))))
    return (x * scale).rounded(.toNearestOrEven) / scale
  }

  /// λ_lm in `Float` by the plain recurrence in cos θ, as a port without care has it.
  private static func floatLegendre(m: Int, lmax: Int, theta: Double) -> [Double] {
    let (x, s) = (Float(cos(theta)), Float(sin(theta)))
    var here = Float(1 / (4 * Double.pi).squareRoot())
    for k in 1..<m + 1 { here *= -(Float(2 * k + 1) / Float(2 * k)).squareRoot() * s }
    var (column, below) = ([Double](), Float(0))
    for l in m...lmax {
      column.append(Double(here))
      func coupling(_ l: Int) -> Float {
        (Float(l * l - m * m) / Float(4 * l * l - 1)).squareRoot()
      }
      (below, here) = (here, (x * here - (l > m ? coupling(l) : 0) * below) / coupling(l + 1))
    }
    return column
  }

  /// `scalar_synthesis` of a case, one lane after the other.
  private func synthesis(
    _ item: ConformanceCase, product: (Double, Double) -> Double,
    legendre: (_ m: Int, _ lmax: Int, _ theta: Double) -> [Double],
    phase: (_ m: Int, _ phi: Double) -> (Double, Double)
  ) throws -> TensorData {
    let data = item.data
    let (lmax, mmax) = (try data.integer("lmax"), try data.largestOrder())
    let grid = try data.grid()
    let a = try data.values("coefficients")
    let lanes = try data.shape("coefficients")[0]
    let count = a.count / 2 / max(lanes, 1)
    var field: [Float] = []
    for lane in 0..<lanes {
      for ring in grid.rings {
        var orders: [(Float, Float)] = []
        var place = 0
        for m in 0...mmax {
          var sum = (Float(0), Float(0))
          for value in legendre(m, lmax, ring.theta) {
            let first = 2 * (lane * count + place)
            sum.0 += Float(product(value, a[first]))
            sum.1 += Float(product(value, a[first + 1]))
            place += 1
          }
          orders.append(sum)
        }
        for k in 0..<ring.count {
          let phi = ring.phi0 + 2 * .pi * Double(k) / Double(ring.count)
          var sum = Float(0)
          for m in 0...mmax {
            let (c, s) = phase(m, phi)
            let (re, im) = (Double(orders[m].0), Double(orders[m].1))
            sum += (m == 0 ? 1 : 2) * Float(product(c, re) - (m == 0 ? 0 : product(s, im)))
          }
          field.append(sum)
        }
      }
    }
    return TensorData(field, shape: try #require(item.description.outputs.first).shape)
  }

  private func row(
    _ item: ConformanceCase, _ field: TensorData, _ precision: CheckPrecision
  ) throws -> CheckReport.Row {
    try #require(
      KitCheck.rows(of: item.description, ["field": field], item.file.tensors, precision).first)
  }

  private static let ids = [
    "scalar-synthesis-gauss-legendre", "scalar-synthesis-healpix", "scalar-synthesis-octahedral",
    "scalar-synthesis-healpix-nside16",
  ]

  @Test(
    "Products of rounded numbers",
    arguments: [(CheckPrecision.tf32, 11), (.float16, 11), (.bfloat16, 8)], ids)
  func products(format: (precision: CheckPrecision, bits: Int), id: String) throws {
    let item = try SharedKit.item(id)
    func field(bits: Int) throws -> TensorData {
      try synthesis(
        item,
        product: { Self.rounded($0, bits: bits) * Self.rounded($1, bits: bits) },
        legendre: { normalisedLegendre(m: $0, lmax: $1, theta: $2) },
        phase: { (cos(Double($0) * $1), sin(Double($0) * $1)) })
    }
    let right = try row(item, field(bits: format.bits), format.precision)
    #expect(right.passes, "\(right.error ?? -1) of \(right.tolerance ?? -1)")
    // The tolerance is not idle: four bits fewer, 16 times the error, fail; and so does the type
    // alone.
    let worse = try row(item, field(bits: format.bits - 4), format.precision)
    #expect(!worse.passes, "\(worse.error ?? -1) of \(worse.tolerance ?? -1)")
    #expect(try !row(item, field(bits: format.bits), .files).passes)
  }

  @Test("Float32 throughout", arguments: ids)
  func everything(id: String) throws {
    let item = try SharedKit.item(id)
    func field(_ factor: Double) throws -> TensorData {
      try synthesis(
        item, product: { Double(Float($0) * Float($1)) },
        legendre: {
          Self.floatLegendre(m: $0, lmax: $1, theta: $2).enumerated().map {
            // Ten times worse: numbers that have lost some bits more.
            factor == 1 ? $0.element : $0.element * (1 + factor * sin(Double($0.offset * 37)))
          }
        },
        phase: {
          let angle = Float($0) * Float($1)
          return (Double(cos(angle)), Double(sin(angle)))
        })
    }
    let right = try row(item, field(1), .float32All)
    #expect(right.passes, "\(right.error ?? -1) of \(right.tolerance ?? -1)")
    let tolerance = try #require(right.tolerance)
    #expect(try !row(item, field(10 * tolerance), .float32All).passes)
  }

  /// Integers and operations without products keep the tolerance of their type.
  @Test("Nothing else is widened")
  func others() throws {
    let item = try SharedKit.item("legendre-lmax64")
    let expected = try item.file.tensors.tensor("expected.lambda")
    let wrong = try expected.mapping { $0 == 100 ? $1 + 1e-3 : $1 }
    for precision in CheckPrecision.allCases {
      let row = try #require(
        KitCheck.rows(of: item.description, ["lambda": wrong], item.file.tensors, precision).first)
      #expect(!row.passes)
    }
  }
}

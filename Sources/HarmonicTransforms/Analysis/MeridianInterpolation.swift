import Foundation
import Kernels
import SphereGrids

/// Trigonometric interpolation along the meridians of an equiangular grid with both poles, to the
/// grid with twice as many intervals.
///
/// Definition:  a meridian φ and the opposite one, φ + π, are one great circle. On it a field of
///              spin s and degree ≤ L is a trigonometric polynomial of degree ≤ L in θ, since
///              f(2π − θ, φ) = (−1)^s f(θ, φ + π). From its 2N samples at θ_i = i π/N, N = n − 1,
///              the value at any θ is Σ_i f(θ_i) K(θ − θ_i), K(x) = sin(N x) cot(x/2) / 2N, exact
///              for L ≤ N − 1. At the poles the sample is the mean of the two meridians' values.
/// Method:      the points of the coarse grid are copied. Halfway between them, at
///              θ'_i = (2i+1) π/2N, sin(N x) = ±1 and the sum is a product with two dense matrices,
///              f'_k = A f_k + B f_{k+H}, H half the number of longitudes,
///              A_ij = K(θ'_i − θ_j), B_ij = (−1)^s K(θ'_i + θ_j), both halved for the poles.
/// Layout:      stacks of fields, whose rings are rows.
/// Accuracy:    √(2N) rounding errors of the largest value on the circle times ln N.
/// Cost:        2 · N · points multiply-adds.
/// Checked by:  EquiangularAnalysisDefinitionTests, EquiangularAnalysisPropertyTests (transpose).
package struct MeridianInterpolation<T: LaneScalar>: Sendable {
  /// Where fields are given: n rings, an even number of longitudes.
  package let coarse: ClenshawCurtisGrid
  /// Where they are wanted: 2n − 1 rings, the same longitudes.
  package let fine: ClenshawCurtisGrid

  private let along: AlignedBuffer<T>  // A
  private let across: AlignedBuffer<T>  // B

  /// Prepares the matrices; `coarse` has an even number of longitudes.
  package init(from coarse: ClenshawCurtisGrid, spin: Int = 0) {
    precondition(coarse.longitudeCount.isMultiple(of: 2), "odd longitudes on \(coarse.name)")
    self.coarse = coarse
    let (rings, intervals) = (coarse.ringCount, coarse.ringCount - 1)
    fine = ClenshawCurtisGrid(
      ringCount: 2 * rings - 1, longitudeCount: coarse.longitudeCount)
    along = AlignedBuffer(count: intervals * rings)
    across = AlignedBuffer(count: intervals * rings)
    let sign = spin.isMultiple(of: 2) ? 1.0 : -1.0
    /// K at the angle (2k + 1) π/2N.
    func kernel(_ k: Int) -> Double {
      let cotangent = 1 / tan(Double(2 * k + 1) * .pi / Double(4 * intervals))
      return (k.isMultiple(of: 2) ? 1 : -1) * cotangent / Double(2 * intervals)
    }
    for i in 0..<intervals {
      for j in 0..<rings {
        let share = j == 0 || j == intervals ? 0.5 : 1
        along[i * rings + j] = T(share * kernel(i - j))
        across[i * rings + j] = T(sign * share * kernel(i + j))
      }
    }
  }

  /// The field on the fine grid.
  package func interpolated(_ f: FieldStack<T>) -> FieldStack<T> {
    let row = coarse.longitudeCount * f.lanes
    let (rings, half) = (coarse.ringCount, row / 2)
    var result = FieldStack<T>(grid: fine, lanes: f.lanes)
    f.values.withView { source in
      result.values.withMutableView { target in
        copyRows(rows: rings, columns: row, from: source, stride: row, to: target, stride: 2 * row)
        for (own, opposite) in [(0, half), (half, 0)] {
          let between = MatrixView(target.at(row + own), rowStride: 2 * row)
          matrixProduct(
            rows: rings - 1, columns: half, depth: rings,
            MatrixView(along.view(), rowStride: rings),
            MatrixView(source.at(own), rowStride: row), into: between)
          matrixProduct(
            rows: rings - 1, columns: half, depth: rings,
            MatrixView(across.view(), rowStride: rings),
            MatrixView(source.at(opposite), rowStride: row), into: between, .adding)
        }
      }
    }
    return result
  }

  /// The transpose of `interpolated`: from a gradient on the fine grid to one on the coarse grid.
  package func transposed(_ g: FieldStack<T>) -> FieldStack<T> {
    let row = coarse.longitudeCount * g.lanes
    let (rings, half) = (coarse.ringCount, row / 2)
    var result = FieldStack<T>(grid: coarse, lanes: g.lanes)
    g.values.withView { source in
      result.values.withMutableView { target in
        copyRows(rows: rings, columns: row, from: source, stride: 2 * row, to: target, stride: row)
        for (own, opposite) in [(0, half), (half, 0)] {
          let sum = MatrixView(target.at(own), rowStride: row)
          matrixProduct(
            rows: rings, columns: half, depth: rings - 1,
            MatrixView(along.view(), rowStride: rings).transposed,
            MatrixView(source.at(row + own), rowStride: 2 * row), into: sum, .adding)
          matrixProduct(
            rows: rings, columns: half, depth: rings - 1,
            MatrixView(across.view(), rowStride: rings).transposed,
            MatrixView(source.at(row + opposite), rowStride: 2 * row), into: sum, .adding)
        }
      }
    }
    return result
  }
}

/// The interpolation along great circles by Fourier series: the slow twin of
/// `MeridianInterpolation`.
///
/// Definition:  h_i, i = 0..<2N, the samples of a circle; c_k = Σ_i h_i cos(kθ_i) / 2N and s_k with
///              the sine; h(θ) = c_0 + 2 Σ_{k=1…N−1} (c_k cos kθ + s_k sin kθ) + c_N cos Nθ.
/// Cost:        O(N³) per circle.
package func interpolatedByDefinition(
  _ f: FieldStack<Double>, spin: Int = 0
) -> FieldStack<Double> {
  let intervals = f.grid.rings.count - 1
  let longitudes = f.grid.rings[0].count
  let half = longitudes / 2
  let sign = spin.isMultiple(of: 2) ? 1.0 : -1.0
  let fine = ClenshawCurtisGrid(ringCount: 2 * intervals + 1, longitudeCount: longitudes)
  var result = FieldStack<Double>(grid: fine, lanes: f.lanes)
  for lane in 0..<f.lanes {
    func value(_ ring: Int, _ k: Int) -> Double {
      f.values[(ring * longitudes + k % longitudes) * f.lanes + lane]
    }
    for k in 0..<longitudes {
      let circle = (0..<2 * intervals).map { i in
        if i % intervals == 0 { return 0.5 * (value(i, k) + sign * value(i, k + half)) }
        return i < intervals ? value(i, k) : sign * value(2 * intervals - i, k + half)
      }
      for j in 0..<fine.ringCount {
        let isCoarse = j.isMultiple(of: 2)
        result.values[(j * longitudes + k) * f.lanes + lane] =
          isCoarse ? value(j / 2, k) : trigonometricInterpolant(circle, at: fine.rings[j].theta)
      }
    }
  }
  return result
}

/// The trigonometric polynomial through equidistant samples of a full turn, at the angle `theta`.
private func trigonometricInterpolant(_ samples: [Double], at theta: Double) -> Double {
  let intervals = samples.count / 2
  var sum = 0.0
  for k in 0...intervals {
    let multiplicity = k == 0 || k == intervals ? 1.0 : 2.0
    for (i, sample) in samples.enumerated() {
      // cos kθ_i cos kθ + sin kθ_i sin kθ; at k = N the sines of the samples are zero.
      let node = Double(k * i % samples.count) * .pi / Double(intervals)
      let wave =
        k == intervals
        ? cos(node) * cos(Double(k) * theta) : cos(node - Double(k) * theta)
      sum += multiplicity * sample * wave / Double(samples.count)
    }
  }
  return sum
}

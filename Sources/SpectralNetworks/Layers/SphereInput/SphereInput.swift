import Foundation
import FourierTransforms
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SphereGrids

/// How maps become the coefficients that enter the first block of an isotropic network: a fixed
/// linear map with an exact transpose.
///
///     scalar          C fields, each by least squares                  C channels
///     polarisation    Q and U of the full sky by least squares         E, B
///     filtered        the observed Q and U through a `FilterBank`      E, B of every filter
///
/// Layout: maps `[pixel][map * fields + field]`, coefficients
/// `[(l, m)][re, im][map * channels + channel]`.
/// Threads: those that make a `FilterBank` are as many as there are cores; no bit depends on them.
/// Checked by: NetworkGradientTests, FilterBankTests, SpinLeastSquaresTests.
enum SphereInput<T: FourierScalar>: Sendable {
  case scalar(LeastSquaresAnalysis<T>, fields: Int)
  case polarisation(SpinLeastSquaresAnalysis<T>)
  case filtered(FilterBank<T>)

  /// Memory of one number of maps.
  final class Memory: @unchecked Sendable {
    fileprivate let scalar: TransformWorkspace<T>?
    fileprivate let spin: SpinWorkspace<T>?
    fileprivate let field: AlignedBuffer<T>
    fileprivate let panel: AlignedBuffer<T>

    fileprivate init(
      scalar: TransformWorkspace<T>?, spin: SpinWorkspace<T>?, fieldCount: Int, panelCount: Int
    ) {
      self.scalar = scalar
      self.spin = spin
      field = AlignedBuffer(count: fieldCount)
      panel = AlignedBuffer(count: panelCount)
    }
  }

  /// The input of a configuration.
  ///
  /// - Throws: `HealpixError`, `HarmonicTransformError.singularAnalysis`, what `FilterBank` throws.
  init(_ c: IsotropicConfiguration, progress: WorkProgress = WorkProgress()) throws {
    let grid = try HealpixGrid(nside: c.nside)
    guard let polarisation = c.polarisation else {
      self = .scalar(
        try LeastSquaresAnalysis(grid: grid, lmax: c.lmax), fields: c.inputChannels)
      return
    }
    guard let bank = polarisation.filterBank else {
      self = .polarisation(try SpinLeastSquaresAnalysis(grid: grid, spin: 2, lmax: c.lmax))
      return
    }
    self = .filtered(
      try FilterBank(
        bank, nside: c.nside, lmax: c.lmax,
        threads: ProcessInfo.processInfo.activeProcessorCount, progress: progress))
  }

  func makeMemory(maps: Int) -> Memory {
    switch self {
    case .scalar(let analysis, let fields):
      // With an odd number of fields adjacent lanes may belong to different maps.
      let workspace = TransformWorkspace(
        analysis.transform, lanes: maps * fields, isolatesLanes: fields % 2 == 1)
      return Memory(
        scalar: workspace, spin: nil,
        fieldCount: analysis.transform.grid.pointCount * workspace.laneStride, panelCount: 0)
    case .polarisation(let analysis):
      let transform = analysis.transform
      let workspace = SpinWorkspace(transform, lanes: maps, isolatesLanes: true)
      return Memory(
        scalar: nil, spin: workspace, fieldCount: transform.fieldRows * workspace.laneStride,
        panelCount: transform.panelRows * workspace.laneStride)
    case .filtered:
      return Memory(scalar: nil, spin: nil, fieldCount: 0, panelCount: 0)
    }
  }

  /// The coefficients of `count` maps, rows `stride` apart.
  func load(
    _ maps: [T], count: Int, _ memory: Memory, to target: BufferView<T>, stride: Int, threads: Int
  ) {
    switch self {
    case .scalar(let analysis, let fields):
      guard let workspace = memory.scalar else { preconditionFailure("memory of another input") }
      let points = analysis.transform.grid.pointCount
      let lanes = count * fields
      precondition(maps.count == points * lanes, "\(maps.count) values for \(count) maps")
      precondition(stride == workspace.laneStride, "rows \(stride) apart")
      maps.withView {
        copyRows(
          rows: points, columns: lanes, from: $0, stride: lanes, to: memory.field.view(),
          stride: workspace.laneStride)
      }
      analysis.analyse(memory.field.view(), workspace, to: target, threads: threads)
    case .polarisation(let analysis):
      guard let workspace = memory.spin else { preconditionFailure("memory of another input") }
      let transform = analysis.transform
      let points = transform.grid.pointCount
      precondition(maps.count == 2 * points * count, "\(maps.count) values for \(count) maps")
      maps.withView { maps in
        for component in 0...1 {
          gather(
            maps.at(component), rows: points, columns: count, rowStride: 2 * count,
            columnStride: 2,
            to: memory.field.view(component * points * workspace.laneStride),
            targetStride: workspace.laneStride)
        }
      }
      analysis.analyse(memory.field.view(), workspace, to: memory.panel.view(), threads: threads)
      let rows = transform.panelRows / 2
      for kind in 0...1 {
        scatter(
          memory.panel.view(kind * rows * workspace.laneStride), rows: rows, columns: count,
          sourceStride: workspace.laneStride, to: target.at(kind), rowStride: stride,
          columnStride: 2)
      }
    case .filtered(let bank):
      bank.apply(maps, count: count, to: target, stride: stride, threads: threads)
    }
  }

  /// The gradient of the maps, given that of the coefficients,
  /// `[(l, m)][re, im][map * channels + channel]` without gaps.
  func gradient(_ gradient: CoefficientStack<T>, count: Int, threads: Int) -> [T] {
    switch self {
    case .scalar(let analysis, _):
      return analysis.analysisGradient(gradient, threads: threads).values
    case .polarisation(let analysis):
      var parts = SpinCoefficients<T>(lmax: gradient.lmax, lanes: count)
      for row in 0..<gradient.values.count / (2 * count) {
        for map in 0..<count {
          parts.e.values[row * count + map] = gradient.values[(row * count + map) * 2]
          parts.b.values[row * count + map] = gradient.values[(row * count + map) * 2 + 1]
        }
      }
      let fields = analysis.analysisGradient(parts, threads: threads)
      return zip(fields.q.values, fields.u.values).flatMap { [$0, $1] }
    case .filtered(let bank):
      return bank.transpose(gradient.values, count: count, threads: threads)
    }
  }
}

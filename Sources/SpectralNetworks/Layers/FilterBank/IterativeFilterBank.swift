import FourierTransforms
import HarmonicTransforms
import Kernels
import LinearAlgebra
import SphereGrids

/// A bank of fixed linear filters from the observed pixels to coefficients, applied by a fixed
/// number of steps of conjugate gradients: for masks and noise whose dense matrix is too large.
///
/// Definition:  with A_f = 1 + S_f^{1/2} Yᵀ N⁻¹ Y S_f^{1/2} and b_f = S_f^{1/2} Yᵀ N⁻¹ d,
///              a_f = A_f⁻¹ b_f = S_f^{1/2} Yᵀ (Y S_f Yᵀ + N)⁻¹ d, the filters of `FilterBank`; N⁻¹
///              is 0 at pixels that are not observed. What is computed is p_k(M⁻¹ A_f) M⁻¹ b_f, a
///              polynomial in place of the inverse, M the preconditioner.
/// Linear:      conjugate gradients take their steps from the map, and are then no linear filter.
///              Here the steps come once from an ensemble of simulated maps of the fiducial, whose
///              inner products are summed, and are kept: the polynomial is the best one on average
///              over such maps, and the same for every map. It is self-adjoint in the inner product
///              of the full sphere, and so its own transpose.
/// Preconditioner: diagonal, M_l = 1 + C_l ν with ν = Σ_p N_p⁻¹/4π, and up to `exactDegree` the
///              block of A_f itself, inverted in `Double`.
/// Layout:      as `FilterBank`.
/// Accuracy:    of the steps: `residuals` has the root of Σ rᵀ M⁻¹ r, r = b − A a, over that of b,
///              for the ensemble. A filter that has not converged is another filter, less than
///              optimal and not wrong: training and prediction use the same one.
/// Cost:        per map an adjoint synthesis, and per filter and step a synthesis and its adjoint;
///              the exact block has (columns)² multiplications per step.
/// Slow twin:   `FilterBank`, which is exact.
/// Checked by:  IterativeFilterBankTests.
package final class IterativeFilterBank<Transform: PanelTransform & Sendable>: Sendable {
  package typealias T = Transform.T
  /// E and B, or T, of every filter.
  package var channels: Int { fields * filters.count }
  /// What the steps leave of the ensemble, one number per filter.
  package var residuals: [Double] { filters.map(\.residual) }

  private let system: FilterSystem<Transform>
  private let filters: [FilterSystem<Transform>.Filter]
  private let fields: Int
  private let pixelCount: Int

  /// Maps of the ensemble.
  private static var ensembleCount: Int { 16 }

  /// Prepares the filters.
  ///
  /// - Parameters:
  ///   - configuration: the fiducials, the observed pixels, their noise, the steps.
  ///   - transform: of the maps' grid, up to the largest degree; of one field or two.
  ///   - nside: resolution of the maps.
  ///   - lmax: largest degree.
  ///   - threads: any number gives the same bits.
  ///   - progress: stops.
  /// - Throws: `NetworkConfigurationError`; `LinearAlgebraError.interrupted`.
  package init(
    _ configuration: FilterBankConfiguration, _ transform: Transform, nside: Int, lmax: Int,
    threads: Int, progress: WorkProgress = WorkProgress()
  ) throws {
    let pixels = try configuration.usablePixels(nside: nside, lmax: lmax)
    guard let iteration = configuration.iteration, (1...1000).contains(iteration.steps) else {
      throw NetworkConfigurationError.invalid(
        key: "steps of the filters", found: "\(configuration.iteration?.steps ?? 0)",
        expected: "1...1000")
    }
    fields = configuration.fieldCount
    pixelCount = 12 * nside * nside
    var inverse = [Double](repeating: 0, count: pixelCount)
    for (pixel, variance) in zip(pixels, try configuration.variances(pixels: pixels.count)) {
      inverse[pixel] = 1 / variance
    }
    let ofPixels = inverse.map { T($0) }
    let exactDegree = min(iteration.exactDegree, lmax)
    let system = FilterSystem(
      transform, weights: (0..<fields).flatMap { _ in ofPixels }, fields: fields, lmax: lmax,
      exactDegree: exactDegree)
    let block = try system.blockOfPixels(threads: threads, progress: progress)
    let state = FilterSystem<Transform>.State(system, maps: Self.ensembleCount)
    var filters: [FilterSystem<Transform>.Filter] = []
    for fiducial in configuration.fiducials {
      try progress.requireGoingOn()
      var filter = try system.filter(
        fiducial.spectra, block: block, density: inverse.reduce(0, +) / (4 * .pi),
        exactDegree: exactDegree, threads: threads)
      system.simulate(filter, state, maps: Self.ensembleCount, threads: threads)
      system.choose(&filter, state, count: iteration.steps, threads: threads)
      filters.append(filter)
    }
    self.system = system
    self.filters = filters
  }
}

extension IterativeFilterBank: SphereInput {
  private struct Loader: SphereInputLoader {
    let bank: IterativeFilterBank
    let maps: Int
    let state: FilterSystem<Transform>.State

    func load(_ values: [T], to target: BufferView<T>, stride: Int, threads: Int) {
      let (fields, system) = (bank.fields, bank.system)
      precondition(
        values.count == bank.pixelCount * fields * maps, "\(values.count) values for \(maps) maps")
      values.withView { values in
        for component in 0..<fields {
          gather(
            values.at(component), rows: bank.pixelCount, columns: maps, rowStride: fields * maps,
            columnStride: fields,
            to: state.field.view(component * bank.pixelCount * state.stride),
            targetStride: state.stride)
        }
      }
      system.takeData(state, threads: threads)
      let rows = system.places.count / fields
      for (index, filter) in bank.filters.enumerated() {
        system.startRest(filter, state, threads: threads)
        system.solve(filter, state, threads: threads)
        for kind in 0..<fields {
          scatter(
            state.solution.view(kind * rows * state.stride), rows: rows, columns: maps,
            sourceStride: state.stride, to: target.at(fields * index + kind), rowStride: stride,
            columnStride: bank.channels)
        }
      }
    }
  }

  func makeLoader(maps: Int) -> any SphereInputLoader<T> {
    Loader(bank: self, maps: maps, state: FilterSystem<Transform>.State(system, maps: maps))
  }

  /// With a = Q S^{1/2} Yᵀ N⁻¹ d, W the weights 1 and 2 of the inner product and Q self-adjoint in
  /// it, the gradient is N⁻¹ Y S^{1/2} Q W⁻¹ ā.
  package func gradient(_ gradient: CoefficientStack<T>, count: Int, threads: Int) -> [T] {
    let state = FilterSystem<Transform>.State(system, maps: count)
    let rows = system.places.count / fields
    let sum = AlignedBuffer<T>(count: pixelCount * fields * state.stride)
    let half = T(1) / 2
    for (index, filter) in filters.enumerated() {
      for (row, place) in system.places.enumerated() {
        let own = row % rows * count * channels + fields * index + place.field
        for map in 0..<count {
          let value = place.isUsed ? gradient.values[own + map * channels] : 0
          state.rest[row * state.stride + map] = place.m == 0 ? value : half * value
        }
      }
      system.solve(filter, state, threads: threads)
      system.addFields(filter, state, to: sum, threads: threads)
    }
    var result = [T](repeating: 0, count: pixelCount * fields * count)
    result.withMutableView { result in
      for component in 0..<fields {
        scatter(
          sum.view(component * pixelCount * state.stride), rows: pixelCount, columns: count,
          sourceStride: state.stride, to: result.at(component), rowStride: fields * count,
          columnStride: fields)
      }
    }
    return result
  }
}

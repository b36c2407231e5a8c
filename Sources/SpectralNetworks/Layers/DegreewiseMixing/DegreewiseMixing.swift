import HarmonicTransforms
import Kernels

/// Mixes channels degree by degree with real weights, the same for every order.
///
///     forward     y_o,lm = Σ_i w_l,io x_i,lm
///     backward    x̄_i,lm = Σ_o w_l,io ȳ_o,lm
///                 w̄_l,io = Σ_m Re(x*_i,lm ȳ_o,lm)   (summed over the maps of the batch)
///
/// By Schur's lemma this is the most general linear map between real scalar fields that commutes
/// with every rotation. No factor 2 for m > 0: z̄ belongs to the stored coefficient (Conventions
/// 6). With several groups the channels are cut into as many equal parts, and each part of the
/// outputs mixes its own part of the inputs only.
/// Shapes:     w `[l][input][output]`; with groups
///             `[l][group][input of the group][output of the group]`.
/// Checked by: MixingGradientTests, IsotropicFixtureTests.
package struct DegreewiseMixing<T: LaneScalar>: SpectralMixing {
  package let inputChannels: Int
  package let outputChannels: Int
  package let lmax: Int
  package let mmax: Int
  /// Number of groups, a divisor of both numbers of channels.
  package let groups: Int

  package init(inputChannels: Int, outputChannels: Int, lmax: Int, mmax: Int, groups: Int = 1) {
    precondition(
      inputChannels % groups == 0 && outputChannels % groups == 0,
      "\(groups) groups of \(inputChannels) and \(outputChannels) channels")
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.lmax = lmax
    self.mmax = mmax
    self.groups = groups
  }

  package var weightCount: Int { (lmax + 1) * inputChannels * outputChannels / groups }
  /// The shape of the weights in files.
  package var shape: [Int] {
    groups == 1
      ? [lmax + 1, inputChannels, outputChannels]
      : [lmax + 1, groups, inputChannels / groups, outputChannels / groups]
  }
  private var groupInputs: Int { inputChannels / groups }
  private var groupOutputs: Int { outputChannels / groups }
  /// Eight groups of about equal work: orders m, m + 8, m + 16, ...
  package var orderGroups: [[Int]] {
    (0..<min(8, mmax + 1)).map { Array(Swift.stride(from: $0, through: mmax, by: 8)) }
  }
  package var groupsAreDisjoint: Bool { false }

  /// (input, output), the weights of one degree and group.
  @inline(__always)
  private func matrix(_ w: BufferView<T>, l: Int, group: Int) -> MatrixView<T> {
    let size = groupInputs * groupOutputs
    return MatrixView(w.at((l * groups + group) * size), rowStride: groupOutputs)
  }

  /// (maps, channels of one group), the real (part 0) or imaginary parts of row k.
  @inline(__always)
  private func part(
    _ panel: Panel<T>, _ k: Int, _ part: Int, channels: Int, group: Int
  ) -> MatrixView<T> {
    let view = panel.view.at((2 * k + part) * panel.stride + group * channels / groups)
    return MatrixView(view, rowStride: channels)
  }

  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func forward(
    order m: Int, maps: Int, _ x: Panel<T>, to y: Panel<T>, weights: BufferView<T>
  ) {
    for l in m...lmax {
      let k = l - m
      for group in 0..<groups {
        let w = matrix(weights, l: l, group: group)
        for p in 0...1 {
          matrixProduct(
            rows: maps, columns: groupOutputs, depth: groupInputs,
            part(x, k, p, channels: inputChannels, group: group), w,
            into: part(y, k, p, channels: outputChannels, group: group))
        }
      }
    }
  }

  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func backward(
    order m: Int, maps: Int, _ x: Panel<T>, _ dy: Panel<T>, to dx: Panel<T>?,
    weights: BufferView<T>, accumulatingInto dw: BufferView<T>
  ) {
    for l in m...lmax {
      let k = l - m
      for group in 0..<groups {
        let w = matrix(weights, l: l, group: group)
        let gradient = matrix(dw, l: l, group: group)
        for p in 0...1 {
          let dyPart = part(dy, k, p, channels: outputChannels, group: group)
          matrixProduct(
            rows: groupInputs, columns: groupOutputs, depth: maps,
            part(x, k, p, channels: inputChannels, group: group).transposed, dyPart,
            into: gradient, .adding)
          guard let dx else { continue }
          matrixProduct(
            rows: maps, columns: groupInputs, depth: groupOutputs, dyPart, w.transposed,
            into: part(dx, k, p, channels: inputChannels, group: group))
        }
      }
    }
  }
}

import Kernels
import Testing
import Verification

@testable import PixelNetworks

/// The backward step of the convolution: differences, and the transpose law.
@Suite("Gradients of the convolution over neighbours")
struct NeighbourConvolutionGradientTests {
  struct Problem {
    let layer: NeighbourConvolution<Double>
    let maps: Int
    let x: [Double]
    let weights: [Double]
    let bias: [Double]
    let dy: [Double]

    init(nside: Int, maps: Int, inputs: Int, outputs: Int, seed: UInt64) throws {
      layer = try NeighbourConvolution(
        nside: nside, inputChannels: inputs, outputChannels: outputs)
      self.maps = maps
      var numbers = TestNumbers(seed: seed)
      x = numbers.normals(layer.pixelCount * maps * inputs)
      weights = numbers.normals(9 * inputs * outputs)
      bias = numbers.normals(outputs)
      dy = numbers.normals(layer.pixelCount * maps * outputs)
    }

    /// Along `probe` through x, w and b together; `spoil` changes the gradient first.
    func check(
      along probe: GradientCheck.Probe,
      spoiling spoil: (inout (x: [Double], weights: [Double], bias: [Double])) -> Void = { _ in }
    ) -> GradientCheck {
      var found = layer.gradients(dy, x: x, maps: maps, weights: weights)
      spoil(&found)
      return GradientCheck(
        found.x + found.weights + found.bias, at: x + weights + bias, along: probe,
        evaluationError: RoundingBound.probable(operations: 9 * layer.inputChannels * dy.count)
      ) { (point: [Double]) in
        let rest = Array(point.dropFirst(x.count))
        let y = layer.forward(
          Array(point.prefix(x.count)), maps: maps, weights: Array(rest.prefix(weights.count)),
          bias: Array(rest.suffix(bias.count)))
        return zip(y, dy).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
  }

  /// All elements at nside 1, where every pixel lacks two neighbours. The function is bilinear, so
  /// that differences have no truncation error and what differencing contributes is the bound.
  @Test("Every element")
  func elements() throws {
    let problem = try Problem(nside: 1, maps: 2, inputs: 2, outputs: 3, seed: 1)
    let found = problem.check(along: .elements)
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    #expect(found.differencingBound < 1e-9, "the check is weak: \(found)")
  }

  /// A sum of 100,000 products, whose differencing must stay below 1e-7, the bound of gradients
  /// everywhere.
  /// Blind to: a wrong single component of size 1/√n; the elements above see it.
  @Test("Random directions at nside 4")
  func directions() throws {
    let problem = try Problem(nside: 4, maps: 3, inputs: 4, outputs: 5, seed: 2)
    let found = problem.check(along: .directions(count: 6, seed: 3))
    #expect(found.relativeL2 <= found.differencingBound, "\(found)")
    #expect(found.differencingBound < 1e-7, "the check is weak: \(found)")
  }

  /// A transpose whose taps have other directions; one tap's weights missing; the bias of one pixel
  /// only.
  @Test("Negative controls")
  func negativeControls() throws {
    let problem = try Problem(nside: 1, maps: 2, inputs: 2, outputs: 3, seed: 1)
    let opposite = problem.weights[..<6] + problem.weights[30...] + problem.weights[6..<30]
    let wrong = [
      problem.check(along: .elements) {
        $0.x =
          problem.layer.gradients(
            problem.dy, x: problem.x, maps: 2, weights: Array(opposite)
          ).x
      },
      problem.check(along: .elements) { for i in 6..<12 { $0.weights[i] = 0 } },
      problem.check(along: .elements) { $0.bias = Array(problem.dy.prefix(3)) },
    ]
    for found in wrong { #expect(found.relativeL2 > 1000 * found.differencingBound, "\(found)") }
  }

  /// ⟨C x, y⟩ = ⟨x, Cᵀ y⟩ without bias.
  /// Blind to: what both directions share, the table for one (NeighbourConvolutionDefinitionTests).
  @Test("Transpose", arguments: UInt64(0)..<3)
  func transpose(seed: UInt64) throws {
    let problem = try Problem(nside: 4, maps: 2, inputs: 3, outputs: 4, seed: 5)
    let zero = [Double](repeating: 0, count: 4)
    func mismatch(_ weights: [Double]) -> AdjointCheck {
      AdjointCheck(
        inputCount: problem.x.count, outputCount: problem.dy.count, terms: 9 * 4, seed: seed,
        forward: {
          problem.layer.forward($0, maps: 2, weights: problem.weights, bias: zero)
        },
        transpose: {
          problem.layer.gradients($0, x: problem.x, maps: 2, weights: weights).x
        })
    }
    let found = mismatch(problem.weights)
    #expect(found.mismatch <= found.roundingBound, "\(found)")
    #expect(mismatch(problem.weights.reversed()).mismatch > 1000 * found.roundingBound)
  }

  /// The caller zeroes the gradients of the weights; the layer adds. Integers, exact.
  @Test("Gradients of weights are added")
  func accumulation() throws {
    let layer = try NeighbourConvolution<Double>(nside: 1, inputChannels: 1, outputChannels: 1)
    let ones = [Double](repeating: 1, count: 12)
    var (dw, db) = ([Double](repeating: 100, count: 9), [7.0])
    _ = layer.backward(
      ones, saved: ones, maps: 1, weights: [Double](repeating: 2, count: 9),
      accumulatingInto: &dw, &db)
    // Twelve pixels; four have no neighbour to the north and four none to the south, eight none to
    // the west and east.
    #expect(dw == [112, 112, 104, 112, 108, 112, 104, 112, 108])
    #expect(db == [19])
  }
}

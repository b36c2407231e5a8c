/// One stage of a network by its definition: what it computes and what its gradient is.
///
/// Layout:     fields `[map][channel][point]`, coefficients `[map][channel][(l, m)][re, im]`,
///             numbers `[map][number]`.
package struct NetworkStage: Sendable {
  /// y from x.
  package let forward: @Sendable (_ x: [Double]) throws -> [Double]
  /// x̄ and everything else that training needs, from ȳ and x.
  package let backward: @Sendable (_ dy: [Double], _ saved: [Double]) throws -> StageGradients

  /// A stage from its two directions.
  package init(
    forward: @escaping @Sendable (_ x: [Double]) throws -> [Double],
    backward: @escaping @Sendable (_ dy: [Double], _ saved: [Double]) throws -> StageGradients
  ) {
    self.forward = forward
    self.backward = backward
  }

  /// A stage without weights, whose backward step gives x̄ alone.
  package init(
    forward: @escaping @Sendable (_ x: [Double]) throws -> [Double],
    inputGradient: @escaping @Sendable (_ dy: [Double], _ saved: [Double]) throws -> [Double]
  ) {
    self.init(forward: forward) { StageGradients(input: try inputGradient($0, $1)) }
  }
}

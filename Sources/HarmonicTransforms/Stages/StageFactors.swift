/// The factors of a stage: ring by ring (a quadrature weight or 1) and order by order.
package struct StageFactors: Sendable {
  package let ofPair: [Double]
  package let ofOrder: [Double]
}

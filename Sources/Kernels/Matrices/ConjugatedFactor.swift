/// Which factor of a complex product is conjugated.
package enum ConjugatedFactor: Sendable {
  case none, left, right
}

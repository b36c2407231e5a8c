/// What a product does with the old contents of C.
package enum ProductMode: Sendable {
  /// C = A B.
  case replacing
  /// C += A B.
  case adding
  /// C −= A B.
  case subtracting
}

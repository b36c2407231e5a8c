/// How a point is drawn.
package enum MarkerKind: Sendable, Hashable, CaseIterable {
  case none, disc, square, diamond, triangle, ring, cross
}

/// A gradient that is an affine function of the field: z̄_p = slope y_p + offset, per lane.
package struct AffineGradient: Sendable, Equatable {
  package var slope: [Double]
  package var offset: [Double]
}

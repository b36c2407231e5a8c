/// Whether two linear maps are transposes of each other: ⟨A x, y⟩ = ⟨x, Aᵀ y⟩.
///
/// Both sides add the same products in different order, so they differ by rounding only. The scale
/// of the mismatch is ‖A x‖ ‖y‖ and not ⟨A x, y⟩, which is near zero by chance for some x and y and
/// would then exaggerate an honest rounding error.
///
/// The inner product is the plain one over the arrays; an operation whose transpose belongs to
/// another inner product (orders m > 0 counted twice, say) passes arrays that are weighted already.
/// Blind to: an error that A and Aᵀ share, and components of A that x or y do not excite.
/// Checked by: AdjointCheckTests.
package struct AdjointCheck: Sendable, CustomStringConvertible {
  /// ⟨A x, y⟩.
  package let forwardProduct: Double
  /// ⟨x, Aᵀ y⟩.
  package let transposeProduct: Double
  /// ‖A x‖ ‖y‖.
  package let scale: Double
  /// |⟨A x, y⟩ − ⟨x, Aᵀ y⟩| / scale; infinite when nothing could be compared.
  package let mismatch: Double
  /// The number t of terms behind one element of A x or Aᵀ y.
  package let terms: Int
  /// p, the length of A x.
  package let outputCount: Int
  /// q, the length of x.
  package let inputCount: Int
  /// What rounding may make of `mismatch`: 4 u (2 √t + √p + √q) with u of the precision of A, where
  /// t is the number of terms behind one element of A x or Aᵀ y, and p and q are the lengths of A x
  /// and x; each of the two applications and the two products contributes one random walk
  /// (`RoundingBound.probable`).
  package let roundingBound: Double
  /// Why no comparison was possible, or nil.
  package let failure: String?

  package var description: String {
    if let failure { return "transpose check impossible: \(failure)" }
    return "⟨Ax, y⟩ = \(forwardProduct), ⟨x, Aᵀy⟩ = \(transposeProduct), mismatch \(mismatch) of "
      + "‖Ax‖‖y‖, rounding \(roundingBound)"
  }

  /// Compares the two products.
  ///
  /// - Parameters:
  ///   - image: A x.
  ///   - y: the vector that A x is multiplied with.
  ///   - x: the vector that A is applied to.
  ///   - transposed: Aᵀ y.
  ///   - terms: the number t of terms that are added for one element of A x or Aᵀ y.
  package init<T: BinaryFloatingPoint>(
    image: [T], y: [T], x: [T], transposed: [T], terms: Int
  ) {
    let imageNorm = norm(image)
    forwardProduct = innerProduct(image, y)
    transposeProduct = innerProduct(x, transposed)
    scale = imageNorm * norm(y)
    (self.terms, outputCount, inputCount) = (terms, image.count, x.count)
    roundingBound =
      2 * RoundingBound.probable(operations: terms, T.self)
      + RoundingBound.probable(operations: image.count, T.self)
      + RoundingBound.probable(operations: x.count, T.self)
    if image.count != y.count || x.count != transposed.count {
      failure =
        "A x has \(image.count) elements and y \(y.count); x has \(x.count) and Aᵀ y "
        + "\(transposed.count)"
    } else if image.isEmpty || x.isEmpty {
      failure = "there are no elements"
    } else if !(scale.isFinite && forwardProduct.isFinite && transposeProduct.isFinite) {
      failure = "a value is not finite: \(forwardProduct) and \(transposeProduct)"
    } else if scale == 0 {
      failure = "‖A x‖ ‖y‖ is zero, which any transpose satisfies"
    } else {
      failure = nil
    }
    mismatch = failure == nil ? abs(forwardProduct - transposeProduct) / scale : .infinity
  }

  /// Applies the two maps to standard normal vectors and compares.
  ///
  /// - Parameters:
  ///   - inputCount: length of x.
  ///   - outputCount: length of y.
  ///   - terms: the number of terms that are added for one element of A x or Aᵀ y.
  ///   - seed: of the random vectors.
  ///   - forward: A.
  ///   - transpose: Aᵀ.
  package init<T: BinaryFloatingPoint>(
    inputCount: Int, outputCount: Int, terms: Int, seed: UInt64,
    forward: ([T]) throws -> [T], transpose: ([T]) throws -> [T]
  ) rethrows {
    var numbers = TestNumbers(seed: seed)
    let x = numbers.normals(inputCount).map { T($0) }
    let y = numbers.normals(outputCount).map { T($0) }
    self.init(image: try forward(x), y: y, x: x, transposed: try transpose(y), terms: terms)
  }
}

/// Σ x_k y_k in `Double`; over the common length.
private func innerProduct<T: BinaryFloatingPoint>(_ x: [T], _ y: [T]) -> Double {
  zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

private func norm<T: BinaryFloatingPoint>(_ x: [T]) -> Double {
  innerProduct(x, x).squareRoot()
}

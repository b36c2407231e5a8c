/// Rows and columns of the tiles of a Gram matrix; a multiple of every register block.
private let tileLength = 192

/// G += X Xᵀ for the upper triangle of G, the sum over observations of x xᵀ.
///
/// Definition:  G_ij += Σ_{p < observations} X_ip X_jp,  i ≤ j.
///              Elements below the diagonal are left with undefined values; none is read.
/// Method:      tiles of 192 x 192, each one `matrixProduct`; half of the tiles are needed. The
///              bits of a tile do not depend on who computes it, hence not on the number of
///              threads.
/// Layout:      X `[variable][observation]`, rows `stride` apart (not a power of two: rows that
///              fall into the same cache set halve the speed); G row-major (variables, variables).
/// Cost:        variables² · observations multiplications.
/// Checked by:  GramDefinitionTests (slow twin `gramByDefinition`).
///
/// - Parameters:
///   - gram: G.
///   - x: X.
///   - variables: rows of X.
///   - observations: columns of X that count.
///   - stride: elements between rows of X, at least `observations`.
///   - threads: threads to use at most.
package func addGram(
  to gram: inout [Double], of x: [Double], variables: Int, observations: Int, stride: Int,
  threads: Int
) {
  precondition(
    gram.count == variables * variables && x.count >= variables * stride && stride >= observations,
    "\(x.count) elements for \(variables) x \(observations) at stride \(stride)")
  let count = (variables + tileLength - 1) / tileLength
  var tiles: [(row: Int, column: Int)] = []
  for column in 0..<count {
    for row in 0...column {
      tiles.append((row * tileLength, column * tileLength))
    }
  }
  let tileList = tiles
  // X is only read; every tile of G is written by one call.
  x.withView { x in
    gram.withMutableView { gram in
      parallelFor(tileList.count, threads: threads) { k in
        let (row, column) = tileList[k]
        matrixProduct(
          rows: min(tileLength, variables - row), columns: min(tileLength, variables - column),
          depth: observations,
          MatrixView(x.at(row * stride), rowStride: stride),
          MatrixView(x.at(column * stride), rowStride: stride).transposed,
          into: MatrixView(gram.at(row * variables + column), rowStride: variables),
          .adding)
      }
    }
  }
}

/// The slow twin of `addGram`: X Xᵀ in full, for X `[variable][observation]` without gaps.
package func gramByDefinition(of x: [Double], variables: Int, observations: Int) -> [Double] {
  var gram = [Double](repeating: 0, count: variables * variables)
  for i in 0..<variables {
    for j in 0..<variables {
      for p in 0..<observations {
        gram[i * variables + j] += x[i * observations + p] * x[j * observations + p]
      }
    }
  }
  return gram
}

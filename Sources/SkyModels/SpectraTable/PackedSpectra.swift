import Foundation

/// Spectra at nodes as rows of one matrix, packed for sums over rows.
///
/// Layout:     the numbers of a row are those of each spectrum in turn, l = 0...lmax, padded to a
///             multiple of eight; eight successive ones are a block. Element b · rowCount + k is
///             block b of row k, so that a sum over neighbouring rows reads memory in order.
/// Numbers:    C_l, or ln C_l of variances and TE/√(TT EE) (`InterpolationReport.Quantity`); 0 at
///             degrees where a spectrum has no power.
struct PackedSpectra: Sendable {
  typealias Block = SIMD8<Double>

  let names: [SpectrumName]
  let lmax: Int
  let quantity: InterpolationReport.Quantity
  /// Blocks of one spectrum.
  let blocksPerSpectrum: Int
  /// Number of rows.
  private(set) var rowCount: Int
  private var blocks: [Block]
  /// 1 where the variance has power, else 0; one list per spectrum.
  private let masks: [[Double]]

  /// Packs spectra.
  ///
  /// - Parameters:
  ///   - table: the names of the spectra.
  ///   - order: the node of each row.
  ///   - quantity: what to pack.
  init(_ table: SpectraTable, order: [Int], quantity: InterpolationReport.Quantity) {
    names = table.spectrumNames
    lmax = table.lmax
    self.quantity = quantity
    blocksPerSpectrum = (lmax + 8) / 8
    rowCount = order.count
    let count = lmax + 1
    masks = names.map { name in
      table.spectra[0][name.isAuto ? name : .tt].map { $0 > 0 ? 1 : 0 }
    }
    blocks = [Block](repeating: .zero, count: rowCount * names.count * blocksPerSpectrum)
    for (row, node) in order.enumerated() {
      for (place, name) in names.enumerated() {
        let numbers = Self.numbers(table.spectra[node], name, quantity)
        for l in 0..<count {
          blocks[(place * blocksPerSpectrum + l / 8) * rowCount + row][l % 8] = numbers[l]
        }
      }
    }
  }

  private static func numbers(
    _ spectra: NamedSpectra, _ name: SpectrumName, _ quantity: InterpolationReport.Quantity
  ) -> [Double] {
    guard quantity == .logarithms else { return spectra[name] }
    if name.isAuto { return spectra[name].map { $0 > 0 ? log($0) : 0 } }
    return spectra.te.indices.map { l in
      spectra.te[l] == 0 ? 0 : SpectraTableChecks.correlation(spectra, l: l)
    }
  }

  /// Σ_k w_k row(k), block by block.
  func sum(rows: [Int], weights: [Double]) -> [Block] {
    let count = names.count * blocksPerSpectrum
    var result: [Block] = []
    result.reserveCapacity(count)
    for block in 0..<count {
      let start = block &* rowCount
      // Two sums, since an addition has to wait for the one before it.
      var (even, odd) = (Block.zero, Block.zero)
      for k in stride(from: 0, to: rows.count - 1, by: 2) {
        even += weights[k] * blocks[start &+ rows[k]]
        odd += weights[k + 1] * blocks[start &+ rows[k + 1]]
      }
      if rows.count % 2 == 1 {
        even += weights[rows.count - 1] * blocks[start &+ rows[rows.count - 1]]
      }
      result.append(even + odd)
    }
    return result
  }

  /// The rows A · rows, for A with one list of weights per new row.
  func combined(_ matrix: [[Double]]) -> PackedSpectra {
    var result = self
    let all = Array(0..<rowCount)
    result.rowCount = matrix.count
    result.blocks = [Block](
      repeating: .zero, count: matrix.count * names.count * blocksPerSpectrum)
    for (row, weights) in matrix.enumerated() {
      for (block, value) in sum(rows: all, weights: weights).enumerated() {
        result.blocks[block * matrix.count + row] = value
      }
    }
    return result
  }

  /// The spectra whose numbers these are.
  func spectra(_ numbers: [Block]) -> NamedSpectra {
    let zeros = [Double](repeating: 0, count: lmax + 1)
    var lists = [SpectrumName: [Double]]()
    for (place, name) in names.enumerated() {
      var values = list(numbers, place)
      if quantity == .logarithms && name.isAuto {
        for l in 0...lmax { values[l] = masks[place][l] * exp(values[l]) }
      }
      lists[name] = values
    }
    let (tt, ee) = (lists[.tt] ?? zeros, lists[.ee] ?? zeros)
    var te = lists[.te] ?? zeros
    if quantity == .logarithms && lists[.te] != nil {
      for l in 0...lmax { te[l] *= (tt[l] * ee[l]).squareRoot() }
    }
    return NamedSpectra(
      uncheckedTT: tt, ee: ee, bb: lists[.bb] ?? zeros, te: te, eb: zeros, tb: zeros)
  }

  /// ∂C_l from ∂(numbers) at the spectra `at`.
  func derivatives(_ slopes: [Block], at spectra: NamedSpectra) -> SpectrumDerivatives {
    var result = SpectrumDerivatives(lmax: lmax)
    var relative: [SpectrumName: [Double]] = [:]
    for (place, name) in names.enumerated() where name.isAuto {
      let values = list(slopes, place)
      relative[name] = values
      let powers = spectra[name]
      result[name] =
        quantity == .powers ? values : (0...lmax).map { powers[$0] * values[$0] }
    }
    if let place = names.firstIndex(of: .te) {
      var values = list(slopes, place)
      if quantity == .logarithms, let t = relative[.tt], let e = relative[.ee] {
        for l in 0...lmax {
          let scale = (spectra.tt[l] * spectra.ee[l]).squareRoot()
          values[l] = scale * values[l] + 0.5 * spectra.te[l] * (t[l] + e[l])
        }
      }
      result[.te] = values
    }
    return result
  }

  /// The numbers of one spectrum, l = 0...lmax.
  private func list(_ numbers: [Block], _ place: Int) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(8 * blocksPerSpectrum)
    for block in numbers[place * blocksPerSpectrum..<(place + 1) * blocksPerSpectrum] {
      for lane in 0..<8 { values.append(block[lane]) }
    }
    values.removeLast(values.count - (lmax + 1))
    return values
  }
}

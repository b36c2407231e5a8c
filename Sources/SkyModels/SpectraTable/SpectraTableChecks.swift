/// The demands of `SpectraTable` on the spectra at its nodes.
struct SpectraTableChecks {
  let parameters: [ModelParameter]
  let nodes: [[Double]]
  let names: [SpectrumName]

  private func place(_ node: Int) -> String {
    SpectraTable.text(of: nodes[node], parameters)
  }

  /// - Throws: `SpectraTableError`.
  func require(_ spectra: [NamedSpectra]) throws(SpectraTableError) {
    let lmax = spectra[0].lmax
    for (node, list) in spectra.enumerated() where list.lmax != lmax {
      throw .wrongDegrees(node: node, found: list.lmax, expected: lmax)
    }
    guard lmax >= 2 else { throw .tooFewDegrees(lmax: lmax) }
    for (node, list) in spectra.enumerated() {
      for name in SpectrumName.allCases {
        let isNamed = names.contains(name)
        for (l, value) in list[name].enumerated() {
          guard value.isFinite else {
            throw .notFinite(name: name, node: node, l: l, found: value, at: place(node))
          }
          guard isNamed || value == 0 else {
            throw .unnamedPower(name: name, node: node, l: l, found: value)
          }
          guard l >= name.firstDegree || value == 0 else {
            throw .belowFirstDegree(name: name, node: node, l: l, found: value)
          }
          guard !name.isAuto || value >= 0 else {
            throw .negativePower(name: name, node: node, l: l, found: value, at: place(node))
          }
        }
      }
    }
    try requirePower(spectra)
    try requireCorrelations(spectra)
  }

  /// A variance that vanishes at some nodes only has no likelihood there.
  private func requirePower(_ spectra: [NamedSpectra]) throws(SpectraTableError) {
    var hasPower = false
    for name in names where name.isAuto {
      let reference = spectra[0][name]
      hasPower = hasPower || reference.contains { $0 > 0 }
      for (node, list) in spectra.enumerated() {
        let values = list[name]
        for l in reference.indices where (values[l] > 0) != (reference[l] > 0) {
          let empty = values[l] > 0 ? 0 : node
          throw .vanishingPower(name: name, node: empty, l: l, at: place(empty))
        }
      }
    }
    guard hasPower else { throw .noPower }
  }

  private func requireCorrelations(_ spectra: [NamedSpectra]) throws(SpectraTableError) {
    guard names.contains(.te) else { return }
    for (node, list) in spectra.enumerated() {
      for l in list.te.indices where list.te[l] != 0 {
        let correlation = Self.correlation(list, l: l)
        guard abs(correlation) < Self.largestCorrelation else {
          throw .notSemidefinite(node: node, l: l, correlation: correlation, at: place(node))
        }
      }
    }
  }

  /// TE/√(TT EE), infinite where a field has no power.
  static func correlation(_ spectra: NamedSpectra, l: Int) -> Double {
    spectra.te[l] / (spectra.tt[l].squareRoot() * spectra.ee[l].squareRoot())
  }

  /// From here on the covariance of T and E cannot be inverted in 64 bits: 1 − ρ² ≈ 2e-12 keeps
  /// four digits.
  static let largestCorrelation = 1 - 1e-12
}

/// The transfer function of a beam, by degree.
public struct BeamWindow: Codable, Sendable, Hashable {
  /// b_l of T, l = 0, 1, ...
  public var temperature: [Double]
  /// b_l of E and B.
  public var polarisation: [Double]

  /// A beam of these factors.
  public init(temperature: [Double], polarisation: [Double]) {
    self.temperature = temperature
    self.polarisation = polarisation
  }

  /// Throws what is no beam for degrees up to lmax: too few degrees, or factors that are not
  /// finite.
  ///
  /// - Throws: `TaskError.invalidBeamWindow`.
  func validate(lmax: Int) throws(TaskError) {
    for (name, values) in [("T", temperature), ("E and B", polarisation)] {
      guard values.count > lmax else {
        throw .invalidBeamWindow(
          found: "\(values.count) degrees of \(name)", expected: "\(lmax + 1), l = 0...\(lmax)")
      }
      if let l = values.firstIndex(where: { !$0.isFinite }) {
        throw .invalidBeamWindow(
          found: "\(values[l]) for \(name) at l = \(l)", expected: "a finite number")
      }
    }
  }
}

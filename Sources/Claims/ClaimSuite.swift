/// The parts of the project that claims are about; `sphere verify --suite` takes these names.
package enum ClaimSuite: String, CaseIterable, Sendable, Codable {
  /// Legendre and Wigner functions, quadrature rules, Fourier transforms.
  case functions
  /// HEALPix and ring grids, resampling.
  case grids
  /// Scalar and spin transforms, analysis, rotation.
  case transforms
  /// Layers, networks and their gradients, the optimiser.
  case networks
  /// Random fields, likelihoods, shipped models.
  case skies
  /// What is wrong in the published system: claims that something is large.
  case findings
}

/// What a case asks for; Docs/Conformance.md has the parameters, tensors and formulas of each.
public enum Operation: String, Sendable, CaseIterable {
  case legendre
  case spinLegendre = "spin_legendre"
  case gaussLegendre = "gauss_legendre"
  case clenshawCurtis = "clenshaw_curtis"
  case fejerFirst = "fejer1"
  case fejerSecond = "fejer2"
  case driscollHealy = "driscoll_healy"
  case mcEwenWiaux = "mcewen_wiaux"
  case wignerD = "wigner_d"
  case spinHarmonics = "spin_harmonics"
  case wigner3j = "wigner_3j"
  case modeCoupling = "mode_coupling"
  case healpixCentres = "healpix_centres"
  case healpixPixelOfDirection = "healpix_pixel_of_direction"
  case healpixNestedToRing = "healpix_nested_to_ring"
  case healpixRingToNested = "healpix_ring_to_nested"
  case healpixInterpolation = "healpix_interpolation"
  case scalarSynthesis = "scalar_synthesis"
  case scalarAnalysis = "scalar_analysis"
  case scalarAdjointSynthesis = "scalar_adjoint_synthesis"
  case scalarSynthesisGradient = "scalar_synthesis_gradient"
  case scalarAnalysisGradient = "scalar_analysis_gradient"
  case spinSynthesis = "spin_synthesis"
  case spinAnalysis = "spin_analysis"
  case spinAdjointSynthesis = "spin_adjoint_synthesis"
  case spinSynthesisGradient = "spin_synthesis_gradient"
  case spinAnalysisGradient = "spin_analysis_gradient"
  case scalarModes = "scalar_modes"
  case spinModes = "spin_modes"
  case scalarDerivatives = "scalar_derivatives"
  case scalarDerivativesGradient = "scalar_derivatives_gradient"
  case pointSynthesis = "point_synthesis"
  case pointSynthesisGradient = "point_synthesis_gradient"
  case spinPointSynthesis = "spin_point_synthesis"
  case spinPointSynthesisGradient = "spin_point_synthesis_gradient"
  case iteratedAnalysis = "iterated_analysis"
  case iteratedAnalysisGradient = "iterated_analysis_gradient"
  case spinIteratedAnalysis = "spin_iterated_analysis"
  case spinIteratedAnalysisGradient = "spin_iterated_analysis_gradient"
  case maskedSynthesis = "masked_synthesis"
  case maskedSynthesisGradient = "masked_synthesis_gradient"
  case maskedAnalysis = "masked_analysis"
  case maskedAnalysisGradient = "masked_analysis_gradient"
  case spinMaskedSynthesis = "spin_masked_synthesis"
  case spinMaskedSynthesisGradient = "spin_masked_synthesis_gradient"
  case spinMaskedAnalysis = "spin_masked_analysis"
  case spinMaskedAnalysisGradient = "spin_masked_analysis_gradient"
  case leastSquaresAnalysis = "least_squares_analysis"
  case leastSquaresAnalysisGradient = "least_squares_analysis_gradient"
  case spinLeastSquaresAnalysis = "spin_least_squares_analysis"
  case spinLeastSquaresAnalysisGradient = "spin_least_squares_analysis_gradient"
  case rotation
  case rotationGradient = "rotation_gradient"
  case smoothing
  case laplacian
  case powerSpectrum = "power_spectrum"
  case resampleContainingPixel = "resample_containing_pixel"
  case resampleContainingPixelTranspose = "resample_containing_pixel_transpose"
  case resampleBilinear = "resample_bilinear"
  case resampleBilinearTranspose = "resample_bilinear_transpose"
  case meanInpainting = "mean_inpainting"
  case degreewiseMixing = "degreewise_mixing"
  case orderwiseMixing = "orderwise_mixing"
  case bandPowers = "band_powers"
  case batchNormalisation = "batch_normalisation"
  case denseLayers = "dense_layers"
  case adam
  case publishedNetwork = "published_network"
  case isotropicNetwork = "isotropic_network"
  case gaussianField = "gaussian_field"
}

extension Operation {
  /// An operation by its name in a manifest; version 1 says `spin2_` for `spin_`.
  init?(named name: String) {
    self.init(rawValue: name.replacing(/^spin2_/, with: "spin_"))
  }

  /// Whether E and B, Q and U stand for coefficients and field.
  var isSpin: Bool {
    switch self {
    case .spinSynthesis, .spinAnalysis, .spinAdjointSynthesis, .spinSynthesisGradient,
      .spinAnalysisGradient, .spinModes, .spinPointSynthesis, .spinPointSynthesisGradient,
      .spinIteratedAnalysis, .spinIteratedAnalysisGradient, .spinMaskedSynthesis,
      .spinMaskedSynthesisGradient, .spinMaskedAnalysis, .spinMaskedAnalysisGradient,
      .spinLeastSquaresAnalysis, .spinLeastSquaresAnalysisGradient:
      return true
    default: return false
    }
  }

  /// The linear map of the whole family of `spin_` and scalar operations, or nil.
  var linearMap: LinearMap? {
    switch self {
    case .scalarSynthesis, .spinSynthesis: return .synthesis
    case .scalarAnalysis, .spinAnalysis: return .analysis
    case .scalarAdjointSynthesis, .spinAdjointSynthesis: return .adjointSynthesis
    case .scalarSynthesisGradient, .spinSynthesisGradient: return .synthesisGradient
    case .scalarAnalysisGradient, .spinAnalysisGradient: return .analysisGradient
    case .iteratedAnalysis, .spinIteratedAnalysis: return .iteratedAnalysis
    case .iteratedAnalysisGradient, .spinIteratedAnalysisGradient: return .iteratedGradient
    case .maskedSynthesis, .spinMaskedSynthesis: return .maskedSynthesis
    case .maskedSynthesisGradient, .spinMaskedSynthesisGradient: return .maskedSynthesisGradient
    case .maskedAnalysis, .spinMaskedAnalysis: return .maskedAnalysis
    case .maskedAnalysisGradient, .spinMaskedAnalysisGradient: return .maskedAnalysisGradient
    case .leastSquaresAnalysis, .spinLeastSquaresAnalysis: return .leastSquares
    case .leastSquaresAnalysisGradient, .spinLeastSquaresAnalysisGradient:
      return .leastSquaresGradient
    default: return nil
    }
  }
}

/// A linear map between coefficients and fields on rings, for scalars and for any spin.
enum LinearMap: Sendable, CaseIterable {
  case synthesis, analysis, adjointSynthesis, synthesisGradient, analysisGradient
  case iteratedAnalysis, iteratedGradient
  case maskedSynthesis, maskedSynthesisGradient, maskedAnalysis, maskedAnalysisGradient
  case leastSquares, leastSquaresGradient

  /// Whether a gradient is asked for, from a gradient.
  var isGradient: Bool {
    switch self {
    case .synthesisGradient, .analysisGradient, .iteratedGradient, .maskedSynthesisGradient,
      .maskedAnalysisGradient, .leastSquaresGradient:
      return true
    default: return false
    }
  }

  /// Whether coefficients are given and fields asked for.
  var isFromCoefficients: Bool {
    switch self {
    case .synthesis, .analysisGradient, .iteratedGradient, .maskedSynthesis,
      .maskedAnalysisGradient, .leastSquaresGradient:
      return true
    default: return false
    }
  }

  /// Whether a mask is given.
  var isMasked: Bool {
    switch self {
    case .maskedSynthesis, .maskedSynthesisGradient, .maskedAnalysis, .maskedAnalysisGradient:
      return true
    default: return false
    }
  }

  /// The operation for scalar fields, or for those of a spin.
  func operation(isSpin: Bool) -> Operation {
    guard
      let operation = Operation.allCases.first(where: {
        $0.linearMap == self && $0.isSpin == isSpin
      })
    else { preconditionFailure("\(self) has no operation") }
    return operation
  }
}

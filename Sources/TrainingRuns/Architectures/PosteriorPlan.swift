import Baselines
import SkyModels
import SpecialFunctions
import SpectralNetworks
import Tasks

/// What the joint posterior of a task is made of: the functions of the parameters, and what enters
/// their coefficients.
///
/// Definition:  σ_i(q) = [Σ_b (2l + 1)/2 (∂ ln T_b/∂q_i)²]^(−1/2), T = C + N, is the width of the
///              likelihood along parameter i in units of its prior, the others held; the narrowest
///              anywhere in the prior decides.
/// Wide:        polynomials of all parameters, of the combinations of powers that the likelihood
///              depends on (`LikelihoodComponents`).
/// Narrow:      below `narrowest`, and on the full sky: splines of every parameter, of the powers
///              themselves. The spline of a place is determined by the maps near it, whose powers
///              may be 10⁻⁵ of their means over the prior: they enter without these means taken
///              out. A band has coefficients with the splines of those parameters alone that its
///              expectation depends on, and with products if it depends on two or more. Where that
///              is too many unknowns products of lower degrees remain, then the combinations
///              take the place of the powers, then polynomials that of splines.
/// Checked by:  PosteriorPlanTests.
struct PosteriorPlan {
  /// The densities.
  let family: PosteriorFamily
  /// The combinations of powers that enter; nil: the powers themselves.
  let components: LikelihoodComponents?
  /// The places of the natural parameters that every power enters, `[band][…]`; nil: all.
  let uses: [[Int]]?

  /// Widths of the likelihood below which polynomials do not reach, in units of the prior.
  static let narrowest = 0.01
  /// Most unknowns of a fit with splines.
  static let mostUnknowns = 2500
  /// Degrees of the polynomials of one, two and three parameters.
  private static let polynomialDegrees = [16, 9, 6]
  /// Degree and pieces of splines, see `PosteriorFamily`.
  private static let (splineDegree, pieces) = (5, 10)
  /// Degrees of products beside splines, the first one that fits.
  private static let mixedDegrees = [9, 8, 7, 6, 5, 4]
  /// Bands whose (2l + 1)/2 (∂ ln T_b/∂q_i)² is smaller everywhere do not depend on parameter i:
  /// a hundredth of the scatter of its power over the whole prior.
  private static let leastInformation = 1e-4
  /// Points of the prior per parameter, for one, two and three.
  private static let pointCounts = [49, 13, 7]

  /// The plan of a task.
  ///
  /// - Parameters:
  ///   - settings: the task.
  ///   - fiducials: fiducial values of every parameter, where there are filters.
  /// - Throws: as `LikelihoodComponents`.
  init(_ settings: TaskSettings, fiducials: Int) throws {
    let priors = settings.priors
    if !settings.hasFilters {
      let information = Self.information(settings)
      if Self.isNarrow(information) {
        let dependent = information[0][0].indices.map { band in
          priors.indices.filter { axis in
            information.contains { $0[axis][band] > Self.leastInformation }
          }
        }
        if let (family, uses) = Self.splines(priors, dependent) {
          (self.family, self.uses, components) = (family, uses, nil)
          return
        }
        let components = try LikelihoodComponents(settings, fiducials: fiducials)
        let all = components.rows.map { _ in Array(priors.indices) }
        if let (family, _) = Self.splines(priors, all) {
          (self.family, self.components, uses) = (family, components, nil)
          return
        }
      }
    }
    components = try LikelihoodComponents(settings, fiducials: fiducials)
    family = PosteriorFamily(
      priors: priors, degree: Self.polynomialDegrees[priors.count - 1])
    uses = nil
  }

  /// Splines with the products of highest degree that leave few enough unknowns, and the places of
  /// the natural parameters that every variable enters; nil if none does. `dependent` are the
  /// parameters that every variable tells of.
  private static func splines(
    _ priors: [ParameterPrior], _ dependent: [[Int]]
  ) -> (family: PosteriorFamily, uses: [[Int]])? {
    let isMixed = dependent.contains { $0.count > 1 }
    for mixedDegree in isMixed ? mixedDegrees.map(Optional.some) : [nil] {
      let family = PosteriorFamily(
        priors: priors, degree: splineDegree, pieces: pieces, mixedDegree: mixedDegree)
      let terms = family.terms
      let uses = dependent.map { axes in
        terms.indices.filter { k in
          priors.indices.allSatisfy { terms[k][$0] == 0 || axes.contains($0) }
        }
      }
      let unknowns = uses.reduce(terms.count) { $0 + $1.count }
      if unknowns <= mostUnknowns { return (family, uses) }
    }
    return nil
  }

  /// Whether σ_i is below `narrowest` anywhere, for any parameter.
  private static func isNarrow(_ information: [[[Double]]]) -> Bool {
    information.contains { point in
      point.contains { $0.reduce(0, +) * narrowest * narrowest > 1 }
    }
  }

  /// (2l + 1)/2 (∂ ln T_b/∂q_i)², `[point][parameter][field, degree]`, of bands of one degree each
  /// from the first degree of the field on; 0 for bands without power.
  private static func information(_ settings: TaskSettings) -> [[[Double]]] {
    let model = QuantileModel(settings.model(), fields: settings.task.fields)
    let count = pointCounts[settings.priors.count - 1]
    let axis = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    let points: [[Double]] = settings.priors.reduce([[]]) { points, _ in
      points.flatMap { point in axis.map { point + [$0] } }
    }
    let noise = FullSkyLikelihood.whiteNoise(
      standardDeviation: settings.noise, pixelCount: settings.pixelCount, lmax: settings.lmax)
    return points.map { point -> [[Double]] in
      let spectra = model.spectra(at: point)
      return model.derivatives(at: point).map { slope in
        settings.task.fields.flatMap { field -> [Double] in
          let (own, slopes) = (spectra[field.spectrum], slope[field.spectrum])
          return (field.firstDegree...settings.lmax).map { l in
            let total = own[l] + noise[l]
            guard total > 0 else { return 0 }
            return 0.5 * Double(2 * l + 1) * (slopes[l] / total) * (slopes[l] / total)
          }
        }
      }
    }
  }
}

import FileFormats
import FourierTransforms
import HarmonicTransforms
import Kernels

/// The harmonic coefficients of a sky map: of T, of E and B, or of all three.
///
/// Layout:      one lane each; the layout of `AlmFile` is that of `CoefficientStack` with one lane.
/// Units:       those of the map.
/// Checked by:  MapToolsOracleTests (healpy).
public struct SkyCoefficients: Sendable {
  /// T, if there is one.
  public var temperature: CoefficientStack<Double>?
  /// E and B, if there are any.
  public var polarisation: SpinCoefficients<Double>?
  /// The unit; nil: none is known, muK is meant.
  public var unit: String?
  /// COORDSYS, uninterpreted.
  public var coordinateSystem: String?

  /// Coefficients from their parts.
  ///
  /// Domain: at least one field, all of one lmax and mmax (preconditions).
  public init(
    temperature: CoefficientStack<Double>? = nil, polarisation: SpinCoefficients<Double>? = nil,
    unit: String? = FitsUnit.microkelvin, coordinateSystem: String? = nil
  ) {
    let stacks = [temperature, polarisation?.e].compactMap { $0 }
    precondition(!stacks.isEmpty, "coefficients of no field")
    precondition(
      stacks.allSatisfy { $0.lmax == stacks[0].lmax && $0.mmax == stacks[0].mmax && $0.lanes == 1 },
      "fields of different lmax, mmax or lanes")
    self.temperature = temperature
    self.polarisation = polarisation
    self.unit = unit
    self.coordinateSystem = coordinateSystem
    lmax = stacks[0].lmax
    mmax = stacks[0].mmax
  }

  /// Largest degree, inclusive.
  public let lmax: Int
  /// Largest order, inclusive.
  public let mmax: Int

  /// The coefficients of a file.
  public init(_ file: AlmFile) {
    func stack(_ field: AlmFile.Field) -> CoefficientStack<Double>? {
      file.fields[field].map {
        CoefficientStack(lmax: file.lmax, mmax: file.mmax, lanes: 1, values: $0)
      }
    }
    var polarisation: SpinCoefficients<Double>?
    if let e = stack(.e), let b = stack(.b) { polarisation = SpinCoefficients(e: e, b: b) }
    self.init(
      temperature: stack(.t), polarisation: polarisation, unit: file.unit,
      coordinateSystem: file.coordinateSystem)
  }

  /// The coefficients as a file.
  public var file: AlmFile {
    var fields: [AlmFile.Field: [Double]] = [:]
    fields[.t] = temperature?.values
    fields[.e] = polarisation?.e.values
    fields[.b] = polarisation?.b.values
    return AlmFile(
      lmax: lmax, mmax: mmax, fields: fields, unit: unit, coordinateSystem: coordinateSystem)
  }

  /// The fields that there are, by letter, in the order T, E, B.
  public var fields: [(letter: String, coefficients: CoefficientStack<Double>)] {
    var fields: [(letter: String, coefficients: CoefficientStack<Double>)] = []
    if let temperature { fields.append(("T", temperature)) }
    if let polarisation { fields += [("E", polarisation.e), ("B", polarisation.b)] }
    return fields
  }
}

import FileFormats
import Foundation

/// One field of an `OpticalDepthTable` as a family of spectra with the parameter `tau`.
///
/// Checked by: OpticalDepthOracleTests.
public struct OpticalDepthFamily: SpectrumFamily, Hashable {
  /// The table that is interpolated.
  public let table: OpticalDepthTable
  /// E or B.
  public let field: SkyField

  public var parameterName: String { "tau" }
  public var parameterRange: ClosedRange<Double> { table.range }
  public var lmax: Int { table.lmax }

  public func spectrum(at parameter: Double) -> PowerSpectrum {
    do {
      return try table.spectrum(of: field, tau: parameter)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  public func derivative(at parameter: Double) -> [Double] {
    do {
      return try table.derivative(of: field, tau: parameter)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

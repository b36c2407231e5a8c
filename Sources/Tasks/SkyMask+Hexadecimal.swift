import SkyMaps
import SpectralNetworks

extension SkyMask {
  /// The mask of pixels written as in `FilterBankConfiguration`; nil for a text of another length
  /// or with other characters than hexadecimal digits.
  ///
  /// - Throws: `SkyMaskError.allMasked`.
  package init?(hexadecimal text: String, nside: Int) throws(SkyMaskError) {
    guard let pixels = FilterBankConfiguration.pixels(ofHexadecimal: text, nside: nside) else {
      return nil
    }
    var weights = [Double](repeating: 0, count: 12 * nside * nside)
    for pixel in pixels { weights[pixel] = 1 }
    try self.init(nside: nside, weights: weights)
  }
}

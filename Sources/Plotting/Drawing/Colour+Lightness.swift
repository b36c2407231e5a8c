import Foundation

/// sRGB and CIELAB, white point D65.
///
/// Definition:  with linear parts r, g, b of sRGB [IEC1999] and its matrix to X, Y, Z, and white
///              (X_n, Y_n, Z_n) that of r = g = b = 1,
///              L* = 116 f(Y/Y_n) - 16, a* = 500 [f(X/X_n) - f(Y/Y_n)],
///              b* = 200 [f(Y/Y_n) - f(Z/Z_n)],
///              f(t) = t^{1/3} for t > (6/29)³, else t/(3 (6/29)²) + 4/29 [CIE2004].
/// Checked by:  ColourScalePropertyTests.
extension Colour {
  /// Row by row: X, Y, Z of red, green and blue.
  private static let matrix: [[Double]] = [
    [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
  ]
  /// The inverse of `matrix`.
  private static let inverse: [[Double]] = [
    [3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560],
    [0.0556434, -0.2040259, 1.0572252],
  ]
  private static let whitePoint = matrix.map { $0.reduce(0, +) }
  private static let bend = 6.0 / 29

  /// The opaque colour of L* in 0...100, a* and b*.
  ///
  /// Domain: colours that sRGB has; components outside 0...1 by more than 10⁻⁶ are a precondition
  /// failure.
  init(lightness: Double, a: Double, b: Double) {
    let middle = (lightness + 16) / 116
    let xyz = zip([middle + a / 500, middle, middle - b / 200], Self.whitePoint).map { f, white in
      white
        * (f > Self.bend ? f * f * f : 3 * Self.bend * Self.bend * (f - 4.0 / 29))
    }
    let parts = Self.inverse.map { row -> Double in
      let linear = row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2]
      return linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055
    }
    precondition(
      parts.allSatisfy { -1e-6...1 + 1e-6 ~= $0 }, "L* \(lightness), \(a), \(b) is not in sRGB")
    self.init(red: parts[0], green: parts[1], blue: parts[2])
  }

  /// L*, a* and b* of the colour; its opacity does not count.
  var lightness: (l: Double, a: Double, b: Double) {
    let linear = [red, green, blue].map {
      $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4)
    }
    let f = zip(Self.matrix, Self.whitePoint).map { row, white -> Double in
      let t = (row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2]) / white
      return t > Self.bend * Self.bend * Self.bend
        ? cbrt(t) : t / (3 * Self.bend * Self.bend) + 4.0 / 29
    }
    return (116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2]))
  }
}

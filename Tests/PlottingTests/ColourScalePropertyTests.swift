import Testing
import Verification

@testable import Plotting

/// Colours as eyes order them. Blind to: the model of vision that CIELAB is.
@Suite("Colour scales")
struct ColourScalePropertyTests {
  /// L*, a*, b* of the primaries of sRGB, with the two decimals of published tables, and back
  /// again. Bound of the way back: the matrix and its inverse have seven decimals, and the slope of
  /// sRGB near black is 12.92.
  /// Control: green for red.
  @Test("CIELAB of primary colours")
  func primaries() {
    for (hex, l, a, b) in [
      (UInt32(0xFF0000), 53.24, 80.09, 67.20), (0x00FF00, 87.73, -86.18, 83.18),
      (0x0000FF, 32.30, 79.19, -107.86), (0xFFFFFF, 100, 0, 0), (0x000000, 0, 0, 0),
    ] {
      let found = Colour(hex: hex).lightness
      #expect(abs(found.l - l) < 0.01 && abs(found.a - a) < 0.01 && abs(found.b - b) < 0.01)
    }
    for hex in [UInt32(0x336699), 0xC08040, 0x808080] {
      let colour = Colour(hex: hex)
      let lab = colour.lightness
      let back = Colour(lightness: lab.l, a: lab.a, b: lab.b)
      let error = max(
        abs(back.red - colour.red), abs(back.green - colour.green), abs(back.blue - colour.blue))
      #expect(error <= 12.92 * 5e-7, "\(error)")
    }
    #expect(abs(Colour(hex: 0x00FF00).lightness.l - 53.24) > 10)
  }

  /// Lightness rises evenly to the middle, 68 per half, and falls as evenly; both ends are equally
  /// far from the middle within 10 %. Bound of evenness: as above, in units of L*, 10⁻³.
  @Test("The diverging scale")
  func diverging() {
    for k in 0...50 {
      let t = Double(k) / 100
      let (low, high) = (
        ColourScale.diverging.colour(t).lightness, ColourScale.diverging.colour(1 - t).lightness
      )
      #expect(abs(low.l - (28 + 136 * t)) < 1e-3 && abs(high.l - low.l) < 1e-3, "\(t)")
      #expect(low.b <= 1e-3 && high.a >= -1e-3)
    }
    func distance(_ t: Double) -> Double {
      let (c, m) = (ColourScale.diverging.colour(t).lightness, (l: 96.0, a: 0.0, b: 0.0))
      return ((c.l - m.l) * (c.l - m.l) + c.a * c.a + c.b * c.b).squareRoot()
    }
    for t in [0, 0.1, 0.25, 0.4] {
      #expect(
        abs(distance(t) / distance(1 - t) - 1) < 0.1, "\(t): \(distance(t)), \(distance(1 - t))")
    }
    // Control: the sequential scale is not symmetric.
    let ends = [0.1, 0.9].map { ColourScale.sequential.colour($0).lightness.l }
    #expect(ends[1] - ends[0] > 1000 * 1e-3)
  }

  /// Steps of the sequential scale in lightness lie within a quarter of their mean.
  @Test("The sequential scale is nearly even")
  func sequential() {
    let l = (0...6).map { ColourScale.sequential.colour(Double($0) / 6).lightness.l }
    let mean = (l[6] - l[0]) / 6
    for (a, b) in zip(l, l.dropFirst()) { #expect(abs(b - a - mean) < mean / 4, "\(l)") }
  }
}

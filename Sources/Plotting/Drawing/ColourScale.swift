/// A map from t = 0...1 to colours: anchors, equally spaced in t, with straight lines between them.
///
/// Checked by:  ColourScalePropertyTests, FigurePropertyTests.
package struct ColourScale: Sendable {
  /// Where lines between anchors are straight.
  private enum Space { case standard, lightness }

  private let space: Space
  /// Components of the anchors in the space: red, green, blue, or L*, a*, b*.
  private let anchors: [(Double, Double, Double)]

  /// Dark blue over grey to yellow: seven anchors in sRGB, whose lightness L* is 15, 26, 39, 51,
  /// 64, 77, 91, so that equal steps look about equal and a grey print keeps their order.
  package static let sequential = ColourScale(
    space: .standard,
    anchors: hexAnchors.map {
      let c = Colour(hex: $0)
      return (c.red, c.green, c.blue)
    })
  private static let hexAnchors: [UInt32] = [
    0x0B2353, 0x2B3B6C, 0x555B6D, 0x7B7A77, 0xA49B6F, 0xD0BE5C, 0xFDE945,
  ]

  /// Blue over white to red, for quantities around zero: five anchors in CIELAB with the lightness
  /// 28, 62, 96, 62, 28. Lightness falls at the same rate to both sides, and the distance of
  /// colours from the middle is the same at t and 1 - t within 10 %.
  package static let diverging = ColourScale(
    space: .lightness,
    anchors: [(28, 10, -42), (62, -6, -34), (96, 0, 0), (62, 24, 28), (28, 44, 30)])

  /// The colour of t in 0...1.
  package func colour(_ t: Double) -> Colour {
    precondition(t >= 0 && t <= 1, "\(t) is outside 0...1")
    let position = t * Double(anchors.count - 1)
    let k = min(Int(position), anchors.count - 2)
    let (a, b, f) = (anchors[k], anchors[k + 1], position - Double(k))
    let (p, q, r) = (
      a.0 + f * (b.0 - a.0), a.1 + f * (b.1 - a.1), a.2 + f * (b.2 - a.2)
    )
    switch space {
    case .standard: return Colour(red: p, green: q, blue: r)
    case .lightness: return Colour(lightness: p, a: q, b: r)
    }
  }
}

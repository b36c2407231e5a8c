/// A colour of a figure: red, green and blue in sRGB, and opacity, each in 0...1.
package struct Colour: Sendable, Hashable {
  package var red: Double
  package var green: Double
  package var blue: Double
  /// 1 covers what is below.
  package var opacity: Double

  /// A colour from its components in 0...1.
  package init(red: Double, green: Double, blue: Double, opacity: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.opacity = opacity
  }

  /// A colour from its components as eight bits each, 0xRRGGBB.
  package init(hex: UInt32) {
    self.init(
      red: Double(hex >> 16 & 0xFF) / 255, green: Double(hex >> 8 & 0xFF) / 255,
      blue: Double(hex & 0xFF) / 255)
  }

  /// The same colour with another opacity.
  package func withOpacity(_ opacity: Double) -> Colour {
    Colour(red: red, green: green, blue: blue, opacity: opacity)
  }

  package static let black = Colour(hex: 0x000000)
  package static let white = Colour(hex: 0xFFFFFF)
  /// Grid lines.
  package static let lightGrey = Colour(hex: 0xE2E2E2)
  /// What was not observed.
  package static let grey = Colour(hex: 0xB4B4B4)
  /// Frames and secondary text.
  package static let darkGrey = Colour(hex: 0x404040)

  /// Eight colours that readers with any of the common colour blindnesses tell apart
  /// [OkabeIto2008]; the yellow comes last, since thin yellow lines vanish on white.
  package static let palette: [Colour] = [
    Colour(hex: 0x0072B2), Colour(hex: 0xD55E00), Colour(hex: 0x009E73), Colour(hex: 0xCC79A7),
    Colour(hex: 0x000000), Colour(hex: 0x56B4E9), Colour(hex: 0xE69F00), Colour(hex: 0xF0E442),
  ]

  /// Eight bits each of opacity, red, green and blue, 0xAARRGGBB, colours multiplied by the
  /// opacity, as Cairo's pictures have them.
  var premultiplied: UInt32 {
    func bits(_ part: Double) -> UInt32 { UInt32((255 * min(1, max(0, part))).rounded()) }
    return bits(opacity) << 24 | bits(red * opacity) << 16 | bits(green * opacity) << 8
      | bits(blue * opacity)
  }

  /// The luminance of the colour over white, 0...1, by which black or white text is chosen.
  package var luminance: Double {
    let whole = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return whole * opacity + 1 - opacity
  }
}

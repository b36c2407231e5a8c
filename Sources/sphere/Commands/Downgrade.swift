import ArgumentParser

/// `sphere downgrade`: a map at a smaller nside.
struct Downgrade: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring a map to a smaller nside.",
    discussion: """
      pixel: means over the pixels of which each new one consists, as healpy.ud_grade; nside must \
      be a power of 2. harmonic: through the coefficients, E and B, with the pixel windows of both \
      resolutions and the beams that are given, as healpy.harmonic_ud_grade without weights.
      """)

  @OptionGroup var options: GradingOptions

  func execute() throws { try options.execute(isDown: true) }
}

/// `sphere upgrade`: a map at a larger nside.
struct Upgrade: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring a map to a larger nside.",
    discussion: """
      pixel: copies of the values, as healpy.ud_grade; nside must be a power of 2. harmonic: \
      through the coefficients, E and B, with the pixel windows of both resolutions and the beams \
      that are given, as healpy.harmonic_ud_grade without weights.
      """)

  @OptionGroup var options: GradingOptions

  func execute() throws { try options.execute(isDown: false) }
}

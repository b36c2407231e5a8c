import ArgumentParser
import FileFormats
import Foundation
import MapTools
import SkyMaps
import SphereGrids

/// How a map is brought to another nside.
struct GradingOptions: ParsableArguments {
  /// The values of --method.
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case pixel
    case harmonic
  }

  @Argument(help: "The map: T, or Q and U, or T, Q and U.")
  var map: String

  @Option(parsing: .unconditional, help: "The new resolution, 1...8192.")
  var nside: Int

  @Option(
    help: """
      pixel: means over observed pixels, or copies (healpy.ud_grade). harmonic: through the \
      coefficients (healpy.harmonic_ud_grade without weights).
      """)
  var method: Method

  @Flag(help: "pixel: a pixel with an unobserved part is unobserved.")
  var pessimistic = false

  @Option(
    parsing: .unconditional,
    help: """
      pixel: multiply by (new nside / old nside)^POWER; -2 keeps the sum of hits, 2 is for \
      variances.
      """)
  var power: Double?

  @Option(
    parsing: .unconditional,
    help: "harmonic: largest degree; default: the smaller 3 nside - 1 of both resolutions.")
  var lmax: Int?

  @Option(
    name: .customLong("fwhm-in"), parsing: .unconditional,
    help: "harmonic: Gaussian beam of the map, divided out; full width, arcmin.")
  var widthIn: Double?

  @Option(
    name: .customLong("fwhm-out"), parsing: .unconditional,
    help: "harmonic: Gaussian beam of the result; full width, arcmin.")
  var widthOut: Double?

  @Option(name: .customLong("beam-in"), help: "harmonic: a file of the beam that is divided out.")
  var beamIn: String?

  @Option(name: .customLong("beam-out"), help: "harmonic: a file of the beam of the result.")
  var beamOut: String?

  @Flag(
    name: .customLong("effective-beam"),
    help: "harmonic: the result has a Gaussian beam of 160 arcmin * 64 / nside.")
  var hasEffectiveBeam = false

  @Flag(
    name: .customLong("no-pixel-window"),
    help: "harmonic: leave the windows of old and new pixels out.")
  var leavesPixelWindow = false

  @Flag(help: "harmonic: put 0 where a pixel was not observed, as healpy does.")
  var zeroMasked = false

  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var outputOptions: MapOutputOptions
  @OptionGroup var threadOptions: ThreadOptions

  private var before: BeamChoice { BeamChoice("--fwhm-in", widthIn, "--beam-in", beamIn) }
  private var after: BeamChoice { BeamChoice("--fwhm-out", widthOut, "--beam-out", beamOut) }

  func validate() throws {
    try outputOptions.requireTables()
    try requireRange("--nside", nside, 1...HealpixMapFile.largestNside)
    try requireRange("--power", power, -10...10)
    try validateDegrees(lmax: lmax)
    try before.validate()
    try after.validate()
    guard !hasEffectiveBeam || (widthOut == nil && beamOut == nil) else {
      throw ValidationError("give one of --effective-beam, --fwhm-out and --beam-out")
    }
    switch method {
    case .pixel:
      let given = [
        ("--lmax", lmax != nil), ("--iter", analysisOptions.iter != nil),
        ("--tolerance", analysisOptions.tolerance != nil), ("--fwhm-in", widthIn != nil),
        ("--fwhm-out", widthOut != nil), ("--beam-in", beamIn != nil),
        ("--beam-out", beamOut != nil), ("--effective-beam", hasEffectiveBeam),
        ("--no-pixel-window", leavesPixelWindow), ("--zero-masked", zeroMasked),
      ]
      if let option = given.first(where: \.1) {
        throw ValidationError("\(option.0) belongs to --method harmonic")
      }
    case .harmonic:
      guard !pessimistic && power == nil else {
        throw ValidationError("--pessimistic and --power belong to --method pixel")
      }
      if zeroMasked { try analysisOptions.requireQuadrature("--zero-masked") }
    }
  }

  /// Reads, grades and writes.
  ///
  /// - Parameter isDown: whether the result must be coarser; else it must be finer.
  /// - Throws: `MapToolError` and what reading and writing throw.
  func execute(isDown: Bool) throws {
    try outputOptions.requireWritable()
    let sky = try readMap(
      map, inputOptions, copies: method == .pixel ? MapMemory.lookup : MapMemory.analysis)
    guard isDown ? nside < sky.nside : nside > sky.nside else {
      throw MapToolError.wrongResolution(
        file: sky.file, nside: sky.nside, asked: nside,
        expected: isDown ? "a smaller one to downgrade to" : "a larger one to upgrade to")
    }
    try MapMemory.requireSynthesis(
      on: try HealpixGrid(nside: nside), fields: sky.fields.count)
    let result = method == .pixel ? try byPixels(sky) : try byCoefficients(sky)
    try result.mapFile.write(to: outputOptions.url, precision: .float64)
  }

  private func byPixels(_ sky: SkyMap) throws -> SkyMap {
    if sky.polarisation != nil {
      say(
        "\(map): warning: Q and U are taken as they stand, as healpy.ud_grade does, although they "
          + "refer to the meridian of each pixel; --method harmonic is right near the poles")
    }
    return try PixelGrading(nside: nside, isPessimistic: pessimistic, power: power ?? 0).apply(sky)
  }

  private func byCoefficients(_ sky: SkyMap) throws -> SkyMap {
    let largest = MapToolError.largestDegree(nside: min(nside, sky.nside))
    let lmax = lmax ?? largest
    sayIfUntested(lmax: lmax)
    guard lmax <= MapToolError.largestDegree(nside: sky.nside) else {
      throw MapToolError.degreeBeyondMap(file: sky.file, lmax: lmax, nside: sky.nside)
    }
    let letters = sky.coefficientLetters
    var (above, below) = (HarmonicTransfer.unity(lmax: lmax), HarmonicTransfer.unity(lmax: lmax))
    if !leavesPixelWindow {
      above = try HarmonicTransfer(pixelsOf: nside, lmax: lmax)
      below = try HarmonicTransfer(pixelsOf: sky.nside, lmax: lmax)
    }
    if let beam = try before.transfer(lmax: lmax) { below = below.multiplied(by: beam) }
    let width = 160.0 * 64 / Double(nside)
    let choice = hasEffectiveBeam ? BeamChoice("", width, "", nil) : after
    if let beam = try choice.transfer(lmax: lmax) { above = above.multiplied(by: beam) }
    if hasEffectiveBeam { say("the beam has a full width of \(NumberText.short(width)) arcmin") }
    let transfer = try above.divided(
      by: below, name: "the beam of the map with its pixel window", fields: letters)
    sayLargest(transfer, fields: letters)
    if zeroMasked, sky.maskedCount > 0 {
      say("\(map): \(sky.maskedCount) unobserved pixels are set to 0")
    }
    let filter = HarmonicFilter(
      MapAnalysis(lmax: lmax, method: analysisOptions.method()), transfer,
      zeroesUnobserved: zeroMasked)
    let (result, reports) = try filter.apply(sky, nside: nside, threads: threadOptions.threads)
    say(reports, file: map)
    return result
  }
}

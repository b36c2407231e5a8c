import ArgumentParser
import FileFormats
import Foundation
import MapTools
import SkyMaps

/// `sphere apodize`: a mask with smooth edges.
struct Apodize: SphereCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let the weights of a mask go down to 0 over some width.",
    discussion: """
      NaMaster's three kinds. With the angle to the nearest pixel of weight 0, theta, and \
      x = sqrt((1 - cos theta)/(1 - cos WIDTH)) < 1 the factor is x - sin(2 pi x)/(2 pi) for c1 \
      and (1 - cos(pi x))/2 for c2. smooth: the mask shrunk by 2.5 WIDTH, smoothed with a \
      Gaussian of sigma = WIDTH, times the mask.
      """)

  @Argument(help: "The mask: weights 0...1, the first column unless --column says another.")
  var mask: String

  @Option(parsing: .unconditional, help: "WIDTH, degrees.")
  var width: Double

  @Option(help: "c1, c2 or smooth.")
  var method: MaskApodisation.Method

  @OptionGroup var inputOptions: MapInputOptions
  @OptionGroup var outputOptions: MapOutputOptions
  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try outputOptions.requireTables()
    try requireRange("--width", width, 1e-3...90, " degrees")
  }

  func execute() throws {
    try outputOptions.requireWritable()
    let file = try SkyMaskFile(contentsOf: URL(fileURLWithPath: mask), inputOptions.selection)
    for warning in file.warnings { say("\(mask): warning: \(warning)") }
    let result = try MaskApodisation(width: width * .pi / 180, method: method)
      .apply(file.mask, threads: threadOptions.threads)
    let mean = result.weights.reduce(0, +) / Double(result.weights.count)
    let square = result.weights.reduce(0) { $0 + $1 * $1 } / Double(result.weights.count)
    say(
      "\(mask): mean weight \(NumberText.short(mean)), mean square \(NumberText.short(square)), "
        + "sky fraction \(NumberText.short(result.skyFraction))")
    var output = result.mapFile
    output.coordinateSystem = file.coordinateSystem
    try output.write(to: outputOptions.url, precision: .float64)
  }
}

extension MaskApodisation.Method: ExpressibleByArgument {}

import ArgumentParser
import FileFormats
import Foundation
import HarmonicTransforms
import LinearAlgebra
import MachineMemory
import MapTools
import SkyMaps
import SphereGrids

/// Where a map tool writes.
struct MapOutputOptions: ParsableArguments {
  @Option(
    help: """
      The FITS file to write, float64. It appears complete or not at all, and may be the input's.
      """)
  var output: String

  func validate() throws {
    guard !output.lowercased().hasSuffix(".gz") else {
      throw ValidationError("--output is \(output), expected no .gz: files are not compressed")
    }
    guard hasEnding(Self.endings) || hasEnding(["csv"]) else {
      throw ValidationError("--output is \(output), expected a name ending in .fits")
    }
  }

  /// Endings of FITS files.
  private static let endings = ["fits", "fit"]

  private func hasEnding(_ endings: [String]) -> Bool {
    endings.contains(url.pathExtension.lowercased())
  }

  /// Whether the output is text, a column per spectrum: for spectra alone.
  var isText: Bool { hasEnding(["csv"]) }

  /// Refuses a text file where none can be written.
  func requireTables() throws {
    if isText {
      throw ValidationError(
        "--output is \(output), expected a name ending in .fits; .csv is for spectra")
    }
  }

  var url: URL { URL(fileURLWithPath: output) }

  /// Refuses, before any work is done, a place that cannot be written.
  ///
  /// - Throws: `FileError`, `ProgramError.outputIsFolder`.
  func requireWritable() throws { try OutputFile.requireWritable(url) }
}

/// Checks of degrees that need no map.
func validateDegrees(lmax: Int?, mmax: Int? = nil) throws {
  if let lmax, !(0...AlmFile.largestDegree).contains(lmax) {
    throw ValidationError("--lmax is \(lmax), expected 0...\(AlmFile.largestDegree)")
  }
  if let mmax, mmax < 0 || mmax > lmax ?? mmax {
    throw ValidationError("--mmax is \(mmax), expected 0...lmax = 0...\(lmax ?? 0)")
  }
}

/// Reads T, Q and U and says what was assumed, and how much more memory the work takes if it is
/// much. A map of which not even one field fits is refused before it is read.
///
/// - Parameters:
///   - path: the file.
///   - input: which table and columns.
///   - copies: how many full-sky arrays the command needs at once per field, see `MapMemory`.
/// - Returns: the map.
/// - Throws: `FileError`, `FitsError`, with `.tooLarge` for maps that do not fit the machine.
func readMap(_ path: String, _ input: MapInputOptions, copies: Int = MapMemory.analysis) throws
  -> SkyMap
{
  let url = URL(fileURLWithPath: path)
  let table = try HealpixTable(contentsOf: url, input.selection)
  try table.requireMemory(MapMemory.bytes(pixelCount: table.pixelCount, fields: 1, copies: copies))
  let map = try SkyMap(table, file: url.relativePath)
  for warning in map.warnings { say("\(map.file): warning: \(warning)") }
  // The map itself is in memory already.
  let needed = MapMemory.bytes(
    pixelCount: table.pixelCount, fields: map.fields.count, copies: copies - 1)
  if needed >= MapMemory.worthSaying {
    say(
      "\(path): nside \(table.nside) takes about \(FreeMemory.text(needed)) more of memory; "
        + "\(FreeMemory.text(FreeMemory.bytes)) are available")
  }
  try table.requireMemory(needed)
  return map
}

/// How much memory map tools take, in full-sky arrays of Float64 that are alive at once per field.
enum MapMemory {
  /// Of analysis and what builds on it: the file, the map, its residual and the synthesised map,
  /// the coefficients, and the orders of all rings. At nside 512, lmax 1535, least squares took
  /// 13.3 for T and 10.3 for each of T, Q and U, and three iterations 10.7 and 8.6.
  static let analysis = 16
  /// Of synthesis and the file that is written: 4.8 were taken for T and 4.5 for each of T, Q and U
  /// at nside 512, lmax 1024.
  static let synthesis = 5
  /// Of commands that look pixels up.
  static let lookup = 4
  /// Below this number of bytes no message is printed.
  static let worthSaying = 1 << 30

  static func bytes(pixelCount: Int, fields: Int, copies: Int) -> Int {
    8 * pixelCount * fields * copies
  }

  /// Refuses maps that cannot be made and written.
  ///
  /// - Parameters:
  ///   - grid: where.
  ///   - fields: how many.
  /// - Throws: `TaskError.notEnoughMemory`.
  static func requireSynthesis(on grid: any RingGrid, fields: Int) throws {
    let content = fields == 1 ? "one field" : "\(fields) fields"
    let estimate = WorkEstimate(
      stage: "a map of \(content) on \(grid.name) and its file", subject: .file,
      bytes: Double(bytes(pixelCount: grid.pointCount, fields: fields, copies: synthesis)),
      multiplications: 0)
    try estimate.requireMemory()
  }
}

/// Says that a transform has degrees beyond those that tests compare with another library's.
///
/// - Parameters:
///   - lmax: the largest degree.
///   - largest: the largest one that is compared; that of HEALPix when left out.
func sayIfUntested(lmax: Int, largest: Int = TransformPath.largestTestedHealpixDegree) {
  guard lmax > largest else { return }
  say(
    "lmax is \(lmax): transforms on this grid are compared with another library's up to lmax "
      + "\(largest), for spins 0 to 3; larger ones are computed the same way")
}

/// Reads coefficients and says what was assumed.
func readCoefficients(_ path: String) throws -> SkyCoefficients {
  let file = try AlmFile(contentsOf: URL(fileURLWithPath: path))
  for warning in file.warnings { say("\(path): warning: \(warning)") }
  return SkyCoefficients(file)
}

/// Reads spectra; nil if the file holds something else.
///
/// - Throws: `FileError`; `FitsError` for spectra with a fault.
func readSpectra(_ url: URL) throws -> SpectraFile? {
  do {
    return try SpectraFile(contentsOf: url)
  } catch let error as FitsError {
    switch error.fault {
    case .wrongColumns, .noTable: return nil
    default: throw error
    }
  }
}

/// How least squares ended, a line per field on standard error.
func say(_ reports: [MapAnalysis.Report], file: String) {
  for report in reports {
    let numbers = report.report
    say(
      "\(file): \(report.field): \(numbers.iterations) iterations, residual of the normal "
        + "equations \(NumberText.short(numbers.normalResidual)), "
        + "of the map \(NumberText.short(numbers.residual))")
  }
}

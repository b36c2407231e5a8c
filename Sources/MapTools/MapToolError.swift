import Faults

/// What cannot be done with a map, or with coefficients.
public enum MapToolError: UserError, Sendable, Equatable {
  /// More degrees are asked for than the pixels of a map determine.
  case degreeBeyondMap(file: String, lmax: Int, nside: Int)
  /// A map has unobserved pixels where every pixel is needed.
  case maskedPixels(file: String, count: Int, pixelCount: Int, remedy: String)
  /// Least squares did not reach its tolerance.
  case notConverged(file: String, field: String, iterations: Int, reached: Double, wanted: Double)
  /// Two maps, or a map and a mask, cannot be combined.
  case mapsDiffer(first: String, second: String, property: String, found: String, expected: String)
  /// Q and U cannot be interpolated component by component.
  case componentsOfPolarisation(file: String, method: String)
  /// The name of a grid is not understood.
  case unknownGrid(found: String)
  /// A number in the name of a grid is out of range.
  case gridOutOfRange(found: String, expected: String)
  /// A rotation needs all orders.
  case ordersMissing(lmax: Int, mmax: Int)
  /// Mask and map leave no pixel.
  case nothingObserved(file: String)
  /// A beam or window ends before the degrees that are needed.
  case windowTooShort(name: String, lmax: Int, needed: Int)
  /// A beam or window that is to be divided out is not above 0.
  case windowVanishes(name: String, field: String, l: Int, found: Double)
  /// The pixels that count do not determine a monopole, or a dipole.
  case dipoleUndetermined(file: String, what: String, pixels: Int)
  /// The resolution that is asked for lies on the wrong side of the map's.
  case wrongResolution(file: String, nside: Int, asked: Int, expected: String)
  /// Nobody says which coordinates a map is in.
  case frameMissing(file: String)
  /// The file and the caller say different coordinates.
  case frameDiffers(file: String, found: String, stated: String)
  /// COORDSYS is no word that is known.
  case unknownFrame(file: String, found: String)
  /// A text is no list of bins of degrees.
  case unknownBins(found: String)
  /// Bins go beyond the degrees that there are, or leave none.
  case binsOutOfRange(found: String, expected: String)
  /// The mask mixes the bins so much that their spectra cannot be told apart.
  case couplingSingular(spectra: String, bins: Int)
  /// E and B have different windows where they must be the same.
  case windowsOfPolarisationDiffer(l: Int, e: Double, b: Double)

  /// The largest degree that is determined on a HEALPix map: 3 nside - 1.
  ///
  /// healpy's default, and the limit of what pixels can tell: the condition number of synthesis is
  /// 1.7 at nside 4, lmax 11, and 6.8 at nside 16, lmax 47; at lmax = 3 nside it is 2400 at nside 4
  /// and infinite at nside 2 and 3.
  public static func largestDegree(nside: Int) -> Int { 3 * nside - 1 }

  public var description: String {
    switch self {
    case .degreeBeyondMap(let file, let lmax, let nside):
      let largest = Self.largestDegree(nside: nside)
      return "\(file): lmax is \(lmax), expected at most 3 nside - 1 = \(largest) for nside "
        + "\(nside): more degrees are not determined by the pixels; choose lmax <= \(largest), "
        + "better 2 nside = \(2 * nside)"
    case .maskedPixels(let file, let count, let pixelCount, let remedy):
      return "\(file): \(count) of \(pixelCount) pixels are unobserved (UNSEEN or NaN), expected a "
        + "full sky; \(remedy)"
    case .notConverged(let file, let field, let iterations, let reached, let wanted):
      return "\(file): least squares of \(field) reached \(reached) after \(iterations) "
        + "iterations, expected \(wanted); choose a smaller lmax, a larger tolerance or "
        + "more iterations"
    case .mapsDiffer(let first, let second, let property, let found, let expected):
      return "\(second): \(property) is \(found), expected \(expected) as in \(first); "
        + "bring both to the same \(property)"
    case .componentsOfPolarisation(let file, let method):
      return "\(file): found Q and U, expected temperature alone for the method \(method): Q and U "
        + "refer to the meridian of each point, and values of several points cannot be mixed or "
        + "moved without turning them; use the harmonic method, or "
        + "temperature alone"
    case .unknownGrid(let found):
      return "found the grid '\(found)', expected nsideN, gauss-legendre:LMAX, "
        + "gauss-legendre:NLATxNLON or clenshaw-curtis:NLATxNLON; for instance nside16, "
        + "gauss-legendre:47, clenshaw-curtis:32x64"
    case .gridOutOfRange(let found, let expected):
      return "found the grid '\(found)', expected \(expected); choose another size"
    case .ordersMissing(let lmax, let mmax):
      return "mmax is \(mmax), expected lmax = \(lmax): a rotation mixes all orders; "
        + "analyse the map without a smaller mmax"
    case .nothingObserved(let file):
      return "\(file): no pixel is observed inside the mask, expected at least one; check that 1 "
        + "means observed, and that mask and maps cover the same sky"
    case .windowTooShort(let name, let lmax, let needed):
      return "\(name): the factors end at l = \(lmax), expected them up to lmax = \(needed); "
        + "choose a smaller lmax, or give a longer table"
    case .windowVanishes(let name, let field, let l, let found):
      return "\(name): the factor of \(field) at l = \(l) is \(found), expected a number above 0 "
        + "by which one can divide; choose lmax below \(l)"
    case .dipoleUndetermined(let file, let what, let pixels):
      return
        "\(file): \(pixels) pixels are observed, inside the mask and outside the cut, expected "
        + "enough of them to tell \(what); take a smaller cut or a larger mask, or fit the "
        + "monopole alone"
    case .wrongResolution(let file, let nside, let asked, let expected):
      return "\(file): the map has nside \(nside), and nside \(asked) is asked for, expected "
        + "\(expected); choose another nside, or another command"
    case .frameMissing(let file):
      return "\(file): found no COORDSYS, expected one in the file or on the command line: G, C or "
        + "E; say which coordinates the map is in"
    case .frameDiffers(let file, let found, let stated):
      return "\(file): COORDSYS is \(found), expected \(stated) as the command line says; "
        + "leave that out, or correct the header"
    case .unknownFrame(let file, let found):
      return
        "\(file): COORDSYS is \(found), expected G (galactic), C (equatorial) or E (ecliptic); "
        + "correct the header"
    case .unknownBins(let found):
      return
        "found the bins '\(found)', expected a width, as 10, or edges that go up, as 2,10,20,40 "
        + "for 2...9, 10...19 and 20...39"
    case .binsOutOfRange(let found, let expected):
      return "found the bins '\(found)', expected \(expected); choose other bins or another lmax"
    case .couplingSingular(let spectra, let bins):
      return "the mask couples the \(bins) bins of \(spectra) so that they cannot be told apart, "
        + "expected a matrix that can be inverted; take wider bins, about 180 degrees over the "
        + "width of the mask"
    case .windowsOfPolarisationDiffer(let l, let e, let b):
      return "the window of E at l = \(l) is \(e) and that of B \(b), expected equal ones, since a "
        + "mask mixes E and B; give one column for both, or analyse without a window"
    }
  }
}

extension MapToolError {
  public var faultClass: FaultClass {
    switch self {
    case .degreeBeyondMap, .componentsOfPolarisation, .unknownGrid, .gridOutOfRange,
      .windowTooShort, .windowVanishes, .wrongResolution, .frameMissing, .frameDiffers,
      .unknownBins, .binsOutOfRange, .windowsOfPolarisationDiffer:
      return .usage
    case .maskedPixels, .mapsDiffer, .ordersMissing, .nothingObserved, .dipoleUndetermined,
      .unknownFrame:
      return .badInput
    case .notConverged, .couplingSingular: return .failure
    }
  }
}

import FileFormats
import Foundation

/// Spectra from a text file of CAMB or CLASS.
///
/// Files:   CAMB's ..._scalCls.dat, ..._tensCls.dat, ..._lensedCls.dat, ..._lensedtotCls.dat,
///          ..._totCls.dat, and what its Python functions save; CLASS's ..._cl.dat and
///          ..._cl_lensed.dat with their headers, in both of CLASS's formats. A row per l = 2, 3,
///          ...
/// Columns: by the header's names ("# L TT EE BB TE", "# 1:l 2:TT 3:EE 4:TE 5:BB"); without a
///          header by the end of the file's name, which only CAMB's files allow. The two programs,
///          and CLASS's two formats, order columns differently. Columns of lensing and of counts
///          are left out, and `notes` says so.
/// Numbers: D_l = l(l + 1) C_l/2π, as CAMB's files hold, and CLASS's if they say so; in μK², or in
///          CLASS's own format dimensionless, which is multiplied by T², T the temperature of the
///          CMB in μK. Here C_l in μK², l = 0...lmax, zero at l = 0 and 1.
/// Checked by: BoltzmannSpectraTests (files of CAMB).
public struct BoltzmannSpectra: Sendable {
  /// C_l, μK².
  public let spectra: NamedSpectra
  /// The spectra that the file has, in the order of `SpectrumName.allCases`.
  public let spectrumNames: [SpectrumName]
  /// What was recognised and converted, one sentence each; to be shown to the user.
  public let notes: [String]

  /// T of the CMB that CLASS and CAMB take if they are not told another, K [Fixsen2009].
  public static let standardTemperature = 2.7255

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - url: the text file.
  ///   - temperature: of the CMB in K, `T_cmb` of the calculation; needed for dimensionless files
  ///     only.
  /// - Throws: `FileError`; `BoltzmannFileError` with the file's name.
  public init(
    contentsOf url: URL, temperature: Double = BoltzmannSpectra.standardTemperature
  ) throws {
    let text = String(decoding: try FileFormats.contents(of: url), as: UTF8.self)
    do throws(BoltzmannFault) {
      try self.init(text: text, name: url.lastPathComponent, temperature: temperature)
    } catch {
      throw BoltzmannFileError(file: url.relativePath, fault: error)
    }
  }

  /// Reads the text of a file.
  ///
  /// - Throws: `BoltzmannFault`.
  init(text: String, name: String, temperature: Double) throws(BoltzmannFault) {
    guard temperature > 0, temperature.isFinite else {
      throw .wrongTemperature(found: temperature)
    }
    var (comments, rows) = ([String](), [(line: Int, words: [Substring])]())
    // "\r\n" is one character.
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.split { $0 == " " || $0 == "\t" }
      guard let first = words.first else { continue }
      if first.hasPrefix("#") {
        comments.append(String(line))
      } else {
        rows.append((index + 1, words))
      }
    }
    guard let first = rows.first else { throw .noRows }
    let header = try BoltzmannHeader(
      comments: comments, fileName: name, columnCount: first.words.count)
    let numbers = try Self.numbers(rows, header)
    let places = try Self.places(header.columns)
    let factor =
      header.isDimensionless ? temperature * temperature * 1e12 : 1
    if !header.isDimensionless { try Self.requireMicrokelvin(numbers, places) }
    var lists: [SpectrumName: [Double]] = [:]
    for (name, place) in places {
      lists[name] = [0, 0] + numbers.map { $0[place] * factor }
    }
    do throws(NamedSpectraError) {
      spectra = try NamedSpectra(dl: lists)
    } catch {
      throw .contents(error)
    }
    spectrumNames = SpectrumName.allCases.filter { lists[$0] != nil }
    let others = header.columns.dropFirst().filter { SpectrumName(rawValue: $0) == nil }
    let scale = header.isDimensionless ? "dimensionless, times (\(temperature) K)^2" : "uK^2"
    notes =
      ["\(header.origin); D_l converted to C_l; \(scale)"]
      + (others.isEmpty ? [] : ["columns that are not read: \(others.joined(separator: ", "))"])
  }

  /// The numbers of all rows; l = 2, 3, ... in the first column.
  private static func numbers(
    _ rows: [(line: Int, words: [Substring])], _ header: BoltzmannHeader
  ) throws(BoltzmannFault) -> [[Double]] {
    var numbers: [[Double]] = []
    for (index, row) in rows.enumerated() {
      guard row.words.count == header.columns.count else {
        throw .wrongColumnCount(
          line: row.line, found: row.words.count, expected: header.columns.count)
      }
      var values: [Double] = []
      for (column, word) in row.words.enumerated() {
        // Fortran also writes exponents with D.
        let text = word.replacing("D", with: "E").replacing("d", with: "e")
        guard let value = Double(text), value.isFinite else {
          throw .notANumber(
            line: row.line, column: header.columns[column], found: printable(String(word)))
        }
        values.append(value)
      }
      guard values[0] == Double(index + 2) else {
        throw .wrongDegree(line: row.line, found: values[0], expected: index + 2)
      }
      numbers.append(values)
    }
    return numbers
  }

  /// The column of each spectrum.
  private static func places(
    _ columns: [String]
  ) throws(BoltzmannFault) -> [SpectrumName: Int] {
    var places: [SpectrumName: Int] = [:]
    for (place, column) in columns.enumerated() {
      guard let name = SpectrumName(rawValue: column) else { continue }
      guard places.updateValue(place, forKey: name) == nil else {
        throw .repeatedColumn(name: column)
      }
    }
    guard !places.isEmpty else { throw .noSpectra(found: columns) }
    return places
  }

  /// D_l in μK² is 10^−7 at least somewhere, for any tensors with r > 10^−9; dT/T² never is.
  private static func requireMicrokelvin(
    _ numbers: [[Double]], _ places: [SpectrumName: Int]
  ) throws(BoltzmannFault) {
    var largest = 0.0
    for row in numbers {
      for place in places.values { largest = max(largest, abs(row[place])) }
    }
    guard largest > 1e-7 else { throw .looksDimensionless(largest: largest) }
  }
}

/// What the comments and the name of a file say of its columns.
struct BoltzmannHeader {
  /// Names of the columns in small letters, the first for l.
  let columns: [String]
  let isDimensionless: Bool
  /// What the file was taken for.
  let origin: String

  /// CAMB's files without a header, by the end of the name: columns after l.
  private static let filesOfCAMB: [(end: String, columns: [[String]])] = [
    ("scalCls.dat", [["tt", "ee", "te"], ["tt", "ee", "te", "pp", "tp"]]),
    ("tensCls.dat", [["tt", "ee", "bb", "te"]]),
    ("lensedCls.dat", [["tt", "ee", "bb", "te"]]),
    ("lensedtotCls.dat", [["tt", "ee", "bb", "te"]]),
    ("totCls.dat", [["tt", "ee", "bb", "te"]]),
  ]

  init(comments: [String], fileName: String, columnCount: Int) throws(BoltzmannFault) {
    let text = comments.joined(separator: "\n")
    if let names = comments.lazy.compactMap(Self.numberedNames).first {
      columns = names
      guard text.contains("l(l+1)/2pi") else { throw .notDl }
      switch (text.contains("dimensionless"), text.contains("[microK]^2")) {
      case (true, false): isDimensionless = true
      case (false, true): isDimensionless = false
      default: throw .unclearUnit
      }
      origin = "taken for a file of CLASS by its header"
    } else if let names = comments.lazy.compactMap(Self.plainNames).first {
      columns = names
      isDimensionless = false
      origin = "taken for a file of CAMB by its header"
    } else {
      let name = fileName.lowercased()
      guard let file = Self.filesOfCAMB.first(where: { name.hasSuffix($0.end.lowercased()) })
      else { throw .unknownColumns(fileName: fileName) }
      guard let names = file.columns.first(where: { $0.count == columnCount - 1 }) else {
        throw .wrongFileOfCAMB(
          end: file.end, found: columnCount, expected: file.columns.map { $0.count + 1 })
      }
      columns = ["l"] + names
      isDimensionless = false
      origin = "taken for CAMB's \(file.end) by its name"
    }
  }

  /// CLASS's "# 1:l 2:TT 3:EE".
  private static func numberedNames(_ comment: String) -> [String]? {
    let words = comment.drop { $0 == "#" }.split { $0 == " " || $0 == "\t" }
    var names: [String] = []
    for (index, word) in words.enumerated() {
      let mark = "\(index + 1):"
      guard word.hasPrefix(mark) else { return nil }
      names.append(word.dropFirst(mark.count).lowercased())
    }
    return names.first == "l" ? names : nil
  }

  /// CAMB's "# L TT EE BB TE".
  private static func plainNames(_ comment: String) -> [String]? {
    let words = comment.drop { $0 == "#" }.split { $0 == " " || $0 == "\t" }
      .map { $0.lowercased() }
    let isHeader = words.count > 1 && words[0] == "l"
    return isHeader && words.contains { SpectrumName(rawValue: $0) != nil } ? words : nil
  }
}

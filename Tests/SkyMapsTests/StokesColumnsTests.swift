import FileFormats
import Testing
import Verification

@testable import SkyMaps

/// Which columns of a file are T, Q and U.
@Suite("Stokes parameters of a file")
struct StokesColumnsTests {
  /// A map of nside 1 whose column k is 100 k + pixel.
  private func map(
    _ names: [String], convention: String? = nil, units: [String?]? = nil
  ) -> HealpixMapFile {
    HealpixMapFile(
      nside: 1,
      columns: names.enumerated().map { k, name in
        HealpixMapFile.Column(
          name: name, values: (0..<12).map { Double(100 * k + $0) },
          unit: units.map { $0[k] } ?? "uK")
      }, polarisationConvention: convention)
  }

  private func fault(_ map: HealpixMapFile) -> FitsFault? {
    (thrown { try StokesColumns(map) } as? FitsError)?.fault
  }

  /// The names of the columns that were found.
  private func found(_ map: HealpixMapFile) throws -> [String?] {
    let stokes = try StokesColumns(map)
    let places = [
      stokes.temperaturePlace, stokes.polarisationPlaces?.q, stokes.polarisationPlaces?.u,
    ]
    #expect(stokes.fieldCount == places.count { $0 != nil })
    return places.map { $0.map { map.columns[$0].name } }
  }

  @Test(
    "By name, in any order and spelling",
    arguments: [
      ["Q_POLARISATION", "U_POLARISATION"], ["q-polarisation", "u-polarisation"], ["Q", "U"],
      ["Q_STOKES", "U_STOKES"], ["STOKES_Q", "STOKES_U"], ["Q Polarization", "U Polarization"],
    ])
  func byName(_ names: [String]) throws {
    let (q, u) = (names[0], names[1])
    #expect(try found(map([q, u])) == [nil, q, u])
    #expect(try found(map([u, q])) == [nil, q, u])
    for t in ["T", "temperature", "I", "I_STOKES", "INTENSITY"] {
      #expect(try found(map([u, t, q])) == [t, q, u])
    }
    // Others stay outside, with a warning each, also where their number would fit a position.
    #expect(try found(map([q, "HITS", u, "QQ_COV"])) == [nil, q, u])
    #expect(try StokesColumns(map([q, "HITS", u, "QQ_COV"])).warnings.count == 2)
    #expect(try found(map(["I_STOKES", "HITS", "II_COV"])) == ["I_STOKES", nil, nil])
    #expect(try StokesColumns(map([q, u])).warnings.isEmpty)
  }

  @Test("By position, where no name tells")
  func byPosition() throws {
    #expect(try found(map(["A"])) == ["A", nil, nil])
    #expect(try found(map(["A", "B"])) == [nil, "A", "B"])
    #expect(try found(map(["A", "B", "C"])) == ["A", "B", "C"])
    #expect(try StokesColumns(map(["A", "B"])).warnings.count == 1)
    #expect(fault(map(["A", "B", "C", "D"])) == .unclearColumns(found: ["A", "B", "C", "D"]))
  }

  /// Hits, errors and masks are no Stokes parameters, by whatever position.
  @Test("What is something else")
  func somethingElse() throws {
    let others = [
      "HITS", "N_OBS", "NOBS", "SERROR", "II_COV", "QQ", "COVARIANCE", "VARIANCE", "WEIGHTS",
      "TMASK",
      "GAL040", "SPUR_SIGNAL", "PIXEL",
    ]
    for name in others {
      #expect(StokesColumns.isSomethingElse(name), "\(name)")
      #expect(fault(map([name])) == .notStokes(found: [name], otherTables: []))
      #expect(try found(map(["SIGNAL", name])) == ["SIGNAL", nil, nil])
      #expect(try found(map([name, "A"])) == ["A", nil, nil])
      #expect(try found(map(["A", name, "B"])) == [nil, "A", "B"])
    }
    for name in ["T", "Q", "A", "", "KAPPA", "COLUMN1", "GALAXY", "I_STOKES"] {
      #expect(!StokesColumns.isSomethingElse(name), "\(name)")
    }
    // SIGNAL is T only where nothing else is.
    #expect(try found(map(["SIGNAL", "T"])) == ["T", nil, nil])
  }

  @Test("Units that some columns lack")
  func missingUnits() throws {
    let names = ["T", "Q", "U"]
    let assumed = try StokesColumns(map(names, units: ["uK", nil, nil]))
    #expect(assumed.unit == "uK" && assumed.warnings.count == 2)
    #expect(try StokesColumns(map(names, units: [nil, nil, nil])).warnings.isEmpty)
    var columns = map(names, units: ["uK", nil, nil]).columns
    columns[0].storedUnit = "K_CMB"
    let found = ["T in K_CMB", "Q in no unit", "U in no unit"]
    #expect(fault(HealpixMapFile(nside: 1, columns: columns)) == .unitsDiffer(found: found))
    #expect(
      fault(map(["T", "Q", "U"], units: ["counts", nil, nil]))
        == .unitsDiffer(found: ["T in counts", "Q in no unit", "U in no unit"]))
    #expect(
      fault(map(["T"], units: ["mK_RJ"])) == .brightnessTemperature(column: "T", unit: "mK_RJ"))
  }

  /// COSMO keeps U, IAU changes its sign and nothing else, anything else is refused.
  @Test("POLCCONV")
  func convention() throws {
    let names = ["T", "Q", "U"]
    let columns = map(names).columns
    let plain = try StokesColumns(map(names)).polarisation(in: columns)
    let cosmo = try StokesColumns(map(names, convention: "COSMO")).polarisation(in: columns)
    let stokes = try StokesColumns(map(names, convention: "iau"))
    let iau = stokes.polarisation(in: columns)
    #expect(plain?.u == (0..<12).map { Double(200 + $0) })
    #expect(cosmo?.u == plain?.u)
    #expect(iau?.u == plain?.u.map { -$0 })
    #expect(iau?.q == plain?.q)
    #expect(plain?.q == columns[1].values)
    #expect(stokes.temperature(in: columns) == columns[0].values)
    #expect(stokes.warnings.count == 1)
    #expect(
      fault(map(names, convention: "HEALPIX")) == .unknownPolarisationConvention(found: "HEALPIX"))
    // Without U the keyword means nothing.
    #expect(try found(map(["T"], convention: "HEALPIX")) == ["T", nil, nil])
  }

  @Test("Refusals")
  func refusals() {
    #expect(
      fault(map(["T", "Q"])) == .columnWithoutPartner(name: "Q", missing: "U", found: ["T", "Q"]))
    #expect(
      fault(map(["U_STOKES"]))
        == .columnWithoutPartner(name: "U_STOKES", missing: "Q", found: ["U_STOKES"]))
    #expect(
      fault(map(["T", "I", "Q", "U"])) == .ambiguousColumns(meaning: "T", found: ["T", "I"]))
    #expect(
      fault(map(["T", "Q", "U"], units: ["uK", "counts", "counts"]))
        == .unitsDiffer(found: ["T in uK", "Q in counts", "U in counts"]))
    var columns = map(["T"]).columns
    columns[0].values[7] = .infinity
    #expect(
      fault(HealpixMapFile(nside: 1, columns: columns))
        == .infinitePixel(column: "T", pixel: 7, value: .infinity))
    for names in [["T", "Q"], ["A", "B", "C", "D"], ["T", "I"]] {
      #expect(fault(map(names))?.description.contains("expected") == true)
    }
  }
}

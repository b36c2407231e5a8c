import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyMaps

/// Maps on rings of equal length.
@Suite("Files of ring grids")
struct RingGridMapFileTests {
  @Test("Columns, keywords and the mark of unobserved points")
  func contents() throws {
    let values = [1, .nan, 3, 4, 5, 6]
    let file = RingGridMapFile(
      gridType: "GAUSS-LEGENDRE", theta: [0.5, 2], weights: [1, 2], longitudeCount: 3,
      columns: [HealpixMapFile.Column(name: "TEMPERATURE", values: values, unit: "uK")],
      coordinateSystem: "G", polarisationConvention: "COSMO")
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("rings.fits")
      try file.write(to: url)
      let table = try #require(FitsTable.read(url) { $0["TFIELDS"] != nil }.tables.first)
      #expect(table.columns.map(\.name) == ["THETA", "WEIGHT", "TEMPERATURE"])
      #expect(table.columns.map(\.valuesPerRow) == [1, 1, 3])
      #expect(table.columns[0].values == [0.5, 2])
      #expect(table.columns[1].values == [1, 2])
      #expect(table.columns[2].values == [1, HealpixMapFile.unseen, 3, 4, 5, 6])
      #expect(table.columns[2].unit == "uK")
      for (name, text) in [
        ("GRIDTYPE", "GAUSS-LEGENDRE"), ("NLAT", "2"), ("NLON", "3"), ("COORDSYS", "G"),
        ("POLCCONV", "COSMO"),
      ] {
        #expect(table.text(name) == text)
      }
      #expect(table.text("PHI0").flatMap(Double.init) == 0)
    }
  }
}

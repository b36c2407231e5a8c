import Testing

@testable import MapTools

@Suite("Bins of degrees")
struct DegreeBinsTests {
  @Test("Widths and edges")
  func bins() throws {
    #expect(try DegreeBins("10", lmax: 31).ranges == [2..<12, 12..<22, 22..<32])
    #expect(try DegreeBins("10", lmax: 30).ranges == [2..<12, 12..<22])
    #expect(try DegreeBins("1", lmax: 3).ranges == [2..<3, 3..<4])
    #expect(try DegreeBins("0,2,5,10", lmax: 9).ranges == [0..<2, 2..<5, 5..<10])
    let means = DegreeBins(edges: [1, 3, 4]).means(of: [9, 1, 2, 7, 9])
    #expect(means == [1.5, 7])
  }

  @Test(
    "What is refused",
    arguments: [
      "", "0", "-1", "x", "2,2", "5,2", "-1,4", "2,,4", "2,12", "11", "2,99999999", "1e3",
    ])
  func refused(_ text: String) {
    #expect(throws: MapToolError.self) { try DegreeBins(text, lmax: 10) }
  }
}

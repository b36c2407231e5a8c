import Foundation
import Testing
import Verification

@testable import Plotting

/// What is in the files of a figure. PNG is read back by Cairo (`PixelImage`).
/// Blind to: whether a figure is pleasant, which only eyes can judge.
@Suite("Figures")
struct FigurePropertyTests {
  private static let red = Colour(hex: 0xFF0000)

  private func figure(_ line: LineKind = .solid) -> Figure {
    let series = Series(
      "a line", x: [0, 10], y: [5, 5], style: SeriesStyle(Self.red, line: line, marker: .none))
    return Figure(
      "Title", columns: 1, panelWidth: 200, panelHeight: 150,
      [
        Panel(
          "Panel", x: Axis("x", range: 0...10), y: Axis("y", range: 0...10), [.series(series)])
      ])
  }

  /// Width and height in the header of the file (bytes 16...23) are points times scale.
  @Test("A PNG of the stated size", arguments: [1.0, 2])
  func size(scale: Double) throws {
    let (figure, data) = (figure(), try figure().png(scale: scale))
    #expect(Array(data.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    let size = try figure.size()
    let header = Array(data[16..<24]).map(Int.init)
    #expect(header[2] << 8 | header[3] == Int(scale * size.width))
    #expect(header[6] << 8 | header[7] == Int((scale * size.height).rounded()))
  }

  /// A horizontal line through the middle: a row of red pixels across the frame, at half its
  /// height, and no red pixel above or below it. Control: no line, no red pixel in the frame.
  @Test("Pixels where the line is")
  func pixels() throws {
    let image = try PixelImage(png: figure().png(scale: 1))
    let rows = (0..<image.height - 30).filter { y in
      (0..<image.width).filter { image.isRed($0, y) }.count > 100
    }
    #expect(rows.count >= 1 && rows.count <= 3, "red rows \(rows)")
    let frame = (0..<image.height).filter { y in
      (0..<image.width).filter { image.isDark($0, y) }.count > 100
    }
    let middle = Double((frame.first ?? 0) + (frame.last ?? 0)) / 2
    #expect(abs(Double(rows[0] + (rows.last ?? 0)) / 2 - middle) <= 1.5, "\(rows), frame \(frame)")
    let empty = try PixelImage(png: figure(.none).png(scale: 1))
    let left = (0..<empty.height).flatMap { y in
      (0..<empty.width).filter { empty.isRed($0, y) }
    }
    #expect(left.isEmpty)
  }

  /// Equal figures are equal bytes, also the second time in one process, where Cairo's own numbers
  /// have moved on. Control: another line is another file.
  @Test("Equal bytes")
  func determinism() throws {
    #expect(try figure().png() == figure().png())
    #expect(try figure().svg() == figure().svg())
    #expect(try figure(.dashed).svg() != figure().svg())
    #expect(try figure(.dashed).png() != figure().png())
  }

  @Test("Surfaces of an SVG file are numbered from 1")
  func identifiers() {
    let text = "<g id=\"surface17\"/><use href=\"#surface17\"/><g id=\"surface9\"/> surface"
    let stable = withStableIdentifiers(Data(text.utf8))
    #expect(
      String(decoding: stable, as: UTF8.self)
        == "<g id=\"surface1\"/><use href=\"#surface1\"/><g id=\"surface2\"/> surface")
  }

  /// Luminance of the scale rises over its whole length: a table printed grey keeps its order.
  @Test("The colour scale rises")
  func colourScale() {
    let steps = (0...60).map { ColourScale.sequential.colour(Double($0) / 60).luminance }
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
    #expect(steps[0] < 0.2 && (steps.last ?? 0) > 0.7)
  }

  @Test("Both files appear, nothing else")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("figure-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try figure().write(to: folder, name: "a")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["a.png", "a.svg"])
    #expect(try Data(contentsOf: folder.appendingPathComponent("a.svg")) == figure().svg())
  }
}

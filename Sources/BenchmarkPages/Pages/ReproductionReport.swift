import Benchmark
import FileFormats
import Foundation
import Plotting
import Studies
import Tasks

/// The benchmark as a page to look at: tables, pictures of every model, and how to read them.
///
/// Files:       report.html, which holds all pictures and asks for nothing else, and
///              figures/NAME.png and figures/NAME.svg.
/// Studies:     the pictures of exactness and equivariance are measured anew, in the quick form of
///              `sphere study`, with the report's seed.
/// Output:      the same report gives the same bytes, whatever the number of threads.
/// Checked by:  ReproductionReportTests, HypertextTests.
package struct ReproductionReport: Sendable {
  /// A picture with its name in files and its caption.
  struct Picture: Sendable {
    var name: String
    var caption: String
    var figure: Figure
    /// Whether the picture takes the whole width of the page.
    var isBroad = false
  }

  /// A heading with what belongs under it.
  struct Section: Sendable {
    var title: String
    /// Paragraphs and tables before the pictures.
    var content: [Hypertext]
    var pictures: [Picture]
    /// Whether pictures stand side by side where there is room.
    var isGrid = true
  }

  let report: BenchmarkReport
  var sections: [Section] = []

  /// Draws up a report.
  ///
  /// - Parameters:
  ///   - report: what was measured.
  ///   - folder: the models, whose filters are shown.
  ///   - hasStudies: whether exactness and equivariance are measured and shown.
  ///   - threads: threads to use at most.
  ///   - progress: told after every case of the studies.
  /// - Throws: `PlottingError`, `HealpixError`, what the studies and `progress` throw.
  package init(
    _ report: BenchmarkReport, models folder: ModelFolder, hasStudies: Bool = true, threads: Int,
    progress: StudyProgress = { _, _ in }
  ) throws {
    self.report = report
    sections.append(try headline())
    var rows: [TaskSettings] = []
    for score in report.scores where !rows.contains(score.settings) { rows.append(score.settings) }
    let examples = try ExampleMaps(rows, seed: report.seed, threads: threads)
    for task in BenchmarkTask.known {
      if let section = try section(of: task, examples) { sections.append(section) }
    }
    if let training = try training() { sections.append(training) }
    if let filters = try filters(folder) { sections.append(filters) }
    if hasStudies { sections.append(try studies(threads: threads, progress)) }
  }

  /// Writes report.html and the folder figures, each file complete or not at all.
  ///
  /// - Throws: `PlottingError`, `FileError`.
  package func write(to folder: URL) throws {
    let figures = folder.appendingPathComponent("figures")
    do {
      try FileManager.default.createDirectory(at: figures, withIntermediateDirectories: true)
    } catch {
      throw FileError.writeFailed(path: figures.path, reason: error.localizedDescription)
    }
    for picture in sections.flatMap(\.pictures) {
      try picture.figure.write(to: figures, name: picture.name)
    }
    try AtomicFile.write(
      Data(try page().markup.utf8), to: folder.appendingPathComponent("report.html"))
  }

  // MARK: - Page

  /// The whole page.
  ///
  /// - Throws: `PlottingError`.
  func page() throws -> Hypertext {
    var content = [
      Hypertext.element("h1", "SpectralSphere: the benchmark"),
      .element(
        "p",
        "\(NumberText.grouped(report.mapCount)) fresh maps per model, seed \(report.seed), program "
          + "version \(ProgramVersion.text)."),
    ]
    for section in sections {
      content.append(.element("h2", section.title))
      content += section.content
      let pictures = try section.pictures.map(Self.embedded)
      content.append(
        .element("div", [("class", section.isGrid ? "grid" : "column")], pictures))
    }
    return .page(title: "SpectralSphere: the benchmark", style: Self.style, content)
  }

  /// A picture within the page, as PNG: SVG files carry the outlines of their letters and are four
  /// times as large.
  private static func embedded(_ picture: Picture) throws(PlottingError) -> Hypertext {
    let (width, height) = try picture.figure.size()
    let data = try picture.figure.png(scale: picture.isBroad ? 1.5 : 2).base64EncodedString()
    let image = Hypertext.element(
      "img",
      [
        ("src", "data:image/png;base64,\(data)"), ("alt", picture.caption),
        ("width", "\(Int(width))"), ("height", "\(Int(height))"),
      ], nil)
    return .element(
      "figure", picture.isBroad ? [("class", "broad")] : [],
      [image, .element("figcaption", picture.caption)])
  }

  private static let style = """
    :root { color-scheme: light dark; --text: #1c1c1e; --back: #fdfdfc; --line: #c9c9c9; --quiet: \
    #5b5b60; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #e6e6e6; --back: #17181a; --line: #45474b; --quiet: #a9a9ae; }
    }
    body { margin: 0; background: var(--back); color: var(--text);
      font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 76rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.7rem; line-height: 1.2; }
    h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); font-size: 1.3rem; }
    p, li { max-width: 46rem; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.25rem 0.7rem 0.25rem 0; border-bottom: 1px solid var(--line);
      text-align: left; vertical-align: top; white-space: nowrap; }
    thead th { white-space: normal; vertical-align: bottom; }
    tbody th { font-weight: 500; }
    .grid { display: grid; gap: 1rem; align-items: start;
      grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
    .column { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
    figure { margin: 0; }
    figure img { display: block; box-sizing: border-box; width: 100%; height: auto; background: \
    #fff;
      border: 1px solid var(--line); border-radius: 6px; }
    .broad { grid-column: 1 / -1; }
    .column figure img, .broad img { width: auto; max-width: 100%; }
    figcaption { margin: 0.3rem 0 0.6rem; color: var(--quiet); font-size: 0.85rem; }
    """
}

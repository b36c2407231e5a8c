import Expectations
import FileFormats
import Foundation
import Plotting

extension ExactnessStudy {
  private static func style(_ method: AnalysisMethod) -> SeriesStyle {
    .number(AnalysisMethod.allCases.firstIndex(of: method) ?? 0)
  }

  private static func y(_ precision: StudyPrecision) -> Axis {
    Axis("relative L2 error", .logarithmic, range: precision == .double ? 1e-17...10 : 1e-9...10)
  }

  /// Entries that a predicate picks, those of one line.
  private func line(
    _ name: String, style: SeriesStyle, _ x: (Entry) -> Double, _ isOnIt: (Entry) -> Bool
  ) -> PanelContent? {
    let chosen = entries.filter(isOnIt)
    guard !chosen.isEmpty else { return nil }
    return .series(
      Series(name, x: chosen.map(x), y: chosen.map(\.error.relativeL2), style: style))
  }

  /// All methods against lmax/nside at one nside, for both spins and precisions.
  package func methodFigure(nside: Int) -> Figure {
    var panels: [Panel] = []
    for spin in [0, 2] {
      for precision in StudyPrecision.allCases {
        let contents = AnalysisMethod.allCases.compactMap { method in
          line(method.rawValue, style: Self.style(method), \.ratio) {
            $0.nside == nside && $0.spin == spin && $0.precision == precision
              && $0.method == method
          }
        }
        let foreign = pixelWeights(spin, precision, { Double($0.lmax) / Double(nside) }) {
          $0.grid == .healpix(nside: nside)
        }
        panels.append(
          Panel(
            "spin \(spin), \(precision.rawValue)", x: Axis("lmax / nside"), y: Self.y(precision),
            contents + foreign))
      }
    }
    return Figure("Analysis error on HEALPix, nside \(nside)", columns: 2, panels)
  }

  /// The errors of healpy's weights for figures of large maps, from the table that has them: no
  /// line or one.
  private func pixelWeights(
    _ spin: Int, _ precision: StudyPrecision, _ x: (ExpectationTable.Point) -> Double,
    _ isOnIt: (ExpectationTable.Point) -> Bool
  ) -> [PanelContent] {
    let series = ExpectationTable.Series(
      isHealpix: true, spin: spin, precision: precision, method: .pixelWeights)
    let nsides = configuration.nsides
    let points = ExpectationTable.measured.points(of: series)
      .filter { isOnIt($0) && nsides.contains($0.grid.nside ?? 0) }
    guard configuration.kind == .large, !points.isEmpty else { return [] }
    return [
      .series(
        Series(
          "\(AnalysisMethod.pixelWeights.rawValue) (healpy)", x: points.map(x),
          y: points.map(\.error), style: Self.style(.pixelWeights)))
    ]
  }

  /// What depends on nside and what does not.
  package var resolutionFigure: Figure {
    let nsides = configuration.nsides
    let panels = [AnalysisMethod.gridWeights, .orderWeights, .leastSquares].map { method in
      let lines = nsides.enumerated().compactMap { k, nside in
        line("nside \(nside)", style: .number(k), \.ratio) {
          $0.nside == nside && $0.spin == 0 && $0.precision == .double && $0.method == method
        }
      }
      return Panel(
        "\(method.rawValue), Double", x: Axis("lmax / nside"), y: Self.y(.double), lines)
    }
    return Figure("Analysis error by resolution, spin 0", columns: 3, panelWidth: 260, panels)
  }

  /// All methods on the grid of the published network, against lmax.
  package var publishedGridFigure: Figure {
    let panels = StudyPrecision.allCases.map { precision in
      Panel(
        precision.rawValue, x: Axis("lmax"), y: Self.y(precision),
        AnalysisMethod.ofProductGrids.compactMap { method in
          line(method.rawValue, style: Self.style(method), { Double($0.lmax) }) {
            $0.grid == .published && $0.precision == precision && $0.method == method
          }
        })
    }
    return Figure("Analysis error on Clenshaw-Curtis 32 x 64, mmax 32", columns: 2, panels)
  }

  /// The errors of one nside in `Double` as a table of coloured cells.
  package func mapFigure(nside: Int) -> Figure {
    let panels = [0, 2].map { spin in
      let chosen = entries.filter {
        $0.nside == nside && $0.spin == spin && $0.precision == .double
      }
      let lmaxes = Array(Set(chosen.map(\.lmax))).sorted()
      let methods = configuration.methods.reversed()
      let values = methods.map { method in
        lmaxes.map { lmax in
          chosen.first { $0.lmax == lmax && $0.method == method }?.error.relativeL2
        }
      }
      let map = HeatMap(
        values: values, texts: values.map { $0.map { $0.map(Self.short) ?? "" } },
        range: 1e-16...1, scale: .logarithmic)
      return Panel(
        "spin \(spin), nside \(nside), Double: relative L2 error",
        x: Axis("lmax", ticks: HeatMap.ticks(lmaxes.map { "\($0)" })).spanning(lmaxes.count),
        y: Axis("", ticks: HeatMap.ticks(methods.map(\.rawValue))).spanning(methods.count),
        [.cells(map)])
    }
    return Figure(columns: 1, panelWidth: 660, panelHeight: 190, panels)
  }

  /// "3e-7".
  private static func short(_ value: Double) -> String {
    let text = String(format: "%.0e", value)
    return text.replacingOccurrences(of: "e-0", with: "e-")
      .replacingOccurrences(of: "e+00", with: "")
  }

  /// How errors change with nside at some lmax/nside, spin 0 in `Double`.
  package var growthFigure: Figure {
    let ratios = [1, 2, 2.5, 3].filter { ratio in entries.contains { $0.ratio == ratio } }
    let panels = ratios.map { ratio in
      let lines = AnalysisMethod.allCases.compactMap { method in
        line(method.rawValue, style: Self.style(method), { Double($0.nside ?? 0) }) {
          $0.ratio == ratio && $0.spin == 0 && $0.precision == .double && $0.method == method
            && $0.error.isConverged
        }
      }
      let foreign = pixelWeights(0, .double, { Double($0.grid.nside ?? 0) }) {
        let nside = $0.grid.nside ?? 0
        return $0.lmax == (ratio == 3 ? 3 * nside - 1 : Int(ratio * Double(nside)))
      }
      let title =
        ratio == 3
        ? "lmax = 3 nside - 1" : "lmax = \(ratio == 1 ? "" : "\(NumberText.short(ratio)) ")nside"
      return Panel(title, x: Axis("nside", .logarithmic), y: Self.y(.double), lines + foreign)
    }
    return Figure("Analysis error by resolution, spin 0, Double", columns: 2, panels)
  }

  /// Writes the table and the figures, each as PNG and SVG: four of the standard study, two of
  /// large maps.
  ///
  /// - Throws: `PlottingError`, `FileError`.
  package func write(to folder: URL) throws {
    let name = configuration.kind.rawValue
    try table.write(to: folder, name: name)
    if configuration.kind == .large {
      let nside = configuration.nsides[configuration.nsides.count - 1]
      try methodFigure(nside: nside).write(to: folder, name: name)
      try growthFigure.write(to: folder, name: "\(name)-resolution")
      return
    }
    let nside = configuration.nsides.contains(16) ? 16 : configuration.nsides[0]
    try methodFigure(nside: nside).write(to: folder, name: "exactness")
    try mapFigure(nside: nside).write(to: folder, name: "exactness-map")
    try resolutionFigure.write(to: folder, name: "exactness-resolution")
    try publishedGridFigure.write(to: folder, name: "exactness-published-grid")
  }
}

extension Axis {
  /// The same axis over so many cells.
  fileprivate func spanning(_ cells: Int) -> Axis {
    var axis = self
    axis.range = 0...Double(max(cells, 1))
    return axis
  }
}

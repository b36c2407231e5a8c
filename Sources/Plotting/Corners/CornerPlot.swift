import Foundation

/// Densities of one to three parameters in a triangle of panels: marginal densities on the
/// diagonal, contours of every two parameters below it.
///
/// Layout:      parameter k has column k and row k; a panel below the diagonal has the column's
///              parameter along x and the row's along y, and all panels of a column share x.
/// Diagonal:    density against θ, each curve relative to its largest value, the interval shaded,
///              the median dashed. With one density its median and the arms of the interval stand
///              above.
/// Below:       regions filled, the outermost first and lightest, with their rims.
/// Legend:      in the free corner on the upper right; of one parameter below the panel. It names
///              the regions of 68 and 95 %, which is what levels and intervals have to be.
/// Numbers:     of an axis below 10⁻³ or from 10⁵ on are divided by a power of ten, which its label
///              has in brackets.
/// Output:      as `Figure`: equal pictures are equal bytes, texts printable ASCII.
/// Checked by:  CornerPlotTests.
package struct CornerPlot: Picture {
  /// One parameter.
  package struct Parameter: Sendable {
    /// Its name in labels.
    package var name: String
    /// Its unit; empty: a pure number.
    package var unit: String
    /// What its axes show: rising and finite.
    package var range: ClosedRange<Double>
    /// A value that is marked in all panels; nil: none.
    package var truth: Double?

    /// A parameter.
    package init(
      name: String, unit: String = "", range: ClosedRange<Double>, truth: Double? = nil
    ) {
      self.name = name
      self.unit = unit
      self.range = range
      self.truth = truth
    }
  }

  /// The density of one parameter.
  package struct Curve: Sendable {
    /// θ, ascending, at least two.
    package var x: [Double]
    /// Densities, not negative, as many.
    package var density: [Double]
    /// What is dashed.
    package var median: Double
    /// What is shaded.
    package var interval: ClosedRange<Double>

    /// A curve from its points.
    package init(
      x: [Double], density: [Double], median: Double, interval: ClosedRange<Double>
    ) {
      self.x = x
      self.density = density
      self.median = median
      self.interval = interval
    }
  }

  /// The density of two parameters, that of a column and that of a row.
  package struct Surface: Sendable {
    /// θ of the column, ascending, at least two.
    package var x: [Double]
    /// θ of the row, ascending, at least two.
    package var y: [Double]
    /// `[x][y]`, y fastest.
    package var density: [Double]
    /// Densities at the rims of the regions, the innermost region first.
    package var levels: [Double]

    /// A surface from its points.
    package init(x: [Double], y: [Double], density: [Double], levels: [Double]) {
      self.x = x
      self.y = y
      self.density = density
      self.levels = levels
    }
  }

  /// One density of all parameters.
  package struct Entry: Sendable {
    /// In the legend.
    package var name: String
    /// One per parameter.
    package var curves: [Curve]
    /// Of every two parameters, in the order (row 1, column 0), (2, 0), (2, 1).
    package var surfaces: [Surface]

    /// An entry of the legend.
    package init(name: String, curves: [Curve], surfaces: [Surface]) {
      self.name = name
      self.curves = curves
      self.surfaces = surfaces
    }
  }

  /// Stands above all panels; empty: none.
  package var title: String
  package var parameters: [Parameter]
  package var entries: [Entry]

  /// A picture of some densities.
  package init(_ title: String, parameters: [Parameter], entries: [Entry]) {
    self.title = title
    self.parameters = parameters
    self.entries = entries
  }

  // MARK: - Checks

  /// Refuses what cannot be drawn.
  ///
  /// - Throws: `PlottingError`.
  private func check() throws(PlottingError) {
    precondition((1...3).contains(parameters.count), "\(parameters.count) parameters")
    guard !entries.isEmpty else { throw .empty(content: "the list of densities") }
    for parameter in parameters {
      // Throws what is no range.
      _ = try SettledAxis(Axis("", range: parameter.range), name: parameter.name, numbers: [])
      if let truth = parameter.truth {
        try requireOn(
          .linear, AxisNumbers(content: "the truth", axis: parameter.name, values: [truth]),
          within: parameter.range)
      }
    }
    for entry in entries {
      let pairs = parameters.count * (parameters.count - 1) / 2
      precondition(
        entry.curves.count == parameters.count && entry.surfaces.count == pairs,
        "\(entry.curves.count) curves, \(entry.surfaces.count) surfaces of '\(entry.name)'")
      for (curve, parameter) in zip(entry.curves, parameters) {
        try check(entry.name, parameter.name, curve.x, curve.density, expected: curve.x.count)
      }
      for surface in entry.surfaces {
        try check(
          entry.name, "contour", surface.x + surface.y, surface.density,
          expected: surface.x.count * surface.y.count)
      }
    }
  }

  private func check(
    _ entry: String, _ axis: String, _ places: [Double], _ density: [Double], expected: Int
  ) throws(PlottingError) {
    let name = "the density '\(entry)'"
    guard density.count == expected else {
      throw .lengthsDiffer(
        content: name, list: "the densities", found: density.count, expected: expected)
    }
    guard places.count >= 2 else { throw .empty(content: name) }
    for values in [places, density] {
      try requireOn(.linear, AxisNumbers(content: name, axis: axis, values: values))
    }
  }

  // MARK: - Picture

  package func size() throws(PlottingError) -> (width: Double, height: Double) {
    let layout = try layout()
    return (layout.width, layout.height)
  }

  package func png(scale: Double = 2) throws(PlottingError) -> Data {
    precondition(scale > 0, "\(scale) pixels per point")
    return try draw(.png(scale: scale))
  }

  package func svg() throws(PlottingError) -> Data { try draw(.svg) }

  private func layout() throws(PlottingError) -> CornerLayout {
    try check()
    let measure = try Canvas(width: 1, height: 1, .png(scale: 1))
    return try CornerLayout(self, measure)
  }

  private func draw(_ kind: Canvas.Kind) throws(PlottingError) -> Data {
    let layout = try layout()
    let canvas = try Canvas(width: layout.width, height: layout.height, kind)
    try CornerDrawing(self, layout, canvas).draw()
    return try canvas.finish()
  }

  /// The colour of an entry: the palette once around.
  static func colour(_ entry: Int) -> Colour { Colour.palette[entry % Colour.palette.count] }

  /// How opaque regions are, of one density and of several, from the innermost out.
  static func opacities(several: Bool, levels: Int) -> [Double] {
    let (inner, outer) = several ? (0.5, 0.22) : (0.75, 0.32)
    return (0..<levels).map { $0 == 0 ? inner : outer }
  }
}

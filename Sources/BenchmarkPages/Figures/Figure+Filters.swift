import Plotting

extension Figure {
  /// The windows of a network's first block: a picture of all bands for every input and, with one
  /// or two inputs, some bands as lines beside it. Weights below 10⁻³ of the largest have the
  /// colour of 10⁻³, those that are zero stay white.
  package static func filters(_ spectra: FilterSpectra, title: String = "") -> Figure {
    let hasLines = spectra.inputs.count <= 2
    let panels = spectra.inputs.flatMap { input -> [Panel] in
      let picture = Self.picture(input, lmax: spectra.lmax)
      return hasLines ? [picture, Self.lines(input, lmax: spectra.lmax)] : [picture]
    }
    return Figure(
      title, columns: hasLines ? 2 : 4, panelWidth: hasLines ? 360 : 300,
      panelHeight: hasLines ? 280 : 240, panels)
  }

  private static func picture(_ input: FilterSpectra.Input, lmax: Int) -> Panel {
    // Cells begin at whole numbers, so that the middle of degree l is l + 1/2.
    func ticks(_ count: Int) -> [Tick] {
      stride(from: 0, to: count, by: 10).map { Tick(position: Double($0) + 0.5, label: "\($0)") }
    }
    let map = HeatMap(
      values: input.windows.map { band in band.map { $0 > 0 ? $0 : nil } }, range: 1e-3...1,
      scale: .logarithmic, barLabel: "|w| / largest of band")
    let bands = input.windows.count
    return Panel(
      "\(input.name): all bands",
      x: Axis("degree l", range: 0...Double(lmax + 1), ticks: ticks(lmax + 1)),
      y: Axis("band", range: 0...Double(bands), ticks: ticks(bands)), [.cells(map)])
  }

  /// Eight bands, evenly spaced, in the colours of their order.
  private static func lines(_ input: FilterSpectra.Input, lmax: Int) -> Panel {
    let count = min(8, input.windows.count)
    let degrees = (0...lmax).map(Double.init)
    let contents = (0..<count).map { k -> PanelContent in
      let band = count == 1 ? 0 : k * (input.windows.count - 1) / (count - 1)
      let t = count == 1 ? 0 : 0.85 * Double(k) / Double(count - 1)
      let style = SeriesStyle(ColourScale.sequential.colour(t), marker: .none)
      return .series(Series("", x: degrees, y: input.windows[band], style: style))
    }
    return Panel(
      "\(input.name): \(count) of the bands",
      x: Axis("degree l"), y: Axis("|w| / largest of band"), contents)
  }
}

import FileFormats
import Plotting

extension Figure {
  /// The spectra of a file, a panel each.
  ///
  /// Axes: linear in l; C_l logarithmic where all of them are positive.
  package static func spectra(
    _ file: SpectraFile, form: SpectrumForm = .dl, title: String = ""
  ) -> Figure {
    let unit = (file.unit ?? FitsUnit.microkelvin + "^2").raisingPowers
    let panels = file.spectra.enumerated().map { k, spectrum in
      // Degrees without a value, which are the first ones, are left out.
      let degrees = spectrum.values.indices.filter { !spectrum.values[$0].isNaN }
      let l = degrees.map(Double.init)
      let y = degrees.map { degree -> Double in
        let (l, c) = (Double(degree), spectrum.values[degree])
        return form == .dl ? l * (l + 1) / (2 * .pi) * c : c
      }
      let isLogarithmic = form == .cl && y.allSatisfy { $0 > 0 }
      let label = form == .dl ? "l(l+1) C_l / 2 pi" : "C_l"
      let style = SeriesStyle(
        Colour.palette[k % 6], marker: l.count <= 100 ? .disc : .none, size: 2)
      return Panel(
        spectrum.name, x: Axis("degree l"),
        y: Axis("\(label) [\(unit)]", isLogarithmic ? .logarithmic : .linear),
        [.series(Series("", x: l, y: y, style: style))])
    }
    return Figure(title, columns: min(3, panels.count), panelWidth: 360, panels)
  }
}

extension String {
  /// The text with powers written as figures raise them: uK^2 as uK^{2}.
  var raisingPowers: String {
    replacing(/\^(-?[0-9]+)/) { "^{\($0.output.1)}" }
  }
}

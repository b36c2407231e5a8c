import Benchmark
import Foundation
import Models
import Plotting

extension Figure {
  /// One parameter of one model: predictions against truths, residuals in units of the error bars,
  /// bias.
  package static func score(_ score: ModelScore, _ own: ParameterScore) throws(PlottingError)
    -> Figure
  {
    let name = "\(score.settings.skyName): \(own.parameter)"
    var panels = [Self.scatter(own, title: name)]
    if !own.errorBars.isEmpty { panels.append(try Self.residuals(own)) }
    if let bias = Self.bias(own) { panels.append(bias) }
    return Figure(columns: 1, panelWidth: 340, panelHeight: 250, panels)
  }

  /// Points where there are few, the density of points where there are many, and the diagonal.
  private static func scatter(_ own: ParameterScore, title: String) -> Panel {
    let points: PanelContent
    if own.truths.count > 400 {
      points = .density(PointDensity(x: own.truths, y: own.predictions))
    } else {
      let style = SeriesStyle(
        Colour.palette[0].withOpacity(0.5), line: .none, marker: .disc, size: 2)
      points = .series(Series("", x: own.truths, y: own.predictions, style: style))
    }
    let ends = [own.prior.lowerBound, own.prior.upperBound]
    let diagonal = Series(
      "", x: ends, y: ends, style: SeriesStyle(.black, line: .dashed, marker: .none))
    return Panel(
      title, x: Axis("truth"), y: Axis("prediction"), [points, .series(diagonal)])
  }

  private static func residuals(_ own: ParameterScore) throws(PlottingError) -> Panel {
    let values = own.truths.indices.map {
      (own.predictions[$0] - own.truths[$0]) / own.errorBars[$0]
    }
    let bins = max(10, min(40, Int(Double(values.count).squareRoot())))
    let histogram = try Histogram(
      "", values: values, range: -4...4, bins: bins, colour: Colour.palette[0])
    let x = (0...160).map { Double($0) / 20 - 4 }
    let normal = Series(
      "unit normal", x: x, y: x.map { exp(-$0 * $0 / 2) / (2 * .pi).squareRoot() },
      style: .line(1))
    let beyond = histogram.beyond.below + histogram.beyond.above
    return Panel(
      "residuals (\(beyond) of \(values.count) beyond)",
      x: Axis("(prediction - truth) / error bar", range: -4...4), y: Axis("density"),
      [.histogram(histogram), .series(normal)])
  }

  /// Bias of model and optimum by bins; nil where no bin has enough maps.
  private static func bias(_ own: ParameterScore) -> Panel? {
    func series(_ name: String, _ calibration: Calibration?, _ style: SeriesStyle) -> Series? {
      let bins = (calibration?.bins ?? []).filter { $0.count >= BinnedErrors.leastMaps }
      let known = bins.compactMap { bin in bin.relativeBias.map { (bin.centre, $0) } }
      guard !known.isEmpty else { return nil }
      return Series(
        name, x: known.map(\.0), y: known.map(\.1.value),
        errors: known.map { $0.1.standardError ?? 0 }, style: style)
    }
    guard let model = series("model", own.calibration, .number(0)) else { return nil }
    let optimum = series(
      "optimal on the same maps", own.optimalCalibration,
      SeriesStyle(Colour.palette[1], line: .dashed, marker: .ring))
    let zero = Series(
      "", x: [own.prior.lowerBound, own.prior.upperBound], y: [0, 0],
      style: SeriesStyle(.darkGrey, marker: .none))
    return Panel(
      "bias by bins of the truth", x: Axis("truth"), y: Axis("bias / scatter"),
      [.series(zero)] + [optimum, model].compactMap { $0.map(PanelContent.series) })
  }

  /// The error of all models of a task against the truth, beside the optimum's, a panel per
  /// parameter; nil where no bin has enough maps.
  package static func errorCurves(_ scores: [ModelScore]) -> Figure? {
    let names = scores.first?.parameters.map(\.parameter) ?? []
    let panels = names.indices.compactMap { index -> Panel? in
      let series = scores.enumerated().flatMap { k, score in
        Self.curves(score, score.parameters[index], colour: k)
      }
      guard !series.isEmpty else { return nil }
      // A logarithmic axis holds the ends of all bars, too.
      let isPositive = series.allSatisfy { line in
        zip(line.y, line.errors ?? []).allSatisfy { $0 - $1 > 0 } && line.y.allSatisfy { $0 > 0 }
      }
      return Panel(
        names[index], x: Axis("true \(names[index])"),
        y: Axis("mean |error| / truth, percent", isPositive ? .logarithmic : .linear),
        series.map { .series($0) })
    }
    return panels.isEmpty
      ? nil
      : Figure(
        columns: panels.count, panelWidth: panels.count == 1 ? 520 : 420, panelHeight: 340, panels)
  }

  /// Model with bars, optimum dashed in the same colour.
  private static func curves(_ score: ModelScore, _ own: ParameterScore, colour k: Int) -> [Series]
  {
    let colour = Colour.palette[k % 7]
    let model = BinnedErrors(truths: own.truths, predictions: own.predictions, prior: own.prior)
    guard !model.centres.isEmpty else { return [] }
    var style = SeriesStyle.number(k)
    style.colour = colour
    var series = [
      Series(
        score.label, x: model.centres, y: model.errors.map(\.value),
        errors: model.errors.map { $0.standardError ?? 0 }, style: style)
    ]
    let optimum = BinnedErrors(
      truths: Array(own.truths.prefix(own.optimal.count)), predictions: own.optimal,
      prior: own.prior)
    if !optimum.centres.isEmpty {
      series.append(
        Series(
          "optimal, same maps (dashed)", x: optimum.centres, y: optimum.errors.map(\.value),
          style: SeriesStyle(colour, line: .dashed, marker: .none)))
    }
    return series
  }
}

extension ModelScore {
  /// The sky, and the network where it is not the isotropic one.
  var label: String {
    architecture == Architecture.isotropic.rawValue
      ? settings.skyName : "\(settings.skyName), \(architecture)"
  }
}

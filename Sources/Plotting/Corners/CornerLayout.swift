import Foundation

/// Where the panels of a corner plot lie, and the texts of their axes.
struct CornerLayout {
  /// One line of the legend.
  struct Line {
    enum Symbol { case region(Colour), truth, median, note }
    let text: String
    let symbol: Symbol
  }

  /// The axis of a parameter.
  struct ParameterAxis {
    let label: String
    let range: ClosedRange<Double>
    /// Marks in the parameter's own numbers.
    let ticks: [Tick]
    /// Numbers of labels are divided by ten to this.
    let power: Int

    func fraction(_ value: Double) -> Double {
      (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
  }

  static let tickSize = 10.0
  static let labelSize = 12.0
  static let legendSize = 11.0
  static let legendRow = 18.0
  static let gap = 9.0

  let axes: [ParameterAxis]
  /// Width and height of a panel.
  let side: Double
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  let legend: [Line]

  init(_ plot: CornerPlot, _ canvas: Canvas) throws(PlottingError) {
    let n = plot.parameters.count
    side = [300.0, 210, 170][n - 1]
    var axes: [ParameterAxis] = []
    for parameter in plot.parameters {
      axes.append(try Self.axis(parameter, side: side, isAlone: n == 1, canvas))
    }
    self.axes = axes
    var widest = 0.0
    for axis in axes.dropFirst() {
      for tick in axis.ticks {
        widest = max(widest, try canvas.textWidth(tick.label, size: Self.tickSize))
      }
    }
    left = n == 1 ? 24 : widest + 36
    let isSingle = plot.entries.count == 1
    top = (plot.title.isEmpty ? 8 : 32) + (isSingle ? 24 : 4)
    let legend = Self.legend(plot)
    self.legend = legend
    let panels = Double(n) * side + Double(n - 1) * Self.gap
    width = left + panels + 20
    height = top + panels + 46 + (n == 1 ? Double(legend.count) * Self.legendRow + 6 : 0)
  }

  /// Left edge of a column.
  func x(_ column: Int) -> Double { left + Double(column) * (side + Self.gap) }
  /// Upper edge of a row.
  func y(_ row: Int) -> Double { top + Double(row) * (side + Self.gap) }

  /// The finest ticks whose labels touch neither each other nor those of another panel.
  private static func axis(
    _ parameter: CornerPlot.Parameter, side: Double, isAlone: Bool, _ canvas: Canvas
  ) throws(PlottingError) -> ParameterAxis {
    let range = parameter.range
    let largest = max(abs(range.lowerBound), abs(range.upperBound))
    let power =
      largest < 1e-3 || largest >= 1e5 ? Int(log10(largest).rounded(.down)) : 0
    // A division is exact where a product with 10⁻⁹ is not.
    let unit = pow(10, Double(abs(power)))
    func scaled(_ value: Double) -> Double { power < 0 ? value * unit : value / unit }
    func original(_ value: Double) -> Double { power < 0 ? value / unit : value * unit }
    let (lower, upper) = (scaled(range.lowerBound), scaled(range.upperBound))
    let remarks =
      (power == 0 ? [] : ["10^{\(power)}"]) + (parameter.unit.isEmpty ? [] : [parameter.unit])
    let label = parameter.name + (remarks.isEmpty ? "" : " [\(remarks.joined(separator: " "))]")
    var ticks: [Tick] = []
    if lower < upper {
      for most in (2...(isAlone ? 8 : 5)).reversed() {
        ticks = AxisTicks.linear(lower...upper, most: most).filter {
          let fraction = ($0.position - lower) / (upper - lower)
          return isAlone || (fraction > 0.04 && fraction < 0.96)
        }
        var isFree = true
        for (tick, next) in zip(ticks, ticks.dropFirst()) {
          let distance = (next.position - tick.position) / (upper - lower) * side
          let needed =
            (try canvas.textWidth(tick.label, size: tickSize)
              + canvas.textWidth(next.label, size: tickSize)) / 2 + 8
          isFree = isFree && distance >= needed
        }
        if isFree { break }
      }
    }
    return ParameterAxis(
      label: label, range: range,
      ticks: ticks.map { Tick(position: original($0.position), label: $0.label) }, power: power)
  }

  private static func legend(_ plot: CornerPlot) -> [Line] {
    let isSingle = plot.entries.count == 1
    let n = plot.parameters.count
    var lines: [Line] = []
    if isSingle {
      lines.append(Line(text: plot.entries[0].name, symbol: .region(CornerPlot.colour(0))))
      lines.append(Line(text: "median", symbol: .median))
    } else {
      for (index, entry) in plot.entries.enumerated() {
        lines.append(Line(text: entry.name, symbol: .region(CornerPlot.colour(index))))
      }
    }
    if plot.parameters.contains(where: { $0.truth != nil }) {
      lines.append(Line(text: "truth", symbol: .truth))
    }
    lines.append(Line(text: n > 1 ? "regions 68 % and 95 %" : "shaded 68 %", symbol: .note))
    return lines
  }
}

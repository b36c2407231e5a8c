/// The numbers of one axis of one content, with what messages call them.
struct AxisNumbers {
  let content: String
  let axis: String
  let values: [Double]
}

extension PanelContent {
  /// All numbers that have to lie on the axes, x and then y.
  ///
  /// - Throws: `PlottingError.lengthsDiffer`, `.empty`.
  func numbers(panel: String) throws(PlottingError) -> (x: [AxisNumbers], y: [AxisNumbers]) {
    switch self {
    case .series(let s):
      let name = "series '\(s.name)' of panel '\(panel)'"
      if s.x.isEmpty { throw .empty(content: name) }
      try require(s.y.count, s.x.count, "y", name)
      var y = [AxisNumbers(content: name, axis: "y", values: s.y)]
      if let errors = s.errors {
        try require(errors.count, s.x.count, "the error bars", name)
        let ends = zip(s.y, errors).flatMap { [$0 - $1, $0 + $1] }
        y.append(AxisNumbers(content: "ends of the bars of \(name)", axis: "y", values: ends))
      }
      return ([AxisNumbers(content: name, axis: "x", values: s.x)], y)
    case .band(let b):
      let name = "band '\(b.name)' of panel '\(panel)'"
      if b.x.isEmpty { throw .empty(content: name) }
      try require(b.lower.count, b.x.count, "the lower curve", name)
      try require(b.upper.count, b.x.count, "the upper curve", name)
      return (
        [AxisNumbers(content: name, axis: "x", values: b.x)],
        [
          AxisNumbers(content: "lower curve of \(name)", axis: "y", values: b.lower),
          AxisNumbers(content: "upper curve of \(name)", axis: "y", values: b.upper),
        ]
      )
    case .cells(let map):
      let name = "cells of panel '\(panel)'"
      guard let columns = map.values.first?.count, columns > 0 else {
        throw .empty(content: name)
      }
      for row in map.values { try require(row.count, columns, "a row", name) }
      if let texts = map.texts {
        try require(texts.count, map.values.count, "the rows of texts", name)
        for row in texts { try require(row.count, columns, "a row of texts", name) }
      }
      try map.requireShowable(name)
      return (
        [AxisNumbers(content: name, axis: "x", values: [0, Double(columns)])],
        [AxisNumbers(content: name, axis: "y", values: [0, Double(map.values.count)])]
      )
    case .histogram(let h):
      let name = "histogram '\(h.name)' of panel '\(panel)'"
      return (
        [AxisNumbers(content: name, axis: "x", values: [h.range.lowerBound, h.range.upperBound])],
        [AxisNumbers(content: name, axis: "y", values: [0] + h.densities)]
      )
    case .density(let points):
      let name = "points of panel '\(panel)'"
      if points.x.isEmpty { throw .empty(content: name) }
      try require(points.y.count, points.x.count, "y", name)
      return (
        [AxisNumbers(content: name, axis: "x", values: points.x)],
        [AxisNumbers(content: name, axis: "y", values: points.y)]
      )
    case .sky: return ([], [])
    }
  }

  private func require(
    _ found: Int, _ expected: Int, _ list: String, _ content: String
  ) throws(PlottingError) {
    if found != expected {
      throw .lengthsDiffer(content: content, list: list, found: found, expected: expected)
    }
  }
}

extension HeatMap {
  /// - Throws: `PlottingError.invalidRange`, `.notFinite`, `.notPositive`.
  fileprivate func requireShowable(_ name: String) throws(PlottingError) {
    guard range.lowerBound < range.upperBound, scale == .linear || range.lowerBound > 0 else {
      throw .invalidRange(axis: "colour", lower: range.lowerBound, upper: range.upperBound)
    }
    try requireOn(
      scale, AxisNumbers(content: name, axis: "colour", values: values.joined().compactMap { $0 }))
  }

  /// The colour of a value, for a range that has been checked.
  func colour(_ value: Double) -> Colour {
    ColourScale.sequential.colour(min(1, max(0, scale.fraction(value, in: range))))
  }
}

/// Refuses numbers that an axis cannot show: nothing is cut off without a word.
///
/// - Throws: `PlottingError.notFinite`, `.notPositive`, `.outsideRange`.
func requireOn(
  _ scale: AxisScale, _ numbers: AxisNumbers, within range: ClosedRange<Double>? = nil
) throws(PlottingError) {
  for (index, value) in numbers.values.enumerated() {
    guard value.isFinite else {
      throw .notFinite(
        content: numbers.content, axis: numbers.axis, index: index, value: "\(value)")
    }
    if scale == .logarithmic, value <= 0 {
      throw .notPositive(
        content: numbers.content, axis: numbers.axis, index: index, value: value)
    }
    if let range, !range.contains(value) {
      throw .outsideRange(
        content: numbers.content, axis: numbers.axis, index: index, value: value,
        range: "\(range.lowerBound)...\(range.upperBound)")
    }
  }
}

/// The axes of a panel, settled on all of its contents.
///
/// - Throws: `PlottingError` for numbers that cannot be shown.
func settledAxes(_ panel: Panel) throws(PlottingError) -> (x: SettledAxis, y: SettledAxis) {
  var x: [Double] = []
  var y: [Double] = []
  for content in panel.contents {
    let numbers = try content.numbers(panel: panel.title)
    for list in numbers.x {
      try requireOn(panel.x.scale, list, within: panel.x.range)
      x += list.values
    }
    for list in numbers.y {
      try requireOn(panel.y.scale, list, within: panel.y.range)
      y += list.values
    }
  }
  return (
    try SettledAxis(panel.x, name: "x", numbers: x), try SettledAxis(panel.y, name: "y", numbers: y)
  )
}

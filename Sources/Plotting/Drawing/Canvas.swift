import CCairo
import Foundation

/// A surface to draw on, in points from the upper left corner.
///
/// Method:  Cairo's image surface (PNG) or SVG surface, one context each. Text is drawn with
///          Cairo's own stroke font ("@cairo:"), which is part of the library: no font has to be
///          installed, none is looked for, and all machines draw the same letters. It has printable
///          ASCII only.
/// Output:  the same calls give the same bytes; Cairo writes no date.
final class Canvas {
  /// Which file is made.
  enum Kind {
    /// With so many pixels per point.
    case png(scale: Double)
    case svg
  }

  /// Where a text lies with respect to its position, horizontally.
  enum Anchor { case start, middle, end }

  let width: Double
  let height: Double
  private let kind: Kind
  private let surface: OpaquePointer
  private let context: OpaquePointer
  private let sink = ByteSink()

  /// An empty white canvas.
  ///
  /// - Throws: `PlottingError.drawingFailed`.
  init(width: Double, height: Double, _ kind: Kind) throws(PlottingError) {
    self.width = width
    self.height = height
    self.kind = kind
    let made: OpaquePointer?
    switch kind {
    case .png(let scale):
      made = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32((width * scale).rounded()), Int32((height * scale).rounded()))
      cairo_surface_set_device_scale(made, scale, scale)
    case .svg:
      made = cairo_svg_surface_create_for_stream(
        appendBytes, Unmanaged.passUnretained(sink).toOpaque(), width, height)
    }
    guard let made, let context = cairo_create(made) else {
      throw .drawingFailed(reason: "out of memory")
    }
    surface = made
    self.context = context
    try requireSuccess(cairo_surface_status(made))
    try requireSuccess(cairo_status(context))
    cairo_select_font_face(
      context, "@cairo:", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    fill(x: 0, y: 0, width: width, height: height, .white)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// The file. Nothing can be drawn afterwards.
  ///
  /// - Throws: `PlottingError.drawingFailed`.
  func finish() throws(PlottingError) -> Data {
    try requireSuccess(cairo_status(context))
    cairo_surface_flush(surface)
    switch kind {
    case .png:
      try requireSuccess(
        cairo_surface_write_to_png_stream(
          surface, appendBytes, Unmanaged.passUnretained(sink).toOpaque()))
      cairo_surface_finish(surface)
      return sink.bytes
    case .svg:
      cairo_surface_finish(surface)
      try requireSuccess(cairo_surface_status(surface))
      return withStableIdentifiers(sink.bytes)
    }
  }

  private func requireSuccess(_ status: cairo_status_t) throws(PlottingError) {
    guard status == CAIRO_STATUS_SUCCESS else {
      throw .drawingFailed(reason: String(cString: cairo_status_to_string(status)))
    }
  }

  // MARK: - Shapes

  private func setColour(_ c: Colour) {
    cairo_set_source_rgba(context, c.red, c.green, c.blue, c.opacity)
  }

  /// A filled rectangle.
  func fill(x: Double, y: Double, width: Double, height: Double, _ colour: Colour) {
    setColour(colour)
    cairo_rectangle(context, x, y, width, height)
    cairo_fill(context)
  }

  private func path(_ points: [(x: Double, y: Double)]) {
    cairo_new_path(context)
    for (k, point) in points.enumerated() {
      if k == 0 {
        cairo_move_to(context, point.x, point.y)
      } else {
        cairo_line_to(context, point.x, point.y)
      }
    }
  }

  /// A filled polygon.
  func fillPolygon(_ points: [(x: Double, y: Double)], _ colour: Colour) {
    path(points)
    cairo_close_path(context)
    setColour(colour)
    cairo_fill(context)
  }

  /// A filled region from its rims, of which those of holes run the other way round.
  func fillRegion(_ loops: [[(x: Double, y: Double)]], _ colour: Colour) {
    cairo_new_path(context)
    for loop in loops {
      for (k, point) in loop.enumerated() {
        if k == 0 {
          cairo_move_to(context, point.x, point.y)
        } else {
          cairo_line_to(context, point.x, point.y)
        }
      }
      cairo_close_path(context)
    }
    setColour(colour)
    cairo_fill(context)
  }

  /// A line through points.
  func stroke(
    _ points: [(x: Double, y: Double)], _ colour: Colour, width: Double, _ kind: LineKind = .solid,
    isClosed: Bool = false
  ) {
    guard kind != .none else { return }
    path(points)
    if isClosed { cairo_close_path(context) }
    setColour(colour)
    cairo_set_line_width(context, width)
    let dashes: [Double] = kind == .dashed ? [5, 3] : kind == .dotted ? [1.2, 2.4] : []
    cairo_set_dash(context, dashes, Int32(dashes.count), 0)
    cairo_stroke(context)
    cairo_set_dash(context, [], 0, 0)
  }

  /// A filled circle, or its outline over white.
  func circle(x: Double, y: Double, radius: Double, _ colour: Colour, isFilled: Bool) {
    cairo_new_path(context)
    cairo_arc(context, x, y, radius, 0, 2 * .pi)
    setColour(isFilled ? colour : .white)
    if isFilled {
      cairo_fill(context)
      return
    }
    cairo_fill_preserve(context)
    setColour(colour)
    cairo_set_line_width(context, 1.3)
    cairo_stroke(context)
  }

  /// Draws only within a rectangle as long as `body` runs.
  func clipped(
    x: Double, y: Double, width: Double, height: Double, _ body: () throws(PlottingError) -> Void
  ) throws(PlottingError) {
    cairo_save(context)
    cairo_rectangle(context, x, y, width, height)
    cairo_clip(context)
    defer { cairo_restore(context) }
    try body()
  }

  /// A picture of points: the colour of every point in a rectangle, which is as fine as the file's
  /// own pixels, or two per point in SVG.
  ///
  /// - Parameters:
  ///   - x: left edge.
  ///   - y: upper edge.
  ///   - width: of the rectangle, in points.
  ///   - height: of the rectangle, in points.
  ///   - colour: the colour at (u, v), both in 0...1 from the upper left corner; nil: nothing.
  /// - Throws: `PlottingError.drawingFailed`.
  func image(
    x: Double, y: Double, width: Double, height: Double,
    colour: (_ u: Double, _ v: Double) -> Colour?
  ) throws(PlottingError) {
    var density = 2.0
    if case .png(let scale) = kind { density = scale }
    let columns = max(1, Int((width * density).rounded()))
    let rows = max(1, Int((height * density).rounded()))
    let picture = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(columns), Int32(rows))
    defer { cairo_surface_destroy(picture) }
    guard let picture, let bytes = cairo_image_surface_get_data(picture) else {
      throw .drawingFailed(reason: "out of memory")
    }
    let stride = Int(cairo_image_surface_get_stride(picture))
    for row in 0..<rows {
      let v = (Double(row) + 0.5) / Double(rows)
      bytes.advanced(by: row * stride).withMemoryRebound(to: UInt32.self, capacity: columns) {
        for column in 0..<columns {
          let u = (Double(column) + 0.5) / Double(columns)
          $0[column] = colour(u, v)?.premultiplied ?? 0
        }
      }
    }
    cairo_surface_mark_dirty(picture)
    cairo_save(context)
    defer { cairo_restore(context) }
    cairo_translate(context, x, y)
    cairo_scale(context, width / Double(columns), height / Double(rows))
    cairo_set_source_surface(context, picture, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    cairo_paint(context)
  }

  // MARK: - Text

  /// Width of a text, in points.
  ///
  /// - Throws: `PlottingError.noGlyph`.
  func textWidth(_ text: String, size: Double) throws(PlottingError) -> Double {
    var width = 0.0
    for run in try textRuns(text) { width += advance(run, size: size) }
    return width
  }

  private func advance(_ run: TextRun, size: Double) -> Double {
    cairo_set_font_size(context, run.isRaised ? 0.75 * size : size)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, run.text, &extents)
    return extents.x_advance
  }

  /// One line of text whose baseline goes through (x, y); `^{...}` is raised.
  ///
  /// - Parameters:
  ///   - text: printable ASCII.
  ///   - x: where the anchor is.
  ///   - y: the baseline.
  ///   - size: of the font, in points.
  ///   - colour: of the letters.
  ///   - anchor: which part of the text is at x.
  ///   - isBold: heavier strokes.
  ///   - quarterTurn: whether the text reads upwards.
  /// - Throws: `PlottingError.noGlyph`.
  func text(
    _ text: String, x: Double, y: Double, size: Double, _ colour: Colour = .black,
    anchor: Anchor = .start, isBold: Bool = false, quarterTurn: Bool = false
  ) throws(PlottingError) {
    let runs = try textRuns(text)
    cairo_save(context)
    defer { cairo_restore(context) }
    cairo_select_font_face(
      context, "@cairo:", CAIRO_FONT_SLANT_NORMAL,
      isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_translate(context, x, y)
    if quarterTurn { cairo_rotate(context, -.pi / 2) }
    let width = runs.reduce(0) { $0 + advance($1, size: size) }
    var position = anchor == .start ? 0 : anchor == .middle ? -width / 2 : -width
    setColour(colour)
    for run in runs {
      let step = advance(run, size: size)  // sets the size of the font
      cairo_move_to(context, position, run.isRaised ? -0.38 * size : 0)
      cairo_show_text(context, run.text)
      position += step
    }
  }
}

/// The bytes that Cairo writes.
private final class ByteSink {
  var bytes = Data()
}

/// Cairo's write function: appends to the sink in `closure`.
private func appendBytes(
  closure: UnsafeMutableRawPointer?, data: UnsafePointer<UInt8>?, length: UInt32
) -> cairo_status_t {
  guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
  Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue().bytes
    .append(data, count: Int(length))
  return CAIRO_STATUS_SUCCESS
}

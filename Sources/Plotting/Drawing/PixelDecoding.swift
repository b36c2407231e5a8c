import CCairo
import Foundation

/// The pixels of a PNG file, 0x00RRGGBB row by row: how tests look at figures.
///
/// - Throws: `PlottingError.drawingFailed` when Cairo cannot read the file.
package func decodedPixels(
  _ png: Data
) throws(PlottingError) -> (width: Int, height: Int, pixels: [UInt32]) {
  let source = ByteSource(png)
  let surface = cairo_image_surface_create_from_png_stream(
    readBytes, Unmanaged.passUnretained(source).toOpaque())
  defer { cairo_surface_destroy(surface) }
  guard let bytes = cairo_image_surface_get_data(surface) else {
    throw .drawingFailed(
      reason: String(cString: cairo_status_to_string(cairo_surface_status(surface))))
  }
  let width = Int(cairo_image_surface_get_width(surface))
  let height = Int(cairo_image_surface_get_height(surface))
  let stride = Int(cairo_image_surface_get_stride(surface))
  var pixels: [UInt32] = []
  for y in 0..<height {
    bytes.advanced(by: y * stride).withMemoryRebound(to: UInt32.self, capacity: width) { row in
      for x in 0..<width { pixels.append(row[x] & 0xFF_FFFF) }
    }
  }
  return (width, height, pixels)
}

/// Bytes that Cairo reads one piece after the other.
private final class ByteSource {
  let bytes: Data
  var position = 0

  init(_ bytes: Data) { self.bytes = bytes }
}

/// Cairo's read function.
private func readBytes(
  closure: UnsafeMutableRawPointer?, target: UnsafeMutablePointer<UInt8>?, length: UInt32
) -> cairo_status_t {
  guard let closure, let target else { return CAIRO_STATUS_READ_ERROR }
  let source = Unmanaged<ByteSource>.fromOpaque(closure).takeUnretainedValue()
  let end = source.position + Int(length)
  guard end <= source.bytes.count else { return CAIRO_STATUS_READ_ERROR }
  source.bytes.copyBytes(to: target, from: source.position..<end)
  source.position = end
  return CAIRO_STATUS_SUCCESS
}

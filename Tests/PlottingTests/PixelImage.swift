import Foundation

@testable import Plotting

/// A PNG file read back.
struct PixelImage {
  let width: Int
  let height: Int
  private let pixels: [UInt32]  // 0x00RRGGBB

  init(png: Data) throws {
    (width, height, pixels) = try decodedPixels(png)
  }

  /// 0x00RRGGBB.
  func pixel(_ x: Int, _ y: Int) -> UInt32 { pixels[y * width + x] }

  /// Number of pixels of exactly one colour.
  func count(_ colour: Colour) -> Int {
    let wanted = colour.premultiplied & 0xFF_FFFF
    return pixels.count { $0 == wanted }
  }

  private func parts(_ x: Int, _ y: Int) -> (Int, Int, Int) {
    let pixel = pixels[y * width + x]
    return (Int(pixel >> 16 & 0xFF), Int(pixel >> 8 & 0xFF), Int(pixel & 0xFF))
  }

  func isRed(_ x: Int, _ y: Int) -> Bool {
    let (red, green, blue) = parts(x, y)
    return red > 200 && green < 150 && blue < 150
  }

  func isDark(_ x: Int, _ y: Int) -> Bool {
    let (red, green, blue) = parts(x, y)
    return red < 200 && green < 200 && blue < 200
  }
}

import Foundation

/// Gives the groups, surfaces and images of an SVG file numbers of its own.
///
/// Cairo numbers surfaces through the life of the process, so that a second copy of a figure would
/// differ from the first. Identifiers such as "surface17" and "image18", and references to them,
/// become "surface1", "image2", ... in order of appearance; other identifiers start at 0 in every
/// file already.
func withStableIdentifiers(_ svg: Data) -> Data {
  let prefixes = ["surface", "image"].map { Array($0.utf8) }
  // What stands before an identifier or a reference, and never within the data of an image.
  let marks: Set<UInt8> = [UInt8(ascii: "\""), UInt8(ascii: "#")]
  let bytes = Array(svg)
  var numbers: [[UInt8]: Int] = [:]
  var result: [UInt8] = []
  result.reserveCapacity(bytes.count)
  var k = 0
  while k < bytes.count {
    result.append(bytes[k])
    k += 1
    guard marks.contains(bytes[k - 1]),
      let prefix = prefixes.first(where: { bytes[k...].starts(with: $0) })
    else { continue }
    let digits = Array(bytes[(k + prefix.count)...].prefix { (0x30...0x39).contains($0) })
    result += prefix
    k += prefix.count + digits.count
    if digits.isEmpty { continue }
    let number = numbers[digits] ?? numbers.count + 1
    numbers[digits] = number
    result += Array("\(number)".utf8)
  }
  return Data(result)
}

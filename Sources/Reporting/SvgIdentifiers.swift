import Foundation

/// Gives the groups and surfaces of an SVG file numbers of its own.
///
/// Cairo numbers surfaces through the life of the process, so that a second copy of a figure would differ
/// from the first. Names such as `surface17` become `surface1`, `surface2`, ... in order of appearance; other
/// identifiers start at 0 in every file already.
func withStableIdentifiers(_ svg: Data) -> Data {
  let prefix = Array("surface".utf8)
  let bytes = Array(svg)
  var numbers: [[UInt8]: Int] = [:]
  var result: [UInt8] = []
  result.reserveCapacity(bytes.count)
  var k = 0
  while k < bytes.count {
    guard bytes[k] == prefix[0], bytes[k...].starts(with: prefix) else {
      result.append(bytes[k])
      k += 1
      continue
    }
    let digits = Array(bytes[(k + prefix.count)...].prefix { (0x30...0x39).contains($0) })
    result += prefix
    if !digits.isEmpty {
      let number = numbers[digits] ?? numbers.count + 1
      numbers[digits] = number
      result += Array("\(number)".utf8)
    }
    k += prefix.count + digits.count
  }
  return Data(result)
}

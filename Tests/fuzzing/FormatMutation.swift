import FileFormats
import Foundation
import Training

/// Changes that keep the frame of a format intact, so that what is inside is looked at.
enum FormatMutation {
  // MARK: FITS

  /// Changes of header cards of 80 characters, of floating-point data, or of plain bytes.
  static func fits(_ input: [UInt8], other: [UInt8], _ random: inout SeededStream) -> [UInt8] {
    guard !random.oneIn(5) else { return Mutation.bytes(input, other: other, &random) }
    var bytes = input
    for _ in 0...random.below(3) {
      if random.oneIn(3) {
        changeData(&bytes, &random)
      } else {
        changeCard(&bytes, &random)
      }
    }
    if !random.oneIn(8) { dropSums(&bytes) }
    return bytes
  }

  /// Takes the sums out that would show the change before anything else is looked at.
  private static func dropSums(_ bytes: inout [UInt8]) {
    for place in cards(bytes)
    where starts(bytes, at: place, "DATASUM ") || starts(bytes, at: place, "CHECKSUM") {
      bytes.replaceSubrange(place..<place + 80, with: Array("COMMENT".padding(to: 80).utf8))
    }
  }

  /// Offsets of the cards: from a block that begins with SIMPLE or XTENSION to the card END.
  private static func cards(_ bytes: [UInt8]) -> [Int] {
    var result: [Int] = []
    var block = 0
    while block + 2880 <= bytes.count {
      guard starts(bytes, at: block, "SIMPLE") || starts(bytes, at: block, "XTENSION") else {
        block += 2880
        continue
      }
      var card = block
      while card + 80 <= bytes.count {
        result.append(card)
        if starts(bytes, at: card, "END ") { break }
        card += 80
      }
      block = (card / 2880 + 1) * 2880
    }
    return result
  }

  private static func starts(_ bytes: [UInt8], at place: Int, _ text: String) -> Bool {
    bytes[place...].starts(with: text.utf8)
  }

  private static let keywords = [
    "NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT", "TFIELDS", "BITPIX", "NSIDE", "ORDERING",
    "INDXSCHM", "FIRSTPIX", "LASTPIX", "OBS_NPIX", "OBJECT", "COORDSYS", "COORD", "POLCCONV",
    "PIXTYPE", "BAD_DATA", "TFORM1", "TFORM2", "TFORM3", "TTYPE1", "TTYPE2", "TUNIT1", "TUNIT2",
    "TUNIT3", "TNULL1", "TNULL2", "TSCAL1", "TZERO1", "TDIM1", "TDISP1", "EXTNAME", "EXTVER",
    "MAX-LPOL", "MAX-MPOL", "LMAX", "MMAX", "XTENSION", "SIMPLE", "EXTEND", "THEAP", "DATASUM",
    "CHECKSUM", "ZIMAGE", "ZBITPIX", "LONGSTRN", "CONTINUE", "HIERARCH", "COMMENT", "END",
  ]

  private static let words = [
    "'RING    '", "'NESTED  '", "'NEST    '", "'EXPLICIT'", "'IMPLICIT'", "'PARTIAL '",
    "'FULLSKY '",
    "'1E      '", "'1D      '", "'1J      '", "'1K      '", "'1I      '", "'1B      '",
    "'1L      '",
    "'1024E   '", "'1024D   '", "'0E      '", "'-1E     '", "'1PE(9)  '", "'1QD(9)  '",
    "'1QE     '",
    "'1A      '", "'12A     '", "'1C      '", "'1M      '", "'1X      '", "'E       '",
    "'999999999E'", "'2147483647E'", "'9223372036854775807E'", "'K_CMB   '", "'uK_CMB  '",
    "'mK,thermodynamic'", "'Jy/sr   '", "'        '", "'C       '", "'G       '", "'E       '",
    "'COSMO   '", "'IAU     '", "'HEALPIX '", "'BINTABLE'", "'IMAGE   '", "'TABLE   '",
    "'(1,2,3) '",
    "'PIXEL   '", "'INDEX   '", "'TEMPERATURE'", "'Q_POLARISATION'", "'N_OBS   '", "'SIGNAL  '",
    "'\u{1B}[31m'", "'it''s   '", "'unclosed", "T", "F", "(1.0, 2.0)", "",
  ]

  private static func card(_ keyword: String, _ value: String) -> [UInt8] {
    let text = keyword.padding(to: 8) + "= " + value
    return Array(text.padding(to: 80).utf8.prefix(80))
  }

  /// A FITS file with this value in the last card of the keyword, or in the fourth card.
  static func withCard(_ keyword: String, _ value: String, in bytes: [UInt8]) -> [UInt8]? {
    let places = cards(bytes)
    guard places.count > 4 else { return nil }
    let name = keyword.padding(to: 8)
    let place = places.last { starts(bytes, at: $0, name) } ?? places[3]
    var changed = bytes
    changed.replaceSubrange(place..<place + 80, with: card(keyword, value))
    dropSums(&changed)
    return changed
  }

  private static func changeCard(_ bytes: inout [UInt8], _ random: inout SeededStream) {
    let places = cards(bytes)
    guard !places.isEmpty else { return }
    let place = random.pick(places)
    let value = random.oneIn(2) ? random.pick(words) : random.pick(Mutation.numbers)
    switch random.below(7) {
    case 0, 1, 2:
      let keyword = String(decoding: bytes[place..<place + 8], as: UTF8.self)
      bytes.replaceSubrange(place..<place + 80, with: card(keyword, value))
    case 3: bytes.replaceSubrange(place..<place + 80, with: card(random.pick(keywords), value))
    case 4:
      // One of the cards that are there, whatever its place.
      let wanted = random.pick(keywords)
      guard let same = places.first(where: { starts(bytes, at: $0, wanted.padding(to: 8)) })
      else { return }
      bytes.replaceSubrange(same..<same + 80, with: card(wanted, value))
    case 5:
      let source = random.pick(places)
      let copy = Array(bytes[source..<source + 80])
      bytes.replaceSubrange(place..<place + 80, with: copy)
    default:
      let k = place + random.below(80)
      bytes[k] = UInt8(truncatingIfNeeded: random.next())
    }
  }

  private static let bigEndianDoubles: [UInt64] = [
    0, 0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF,
    0x43E0_0000_0000_0000, 0xC3E0_0000_0000_0000, 0x0000_0000_0000_0001, 0x7F7F_FFFF_7F7F_FFFF,
    0x7F80_0000_FF80_0000, 0x7FC0_0000_7FC0_0000, 0xFBDA_6FDC_FBDA_6FDC,
  ]

  /// Puts infinities, NaN, extremes and integers at limits into the data.
  private static func changeData(_ bytes: inout [UInt8], _ random: inout SeededStream) {
    guard bytes.count > 5800 else { return }
    let place = 5760 + 4 * random.below((bytes.count - 5760) / 4)
    let value = random.oneIn(2) ? random.pick(bigEndianDoubles) : random.pick(Mutation.integers)
    for repetition in 0..<random.pick([1, 1, 1, 16, 400]) {
      for k in 0..<8 where place + 8 * repetition + k < bytes.count {
        bytes[place + 8 * repetition + k] = UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * k))
      }
    }
  }

  // MARK: safetensors

  /// Changes of the JSON header, whose length is set right again, or of the numbers behind it.
  static func safetensors(_ input: [UInt8], other: [UInt8], _ random: inout SeededStream) -> [UInt8]
  {
    guard input.count > 16, !random.oneIn(8) else {
      return Mutation.bytes(input, other: other, &random)
    }
    let length = input[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length > 0, length <= input.count - 8 else { return input }
    var header = Array(input[8..<8 + length])
    var data = Array(input[(8 + length)...])
    switch random.below(8) {
    case 0, 1: changeNumbers(&data, &random)
    case 2: header = Mutation.json(header, other: [], &random)
    default: header = changedEntries(of: header, &random) ?? header
    }
    let bytes = joined(header, data)
    return random.oneIn(8) ? bytes : sealed(bytes)
  }

  /// A safetensors file of a header and data, with the header's length before them.
  private static func joined(_ header: [UInt8], _ data: [UInt8]) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
  }

  /// A file whose digest, if it has one, is that of its contents, so that readers look at these;
  /// the bytes as they are where the file cannot be read anyway.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard
      var tree = try? JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length]))
        as? [String: Any],
      var metadata = tree["__metadata__"] as? [String: String],
      metadata.removeValue(forKey: SafetensorsFile.digestKey) != nil
    else { return bytes }
    tree["__metadata__"] = metadata
    guard let header = try? JSONSerialization.data(withJSONObject: tree, options: [.sortedKeys]),
      var file = try? SafetensorsFile(
        data: Data(joined(Array(header), Array(bytes[(8 + length)...]))))
    else { return bytes }
    file.carriesDigest = true
    return (try? file.data()).map(Array.init) ?? bytes
  }

  /// A header of which one entry of the metadata, or the description of one tensor, is changed.
  private static func changedEntries(
    of header: [UInt8], _ random: inout SeededStream
  ) -> [UInt8]? {
    guard var tree = try? JSONSerialization.jsonObject(with: Data(header)) as? [String: Any]
    else { return nil }
    let metadata = tree["__metadata__"] as? [String: String] ?? [:]
    let tensors = tree.keys.filter { $0 != "__metadata__" }.sorted()
    if !metadata.isEmpty, tensors.isEmpty || !random.oneIn(4) {
      let sizes = ["configuration", "position"].filter { metadata[$0] != nil }
      let key = sizes.isEmpty || random.oneIn(3) ? random.pick(metadata.keys.sorted()) : sizes[0]
      var value = Array((metadata[key] ?? "").utf8)
      for _ in 0...random.below(2) where !value.isEmpty {
        let place = random.below(value.count)
        if random.oneIn(4) {
          value = Mutation.json(value, other: [], &random)
        } else {
          Mutation.replaceNumber(&value, near: place, &random)
        }
      }
      tree["__metadata__"] = metadata.merging([key: String(decoding: value, as: UTF8.self)]) { $1 }
    } else if !tensors.isEmpty {
      let key = random.pick(tensors)
      var description = tree[key] as? [String: Any] ?? [:]
      switch random.below(4) {
      case 0:
        description["dtype"] = random.pick(["F64", "F16", "BF16", "I64", "BOOL", "U8", "C64"])
      case 1: description["shape"] = (0..<random.below(5)).map { _ in random.below(9) }
      case 2: tree[key + random.pick(Mutation.words)] = description
      default:
        tree[key] = nil
        description = [:]
      }
      if !description.isEmpty { tree[key] = description }
    }
    return (try? JSONSerialization.data(withJSONObject: tree, options: [.sortedKeys])).map(
      Array.init)
  }

  /// Puts limits of floating-point numbers, little-endian, into data.
  private static func changeNumbers(_ data: inout [UInt8], _ random: inout SeededStream) {
    guard data.count >= 8 else { return }
    let place = 4 * random.below(data.count / 4)
    let value = random.pick(bigEndianDoubles)
    for repetition in 0..<random.pick([1, 1, 16, 400]) {
      for k in 0..<8 where place + 8 * repetition + k < data.count {
        data[place + 8 * repetition + k] = UInt8(truncatingIfNeeded: value >> UInt64(8 * k))
      }
    }
  }

  /// A safetensors file in which the first `old` of a metadata entry is `new`; nil if it is not
  /// there.
  static func replaced(
    _ old: String, by new: String, inEntry key: String, of bytes: [UInt8]
  ) -> [UInt8]? {
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count > 8, length <= bytes.count - 8,
      var tree = try? JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length]))
        as? [String: Any],
      var metadata = tree["__metadata__"] as? [String: String], let entry = metadata[key],
      let place = entry.range(of: old)
    else { return nil }
    metadata[key] = entry.replacingCharacters(in: place, with: new)
    tree["__metadata__"] = metadata
    guard let header = try? JSONSerialization.data(withJSONObject: tree, options: [.sortedKeys])
    else { return nil }
    return sealed(joined(Array(header), Array(bytes[(8 + length)...])))
  }

  // MARK: PyTorch

  /// Opcodes of pickle, those included that readers of state dicts have to refuse.
  private static let opcodes: [UInt8] =
    Array(
      "(.012FIJKLMNPQRSTUVXabcdeghijlopqrstu}])\u{80}".unicodeScalars.map {
        UInt8(truncatingIfNeeded: $0.value)
      }) + [0x81, 0x82, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8e, 0x93, 0x94, 0x95]

  /// Changes of the pickle inside the archive, whose checksum is set right again, or of any bytes.
  static func stateDict(_ input: [UInt8], other: [UInt8], _ random: inout SeededStream) -> [UInt8] {
    guard !random.oneIn(4), let entry = pickle(of: input) else {
      return Mutation.bytes(input, other: other, &random)
    }
    var pickle = Array(input[entry.range])
    for _ in 0...random.below(3) {
      let place = random.below(pickle.count)
      switch random.below(6) {
      case 0: pickle[place] = random.pick(opcodes)
      case 1, 2: Mutation.writeInteger(&pickle, at: place, &random)
      case 3: pickle[place] ^= 1 << UInt8(random.below(8))
      case 4:
        // An integer operand after the opcodes for one, two and four bytes.
        let operands = pickle.indices.filter { [0x4a, 0x4b, 0x4d].contains(pickle[$0]) }
        guard !operands.isEmpty else { continue }
        Mutation.writeInteger(&pickle, at: random.pick(operands) + 1, &random)
      default:
        let from = random.below(pickle.count)
        let count = min(random.below(16), pickle.count - max(place, from))
        for k in 0..<max(0, count) { pickle[place + k] = pickle[from + k] }
      }
    }
    var bytes = input
    bytes.replaceSubrange(entry.range, with: pickle)
    let checksum = checksum(pickle)
    for offset in entry.checksums {
      for k in 0..<4 { bytes[offset + k] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * k)) }
    }
    return bytes
  }

  /// Where the entry data.pkl lies, and where its checksum is written: in the local header or the
  /// descriptor behind the data, and in the central directory.
  private static func pickle(of bytes: [UInt8]) -> (range: Range<Int>, checksums: [Int])? {
    guard bytes.count > 64 else { return nil }
    func number(_ place: Int, _ width: Int) -> Int {
      (0..<width).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }
    let name = Array("data.pkl".utf8)
    var place = 0
    while place + 46 < bytes.count {
      guard starts(bytes, at: place, "PK\u{1}\u{2}") else {
        place += 1
        continue
      }
      let nameCount = number(place + 28, 2)
      guard place + 46 + nameCount <= bytes.count else { return nil }
      if bytes[place + 46..<place + 46 + nameCount].suffix(name.count).elementsEqual(name) {
        let local = number(place + 42, 4)
        guard local + 30 <= bytes.count else { return nil }
        let start = local + 30 + number(local + 26, 2) + number(local + 28, 2)
        let size = number(place + 24, 4)
        guard size > 0, start + size <= bytes.count else { return nil }
        var checksums = [place + 16]
        if number(local + 6, 2) & 8 == 0 {
          checksums.append(local + 14)
        } else if start + size + 8 <= bytes.count, starts(bytes, at: start + size, "PK\u{7}\u{8}") {
          checksums.append(start + size + 4)
        }
        return (start..<start + size, checksums)
      }
      place += 46 + nameCount
    }
    return nil
  }

  private static let checksumTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }

  /// CRC-32 of zip [APPNOTE].
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF) { checksumTable[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
  }
}

extension String {
  /// The text with spaces behind it, up to a number of bytes.
  func padding(to count: Int) -> String {
    self + String(repeating: " ", count: max(0, count - utf8.count))
  }
}

/// Text from a file as it may be shown: characters that a terminal would act on, or that would hide
/// or reorder what follows, are spelled out as `\u{1b}`.
///
/// Spelled out: control characters (general category Cc, line ends among them), format characters
///              such as the marks of writing direction (Cf), line and paragraph separators,
///              unassigned and private characters. Everything else stays.
/// Checked by:  PrintableTextTests.
public func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    if isUnprintable(scalar) {
      result += "\\u{" + String(scalar.value, radix: 16) + "}"
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}

private func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7f }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
    return true
  default:
    return false
  }
}

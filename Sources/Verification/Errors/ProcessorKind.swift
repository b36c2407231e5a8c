import Foundation

/// What the last digits of results depend on besides the program: FFTW, LAPACK and the C library
/// choose their code by the processor's vector units.
package enum ProcessorKind {
  /// This computer's: "x86_64 avx2 avx512f", "arm64".
  package static var current: String {
    let flags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)).map(vectorUnits)
    return ([architecture] + (flags ?? [])).joined(separator: " ")
  }

  /// The vector units that change results, of the first processor in the text of /proc/cpuinfo.
  static func vectorUnits(_ text: String) -> [String] {
    let line = text.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    let flags = Set(line.split(whereSeparator: { " \t:".contains($0) }).map(String.init))
    return ["avx2", "avx512f"].filter(flags.contains)
  }

  private static var architecture: String {
    #if arch(x86_64)
      return "x86_64"
    #elseif arch(arm64)
      return "arm64"
    #else
      return "other"
    #endif
  }
}

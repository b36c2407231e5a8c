extension RectifiedLinear {
  /// max(0, x), and NaN for NaN: the slow twin of `forward`.
  package static func forwardByDefinition(_ x: [Double]) -> [Double] {
    x.map { $0.isNaN || $0 > 0 ? $0 : 0 }
  }

  /// ȳ where x is greater than 0 or NaN, else 0: the slow twin of `backward`.
  package static func backwardByDefinition(_ dy: [Double], saved x: [Double]) -> [Double] {
    zip(dy, x).map { $1.isNaN || $1 > 0 ? $0 : 0 }
  }
}

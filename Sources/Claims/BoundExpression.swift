import Foundation
import Verification

/// An expression as formulas are written: "4 u (2 √t + √p + √q)".
///
///     sum     := product (('+' | '−') product)*
///     product := factor (['·' | '/'] factor)*          side by side is a product
///     factor  := ['√'] primary power*                   the root of the primary with its powers
///     primary := number | symbol | '(' sum ')' | '⌊' sum '⌋' | 'log₂' '(' sum ')'
///                | 'min' '(' sum ',' sum ')'
///     power   := superscript digits, with ⁻ before a negative one
///
/// A symbol is letters and subscripts. Known by themselves: u = 2⁻⁵³ and u₃₂ = 2⁻²⁴.
/// Checked by: BoundTests.
struct BoundExpression {
  private enum Token: Equatable {
    case number(Double)
    case symbol(String)
    case power(Int)
    case sign(Character)
  }

  private let text: String
  private let tokens: [Token]

  /// Splits the text into tokens.
  ///
  /// - Throws: `BoundExpressionError.syntax`.
  init(_ text: String) throws(BoundExpressionError) {
    self.text = text
    tokens = try Self.tokens(text)
  }

  /// The value with these symbols.
  ///
  /// - Throws: `BoundExpressionError`.
  func value(_ symbols: [String: Double]) throws(BoundExpressionError) -> Double {
    var reader = Reader(text: text, tokens: tokens[...], symbols: symbols)
    reader.symbols["u"] = RoundingBound.unitRoundoff()
    reader.symbols["u₃₂"] = RoundingBound.unitRoundoff(Float.self)
    let value = try reader.sum()
    if let rest = reader.tokens.first {
      throw .syntax(expression: text, found: "\(rest)", expected: "the end")
    }
    return value
  }

  // MARK: - Tokens

  private static let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")

  private static func tokens(_ text: String) throws(BoundExpressionError) -> [Token] {
    var tokens: [Token] = []
    var rest = text[...]
    func take(while isPart: (Character) -> Bool) -> String {
      let part = rest.prefix(while: isPart)
      rest = rest.dropFirst(part.count)
      return String(part)
    }
    while let next = rest.first {
      if next.isWhitespace {
        rest = rest.dropFirst()
      } else if next.isASCII, next.isNumber {
        let digits = take { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits) else {
          throw .syntax(expression: text, found: "'\(digits)'", expected: "a number")
        }
        tokens.append(.number(number))
      } else if next == "⁻" || superscripts.contains(next) {
        tokens.append(try power(take { $0 == "⁻" || superscripts.contains($0) }, in: text))
      } else if next.isLetter {
        tokens.append(.symbol(take { $0.isLetter || ("₀"..."₉").contains($0) }))
      } else if "+−·/√(),⌊⌋".contains(next) {
        tokens.append(.sign(next))
        rest = rest.dropFirst()
      } else {
        throw .syntax(
          expression: text, found: "'\(next)'", expected: "a number, a symbol or a sign")
      }
    }
    return tokens
  }

  private static func power(
    _ characters: String, in text: String
  ) throws(BoundExpressionError) -> Token {
    let digits = characters.compactMap { superscripts.firstIndex(of: $0) }
    let isNegative = characters.first == "⁻"
    guard !digits.isEmpty, digits.count == characters.count - (isNegative ? 1 : 0) else {
      throw .syntax(expression: text, found: "'\(characters)'", expected: "an exponent")
    }
    let size = digits.reduce(0) { 10 * $0 + $1 }
    return .power(isNegative ? -size : size)
  }

  // MARK: - Values

  /// The tokens that have not been read yet.
  private struct Reader {
    let text: String
    var tokens: ArraySlice<Token>
    var symbols: [String: Double]

    mutating func sum() throws(BoundExpressionError) -> Double {
      var value = try product()
      while true {
        if skip("+") {
          value += try product()
        } else if skip("−") {
          value -= try product()
        } else {
          return value
        }
      }
    }

    private mutating func product() throws(BoundExpressionError) -> Double {
      var value = try factor()
      while true {
        if skip("/") {
          value /= try factor()
        } else if skip("·") || startsFactor {
          value *= try factor()
        } else {
          return value
        }
      }
    }

    private var startsFactor: Bool {
      switch tokens.first {
      case .number, .symbol: return true
      case .sign(let sign): return "√(⌊".contains(sign)
      case .power, nil: return false
      }
    }

    private mutating func factor() throws(BoundExpressionError) -> Double {
      let isRoot = skip("√")
      var value = try primary()
      while case .power(let exponent) = tokens.first {
        tokens.removeFirst()
        value = pow(value, Double(exponent))
      }
      return isRoot ? value.squareRoot() : value
    }

    private mutating func primary() throws(BoundExpressionError) -> Double {
      let token = tokens.popFirst()
      switch token {
      case .number(let number): return number
      case .symbol("log₂"):
        try expect("(")
        return log2(try sum(upTo: ")"))
      case .symbol("min"):
        try expect("(")
        return min(try sum(upTo: ","), try sum(upTo: ")"))
      case .symbol(let name):
        guard let value = symbols[name] else {
          throw .unknownSymbol(expression: text, name: name, known: symbols.keys.sorted())
        }
        return value
      case .sign("("): return try sum(upTo: ")")
      case .sign("⌊"): return try sum(upTo: "⌋").rounded(.down)
      case .sign, .power, nil:
        throw .syntax(
          expression: text, found: token.map { "\($0)" } ?? "the end",
          expected: "a number, a symbol or a bracket")
      }
    }

    private mutating func sum(upTo close: Character) throws(BoundExpressionError) -> Double {
      let value = try sum()
      try expect(close)
      return value
    }

    private mutating func skip(_ sign: Character) -> Bool {
      guard tokens.first == .sign(sign) else { return false }
      tokens.removeFirst()
      return true
    }

    private mutating func expect(_ sign: Character) throws(BoundExpressionError) {
      guard skip(sign) else {
        throw .syntax(
          expression: text, found: tokens.first.map { "\($0)" } ?? "the end",
          expected: "'\(sign)'")
      }
    }
  }
}

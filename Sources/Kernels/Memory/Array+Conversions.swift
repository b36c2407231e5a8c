extension Array where Element == Double {
  /// The same numbers rounded to T.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package func rounded<T: LaneScalar>(to type: T.Type = T.self) -> [T] { map { T($0) } }
}

extension Array where Element: LaneScalar {
  /// The same numbers in `Double`.
  @_specialize(where Element == Float)
  @_specialize(where Element == Double)
  package func doubles() -> [Double] { map { Double($0) } }
}

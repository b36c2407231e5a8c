/// Numbers that every program makes to the same bits, as input of recorded transforms at real sizes
/// (`Fixtures/generators/large_transform_fixtures.py`): uniform in −½...½, in whole numbers up to a
/// division.
///
/// Definition:  ((k (k mod 1009 + 7919) + 104729 s) mod 65537) / 65537 − ½.
///
/// - Parameters:
///   - k: the place, 0...2⁴⁹.
///   - stream: s, of the component.
/// - Returns: the number.
package func recordedNoise(_ k: Int, stream: Int) -> Double {
  Double((k * (k % 1009 + 7919) + 104_729 * stream) % 65_537) / 65_537 - 0.5
}

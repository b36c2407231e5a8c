/// Number of coefficients (l, m) of a real field with 0 ≤ m ≤ min(l, mmax), l ≤ lmax.
///
/// Definition: (mmax + 1)(lmax + 1) − mmax (mmax + 1)/2.
public func coefficientCount(lmax: Int, mmax: Int) -> Int {
  (mmax + 1) * (lmax + 1) - mmax * (mmax + 1) / 2
}

/// Place of (l, m) in the m-major order of healpy: m (2 lmax + 1 − m)/2 + l.
public func coefficientIndex(l: Int, m: Int, lmax: Int) -> Int {
  m * (2 * lmax + 1 - m) / 2 + l
}

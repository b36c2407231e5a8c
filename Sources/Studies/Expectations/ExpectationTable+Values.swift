extension ExpectationTable {
  /// Placeholder
  static let values = """
    nside,spin,precision,method,lmax,error,standard_error,draws,measured_by
    16,0,Double,grid weights,8,1.39e-03,1e-05,16,sphere
    """
}

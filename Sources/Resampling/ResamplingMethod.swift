/// How a resampler finds the value at a point between the points of its source.
public enum ResamplingMethod: String, Sendable, Hashable, CaseIterable {
  /// The value of the pixel (HEALPix) or the cell (other grids) that contains the point: the rule
  /// of the published network. Differs from `nearest` where pixels are not the regions nearest to
  /// their centres: at 175 of the 2048 published points for nside 16.
  case containingPixel = "containing-pixel"
  /// The value at the source point nearest by angle; of equally near ones, that of lowest number.
  case nearest
  /// Linear in φ along the two rings around the point, then linear in θ between them. The mean of
  /// the ring nearest to a pole stands for the value there.
  case bilinear
}

/// The order in which a HEALPix map lists its pixels.
public enum PixelOrdering: String, Sendable, Hashable, CaseIterable {
  /// Ring by ring from north to south, eastward on each: the order in memory.
  case ring = "RING"
  /// Hierarchical: the four parts of pixel p of nside are 4p...4p+3 of 2 nside. Powers of two only.
  case nested = "NESTED"
}

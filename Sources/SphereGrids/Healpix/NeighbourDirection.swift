/// The eight directions in which a pixel has neighbours, from the south-west corner clockwise: the
/// order in which the HEALPix library lists them.
public enum NeighbourDirection: Int, Sendable, Hashable, CaseIterable {
  case southWest, west, northWest, north, northEast, east, southEast, south

  /// The step within a face: x grows to the north-east, y to the north-west.
  var step: (x: Int, y: Int) {
    switch self {
    case .southWest: return (-1, 0)
    case .west: return (-1, 1)
    case .northWest: return (0, 1)
    case .north: return (1, 1)
    case .northEast: return (1, 0)
    case .east: return (1, -1)
    case .southEast: return (0, -1)
    case .south: return (-1, -1)
    }
  }
}

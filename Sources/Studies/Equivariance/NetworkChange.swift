/// How rotations of the sky change what a whole network computes from the pixels.
package struct NetworkChange: Sendable, Equatable {
  /// ‖v(R f) − v(f)‖ / ‖v(f)‖, root mean square over skies and rotations.
  package var relative: Double
  /// ‖v(R f) − v(f)‖ / √2 over the scatter ‖v(f) − mean of v‖ between skies, both root mean
  /// squares: 1 when a turned sky is like another sky to the network.
  package var ofScatter: Double
}

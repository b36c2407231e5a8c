import Kernels

/// What one differentiated pass gives.
package struct PassResult<T: LaneScalar> {
  package var value: Double
  package var outputs: [T]
  package var statistics: [BatchNormalisation.Statistics]
  package var inputGradient: [T]?

  var forTraining: (Double, [BatchNormalisation.Statistics]) { (value, statistics) }
}

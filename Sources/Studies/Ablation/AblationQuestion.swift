/// What a group of runs answers; groups are shown in this order.
package enum AblationQuestion: String, Sendable, CaseIterable {
  case training = "T1, noise 0: training"
  case readout = "T1, noise 0: weights and readout"
  case sampling = "T1, noise 0: sampling"
  case noise = "T1, noise 15: sampling"
  case mask = "T2, f_sky 0.1: mask"
}

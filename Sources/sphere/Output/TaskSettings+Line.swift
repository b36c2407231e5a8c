import FileFormats
import Tasks

extension TaskSettings {
  /// The row as the first line of a result: "t2 physical, noise 0, f_sky 0.1".
  var line: String {
    "\(task.rawValue) \(skyProtocol.rawValue), noise \(NumberText.short(noise)), "
      + "f_sky \(NumberText.short(skyFraction))"
  }
}

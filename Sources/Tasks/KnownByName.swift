/// What files and command lines name: tasks, protocols, architectures.
package protocol KnownByName: RawRepresentable where RawValue == String {
  /// The names that are known, registered ones included.
  static var knownNames: [String] { get }
}

extension SkyProtocol: KnownByName {
  package static var knownNames: [String] { allCases.map(\.rawValue) }
}

extension BenchmarkTask: KnownByName {
  package static var knownNames: [String] { known.map(\.rawValue) }
}

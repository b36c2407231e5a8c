import Kernels
import PixelNetworks
import SpectralNetworks
import Tasks

/// A kind of network by its name in files and on command lines, and how its configuration is read.
///
/// `allCases` are the networks of the benchmark. Another one is registered once, before a file
/// names it; its type is then found by name like theirs.
public struct Architecture: RawRepresentable, Hashable, Codable, Sendable, CaseIterable {
  /// `IsotropicNetwork`.
  public static let isotropic = Architecture(IsotropicConfiguration.self)
  /// `PublishedNetwork`.
  public static let published = Architecture(PublishedConfiguration.self)
  /// `PixelNetwork`.
  public static let pixel = Architecture(PixelConfiguration.self)

  /// The networks of the benchmark.
  public static let allCases = [isotropic, published, pixel]

  /// Those of the benchmark, then the registered ones.
  public static var known: [Architecture] { allCases + registered.withLock { $0 } }

  private static let registered = Locked<[Architecture]>([])

  /// The name.
  public let rawValue: String
  /// The type of the sizes.
  package let configuration: any SkyNetworkConfiguration.Type

  /// The architecture of a type of sizes.
  package init(_ configuration: any SkyNetworkConfiguration.Type) {
    rawValue = configuration.architectureName
    self.configuration = configuration
  }

  /// The architecture of this name, of the benchmark or registered; nil if there is none.
  public init?(rawValue: String) {
    guard let found = Self.known.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = found
  }

  /// Makes an architecture known by its name: the one line that a new architecture needs besides
  /// its own files. A type may be registered again.
  ///
  /// - Throws: `TaskError.nameTaken` if another type has the name.
  public static func register(
    _ configuration: any SkyNetworkConfiguration.Type
  ) throws(TaskError) {
    let own = Architecture(configuration)
    let isTaken = registered.withLock { registered in
      guard let other = (allCases + registered).first(where: { $0 == own }) else {
        registered.append(own)
        return false
      }
      return ObjectIdentifier(other.configuration) != ObjectIdentifier(configuration)
    }
    if isTaken { throw .nameTaken(kind: "architecture", name: own.rawValue) }
  }

  public static func == (a: Architecture, b: Architecture) -> Bool { a.rawValue == b.rawValue }

  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

extension Architecture: KnownByName {
  package static var knownNames: [String] { known.map(\.rawValue) }
}

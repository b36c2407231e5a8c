import Kernels
import PixelNetworks
import SpectralNetworks

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

  public static let allCases = [isotropic, published, pixel]

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
    let known = Self.allCases + Self.registered.withLock { $0 }
    guard let found = known.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = found
  }

  /// Makes an architecture known by its name: the one line that a new architecture needs besides
  /// its own files.
  public static func register(_ configuration: any SkyNetworkConfiguration.Type) {
    let own = Architecture(configuration)
    guard Architecture(rawValue: own.rawValue) == nil else { return }
    registered.withLock { $0.append(own) }
  }

  public static func == (a: Architecture, b: Architecture) -> Bool { a.rawValue == b.rawValue }

  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

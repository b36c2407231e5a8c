/// A file whose contents are no usable mask.
public struct SkyMaskFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file as the caller named it.
  public let file: String
  public let fault: SkyMaskError

  public var description: String { "\(file): \(fault)" }
}

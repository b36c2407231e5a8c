import Foundation

/// Mode, owner and group of a file or folder that is replaced.
///
/// Access control lists and extended attributes are not passed on.
package struct FileRights {
  private let mode: mode_t
  private let owner: uid_t
  private let group: gid_t

  /// Those of the file or folder at `url`; nil if there is none.
  package init?(of url: URL) {
    var information = stat()
    guard stat(url.path, &information) == 0 else { return nil }
    let isFolder = information.st_mode & S_IFMT == S_IFDIR
    // A folder's set-group-ID and sticky bits say who owns and who may remove what is in it.
    mode = information.st_mode & (isFolder ? 0o7777 : 0o777)
    owner = information.st_uid
    group = information.st_gid
  }

  /// Gives them to an open file or folder of this process.
  ///
  /// Only the superuser may give files away. A process that may not even set the old group limits
  /// the bits of the new group to those of everybody, so that nobody gains access who had none
  /// before.
  func apply(to descriptor: Int32) {
    var bits = mode
    if fchown(descriptor, owner, group) != 0, fchown(descriptor, uid_t.max, group) != 0 {
      bits &= 0o7707 | (mode & 0o007) << 3
    }
    _ = fchmod(descriptor, bits)
  }
}

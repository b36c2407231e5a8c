import Foundation

/// Keeps workspaces for the next call: allocating and clearing megabytes would cost more than using
/// them.
///
/// A key names the sizes; a workspace is used by one call at a time. Workspaces of the last
/// `keptSizes` sizes are kept, those of sizes used before are given back: a program that meets many
/// sizes holds no more memory than one that meets a few. The lock is one that the thread sanitizer
/// knows (Docs/Decisions/locks.md).
/// Checked by: WorkspacePoolTests.
package final class WorkspacePool<Workspace: AnyObject>: @unchecked Sendable {
  /// Sizes whose workspaces are kept.
  package static var keptSizes: Int { 6 }

  private let lock = NSLock()
  /// Idle workspaces by sizes, those used last at the end.
  private var idle: [(sizes: [Int], workspaces: [Workspace])] = []

  package init() {}

  /// Calls `body` with a workspace of the given sizes, an idle one or a new one.
  package func withWorkspace<R>(
    _ sizes: [Int], make: () -> Workspace, _ body: (Workspace) throws -> R
  ) rethrows -> R {
    let workspace = take(1, sizes).first ?? make()
    defer { giveBack([workspace], sizes) }
    return try body(workspace)
  }

  /// Calls `body` with several workspaces of the given sizes.
  package func withWorkspaces<R>(
    _ sizes: [Int], count: Int, make: () -> Workspace, _ body: ([Workspace]) throws -> R
  ) rethrows -> R {
    var workspaces = take(count, sizes)
    while workspaces.count < count { workspaces.append(make()) }
    defer { giveBack(workspaces, sizes) }
    return try body(workspaces)
  }

  /// At most `count` idle workspaces, which are idle no longer.
  private func take(_ count: Int, _ sizes: [Int]) -> [Workspace] {
    lock.withLock {
      guard let place = idle.firstIndex(where: { $0.sizes == sizes }) else { return [] }
      let found = Array(idle[place].workspaces.suffix(count))
      idle[place].workspaces.removeLast(found.count)
      return found
    }
  }

  private func giveBack(_ workspaces: [Workspace], _ sizes: [Int]) {
    lock.withLock {
      var entry = (sizes: sizes, workspaces: workspaces)
      if let place = idle.firstIndex(where: { $0.sizes == sizes }) {
        entry.workspaces = idle.remove(at: place).workspaces + workspaces
      }
      idle.append(entry)
      if idle.count > Self.keptSizes { idle.removeFirst() }
    }
  }
}

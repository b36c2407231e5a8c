import Foundation

/// Keeps workspaces for the next call: allocating and clearing megabytes would cost more than using
/// them. A key names the sizes; a workspace is used by one call at a time. Its lock is one that the
/// thread sanitizer knows (Docs/Decisions/locks.md).
package final class WorkspacePool<Workspace: AnyObject>: @unchecked Sendable {
  private let lock = NSLock()
  private var idle: [[Int]: [Workspace]] = [:]

  package init() {}

  /// Calls `body` with a workspace of the given sizes, an idle one or a new one.
  package func withWorkspace<R>(
    _ sizes: [Int], make: () -> Workspace, _ body: (Workspace) throws -> R
  ) rethrows -> R {
    let workspace = lock.withLock { idle[sizes]?.popLast() } ?? make()
    defer { lock.withLock { idle[sizes, default: []].append(workspace) } }
    return try body(workspace)
  }

  /// Calls `body` with several workspaces of the given sizes.
  package func withWorkspaces<R>(
    _ sizes: [Int], count: Int, make: () -> Workspace, _ body: ([Workspace]) throws -> R
  ) rethrows -> R {
    var workspaces = lock.withLock {
      let found = Array((idle[sizes] ?? []).suffix(count))
      idle[sizes]?.removeLast(found.count)
      return found
    }
    while workspaces.count < count { workspaces.append(make()) }
    defer { lock.withLock { idle[sizes, default: []] += workspaces } }
    return try body(workspaces)
  }
}

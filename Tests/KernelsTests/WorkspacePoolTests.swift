import Testing

@testable import Kernels

@Suite("Workspaces that are kept")
struct WorkspacePoolTests {
  private final class Workspace {
    let number: Int
    init(_ number: Int) { self.number = number }
  }

  /// Counts what is made: a size that was used is not made again, as long as no more than
  /// `keptSizes` others were used since; then it is given back.
  @Test("Sizes used lately are kept, others given back")
  func keeping() {
    let pool = WorkspacePool<Workspace>()
    var made = 0
    func use(_ size: Int) -> Int {
      pool.withWorkspace(
        [size, 1],
        make: {
          made += 1; return Workspace(made)
        }, \.number)
    }
    #expect(use(1) == 1 && use(1) == 1 && made == 1)
    let kept = WorkspacePool<Workspace>.keptSizes
    for size in 2...kept { _ = use(size) }
    #expect(made == kept && use(1) == 1)
    // The size 1 was used last: 2 is the first to go.
    #expect(use(kept + 1) == kept + 1 && use(1) == 1 && made == kept + 1)
    #expect(use(2) == kept + 2)
    weak var weakly: Workspace?
    pool.withWorkspace([-1], make: { Workspace(0) }) { weakly = $0 }
    #expect(weakly != nil)
    for size in 0..<kept { _ = use(1_000 + size) }
    #expect(weakly == nil)
  }

  /// Calls inside a call get workspaces of their own; several at once are taken and kept together.
  @Test("One call at a time has a workspace")
  func nesting() {
    let pool = WorkspacePool<Workspace>()
    var made = 0
    func make() -> Workspace {
      made += 1
      return Workspace(made)
    }
    pool.withWorkspace([1], make: make) { outer in
      pool.withWorkspace([1], make: make) { #expect($0 !== outer) }
    }
    #expect(made == 2)
    pool.withWorkspaces([1], count: 3, make: make) { list in
      #expect(Set(list.map(\.number)) == [1, 2, 3])
    }
    pool.withWorkspaces([1], count: 2, make: make) { #expect($0.count == 2) }
    #expect(made == 3)
  }

  @Test("Threads")
  func threads() {
    let pool = WorkspacePool<Workspace>()
    let inUse = Locked<Set<ObjectIdentifier>>([])
    parallelFor(200, threads: 4) { i in
      pool.withWorkspace([i % 9], make: { Workspace(i) }) { workspace in
        let isFree = inUse.withLock { $0.insert(ObjectIdentifier(workspace)).inserted }
        #expect(isFree)
        _ = inUse.withLock { $0.remove(ObjectIdentifier(workspace)) }
      }
    }
  }
}

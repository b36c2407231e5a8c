import CSpectralSphere
import Kernels

/// What handles stand for.
///
/// Handles are numbers and not pointers: one that was released, or was never made, is found out by
/// looking it up. They count upwards and are not used again.
enum Handles {
  private struct Table {
    var next: Int64 = 1
    var things: [Int64: any Sendable] = [:]
  }

  private static let table = Locked(Table())

  /// A new handle for a thing.
  static func insert(_ thing: any Sendable) -> Int64 {
    table.withLock { table in
      defer { table.next += 1 }
      table.things[table.next] = thing
      return table.next
    }
  }

  /// The thing behind a handle; it lives on while it is used, whoever releases the handle.
  ///
  /// - Throws: `InterfaceError.handle`.
  static func thing<Thing>(
    _ handle: Int64, _ argument: String, as type: Thing.Type, _ kind: String
  ) throws(InterfaceError) -> Thing {
    guard let thing = table.withLock({ $0.things[handle] }) as? Thing else {
      throw .handle(argument: argument, found: handle, expected: kind)
    }
    return thing
  }

  /// Forgets a handle.
  ///
  /// - Throws: `InterfaceError.handle`.
  static func release(_ handle: Int64) throws(InterfaceError) {
    guard handle != 0 else { return }
    // What is removed is freed here, after the lock is given back.
    let thing = table.withLock { $0.things.removeValue(forKey: handle) }
    guard thing != nil else {
      throw .handle(argument: "handle", found: handle, expected: "something")
    }
  }
}

@implementation @c
public func sphere_release(
  _ handle: sphere_handle, _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) { try Handles.release(handle) }
}

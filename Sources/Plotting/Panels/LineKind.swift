/// How a line is drawn.
package enum LineKind: Sendable, Hashable { case none, solid, dashed, dotted }

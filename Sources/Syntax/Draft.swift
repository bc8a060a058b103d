import Diagnostics

// Signatures only, so that callers can be written at once; each moves to its own file with its body.

/// `comment` is asked for every value that has a line of its own, with the keys and indices that lead to it.
public func emitYAML(_ node: Node, comment: ((_ path: [String], _ node: Node) -> String?)? = nil) -> String {
  preconditionFailure()
}

import Diagnostics
import Syntax

/// What a name in `${...}` stands for.
enum Binding {
  /// A value, as written; it can be calculated with unless it is a mapping.
  case value(Node)
  /// A name whose value is at fault: that has been reported, and what depends on it is not an error of its own.
  case failed
}

/// The names that an expression can use at some place.
struct Scope {
  /// Parameters and `classes`: the same everywhere.
  var globals: [String: Binding] = [:]
  /// The parameters of the block that the place is in, and names of `for`.
  var locals: [String: Binding] = [:]

  /// In an order of their own, so that messages are the same in every run.
  var names: [String] { locals.keys.sorted() + globals.keys.filter { locals[$0] == nil }.sorted() }

  func lookup(_ name: String) -> Binding? { locals[name] ?? globals[name] }

  /// The scope of a block's body: what is written there sees the block's own parameters, not those of its use.
  func entering(_ locals: [String: Binding]) -> Scope { Scope(globals: globals, locals: locals) }
}
